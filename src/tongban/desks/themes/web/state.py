"""What somebody has begun, kept at each step: as a draft of who is signed in, else in the session."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from tongban.desks.cases import api as cases
from tongban.desks.themes.contracts import PartyKind
from tongban.desks.themes.papers import Paper
from tongban.desks.themes.submission import Asked, Fix
from tongban.registers.identity.api import ActorRequest, draft_owner

SESSION = "tb_begun"
RECEIPTS = "tb_receipts"
MOST_BEGUN = 5
"""How many unfinished ones a visitor's session keeps."""


@dataclass(slots=True)
class Begun:
    """One unfinished application; everything in it is plain JSON.

    `typed` holds what was typed and could not be taken, `papers` by key a way and the stored files
    (digest, name, size in bytes), `fixes` by data element the reason for a change and files that prove it, `key` the
    idempotency key with which it will be submitted. `place` is the partner that decides, empty for this city.
    """

    slug: str
    region: str
    party: PartyKind = "person"
    version: int | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    form: dict[str, Any] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    papers: dict[str, dict[str, Any]] = field(default_factory=dict)
    fixes: dict[str, dict[str, Any]] = field(default_factory=dict)
    delivery: str = ""
    delivery_to: dict[str, str] = field(default_factory=dict)
    undertaken: bool = False
    place: str = ""
    key: str = field(default_factory=lambda: uuid.uuid4().hex)

    def asked(self) -> Asked:
        """As the bridge to the cases desk takes it."""
        papers = {
            key: Paper(given["way"], tuple((one["digest"], one["name"]) for one in given.get("files", ())))
            for key, given in self.papers.items()
            if given.get("way")
        }
        return Asked(self.form, papers, self.delivery, self.delivery_to, self.undertaken, self.fixed())

    def fixed(self) -> dict[str, Fix]:
        """Why known values were changed, by data element."""
        return {
            key: Fix(one["reason"], tuple((file["digest"], file["name"]) for file in one.get("files", ())))
            for key, one in self.fixes.items()
            if one.get("reason")
        }

    def kept(self) -> dict[str, Any]:
        """As a draft keeps it."""
        return asdict(self)

    def reasons(self) -> dict[str, str]:
        return {key: one["reason"] for key, one in self.fixes.items() if one.get("reason")}


def owner_of(request: HttpRequest) -> str:
    """Under whose name drafts are kept, apart for everybody in whose name one asks; empty for visitors."""
    return draft_owner(request)


def load(request: ActorRequest, slug: str, *, at: datetime) -> Begun | None:
    """What was begun, or None. What a visitor began becomes a draft once he has signed in."""
    owner = owner_of(request)
    visiting = request.session.get(SESSION, {}).get(slug)
    if not owner:
        return read(visiting)
    if visiting:
        begun = read(visiting)
        forget_visit(request, slug)
        if begun is not None:
            start(request, begun, at=at)
            return begun
    return next((read(content) for content in cases.begun(owner=owner, subject=slug)), None)


def read(content: dict[str, Any] | None) -> Begun | None:
    """A kept state, or None when there is none or it was written by another release."""
    if not content:
        return None
    known = {item.name for item in fields(Begun)}
    try:
        return Begun(**{key: value for key, value in content.items() if key in known})
    except TypeError:
        return None


def start(request: ActorRequest, begun: Begun, *, at: datetime) -> None:
    """Keep what was just begun; what the same owner had begun of it for other regions goes."""
    owner = owner_of(request)
    if owner and any(
        kept.get("region") != begun.region for kept in cases.begun(owner=owner, subject=begun.slug)
    ):
        cases.drop_drafts(owner=owner, subject=begun.slug, but=begun.region)
    save(request, begun, at=at)


def save(request: ActorRequest, begun: Begun, *, at: datetime) -> None:
    """Keep the present state of what was begun."""
    owner = owner_of(request)
    if owner:
        cases.save_draft(
            owner=owner, subject=begun.slug, region=begun.region, content=begun.kept(), at=at
        )  # fmt: skip
        return
    kept = request.session.get(SESSION, {})
    kept.pop(begun.slug, None)
    request.session[SESSION] = {
        **dict(list(kept.items())[-(MOST_BEGUN - 1) :]),
        begun.slug: begun.kept(),
    }


def drop(request: ActorRequest, slug: str) -> None:
    """Forget what was begun."""
    forget_visit(request, slug)
    owner = owner_of(request)
    if owner:
        cases.drop_drafts(owner=owner, subject=slug)


def forget_visit(request: HttpRequest, slug: str) -> None:
    kept = dict(request.session.get(SESSION, {}))
    if kept.pop(slug, None) is not None:
        request.session[SESSION] = kept


def remember_receipt(request: HttpRequest, key: str, number: str) -> None:
    """Let the second of two clicks find the receipt of the first, at once and for this session."""
    had_one = request.session.session_key is not None
    request.session[RECEIPTS] = {**dict(list(request.session.get(RECEIPTS, {}).items())[-9:]), key: number}
    request.session.save()
    if had_one:  # a new session still has to be told to the browser
        request.session.modified = False


def receipt_for(request: HttpRequest, key: str) -> str:
    """Number of the application that was submitted with this key in this session; empty when none was."""
    found = request.session.get(RECEIPTS, {}).get(key, "")
    if found or not request.session.session_key:
        return str(found)
    # The first click may have been answered after this request's session was read.
    fresh = type(request.session)(request.session.session_key)
    return str(fresh.get(RECEIPTS, {}).get(key, ""))
