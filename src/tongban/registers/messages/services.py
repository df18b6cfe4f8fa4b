"""Sending, delivering, reading."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.registers.identity import api as identity
from tongban.registers.messages import rules
from tongban.registers.messages.channels import channel as channel_named
from tongban.registers.messages.contracts import (
    ChannelDownError,
    DeliveryState,
    Letter,
    MessagesError,
    Outgoing,
    Receipt,
    UndeliverableError,
    Value,
)
from tongban.registers.messages.models import Consent, Delivery, Message
from tongban.registers.messages.pack import pack

logger = logging.getLogger(__name__)
INBOX = "inbox"
BATCH = 200


@kernel.writing()
def send(
    *,
    to: str,
    template: str,
    context: Mapping[str, Value],
    docket: str = "",
    at: datetime,
    key: str,
    channels: Iterable[str] | None = None,
) -> int:
    """Send a message to a person, an organisation or an officer; it is in the inbox at once.

    Other channels follow by job, as far as the recipient wants them and outside quiet hours. Runs in
    the caller's transaction: what is rolled back was never sent.

    :param to: actor id, such as ``person:7``
    :param template: key in `packs/messages`
    :param context: a value for each word of the template
    :param docket: number of the docket that it is about
    :param key: idempotency key; the same recipient and key again sends nothing and gives the same id
    :param channels: instead of the template's own
    :returns: id of the message
    :raises MessagesError: no such template or channel, or a word without a value
    """
    named = None if channels is None else tuple(channels)
    (made,) = send_many([Outgoing(to, template, context, docket, at, key, named)])
    return made


@kernel.writing()
def send_many(letters: Sequence[Outgoing]) -> list[int]:
    """Send messages as `send` sends one, in a few statements for all; gives their ids in order."""
    known = _sent(letters)
    new = {(one.to, one.key): one for one in letters if (one.to, one.key) not in known}
    rows = Message.objects.bulk_create([_written(one) for one in new.values()])
    known |= {(row.recipient, row.key): row.pk for row in rows}
    consents: dict[str, dict[str, bool]] = {}
    if rows:
        said = Consent.objects.filter(actor_id__in={row.recipient for row in rows})
        for actor, channel, wanted in said.values_list("actor_id", "channel", "wanted"):
            consents.setdefault(actor, {})[channel] = wanted
    Delivery.objects.bulk_create(
        _first(
            row,
            name,
            said=consents.get(one.to, {}).get(name),
            urgent=pack().templates[one.template].urgent,
            at=one.at,
        )
        for row, one in zip(rows, new.values(), strict=True)
        for name in _wanted(one)
    )
    return [known[one.to, one.key] for one in letters]


def _sent(letters: Sequence[Outgoing]) -> dict[tuple[str, str], int]:
    """Those that were sent before, by recipient and key."""
    asked = {(one.to, one.key) for one in letters}
    found = Message.objects.filter(
        recipient__in={to for to, _key in asked}, key__in={key for _to, key in asked}
    )
    return {
        (to, key): pk for to, key, pk in found.values_list("recipient", "key", "pk") if (to, key) in asked
    }


def _written(one: Outgoing) -> Message:
    form = pack().templates.get(one.template)
    if form is None:
        raise MessagesError(f"{one.template} ?")
    _wanted(one)
    zh, en = (rules.fill(form, one.context, language=language) for language in rules.LANGUAGES)
    service = pack().service.get(form.service)
    return Message(
        recipient=one.to, key=one.key, template=one.template, docket=one.docket, service=form.service, created_at=one.at,
        subject=zh.subject, body=zh.body, sms=zh.sms, subject_en=en.subject, body_en=en.body, sms_en=en.sms,
        served_at=rules.served_at(service, delivered_at=one.at, read_at=None),
        serve_due_at=rules.deemed_at(service, one.at),
    )  # fmt: skip


def _wanted(one: Outgoing) -> list[str]:
    """The channels of a message. :raises MessagesError: one that is none"""
    own = pack().templates[one.template].channels if one.channels is None else one.channels
    wanted = list(dict.fromkeys([INBOX, *own]))
    if unknown := set(wanted) - pack().channels.keys():
        raise MessagesError(f"{one.template}: {', '.join(sorted(unknown))} ?")
    return wanted


def _first(message: Message, name: str, *, said: bool | None, urgent: bool, at: datetime) -> Delivery:
    if name == INBOX:
        return Delivery(
            message=message, channel=name, state=DeliveryState.DELIVERED, attempts=1, delivered_at=at,
            receipt=f"inbox-{message.pk}",
        )  # fmt: skip
    rule = pack().channels[name]
    if not rules.allowed(rule, wanted=said):
        return Delivery(message=message, channel=name, state=DeliveryState.DECLINED, reason="consent")
    due = at if urgent else rules.after_quiet(rule.quiet, at)
    return Delivery(message=message, channel=name, state=DeliveryState.WAITING, due_at=due)


def deliver_due(*, at: datetime, limit: int = BATCH) -> int:
    """Hand what is due to the channels; gives how many arrived.

    The provider is called outside any transaction. After a crash between its answer and our note the
    same reference is handed over again, which a provider answers without sending twice. A channel
    that is down is asked once per run, not once per message.
    """
    waiting = (
        Delivery.objects.filter(state=DeliveryState.WAITING, due_at__lte=at)
        .select_related("message")
        .order_by("due_at", "pk")[:limit]
    )
    arrived = 0
    down: set[str] = set()
    for row in list(waiting):
        if row.channel in down:
            continue
        try:
            receipt = channel_named(row.channel).deliver(_letter(row), at=at)
        except UndeliverableError:
            _note(row, state=DeliveryState.FAILED, due_at=None, reason="undeliverable")
        except ChannelDownError:
            down.add(row.channel)
            _put_off(row, "down", at)
            _hold_back(row.channel, at)
        except Exception as error:  # a plugin's own mistake must not stop the others
            logger.exception("channel %s failed", row.channel)
            _put_off(row, type(error).__name__, at)
        else:
            arrived += 1
            _arrived(row, receipt)
    return arrived


def _letter(row: Delivery) -> Letter:
    message = row.message
    account = identity.account_of_actor(message.recipient)
    english = account is not None and account.language == "en"
    try:
        address = actors.phone_of(message.recipient) if row.channel == "sms" else ""
    except actors.NotKnownError:
        address = ""
    return Letter(
        reference=f"{row.channel}-{row.pk}",
        address=address,
        subject=message.subject_en if english else message.subject,
        text=(message.sms_en if english else message.sms),
    )


def _arrived(row: Delivery, receipt: Receipt) -> None:
    _note(
        row,
        state=DeliveryState.DELIVERED,
        delivered_at=receipt.delivered_at,
        receipt=receipt.number,
        due_at=None,
        reason="",
    )


def _put_off(row: Delivery, reason: str, at: datetime) -> None:
    due = rules.next_try(pack().retry, attempts=row.attempts + 1, at=at)
    if due is None:
        _note(row, state=DeliveryState.FAILED, due_at=None, reason=reason)
        return
    form = pack().templates.get(row.message.template)
    quiet = None if form and form.urgent else pack().channels[row.channel].quiet
    _note(row, due_at=rules.after_quiet(quiet, due), reason=reason)


@kernel.writing()
def _hold_back(channel: str, at: datetime) -> None:
    """A channel is down: what else is due there waits too, at no cost to its attempts."""
    later = rules.next_try(pack().retry, attempts=1, at=at)
    Delivery.objects.filter(channel=channel, state=DeliveryState.WAITING, due_at__lte=at).update(
        due_at=later, reason="down"
    )


@kernel.writing()
def _note(row: Delivery, **values: object) -> None:
    # Only what still waits is changed: another worker may have been faster.
    Delivery.objects.filter(pk=row.pk, state=DeliveryState.WAITING).update(
        attempts=row.attempts + 1, **values
    )


@kernel.writing()
def open_message(*, message_id: int, recipients: Iterable[str], at: datetime) -> Message | None:
    """Open a message of one of the recipients; the first time counts as reading. None when not theirs."""
    row = Message.objects.filter(pk=message_id, recipient__in=list(recipients)).first()
    if row is not None and row.read_at is None:
        row.read_at = at
        if row.served_at is None:
            service = pack().service.get(row.service)
            row.served_at = rules.served_at(service, delivered_at=row.created_at, read_at=at)
        row.save(update_fields=["read_at", "served_at"])
    return row


@kernel.writing()
def serve_unread(*, at: datetime) -> int:
    """Note as served what lay unread for as long as its rule says; gives how many."""
    found = list(
        Message.objects.filter(served_at__isnull=True, serve_due_at__lte=at).only("pk", "serve_due_at")[
            :BATCH
        ]
    )
    for row in found:
        row.served_at = row.serve_due_at
    Message.objects.bulk_update(found, ["served_at"])
    return len(found)


@kernel.writing()
def set_consent(*, actor_id: str, channel: str, wanted: bool, at: datetime) -> None:
    """Keep whether somebody wants messages over a channel.

    :raises MessagesError: no such channel, or the inbox, which everybody has
    """
    if channel == INBOX or channel not in pack().channels:
        raise MessagesError(f"{channel} ?")
    Consent.objects.update_or_create(
        actor_id=actor_id, channel=channel, defaults={"wanted": wanted, "said_at": at}
    )
