"""Reading a theme file, remembering where everything stands in it.

`read` never raises for what is written in the file: it gives the theme, or the findings that say why
there is none, each with line and column.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from tongban.desks.themes.contracts import Finding, ThemeFaulty, Wording
from tongban.desks.themes.format import ONE_SOURCE, VALUE_OR_COPY, Block, Theme

Path_ = tuple[str | int, ...]
MAX_BYTES = 500_000


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed file: its name for messages, and the document with its marks."""

    file: str
    document: Any

    def place(self, path: Path_) -> tuple[int, int]:
        """Line and column (from 1) of the value at `path`, or of the nearest thing around it."""
        node, line, column = self.document, 0, 0
        for step in path:
            found = _mark(node, step)
            if found is None:
                break
            line, column = found
            try:
                node = node[step]
            except (KeyError, IndexError, TypeError):
                break
        return line + 1, column + 1

    def finding(self, path: Path_, code: str, zh: str, en: str) -> Finding:
        line, column = self.place(path)
        return Finding(self.file, line, column, code, Wording(zh, en))


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a file: a theme with its source, or findings."""

    theme: Theme | None
    source: Source
    findings: tuple[Finding, ...] = ()


def read_file(path: Path) -> Reading:
    """Read one file. A missing or unreadable file is a finding too."""
    try:
        return read(path.read_bytes().decode("utf-8"), file=str(path))
    except OSError as error:
        zh, en = f"读不到这个文件：{error.strerror}。", f"Cannot read the file: {error.strerror}."
    except UnicodeDecodeError:
        zh, en = "文件不是 UTF-8 编码，请另存为 UTF-8。", "Not UTF-8; save it as UTF-8."
    return Reading(None, Source(str(path), None), (Finding(str(path), 1, 1, "file", Wording(zh, en)),))


def read(text: str, *, file: str = "theme.yaml") -> Reading:
    """Read one theme from YAML text."""
    try:
        document = _document(text)
    except _NoDocumentError as fault:
        finding = Finding(file, fault.line, fault.column, fault.code, fault.says)
        return Reading(None, Source(file, None), (finding,))
    source = Source(file, document)
    if not isinstance(document, Mapping):
        zh, en = "主题文件应当是“名称: 值”的列表。", "A theme file is a list of “name: value”."
        return Reading(None, source, (source.finding((), "yaml", zh, en),))
    try:
        theme = Theme.model_validate(plain(document))
    except ValidationError as error:
        return Reading(None, source, tuple(sorted(_shape(source, error))))
    return Reading(theme, source)


class _NoDocumentError(Exception):
    """The text is no YAML; says where and why."""

    def __init__(self, code: str, zh: str, en: str, *, line: int = 1, column: int = 1) -> None:
        super().__init__(zh)
        self.code, self.says, self.line, self.column = code, Wording(zh, en), line, column


def _document(text: str) -> Any:
    if len(text) > MAX_BYTES:
        raise _NoDocumentError("file", f"文件超过 {MAX_BYTES} 字。", f"Longer than {MAX_BYTES} characters.")
    try:
        return YAML(typ="rt").load(io.StringIO(text))
    except DuplicateKeyError as error:
        said = str(error.problem).split('"')
        key = said[1] if len(said) > 1 else ""
        raise _at(
            error, "duplicate", f"“{key}”写了两次，请留一个。", f"“{key}” is written twice; keep one."
        ) from error
    except MarkedYAMLError as error:
        what = error.problem or error.context or ""
        zh = f"这里不是正确的 YAML（缩进、冒号、引号？）：{what}。"
        raise _at(error, "yaml", zh, f"Not valid YAML here (indent, colon, quotes?): {what}.") from error
    except (YAMLError, RecursionError, ValueError) as error:
        raise _NoDocumentError("yaml", f"不是正确的 YAML：{error}", f"Not valid YAML: {error}") from error


def _at(error: MarkedYAMLError, code: str, zh: str, en: str) -> _NoDocumentError:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return _NoDocumentError(code, zh, en, line=line, column=column)


def parse(text: str, *, file: str = "theme.yaml") -> Theme:
    """The theme in `text`.

    :raises ThemeFaulty: with every fault of its shape (whether it makes sense is asked of `check`)
    """
    reading = read(text, file=file)
    if reading.theme is None:
        raise ThemeFaulty(reading.findings)
    return reading.theme


def plain(node: Any) -> Any:
    """Round-trip nodes as ordinary values; a date as ISO text, as JSONLogic and answers have it."""
    if isinstance(node, Mapping):
        return {str(key): plain(value) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [plain(item) for item in node]
    if isinstance(node, bool) or node is None:
        return node
    for kind in (int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node.isoformat()[:10] if isinstance(node, date) else str(node)


def _mark(node: Any, step: str | int) -> tuple[int, int] | None:
    marks = getattr(node, "lc", None)
    if marks is None or marks.data is None or step not in marks.data:
        return None
    found = marks.data[step]
    # A mapping keeps (key line, key column, value line, value column); the key is what one looks for.
    return found[0], found[1]


def _shape(source: Source, error: ValidationError) -> list[Finding]:
    findings: dict[tuple[int, int], Finding] = {}
    for fault in error.errors(include_url=False):
        path = _document_path(source.document, fault["loc"])
        zh, en = _words(path, fault)
        finding = source.finding(path, "shape", zh, en)
        findings.setdefault((finding.line, finding.column), finding)
    return list(findings.values())


def _document_path(document: Any, loc: tuple[int | str, ...]) -> Path_:
    """Pydantic's location without the names of union members, which are no part of the file."""
    path: list[int | str] = []
    node = document
    for index, step in enumerate(loc):
        inside = isinstance(node, Mapping) and step in node
        inside = inside or (isinstance(node, list) and isinstance(step, int) and step < len(node))
        if inside:
            path.append(step)
            node = node[step]
        elif index == len(loc) - 1 and isinstance(step, str) and isinstance(node, Mapping):
            path.append(step)
    return tuple(path)


