"""The glossary holds the words that the code uses."""

from tests.boundaries.code import CHECKOUT, sources


def rows():
    lines = (CHECKOUT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")][
        1:
    ]


def test_there_are_enough_terms_each_with_name_and_source_and_none_twice():
    found = rows()
    assert len(found) >= 90
    assert all(len(row) == 3 and all(row) for row in found)
    assert len({row[0] for row in found}) == len(found)


def test_the_english_names_are_those_of_the_code():
    """Not one word of a name is made up for the glossary."""
    import re

    said = " ".join(sources().values()).lower().replace("_", " ")
    known = set(re.findall(r"[a-z]+", said))
    strange = {word for row in rows() for word in re.findall(r"[a-z]+", row[1].lower()) if word not in known}
    assert strange == set()


def test_every_kind_of_docket_and_every_role_has_its_line():
    from tongban.kernel.flow.registry import all_flows

    words = " ".join(row[1] for row in rows()).lower()
    assert [flow.kind for flow in all_flows() if flow.kind not in words] == []
