"""A message becomes a ticket: checked, kept whole, once per key; repeats are linked, never dropped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.hotline import alarms, confiding, rules
from tongban.desks.hotline.contracts import (
    CENTRE,
    CONFIDENTIAL,
    HIDDEN_TITLE,
    KIND,
    Channel,
    HotlineRefused,
    NewTicket,
    Taken,
    TicketKind,
    Urgency,
)
from tongban.desks.hotline.limits import limits
from tongban.desks.hotline.models import Ticket
from tongban.kernel import api as kernel
from tongban.kernel.files.errors import UploadError
from tongban.kernel.files.models import StoredFile
from tongban.kernel.files.services import attach, attach_many, store
from tongban.kernel.ledger.rules import canonical
from tongban.kernel.prepared import Prepared
from tongban.kernel.privacy import encrypt, keyed_digester, short_indexer

MOST_FILES = 9
COLUMNS = (
    "docket_id", "kind", "channel", "urgency", "title", "text", "place", "latitude", "longitude", "category", "matter",
    "line", "call", "reference", "caller_name", "caller_phone", "phone_index", "content", "same_as_id", "flood",
    "confidential", "lead", "final_unit", "returns", "reopened", "delays", "delay_days", "urged", "reply",
    "result", "replied_by", "findings", "attempts", "satisfaction", "operator_satisfaction", "solved",
)  # fmt: skip
_AT_FIRST = ("", "", 0, 0, 0, 0, 0, "", "", "", "", 0, "", "", "")
MOST: dict[str, int] = {"place": 200, "category": 120, "matter": 64, "line": 32, "call": 64, "reference": 80}


def _same(content: str, since: datetime) -> QuerySet[Ticket, Any]:
    found = Ticket.objects.filter(content=content, docket__opened_at__gte=since).order_by("docket_id")
    return found.values_list("docket_id", "docket__number")[:1]


def _recent(phone: str, since: datetime) -> QuerySet[Ticket, Any]:
    found = Ticket.objects.filter(phone_index=phone, docket__opened_at__gte=since).order_by("-docket_id")
    return found.values_list("docket_id")[:200]


_SAME = Prepared(_same, content=str, since=datetime)
_RECENT = Prepared(_recent, phone=str, since=datetime)


def phone_index(phone: str) -> str:
    """The blind index of a phone number; empty for none."""
    return short_indexer(purpose="hotline.phone")(phone) if phone else ""


@dataclass(frozen=True, slots=True)
class _Checked:
    """A message that may be taken."""

    text: str
    title: str
    phone: str
    region: str
    desk: str
    place: str
    follows: int


@dataclass(frozen=True, slots=True)
class _Heard:
    """A ticket's docket, and what was heard before of its message and its caller."""

    docket: int
    content: str
    index: str
    same: int | None
    same_number: str
    flood: bool


def take(new: NewTicket, *, actor: kernel.Actor, at: datetime, key: str = "") -> Taken:
    """Take a message; one transaction.

    :param key: idempotency key of the actor: the same key with the same message gives the first ticket again
    :raises HotlineRefused: what is wrong, by field; nothing is kept
    :raises kernel.Conflict: the key was used for another message
    """
    (taken,) = take_many([new], actor=actor, at=at, key=key)
    return taken


def take_many(news: Sequence[NewTicket], *, actor: kernel.Actor, at: datetime, key: str = "") -> list[Taken]:
    """Take messages that came at the same time, in their order: all of them or none, as `take` takes one.

    Files are stored before the transaction, so that nobody waits for them: those of messages that are refused then stay without
    a docket and are known again by their digest when the same messages come once more.

    :param key: stands for the whole batch
    :raises HotlineRefused: what is wrong with the first one that cannot be taken; nothing is kept
    """
    told = [_checked(new) for new in news]
    stored = [[_stored(name, content, at=at) for name, content in new.files] for new in news]
    openings = [_opening(*one, actor) for one in zip(news, told, stored, strict=True)]
    with kernel.writing():
        rows, replayed = kernel.open_dockets(openings, actor=actor, at=at, key=key)
        if replayed:
            return [Taken(row.number, row.id, is_new=False) for row in rows]
        heard = _heard(told, rows, at=at)
        kernel.insert_rows(
            "hotline_ticket", COLUMNS, [_values(*one) for one in zip(news, told, heard, strict=True)]
        )
        for new, one, files, row, before in zip(news, told, stored, rows, heard, strict=True):
            _beside(new, one, files, row, before, actor=actor, at=at)
    return [
        Taken(row.number, row.id, is_new=True, same_as=before.same_number, flood=before.flood)
        for row, before in zip(rows, heard, strict=True)
    ]


