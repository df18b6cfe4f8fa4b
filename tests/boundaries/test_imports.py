"""The import contracts say no where they should; `make check` runs them on the whole house."""

import grimp
import pytest

from tests.boundaries.contracts import Doors


@pytest.fixture
def graph():
    made = grimp.ImportGraph()
    for name in ("a", "a.api", "a.models", "a.engine", "a.engine.deep", "b", "b.services", "c.anything"):
        made.add_module(name)
    return made


def doors():
    return Doors(
        name="doors",
        session_options={"root_packages": ["a"]},
        contract_options={"contexts": ["a", "b"], "doors": ["api"], "extra": ["a.engine"], "free": ["c"]},
    )


@pytest.mark.parametrize(
    ("importer", "imported", "kept"),
    [
        ("b.services", "a.api", True),
        ("b.services", "a.engine.deep", True),
        ("b.services", "a.models", False),
        ("a.api", "a.models", True),
        ("c.anything", "a.models", True),
    ],
)
def test_a_context_is_entered_by_its_doors(graph, importer, imported, kept):
    graph.add_import(importer=importer, imported=imported, line_number=3, line_contents="")
    found = doors().check(graph, verbose=False)
    assert found.kept == kept
    assert found.metadata["broken"] == ([] if kept else [(importer, imported, 3)])
