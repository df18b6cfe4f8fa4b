"""What somebody may be entrusted with, as people choose it: whole themes, and single matters found by a search."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import get_language

from tongban.desks.themes import offers, selectors
from tongban.desks.themes.contracts import PartyKind
from tongban.registers.catalogue import api as catalogue

MOST_FOUND = 12
MOST_SINGLE = 60


@dataclass(frozen=True, slots=True)
class Bundle:
    """A theme as one thing to entrust: all its matters."""

    code: str
    name: str
    matters: tuple[str, ...]
    url: str


@dataclass(slots=True)
class Choice:
    """What is offered, what was looked for and found, and what is chosen."""

    bundles: list[Bundle]
    text: str = ""
    found: list[tuple[str, str]] = field(default_factory=list)
    themes: frozenset[str] = frozenset()
    single: Mapping[str, str] = field(default_factory=dict)

    @property
    def matters(self) -> list[str]:
        """Codes of everything chosen, each once."""
        codes = [code for one in self.bundles if one.code in self.themes for code in one.matters]
        return list(dict.fromkeys([*codes, *self.single]))


def bundles(kind: PartyKind, region: str) -> list[Bundle]:
    """The themes that a person or an organisation may ask for in a region, by stage of life."""
    english = (get_language() or "").startswith("en")
    cards = sorted(selectors.cards(selectors.in_force(region)), key=lambda card: (card.life_stage, card.code))
    return [
        Bundle(card.code, card.name.en if english and card.name.en else card.name.zh, card.matters, f"/themes/{card.code}")
        for card in cards
        if kind in card.parties
    ]  # fmt: skip


def choice(data: QueryDict, *, kind: PartyKind, region: str) -> Choice:
    """The choice that a form sent: ``theme`` and ``matter`` many times, ``q`` what is looked for."""
    text = " ".join(data.get("q", "").split())[:60]
    made = Choice(bundles(kind, region), text=text)
    made.themes = frozenset(data.getlist("theme")) & {one.code for one in made.bundles}
    made.single = names_of(data.getlist("matter")[:MOST_SINGLE], region)
    if text:
        hits = catalogue.search_matters(text, region, {"party": [kind]}, top=MOST_FOUND)
        made.found = [(hit.code, hit.name) for hit in hits if hit.code not in made.single]
    return made


def names_of(codes: Iterable[str], region: str) -> dict[str, str]:
    """Names of matters by code, in the order asked; codes that are no matter are left out."""
    wanted = list(dict.fromkeys(codes))
    known, english = catalogue.matters(wanted, region), (get_language() or "").startswith("en")
    return {
        code: known[code].name_en if english and known[code].name_en else known[code].title
        for code in wanted
        if code in known
    }


def covered(matters: Collection[str], *, kind: PartyKind, region: str) -> list[tuple[str, str]]:
    """What may be begun under an authority: address and name of themes that it covers whole, then of single matters."""
    whole = [one for one in bundles(kind, region) if not matters or set(one.matters) <= set(matters)]
    within = {code for one in whole for code in one.matters}
    single = names_of([code for code in matters if code not in within], region)
    return [(one.url, one.name) for one in whole] + [
        (f"/themes/{offers.PREFIX}{code}", name) for code, name in single.items()
    ]


def told(matters: Collection[str], *, kind: PartyKind, region: str, most: int = 6) -> list[str]:
    """An authority in few words: the themes that it covers whole, then single matters; at most `most` lines."""
    lines = [name for _url, name in covered(matters, kind=kind, region=region)] if matters else []
    return lines if len(lines) <= most else [*lines[: most - 1], f"… +{len(lines) - most + 1}"]
