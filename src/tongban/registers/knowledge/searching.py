"""Finding answers: one index a process over what is written here and what is kept elsewhere.

The index carries a token of both; a process whose index is of another token builds anew: at once when it is small, else
beside, while the old one answers.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import translation
from numpy.typing import NDArray

from tongban.actors import api as actors
from tongban.kernel.search.analysis import normalise, pairs
from tongban.registers.catalogue import api as catalogue
from tongban.registers.knowledge import kept, selectors
from tongban.registers.knowledge.contracts import Audience, EntryInfo, Hit, UnknownEntryError
from tongban.registers.knowledge.ranking import Ranker, Text

SURE, STRONG = 0.35, 7.5
"""How much of a question an entry must speak of, and how strongly, to be shown as its answer (set on everyday questions
with and without an answer: tests/registers/knowledge/questions.tsv)."""
WRITTEN = 1.3
"""An entry that somebody wrote for the question goes before a guide that fits as well."""
WORTH = 0.3
"""What is further behind the best is noise to a reader."""
AT_ONCE = 4_000
QUOTE = 110
_SENTENCES = re.compile(r"[^。；！？\n]+[。；！？\n]?")

_lock = threading.Lock()
_building = threading.Event()
_current: Index | None = None
_kept: tuple[str, date, tuple[EntryInfo, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """Everything that may be answered with on a day."""

    token: str
    day: date
    entries: tuple[EntryInfo, ...]
    places: dict[str, int]
    ranker: Ranker
    public: NDArray[np.bool_]

    def open_to(self, audience: Audience) -> NDArray[np.bool_]:
        """Which places a reader may see on the day."""
        ended = np.array(
            [one.valid_until is not None and one.valid_until < self.day for one in self.entries], bool
        )
        seen = self.public if audience == Audience.PUBLIC else np.ones(len(self.entries), bool)
        found: NDArray[np.bool_] = seen & ~ended
        return found


def index(*, on: date) -> Index:
    """The index of what is in force on a day."""
    token = f"{selectors.token()}|{kept.token()}"
    current = _current
    if current is not None and (current.token, current.day) == (token, on):
        return current
    if current is not None and len(current.entries) > AT_ONCE and current.day == on:
        _build_beside(token, on)
        return current
    with _lock:
        return _build(token, on)


def _build_beside(token: str, on: date) -> None:
    if _building.is_set():
        return
    _building.set()

    def work() -> None:
        try:
            with _lock:
                _build(token, on)
        finally:
            _building.clear()
            connection.close()

    threading.Thread(target=work, name="knowledge-index", daemon=True).start()


def _build(token: str, on: date) -> Index:
    global _current  # noqa: PLW0603  one index per process is the point
    if _current is not None and (_current.token, _current.day) == (token, on):
        return _current
    entries = (*selectors.in_force(on), *_kept_entries(on))
    _current = Index(
        token=token,
        day=on,
        entries=entries,
        places={one.key: place for place, one in enumerate(entries)},
        ranker=Ranker(
            [_text(one) for one in entries],
            synonyms=catalogue.everyday_words(),
            trust=[1.0 if one.kept else WRITTEN for one in entries],
        ),
        public=np.array([one.audience == Audience.PUBLIC for one in entries], bool),
    )
    return _current


def _kept_entries(on: date) -> tuple[EntryInfo, ...]:
    global _kept  # noqa: PLW0603  what is kept elsewhere changes less often than what is written here
    token = kept.token()
    if _kept is None or _kept[:2] != (token, on):
        with translation.override(settings.LANGUAGE_CODE):  # what is built for one reader answers all
            _kept = (token, on, tuple(kept.entries(on)))
    return _kept[2]


def forget() -> None:
    """Drop the index (tests that roll back need it)."""
    global _current, _kept  # noqa: PLW0603
    _current = _kept = None


def _text(one: EntryInfo) -> Text:
    return Text(
        subject="。".join((one.question, *one.ways, " ".join(one.keywords))),
        body=f"{one.answer} {one.question_en} {one.short_en}",
    )


def search(text: str, *, top: int, audience: Audience, on: date, english: bool) -> list[Hit]:
    """See `api.search`."""
    if not text.strip():
        return []
    live = index(on=on)
    asked = _bare(text)
    ranked = live.ranker.rank(asked, top=top, among=live.open_to(audience))
    ranked = [one for one in ranked if one.score >= ranked[0].score * WORTH]
    return [
        _hit(
            live.entries[one.place],
            asked,
            score=one.score,
            sure=one.cover >= SURE and one.strength >= STRONG,
            english=english,
        )
        for one in ranked
    ]


def _bare(text: str) -> str:
    """The question without how it is asked, unless nothing else is left."""
    bare = text
    for word in catalogue.empty_words():
        if len(word) > 1:
            bare = bare.replace(word, " ")
    return bare if len(normalise(bare).replace(" ", "")) > 1 else text


def entry(key: str, *, audience: Audience, on: date) -> EntryInfo:
    """See `api.entry`."""
    live = index(on=on)
    place = live.places.get(key)
    if place is None or not live.open_to(audience)[place]:
        raise UnknownEntryError("没有这个条目，或者它已经撤下。", possible="可以换个说法再搜，或打12345。")
    return live.entries[place]


def _hit(one: EntryInfo, asked: str, *, score: float, sure: bool, english: bool) -> Hit:
    title = one.question_en if english and one.question_en else one.question
    return Hit(
        entry=one.key, version=one.version, title=title, answer=one.answer, owner=one.owner, owner_name=actors.unit_name(unit_id=one.owner) if english and one.owner else one.owner_name,
        quote=one.short_en if english and one.short_en else quote(one.answer, asked), laws=one.laws,
        audience=one.audience, as_of=one.as_of, valid_until=one.valid_until, score=score, sure=sure,
        url=reverse("knowledge:entry", args=[one.key]),
    )  # fmt: skip


def quote(answer: str, asked: str) -> str:
    """The sentences of an answer nearest to what was asked, word for word, about `QUOTE` characters."""
    sentences = [one for one in _SENTENCES.findall(answer) if one.strip()]
    if len(answer) <= QUOTE or not sentences:
        return answer
    wanted = set(pairs(normalise(asked)))
    near = [len(wanted & set(pairs(normalise(one)))) for one in sentences]
    begin = near.index(max(near))
    found = sentences[begin]
    for more in sentences[begin + 1 :]:
        if len(found) + len(more) > QUOTE:
            break
        found += more
    return str(found.strip())


def near_titles(text: str, *, audience: Audience, on: date, besides: Sequence[str] = ()) -> list[Hit]:
    """A few entries near a text, for somebody who writes a new one."""
    found = search(text, top=5 + len(besides), audience=audience, on=on, english=False)
    return [replace(hit, sure=False) for hit in found if hit.entry not in besides][:5]
