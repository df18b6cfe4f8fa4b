"""Files stay short enough to be read; longer ones say why at the top."""

import ast

from tests.boundaries.code import sources, tree

FILE, FUNCTION = 400, 40
WHY = "This file is long because"
LONG = {
    "desks/themes/planning.py plan": "puts one document together, part by part",
    "registers/catalogue/management/commands/catalogue.py add_arguments": "a list of options",
    "desks/themes/management/commands/theme.py add_arguments": "a list of options",
}


def test_files_are_under_400_lines_or_say_why():
    found = {
        name: text.count("\n")
        for name, text in sources().items()
        if text.count("\n") >= FILE and WHY not in (ast.get_docstring(tree(name)) or "")
    }
    assert found == {}, f"split it, or begin a sentence of its docstring with “{WHY}”"


def test_functions_are_under_40_lines_of_code():
    found = []
    for name in sources():
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                lines = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
                if lines > FUNCTION and f"{name} {node.name}" not in LONG:
                    found.append(f"{name}:{node.lineno} {node.name} {lines}")
    assert found == []