def _beside(
    new: NewTicket, told: _Checked, files: list[tuple[str, StoredFile]], row: kernel.DocketRow, heard: _Heard, *,
    actor: kernel.Actor, at: datetime,
) -> None:  # fmt: skip
    """What a ticket has beside its row: links, papers, who may know of it, the alarm."""
    if heard.same:
        kernel.link(source=row.id, target=heard.same, kind="grouped", at=at)
    for name, file in files:
        attach(docket_id=row.id, slot="ticket", file=file, name=name, by=actor.id, at=at)
    _attach(new, row, by=actor.id, at=at)
    if told.follows:
        kernel.link(source=row.id, target=told.follows, kind="grouped", at=at)
    if new.confidential:
        confiding.name_first(row, actor=actor, at=at)
    if new.urgency == Urgency.EMERGENCY:
        alarms.ask(row.id, rules.services_for(told.text), by=actor.id, at=at)


def _opening(
    new: NewTicket, told: _Checked, stored: list[tuple[str, StoredFile]], actor: kernel.Actor
) -> kernel.Opening:
    rule = limits().span("dispatch", kind=new.kind, urgency=new.urgency, region=told.region)
    said = {
        "kind": new.kind, "channel": new.channel, "urgency": new.urgency, "message": _digest(canonical([
            told.text, told.title, told.place, told.phone, new.caller_name, new.caller, new.latitude, new.longitude,
            new.category, new.matter, new.line, new.call, new.reference, [file.digest for _name, file in stored],
            [digest for digest, _name in new.stored],
        ])),
    }  # fmt: skip
    return kernel.Opening(
        kind=KIND, way="take", title=HIDDEN_TITLE if new.confidential else told.title, unit=told.desk,
        officer=actor.id if actor.is_officer else "", applicant=new.caller, region=told.region, channel=new.channel,
        subject=CONFIDENTIAL if new.confidential else new.matter, data=said, spans={"dispatch": rule},
    )  # fmt: skip


def _heard(told: Sequence[_Checked], rows: Sequence[kernel.DocketRow], *, at: datetime) -> list[_Heard]:
    """What was heard before of each message and its caller, those before it in the batch included."""
    contents = [_content(one) for one in told]
    indexes = [phone_index(one.phone) for one in told]
    first, calls = _first_of(contents, at), _calls_of(indexes, at)
    found = []
    for row, content, index in zip(rows, contents, indexes, strict=True):
        docket, number = first.get(content, (None, "")) if content else (None, "")
        flood = bool(index) and calls[index] >= limits().flood_tickets
        found.append(_Heard(row.id, content, index, docket, number, flood))
        if content and docket is None:
            first[content] = (row.id, row.number)
        calls[index] += 1
    return found


def _content(told: _Checked) -> str:
    essence = rules.essence(told.text)
    return _digest(essence and f"{essence}|{told.region}")


def _first_of(contents: Sequence[str], at: datetime) -> dict[str, tuple[int | None, str]]:
    """The first ticket of the last days with each content: id and number."""
    wanted = sorted({one for one in contents if one})
    if not wanted:
        return {}
    since = _days_ago(at)
    if len(wanted) == 1:
        return {one: row for one in wanted for row in _SAME(content=one, since=since)}
    rows = Ticket.objects.filter(content__among=wanted, docket__opened_at__gte=since).order_by("-docket_id")
    return {
        content: (docket, number)
        for content, docket, number in rows.values_list("content", "docket_id", "docket__number")
    }


def _calls_of(indexes: Sequence[str], at: datetime) -> Counter[str]:
    """How many tickets came from each number in the last minutes."""
    wanted = sorted({one for one in indexes if one})
    since = at - timedelta(minutes=limits().flood_minutes)
    if len(wanted) == 1:
        return Counter({wanted[0]: sum(1 for _one in _RECENT(phone=wanted[0], since=since))})
    rows = Ticket.objects.filter(phone_index__among=wanted, docket__opened_at__gte=since)
    return Counter(rows.values_list("phone_index", flat=True)) if wanted else Counter()


