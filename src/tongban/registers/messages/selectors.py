"""Reading the inbox and how the channels are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Min, Q
from django.utils.translation import get_language

from tongban.kernel.contracts import Actor
from tongban.registers.messages.contracts import DeliveryState, InboxLetter, InboxRow
from tongban.registers.messages.models import Consent, Delivery, Message
from tongban.registers.messages.pack import pack

PAGE = 50


def recipients_of(actor: Actor) -> list[str]:
    """Whose messages an actor reads: the own, and those of parties for whom they act in everything."""
    return sorted({actor.id, *actor.parties} - {""})


def _english() -> bool:
    return (get_language() or "").startswith("en")


def inbox(*, recipients: Iterable[str], before: int | None = None, limit: int = PAGE) -> list[InboxRow]:
    """Messages, newest first, `limit` + 1 at most, so that the caller knows whether there are more.

    :param before: id of the last message of the page before
    """
    rows = Message.objects.filter(recipient__in=list(recipients)).order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    english = _english()
    return [
        InboxRow(row.pk, row.subject_en if english else row.subject, row.docket, row.created_at, row.read_at)
        for row in rows.only("subject", "subject_en", "docket", "created_at", "read_at")[: limit + 1]
    ]


def unread(*, recipients: Iterable[str], limit: int = 100) -> int:
    """How many are unread, counted up to `limit`."""
    return Message.objects.filter(recipient__in=list(recipients), read_at__isnull=True)[:limit].count()


def letter_of(row: Message) -> InboxLetter:
    """A message as its reader sees it."""
    english = _english()
    rule = pack().service.get(row.service)
    return InboxLetter(
        id=row.pk,
        subject=row.subject_en if english else row.subject,
        body=row.body_en if english else row.body,
        docket=row.docket,
        created_at=row.created_at,
        read_at=row.read_at,
        served_at=row.served_at,
        service_source=rule.source if rule else "",
    )


def served(*, docket: str, template: str) -> datetime | None:
    """The legal date of service of the last such message about a docket; None when not served yet."""
    rows = Message.objects.filter(docket=docket, template=template).order_by("-pk")
    return rows.values_list("served_at", flat=True).first()


def consents(actor_id: str) -> dict[str, bool]:
    """What somebody answered, by channel."""
    return dict(Consent.objects.filter(actor_id=actor_id).values_list("channel", "wanted"))


def troubles(_at: datetime) -> list[str]:
    """Channels that refuse, for `/healthz`: ``sms: 3 waiting since 2026-11-22T06:00:00Z, 1 given up``."""
    rows = (
        Delivery.objects.filter(
            (Q(state=DeliveryState.WAITING) & ~Q(reason=""))
            | (Q(state=DeliveryState.FAILED) & ~Q(reason="undeliverable"))
        )
        .values("channel")
        .annotate(
            waiting=Count("pk", filter=Q(state=DeliveryState.WAITING)),
            failed=Count("pk", filter=Q(state=DeliveryState.FAILED)),
            since=Min("message__created_at"),
        )
        .order_by("channel")
    )
    return [
        f"{row['channel']}: {row['waiting']} waiting since {row['since']:%Y-%m-%dT%H:%M:%SZ}, {row['failed']} given up"
        for row in rows
    ]
