"""The door of the knowledge base.

Answers are quoted, never made up: every hit names its entry, version, owner and law.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from tongban.actors import api as actors
from tongban.registers.knowledge import questions, searching
from tongban.registers.knowledge.contracts import Asked, Audience, EntryInfo, Hit, QuestionInfo
from tongban.registers.knowledge.kept import Kept, register_source

__all__ = ["Kept", "ask", "entry", "near", "question", "register_source", "search", "warm"]


def search(
    text: str,
    *,
    top: int = 3,
    audience: str = Audience.PUBLIC,
    on: date,
    english: bool = False,
) -> list[Hit]:
    """What answers the text, best first; everyday words and whole messages are understood.

    :param audience: ``public``, or ``officer`` for entries of the house as well
    :param on: only entries in force on that day
    :param english: title and quote in English where the entry has them
    """
    return searching.search(text, top=top, audience=Audience(audience), on=on, english=english)


def entry(key: str, *, audience: str = Audience.PUBLIC, on: date) -> EntryInfo:
    """One entry in force. :raises UnknownEntryError: none of that key, or not for this reader"""
    return searching.entry(key, audience=Audience(audience), on=on)


def ask(
    question: str,
    *,
    by: str = "",
    at: datetime,
    region: str = "",
    near: Sequence[Hit] = (),
    channel: str = "web",
) -> Asked:
    """Put a question that found no answer; it becomes work for the unit most likely to know.

    Nothing of who asked is kept; numbers of people in the text are starred. The same question again counts on the
    docket that is being answered.

    :param by: for the ledger only when it is an officer's id; others stay anonymous
    :param near: what was found and did not help, if known
    :raises KnowledgeError: too short, too long, or nothing but numbers
    """
    return questions.ask(question, by=by, at=at, region=region, near=near, channel=channel)


def near(text: str, *, at: datetime) -> list[Hit]:
    """Entries near a text, for somebody of the house who answers it."""
    return searching.near_titles(text, audience=Audience.OFFICER, on=actors.day_of(at))


def question(number: str) -> QuestionInfo:
    """What became of a question. :raises UnknownEntryError: no such number"""
    return questions.info(number)


def warm(on: date) -> None:
    """Build the index now (a process that has just begun), so that the first reader does not wait."""
    searching.index(on=on)
