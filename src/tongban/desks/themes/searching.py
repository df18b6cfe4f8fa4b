"""Themes among the results of a search: by name, keywords, pinyin, and with a typo."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pypinyin import Style, lazy_pinyin
from rapidfuzz import fuzz

from tongban.desks.themes import selectors
from tongban.desks.themes.contracts import ThemeCard

LIKE = 78
"""Similarity in percent from which a text counts as meant; found by trying typos of the six themes."""
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Found:
    """One theme as the search page shows it."""

    title: str
    summary: str
    url: str
    badge: str
    action: str


def provide(*, text: str, region: str, party: str = "", top: int = 3) -> list[Found]:
    """Themes that a text may mean, best first; for `catalogue.register_search_provider`."""
    wanted = text.strip().lower()
    if len(wanted) < SHORTEST:
        return []
    cards = [
        card for card in selectors.cards(selectors.in_force(region)) if not party or party in card.parties
    ]
    scored = sorted(
        ((score(wanted, card), card) for card in cards), key=lambda pair: (-pair[0], pair[1].code)
    )
    language = get_language() or ""
    return [
        Found(
            card.name.text(language),
            card.summary.text(language),
            url_of(card.code),
            _("一件事"),
            _("开始办理"),
        )
        for value, card in scored[:top]
        if value >= LIKE
    ]


def url_of(code: str) -> str:
    """Where the wizard of a theme begins."""
    return f"/themes/{code}"


def score(text: str, card: ThemeCard) -> float:
    """0 to 100: how surely a text means a theme."""
    names = (card.name.zh, *card.keywords)
    if text.isascii():
        latin = [card.name.en.lower(), *(spelling for name in names for spelling in _pinyin(name))]
        return max(_likeness(text.replace(" ", ""), name.replace(" ", "")) for name in latin)
    sound = _pinyin(text)[0]
    # A wrong character of the same sound (开饭管) is the commonest slip of an input method.
    alike = (100.0 if sound == _pinyin(name)[0] else 0.0 for name in names)
    return max(*alike, *(_likeness(text, name) for name in names))


def _likeness(text: str, name: str) -> float:
    if text in name or name in text:
        return 100.0
    return fuzz.ratio(text, name)


@lru_cache(maxsize=4096)
def _pinyin(name: str) -> tuple[str, str]:
    return "".join(lazy_pinyin(name)), "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
