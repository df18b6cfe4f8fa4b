"""Nothing below the web layer asks for now() or for the request: instants and actor are arguments."""

import ast
import re

from tests.boundaries.code import sources, tree

CLOCKS = {
    "timezone.now", "now", "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time",
    "timezone.localdate", "localdate", "datetime.datetime.now", "datetime.date.today",
}  # fmt: skip
# Where the outside comes in: pages, REST doors, commands, the worker's loop, what wraps a request.
OUTSIDE = re.compile(
    r"(^|/)(web|management|templatetags)/|(^|/)(rest\w*|middleware|admin|gallery|commands)\.py$|^config/"
)
REASONS = {
    "kernel/jobs/worker.py": "the loop that gives every job and event its instant",
    "kernel/apps.py": "start-up: reads which dockets wait, before there is any caller",
    "registers/identity/access.py": "the guard in front of every page",
    "registers/identity/sessions.py": "the store that opens the session of a request",
}
NAMES = {"kernel/flow/engine.py": "`request` is the kernel's own Request, not HTTP"}


def inside(known):
    return [name for name in sources() if not OUTSIDE.search(name) and name not in known]


def test_nobody_inside_looks_at_the_clock():
    found = [
        f"{name}:{node.lineno}"
        for name in inside(REASONS)
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in CLOCKS
    ]
    assert found == []


def test_nobody_inside_takes_the_request():
    """Faces are pages; in every other context only the web layer and the guards know HTTP."""
    found = [
        f"{name}:{node.lineno}"
        for name in inside({**REASONS, **NAMES})
        if not name.startswith("faces/")
        for node in ast.walk(tree(name))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and any(arg.arg == "request" for arg in [*node.args.args, *node.args.kwonlyargs])
    ]
    assert found == []


def test_the_exceptions_are_still_needed():
    for name in REASONS:
        calls = [ast.unparse(node.func) for node in ast.walk(tree(name)) if isinstance(node, ast.Call)]
        assert CLOCKS & set(calls), f"{name} needs no exception any more"


def test_rules_are_pure():
    """`rules.py` decides: no Django, no clock, no I/O."""
    for name in sources():
        if name.endswith("/rules.py") and not name.startswith("kernel/rules/"):
            for node in ast.walk(tree(name)):
                module = getattr(node, "module", None) or next(
                    (a.name for a in getattr(node, "names", [])), ""
                )
                if isinstance(node, ast.Import | ast.ImportFrom):
                    known = module.split(".")[0]
                    pure_django = module == "django.utils.translation"
                    assert known not in {"django", "os", "pathlib", "socket", "requests"} or pure_django, (
                        name,
                        module,
                    )
