"""Reading `packs/policies`: policies and their measures, checked whole, every fault with its file and line."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from tongban.desks.policies import checking
from tongban.desks.policies.checking import World
from tongban.desks.policies.contracts import Medium, PoliciesError
from tongban.desks.policies.format import Pack
from tongban.registers.catalogue import api as catalogue
from tongban.registers.portraits import api as portraits

Path_ = tuple[str | int, ...]
FILES = "files"
"""The folder beside a pack where pictures, recordings and films lie."""


@dataclass(frozen=True)
class Source:
    """One file as it was read: its name, its text, and the folder where what it names lies."""

    name: str
    text: str = field(default="", repr=False)
    folder: Path = field(default=Path(), repr=False)

    @cached_property
    def document(self) -> Any:
        """What it says with the place of everything: slow, so only where there is something to be told."""
        return YAML(typ="rt").load(io.StringIO(self.text))

    def line(self, path: Iterable[str | int]) -> int:
        """The line, from 1, of what stands at `path`, or of the nearest thing around it."""
        node: Any = self.document if self.text else None
        line = 0
        for step in path:
            marks = getattr(getattr(node, "lc", None), "data", None)
            if marks is None or step not in marks:
                break
            line = marks[step][0]
            node = node[step]
        return line + 1

    def fault(self, path: Iterable[str | int], words: str) -> str:
        return f"{self.name}:{self.line(path)} {words}"


class PackError(PoliciesError):
    """Files that cannot be taken; `faults` has one line each, with file and line. Nothing was written."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults), code="pack")
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Stock:
    """What files say, by file."""

    packs: tuple[tuple[Source, Pack], ...]
    noticed: tuple[tuple[Source, Path_, str], ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is no reason to refuse them, one line each, with file and line."""
        return tuple(source.fault(path, words) for source, path, words in self.noticed)


def folder() -> Path:
    """Where this installation keeps its policies."""
    return Path(settings.PACKS) / "policies"


def read(files: Iterable[Path], *, on: date, known: Collection[str] = ()) -> Stock:
    """Read files and check everything in them.

    :param on: the day by which expiries are told
    :param known: keys of measures that are there already, which may be excluded
    :raises PackError: with every fault of every file
    """
    faults: list[str] = []
    found = [one for path in files if (one := _read_one(path, faults)) is not None]
    faults += _twice(found)
    keys = {measure.key for _s, pack in found for policy in pack.policies for measure in policy.measures}
    world = world_of({*keys, *known})
    noticed: list[tuple[Source, Path_, str]] = []
    for source, pack in found:
        faults += _pictures(source, pack)
        for path, finding in _findings(pack, world, on):
            where = (*path, *finding.path)
            if finding.stops:
                faults.append(source.fault(where, finding.words))
            elif finding.level == checking.WARN:
                noticed.append((source, where, finding.words))
    if faults:
        raise PackError(tuple(faults))
    return Stock(tuple(found), tuple(noticed))


def world_of(measures: Collection[str]) -> World:
    """What the measures of this installation may point at."""
    return World(
        elements=portraits.elements,
        papers=papers(),
        matters=_is_matter,
        measures=measures,
    )


def _read_one(path: Path, faults: list[str]) -> tuple[Source, Pack] | None:
    source, document = Source(path.name, folder=path.parent / FILES), None
    try:
        source = Source(path.name, path.read_bytes().decode("utf-8"), path.parent / FILES)
        document = YAML(typ="safe").load(source.text)
    except OSError as error:
        faults.append(source.fault((), _("读不到这个文件：%s") % error.strerror))
    except UnicodeDecodeError:
        faults.append(source.fault((), _("不是UTF-8编码，请另存为UTF-8。")))
    except (MarkedYAMLError, DuplicateKeyError) as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        faults.append(f"{path.name}:{line} " + _("不是合格的YAML：%s") % (error.problem or error.context))
    except (YAMLError, RecursionError) as error:
        faults.append(source.fault((), _("不是合格的YAML：%s") % error))
    if document is None:
        return None
    try:
        pack = Pack.model_validate(plain(document))
    except ValidationError as error:
        faults += _shape(source, error)
        return None
    if catalogue.department_name(pack.department) in {"", pack.department}:
        faults.append(source.fault(("department",), _("没有“%s”这个部门代号。") % pack.department))
    return source, pack


def plain(node: Any) -> Any:
    """Nodes that remember their place as ordinary values; a day as its ISO text, as rules and records have it."""
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


def _shape(source: Source, error: ValidationError) -> Iterator[str]:
    found = error.errors(include_url=False)
    # A list whose every item is faulty counts as empty; the items' own faults say more.
    for one in [fault for fault in found if fault["type"] != "too_short"] or found:
        yield source.fault(one["loc"], shape_words(one))


def shape_words(fault: Any) -> str:
    """A fault of form, as pydantic tells it, in words."""
    name = str(next((step for step in reversed(fault["loc"]) if isinstance(step, str)), ""))
    given, context = str(fault["input"])[:40], fault.get("ctx", {})
    match fault["type"]:
        case "missing":
            return _("缺少 %s。") % name
        case "extra_forbidden":
            return _("没有 %s 这一栏。") % name
        case "literal_error":
            return _("%(name)s 不能是“%(given)s”，只能是 %(possible)s。") % {
                "name": name, "given": given, "possible": context.get("expected", ""),
            }  # fmt: skip
        case "string_pattern_mismatch":
            return _("%(name)s 的写法不对：“%(given)s”。") % {"name": name, "given": given}
        case _ if "backward" in str(fault["msg"]):
            return _("有效期止早于生效日期。")
        case _:
            return _("%(name)s 不能是“%(given)s”：%(why)s") % {
                "name": name,
                "given": given,
                "why": fault["msg"],
            }


def _twice(found: list[tuple[Source, Pack]]) -> Iterator[str]:
    seen: dict[str, tuple[Source, Path_]] = {}
    for source, pack in found:
        for place, policy in enumerate(pack.policies):
            keys: list[tuple[Path_, str]] = [(("policies", place, "key"), policy.key)]
            keys += [
                (("policies", place, "measures", index, "key"), measure.key)
                for index, measure in enumerate(policy.measures)
            ]
            for path, key in keys:
                first, where = seen.setdefault(key, (source, path))
                if (first, where) != (source, path):
                    there = f"{first.name}:{first.line(where)}"
                    yield source.fault(
                        path, _("%(key)s 已经写过：%(where)s。") % {"key": key, "where": there}
                    )


def _pictures(source: Source, pack: Pack) -> Iterator[str]:
    """Whether what explains a policy lies where the file says, and is what it is said to be."""
    for place, policy in enumerate(pack.policies):
        said, form = policy.interpretation, Medium(policy.interpretation.form)
        path: Path_ = ("policies", place, "interpretation", "file")
        if not said.file:
            if form != Medium.TEXT:
                yield source.fault(path, _("解读形式不是文字的，要写 file，文件放在 files 文件夹里。"))
        elif form == Medium.TEXT:
            yield source.fault(path, _("解读形式是文字的，不用写 file。"))
        elif not (source.folder / said.file).is_file():
            yield source.fault(path, _("files 文件夹里没有“%s”。") % said.file)


def _findings(pack: Pack, world: World, on: date) -> Iterator[tuple[Path_, checking.Finding]]:
    for place, policy in enumerate(pack.policies):
        for index, measure in enumerate(policy.measures):
            path: Path_ = ("policies", place, "measures", index)
            for finding in checking.findings(measure.terms, world=world, head=policy.head, on=on):
                # A pack may hold policies that have ended: they tell which version held on which day.
                if finding.code != "expired":
                    yield path, finding
            for number, earlier in enumerate(measure.earlier):
                terms = measure.terms.model_copy(
                    update={"condition": earlier.condition, "amount": earlier.amount, "examples": ()}
                )
                for finding in checking.findings(terms, world=world, on=on):
                    if finding.code in {"rule", "contradiction", "everybody", "word", "division", "overflow"}:
                        yield (*path, "earlier", number), finding


@cache
def _papers(packs: str) -> Mapping[str, str]:
    """Names of materials by key; their files have a check of their own."""
    pattern = re.compile(
        r"^-\s*(?:\{\s*)?key:\s*[\"']?([\w.-]+)[\"']?\s*,?\s*name:\s*[\"']?([^\"',\n}]+)", re.MULTILINE
    )
    files = (Path(packs) / "materials").glob("*.yaml")
    return {key: name.strip() for path in files for key, name in pattern.findall(path.read_text("utf-8"))}


def papers() -> Mapping[str, str]:
    """Names of every kind of paper, by key."""
    return _papers(str(settings.PACKS))


@cache
def _written_matters(packs: str) -> frozenset[str]:
    pattern = re.compile(r"^\s*-?\s*code:\s*[\"']([0-9]{8,10})[\"']", re.MULTILINE)
    files = (Path(packs) / "catalogue").glob("*.yaml")
    return frozenset(key for path in files for key in pattern.findall(path.read_text("utf-8")))


def _is_matter(code: str) -> bool:
    """Whether the packs or the catalogue of this installation know a basic code."""
    return code in _written_matters(str(settings.PACKS)) or bool(
        catalogue.matters([code], settings.ROOT_REGION)
    )