def _words(path: Path_, fault: Any) -> tuple[str, str]:
    name = ".".join(str(step + 1) if isinstance(step, int) else step for step in path)
    last = str(path[-1]) if path else ""
    kind, given, context = fault["type"], str(fault["input"])[:40], fault.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_name(last)
    if kind == "string_type" and isinstance(fault["input"], int):
        kind = "quotes"
    kind = next((code for code in (ONE_SOURCE, VALUE_OR_COPY) if code in str(fault["msg"])), kind)
    expected, pattern = context.get("expected"), context.get("pattern")
    said = {
        "missing": (f"缺少“{last}”。", f"“{last}” is missing."),
        "literal_error": (f"“{name}”只能是：{expected}。", f"“{name}” may be: {expected}."),
        "quotes": (
            f"“{name}”要加引号：不加引号，开头的零会丢。",
            f"Put “{name}” in quotes, or leading zeros are lost.",
        ),
        "string_pattern_mismatch": (
            f"“{name}”的写法不对：“{given}”应当符合 {pattern}。",
            f"“{name}”: “{given}” does not match {pattern}.",
        ),
        VALUE_OR_COPY: (
            "usual 的每一行写 value 或 copies，写一个。",
            "Each line of usual has either value or copies.",
        ),
        ONE_SOURCE: (
            "from_answer、derived、copies、produced_by 只能写一个：一个字段只有一个来源。",
            "Write only one of from_answer, derived, copies, produced_by: a field has one source.",
        ),
    }
    return said.get(kind, (f"“{name}”不能是“{given}”：{fault['msg']}。", f"“{name}”: {fault['msg']}."))


KNOWN = sorted({name for block in Block.__subclasses__() for name in block.model_fields})


def _unknown_name(name: str) -> tuple[str, str]:
    if " " in name or not name.isascii():
        return (
            f"没有“{name}”这一项。花括号里的文字有逗号时要加引号。",
            f"There is no “{name}”. Inside braces, put a text with a comma in quotes.",
        )
    close = get_close_matches(name, KNOWN, n=1)
    if close:
        return (
            f"没有“{name}”这一项，是不是“{close[0]}”？",
            f"There is no “{name}”; did you mean “{close[0]}”?",
        )
    return f"没有“{name}”这一项。", f"There is no “{name}” here."
