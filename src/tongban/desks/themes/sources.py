"""Where a data element can come from, and how a paper need not be brought: `packs/sources`, read once per process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from django.conf import settings
from ruamel.yaml import YAML

from tongban.desks.themes.contracts import Wording
from tongban.registers.catalogue import api as catalogue
from tongban.registers.catalogue.contracts import Result
from tongban.registers.exchange import api as exchange
from tongban.registers.licences import api as licences


@dataclass(frozen=True, slots=True)
class Source:
    """One place a data element can come from. `key` is the licence kind or the register; empty for the others."""

    kind: Literal["licence", "shared", "earlier"]
    key: str
    name: Wording


@dataclass(frozen=True, slots=True)
class PaperRules:
    """Papers made of the form itself; and for how many months an earlier one serves again."""

    from_form: frozenset[str]
    reusable: Mapping[str, int]


@cache
def papers() -> PaperRules:
    """What `packs/sources/papers.yaml` says."""
    content = _read("papers.yaml")
    return PaperRules(frozenset(content["from_form"]), dict(content["reusable"]))


@cache
def not_carried_over() -> frozenset[str]:
    """Data elements of one application only, which an earlier one does not offer."""
    return frozenset(_read("elements.yaml")["not_carried_over"])


@cache
def group_names() -> Mapping[str, str]:
    """The English of the groups of data elements, by their Chinese name: `packs/sources/groups.yaml`."""
    return dict(_read("groups.yaml"))


def result_english(result: Result) -> str:
    """A result's English: its own, else that of the licence that it is; empty where nobody wrote one."""
    return catalogue.result_english(result)


def _read(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = YAML(typ="safe").load(settings.PACKS / "sources" / name)
    return found


def of_element(key: str) -> tuple[Source, ...]:
    """Where an element can come from beside the party's own profile, the most trusted first."""
    found = [
        Source("licence", kind.slug, Wording(kind.name, kind.name_en))
        for kind in licences.kinds().values()
        if any(key in (entry.element, *entry.feeds) for entry in kind.fields)
    ]
    register = exchange.giving().get(key)
    if register:
        info = exchange.register(register)
        found.append(Source("shared", register, Wording(info.name, info.name_en)))
    if key not in not_carried_over():
        found.append(Source("earlier", "", Wording("以前的申请", "an earlier application")))
    return tuple(found)
