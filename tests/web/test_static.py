"""What is delivered to browsers: its digests, the baseline of ui.md, and nothing inline."""

import hashlib
import json
import re
from pathlib import Path

import pytest

import tongban
import tongban.web

WEB = Path(tongban.web.__file__).parent
STATIC = WEB / "static"
SOURCE = Path(tongban.__file__).parent
FRONTEND = SOURCE.parent.parent / "frontend"
SHEET = (STATIC / "tongban/tongban.css").read_text(encoding="utf-8")
TAKEN_AWAY = {"privacy/package.html", "reports/file.html"}
"""Files that people download and open without us: no policy of ours applies, and no sheet of ours is at hand."""
TEMPLATES = sorted(
    path
    for path in SOURCE.glob("**/templates/**/*.html")
    if path.is_file() and "/".join(path.parts[-2:]) not in TAKEN_AWAY
)


def rows() -> list[list[str]]:
    lines = (STATIC / "vendor/VERSIONS.md").read_text(encoding="utf-8").splitlines()
    cells = [
        [cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")
    ]
    return cells[2:]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_built_files_match_their_recorded_digest(row):
    name, _made_of, licence, digest = row
    assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == digest
    assert licence


def test_every_built_file_is_recorded():
    built = {str(p.relative_to(STATIC)) for p in STATIC.glob("vendor/*") if p.name != "VERSIONS.md"}
    assert built <= {row[0] for row in rows()}


def test_recorded_versions_are_the_locked_ones():
    if not FRONTEND.exists():
        pytest.skip("the frontend sources are not part of an installed package")
    locked = json.loads((FRONTEND / "package-lock.json").read_text())["packages"]
    text = (STATIC / "vendor/VERSIONS.md").read_text()
    for package in ("htmx.org", "bootstrap", "bootstrap-icons"):
        assert f"{package} {locked[f'node_modules/{package}']['version']}" in text
    assert not [name for name, entry in locked.items() if "resolved" in entry], (
        "a registry host in the lock file"
    )


@pytest.mark.parametrize(
    "feature", [":has(", "@container", "color-mix(", "@layer", "dvh", "@import", "@font-face", "http://"]
)
def test_the_sheet_stays_within_chromium_90_and_safari_15_4(feature):
    found = SHEET.replace("http://www.w3.org/2000/svg", "")
    assert feature not in found


def test_the_sheet_is_not_nested():
    assert not re.search(r"\{[^{}]*&", SHEET)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_templates_hold_nothing_that_the_policy_refuses(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=", text), "a style attribute"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "an inline handler"
    assert "hx-on" not in text
    assert not re.search(r"<style|javascript:", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text), "an inline script"
    assert not re.search(r"#[0-9A-Fa-f]{6}\b", text), "a raw colour"
    assert not re.search(r"(src|href)=[\"']https?://", text), "something from elsewhere"


def test_icons_that_templates_name_exist():
    sprite = (STATIC / "tongban/icons.svg").read_text(encoding="utf-8")
    known = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    used = {
        name
        for path in TEMPLATES
        for name in re.findall(r'{% icon "([^"]+)"', path.read_text(encoding="utf-8"))
    }
    assert used <= known
