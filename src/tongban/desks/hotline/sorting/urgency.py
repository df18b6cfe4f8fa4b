"""Whether something is an emergency or urgent: rules, not learning, because a miss here costs a life."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tongban.desks.hotline.sorting.lexicon import Alarm
from tongban.desks.hotline.sorting.reading import plain

LEVELS = ("ordinary", "urgent", "emergency")


@dataclass(frozen=True, slots=True)
class Alarmed:
    """The level, the words that say so, and whom an emergency is for."""

    level: str = "ordinary"
    words: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()


def judge(text: str, alarms: Sequence[Alarm]) -> Alarmed:
    """The highest level that any words of the text stand for; sayings that only seem to be one do not count."""
    read = plain(text)
    level, words, calls = 0, list[str](), list[str]()
    for alarm in alarms:
        bare = read
        for saying in alarm.but:
            bare = bare.replace(saying, "")
        said = [word for word in alarm.words if word in bare]
        height = LEVELS.index(alarm.level)
        if not said or height < level:
            continue
        if height > level:
            level, words, calls = height, [], []
        words += said
        calls += [alarm.call] if alarm.call else []
    return Alarmed(LEVELS[level], tuple(dict.fromkeys(words)), tuple(dict.fromkeys(calls)))
