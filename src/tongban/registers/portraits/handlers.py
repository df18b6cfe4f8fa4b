"""What other rooms announce becomes a fact of the portrait: licences, decided cases, fees not paid, calls to the hotline.

Desks are heard by the topics of their dockets, which the kernel announces; what was done is told by the docket itself.
An element that the pack does not have is not kept.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.outbox.relay import News, on
from tongban.registers.licences import events as licences
from tongban.registers.payments import events as payments
from tongban.registers.portraits import packs, services
from tongban.registers.portraits.contracts import KINDS, NewFact


@on(
    licences.ISSUED, licences.RENEWED, licences.REPLACED, licences.SUSPENDED, licences.RESUMED, licences.REVOKED,
    licences.CANCELLED,
)  # fmt: skip
def licence_changed(news: News) -> None:
    """The licences in force are read anew: news may come late, and then tell of what has changed again since."""
    holder = str(news.body["holder"])
    if holder.partition(":")[0] not in KINDS:
        return
    told = services.licences_of(holder, at=news.at)
    if news.topic == licences.REVOKED:
        told += _fact(holder, "licences.revoked_on", actors.day_of(news.at), news)
    services.note(told, actor=kernel.SYSTEM, at=news.at)


@on("case.grant", "case.approve_instantly")
def granted(news: News) -> None:
    """A case ended well."""
    _about_docket("services.granted_on", news)


@on("case.reject", "case.refuse")
def refused(news: News) -> None:
    """A case was refused."""
    _about_docket("services.refused_on", news)


@on(payments.FEE_EXPIRED)
def fee_overdue(news: News) -> None:
    """A fee was not paid in time."""
    _about_docket("fees.overdue_on", news)


@on("ticket.opened")
def hotline_asked(news: News) -> None:
    """A company turned to the hotline; what about stays with the hotline. Most callers are nobody whom we know."""
    if news.body.get("applicant"):
        _about_docket("hotline.asked_on", news)


def _about_docket(element: str, news: News) -> None:
    """The day of what happened, for the applicant of the docket it happened to."""
    docket = kernel.docket_by_id(news.docket or 0, actor=kernel.SYSTEM)
    told = _fact(docket.applicant, element, actors.day_of(news.at), news)
    services.note(told, actor=kernel.SYSTEM, at=news.at, docket=docket.number)


def _fact(party: str, element: str, value: Any, news: News) -> list[NewFact]:
    kind = party.partition(":")[0]
    info = packs.elements(kind).get(element) if kind in KINDS else None
    day: date = actors.day_of(news.at)
    return [] if info is None else [NewFact(party, element, value, info.source, day)]
