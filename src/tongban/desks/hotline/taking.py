"""A message becomes a ticket: checked, kept whole, once per key; repeats are linked, never dropped."""

from __future__ import annotations

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


def take(new: NewTicket, *, actor: kernel.Actor, at: datetime, key: str = "") -> Taken:
    """Take a message; one transaction.

    :param key: idempotency key of the actor: the same key with the same message gives the first ticket again
    :raises HotlineRefused: what is wrong, by field; nothing is kept
    :raises kernel.Conflict: the key was used for another message
    """
    told = _checked(new)
    stored = [_stored(name, content, at=at) for name, content in new.files]
    with kernel.writing():
        (row,), replayed = kernel.open_dockets(
            [_opening(new, told, stored, actor)], actor=actor, at=at, key=key
        )
        if replayed:
            return Taken(row.number, row.id, is_new=False)
        content = _digest(rules.essence(told.text) and f"{rules.essence(told.text)}|{told.region}")
        same = next(iter(_SAME(content=content, since=_days_ago(at))), None) if content else None
        index = phone_index(told.phone)
        flood = bool(index) and _floods(index, at)
        _write(new, told, row.id, content=content, index=index, same=same[0] if same else None, flood=flood)
        if same:
            kernel.link(source=row.id, target=same[0], kind="grouped", at=at)
        for name, file in stored:
            attach(docket_id=row.id, slot="ticket", file=file, name=name, by=actor.id, at=at)
        _attach(new, row, by=actor.id, at=at)
        if told.follows:
            kernel.link(source=row.id, target=told.follows, kind="grouped", at=at)
        if new.confidential:
            confiding.name_first(row, actor=actor, at=at)
        if new.urgency == Urgency.EMERGENCY:
            alarms.ask(row.id, rules.services_for(told.text), by=actor.id, at=at)
    return Taken(row.number, row.id, is_new=True, same_as=same[1] if same else "", flood=flood)


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


def _write(
    new: NewTicket, told: _Checked, docket: int, *, content: str, index: str, same: int | None, flood: bool
) -> None:
    name = " ".join(new.caller_name.split())
    values = (
        docket, new.kind, new.channel, new.urgency, told.title, told.text, told.place, new.latitude, new.longitude,
        new.category, new.matter, new.line, new.call, new.reference,
        encrypt(name, purpose="hotline.ticket.caller_name") if name else "",
        encrypt(told.phone, purpose="hotline.ticket.caller_phone") if told.phone else "",
        index, content, same, flood, new.confidential, *_AT_FIRST,
    )  # fmt: skip
    kernel.insert_rows("hotline_ticket", COLUMNS, [values])


def _floods(index: str, at: datetime) -> bool:
    rule = limits()
    recent = sum(1 for _one in _RECENT(phone=index, since=at - timedelta(minutes=rule.flood_minutes)))
    return recent >= rule.flood_tickets


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
        return kernel.docket(kernel.normalise(new.follows), actor=kernel.SYSTEM).id
    except (ValueError, kernel.NotFound):
        fields["follows"] = _("没有这个编号的工单。")
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
