"""Every dependency is written down: what for, what else was weighed, licence, size."""

import re
import tomllib

from tests.boundaries.code import CHECKOUT

NAME = re.compile(r"^[A-Za-z0-9._-]+")


def declared():
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    return {NAME.match(item).group().lower() for item in listed}


def extras():
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = [item for extra in project["project"]["optional-dependencies"].values() for item in extra]
    return {NAME.match(item).group().lower() for item in listed}


def told():
    lines = (CHECKOUT / "docs" / "dependencies.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]
    return {row[0].strip("`").lower(): row[1:] for row in rows}


def test_every_dependency_has_its_line_and_every_line_its_dependency():
    assert declared() | extras() == set(told())


def test_every_line_says_everything():
    for name, cells in told().items():
        assert len(cells) == 4, name
        assert all(cells), name


def test_every_dependency_is_pinned():
    pinned = (CHECKOUT / "requirements" / "dev.txt").read_text(encoding="utf-8").lower()
    names = {re.sub(r"[-_.]+", "-", name) for name in declared()}
    found = {
        re.sub(r"[-_.]+", "-", name)
        for name in re.findall(r"^([a-z0-9._-]+)(?:\[.*\])?==", pinned, re.MULTILINE)
    }
    assert names - found == set()
