"""The English catalogue: built from the parts that contexts write, checked against what the code says.

`locale/parts/*.po` are plain gettext entries without a header, one file per context; `build` merges them into
`locale/en/LC_MESSAGES/django.po` and `.mo`, which are committed. Extraction is our own (Django turns templates
into calls, `ast` finds the calls), so that no GNU gettext is needed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
PARTS = ROOT / "locale" / "parts"
TARGET = ROOT / "locale" / "en" / "LC_MESSAGES"
METADATA = {
    "Project-Id-Version": "tongban",
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}
PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
_PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """One text to translate."""

    text: str
    plural: str = ""
    context: str = ""


@dataclass(slots=True)
class Findings:
    """What is wrong with the catalogue; all empty when it is complete and fresh."""

    missing: list[tuple[Message, str]] = field(default_factory=list)
    """Texts of the code without an English entry, and the first file that has them."""
    differing: list[str] = field(default_factory=list)
    """Texts given two different English entries by two parts."""
    placeholders: list[str] = field(default_factory=list)
    """Entries whose English has other placeholders than the Chinese."""
    stale: bool = False
    """The committed .po or .mo is not what `build` would write."""

    @property
    def lines(self) -> list[str]:
        """One line per fault."""
        found = [f"{place}: no English for “{message.text}”" for message, place in self.missing]
        found += [f"two English texts for “{text}”" for text in self.differing]
        found += [f"other placeholders in the English of “{text}”" for text in self.placeholders]
        if self.stale:
            found.append("locale/en is stale: run `tongban translations build`")
        return found


def in_code() -> dict[Message, str]:
    """Every text that the platform's own code and templates translate, with the first file that has it."""
    found: dict[Message, str] = {}
    for path in sorted(ROOT.rglob("*")):
        if path.suffix == ".py":
            source = path.read_text(encoding="utf-8")
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            source = templatize(path.read_text(encoding="utf-8"))
        else:
            continue
        texts = _of_python(source) if path.suffix == ".py" else _of_template(source)
        for message in texts:
            found.setdefault(message, str(path.relative_to(ROOT)))
    return found


def _of_python(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        said = [
            arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
        ]
        if not said:
            continue
        if name in PLAIN and _CHINESE.search(said[0]):
            yield Message(said[0])
        elif name in PLURAL and len(said) >= 2:
            yield Message(said[0], said[1])
        elif name in CONTEXT and len(said) >= 2:
            yield Message(said[1], context=said[0])


_CALL = re.compile(r"\b(n?p?gettext|_)\(")


def _of_template(source: str) -> Iterator[Message]:
    """Texts of what Django's `templatize` leaves: calls in the middle of characters X."""
    for call in _CALL.finditer(source):
        text = _balanced(source, call.start())
        try:
            tree = ast.parse(text, mode="eval")
        except SyntaxError:
            continue
        yield from _of_python(ast.unparse(tree))


def _balanced(source: str, start: int) -> str:
    """The call beginning at `start`, up to its closing bracket outside of strings."""
    depth, quote, place = 0, "", start
    while place < len(source):
        char = source[place]
        if quote:
            if char == "\\":
                place += 1
            elif char == quote:
                quote = ""
        elif char in "'\"":
            quote = char
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if depth == 0:
                return source[start : place + 1]
        place += 1
    return ""


def merged() -> tuple[Any, list[str]]:
    """All parts as one catalogue, and the texts that two parts translate differently."""
    import polib

    whole = polib.POFile(wrapwidth=0)
    whole.metadata = METADATA
    seen: dict[tuple[str, str], Any] = {}
    differing = []
    for path in sorted(PARTS.glob("*.po")):
        for entry in polib.pofile(str(path), wrapwidth=0, encoding="utf-8"):
            place = (entry.msgctxt or "", entry.msgid)
            if place not in seen:
                entry.occurrences, entry.comment, entry.tcomment = [], "", ""
                seen[place] = entry
            elif (entry.msgstr, entry.msgstr_plural) != (seen[place].msgstr, seen[place].msgstr_plural):
                differing.append(entry.msgid)
    whole.extend(seen[place] for place in sorted(seen))
    return whole, differing


def build(target: Path = TARGET) -> int:
    """Write django.po and django.mo; gives the number of entries."""
    whole, _differing = merged()
    target.mkdir(parents=True, exist_ok=True)
    (target / "django.po").write_text(str(whole), encoding="utf-8")
    (target / "django.mo").write_bytes(whole.to_binary())
    return len(whole)


def check() -> Findings:
    """Compare the parts with the code, and the committed catalogue with the parts."""
    whole, differing = merged()
    entries = {(entry.msgctxt or "", entry.msgid): entry for entry in whole}
    findings = Findings(differing=differing)
    for message, place in sorted(in_code().items()):
        entry = entries.get((message.context, message.text))
        if entry is None or not (entry.msgstr or all(entry.msgstr_plural.values() or [""])):
            findings.missing.append((message, place))
    for entry in whole:
        wanted = set(_PLACE.findall(entry.msgid)) | set(_PLACE.findall(entry.msgid_plural or ""))
        given = [entry.msgstr, *entry.msgstr_plural.values()]
        if any(text and not set(_PLACE.findall(text)) <= wanted for text in given):
            findings.placeholders.append(entry.msgid)
    findings.stale = _stale(whole)
    return findings


def _stale(whole: Any) -> bool:
    po, mo = TARGET / "django.po", TARGET / "django.mo"
    if not po.exists() or not mo.exists():
        return True
    return po.read_text(encoding="utf-8") != str(whole) or mo.read_bytes() != whole.to_binary()