def _values(new: NewTicket, told: _Checked, heard: _Heard) -> tuple[Any, ...]:
    name = " ".join(new.caller_name.split())
    return (
        heard.docket, new.kind, new.channel, new.urgency, told.title, told.text, told.place, new.latitude, new.longitude,
        new.category, new.matter, new.line, new.call, new.reference,
        encrypt(name, purpose="hotline.ticket.caller_name") if name else "",
        encrypt(told.phone, purpose="hotline.ticket.caller_phone") if told.phone else "",
        heard.index, heard.content, heard.same, heard.flood, new.confidential, *_AT_FIRST,
    )  # fmt: skip


def _days_ago(at: datetime) -> datetime:
    return at - timedelta(days=limits().same_days)


def _digest(text: str) -> str:
    return keyed_digester(purpose="hotline.content")(text)[:32] if text else ""


def _stored(name: str, content: Any, *, at: datetime) -> tuple[str, StoredFile]:
    try:
        return name, store(content=content, name=name, at=at)
    except UploadError as error:
        raise HotlineRefused(
            _("有文件不能收。"),
            possible=_("换成 JPG、PNG 照片或 PDF，或者不带文件提交。"),
            fields={"files": str(error)},
        ) from error


def _attach(new: NewTicket, row: kernel.DocketRow, *, by: str, at: datetime) -> None:
    given = [("ticket", digest, name or _("附件")) for digest, name in new.stored]
    if given and attach_many(given, docket_id=row.id, by=by, at=at):
        raise HotlineRefused(_("有文件没有先交上来。"), fields={"files": _("请先上传，再提交。")})


# Checks ---------------------------------------------------------------------------------------


def _checked(new: NewTicket) -> _Checked:
    fields = _chosen(new)
    text, place = rules.cleaned(new.text), " ".join(rules.cleaned(new.place).split())
    if not rules.has_words(text):
        fields["text"] = _("请写清楚是什么事，只有符号或表情没法办理。") if text else _("请写清楚是什么事。")
    elif len(text) > rules.MOST_TEXT:
        fields["text"] = _("最多%(most)d字，现在有%(n)d字。请写要点，详细材料作为附件上传。") % {
            "most": rules.MOST_TEXT, "n": len(text),
        }  # fmt: skip
    phone = _phone(new.caller_phone, fields)
    for name, most in MOST.items():
        if len(getattr(new, name)) > most:
            fields[name] = _("最多%d字。") % most
    if len(new.caller_name) > 60:
        fields["caller_name"] = _("最多%d字。") % 60
    region, desk = _where(new, fields)
    follows = _earlier(new, fields)
    if fields:
        raise HotlineRefused(_("还有%d处要改。") % len(fields), fields=fields)
    return _Checked(text, rules.title_of(text, rules.cleaned(new.title)), phone, region, desk, place, follows)


def _chosen(new: NewTicket) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, among in (("kind", TicketKind), ("channel", Channel), ("urgency", Urgency)):
        if getattr(new, name) not in among.values:
            fields[name] = _("请选一项：%s。") % "、".join(str(label) for label in among.labels)
    if (new.latitude is None) != (new.longitude is None):
        fields["latitude"] = _("经度和纬度要一起给。")
    elif new.latitude is not None and not (-90 <= new.latitude <= 90 and -180 <= (new.longitude or 0) <= 180):
        fields["latitude"] = _("经纬度超出范围。")
    if len(new.files) + len(new.stored) > MOST_FILES:
        fields["files"] = _("最多%d个文件。") % MOST_FILES
    return fields


def _earlier(new: NewTicket, fields: dict[str, str]) -> int:
    """The id of the ticket that this one goes on with; 0 for none."""
    if not new.follows:
        return 0
    try:
        row = kernel.docket(kernel.normalise(new.follows), actor=kernel.SYSTEM)
    except (ValueError, kernel.NotFound):
        row = None
    if row is not None and row.kind == KIND:
        return row.id
    fields["follows"] = _("没有这个编号的工单。")  # of another kind or of none: the answer is the same
    return 0


def _phone(given: str, fields: dict[str, str]) -> str:
    if not given.strip():
        return ""
    try:
        return actors.phone_number(given)
    except ValidationError as error:
        fields["caller_phone"] = " ".join(error.messages)
        return ""


def _where(new: NewTicket, fields: dict[str, str]) -> tuple[str, str]:
    region = new.region or settings.ROOT_REGION
    if not actors.region_chain(region):
        fields["region"] = _("没有这个地区。")
        return region, ""
    desk = (
        actors.live_unit(new.unit)
        if new.unit
        else actors.unit_for(department=CENTRE, region=settings.ROOT_REGION)
    )
    if desk is None:
        fields["unit"] = _("没有这个热线中心，或已撤并。")
        return region, ""
    return region, desk.id
