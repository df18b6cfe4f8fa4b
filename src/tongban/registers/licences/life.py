"""What is decided of a licence after it was issued. Each act is one transaction: row, version, ledger, event.

行政许可法 第五十条 (renewal), 第六十九条 (revocation), 第七十条 (striking off). The caller, a desk, has made sure that
the actor may decide; these functions make sure that the licence is open to the act.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.registers.licences import events, kinds, ledger, rules, selectors, services
from tongban.registers.licences import identifier as identifiers
from tongban.registers.licences.contents import Content, content_mark, number_index, opened
from tongban.registers.licences.contracts import LicenceInfo, LicencesError, LicenceState, NotOpenError
from tongban.registers.licences.models import Licence, LicenceVersion, Use

LONGEST_REASON = 500
followers: list[Callable[..., None]] = []
"""Called in the transaction of an act that gave a licence another version or a successor, with the row and
``successor``, ``actor``, ``at``; what is made of it follows."""
LONGEST_PURPOSE = 200


@kernel.writing()
def renew(
    *, identifier: str, actor: kernel.Actor, at: datetime, reason: str = "", valid_until: date | None = None
) -> LicenceInfo:
    """Renew 延续 (行政许可法 第五十条): a new version, valid on from the day after the old last day.

    :param valid_until: the new last day; by default by the kind's validity
    :raises NotOpenError: not valid, or without an end
    """
    row = _open(identifier, "renew")
    if row.valid_until is None:
        raise NotOpenError(_("这份证照长期有效，不用延续。"), state=row.state)
    day = actors.day_of(at)
    follows = max(row.valid_until + timedelta(days=1), day)
    ends = valid_until or rules.last_day(follows, kinds.kind(row.kind).months)
    if ends is not None and ends <= row.valid_until:
        raise LicencesError(_("延续后的有效期要比原来的长。"))
    before = _keep(row, "renew", reason, at)
    row.valid_until, row.issued_on = ends, day
    return _done(row, "renew", actor=actor, at=at, reason=reason, previous=before)


@kernel.writing()
def correct(
    *,
    identifier: str,
    fields: Mapping[str, Any],
    actor: kernel.Actor,
    at: datetime,
    reason: str,
    holder_name: str | None = None,
) -> LicenceInfo:
    """Correct what a licence says 更正、变更: a new version; the old one is kept (个人信息保护法 第四十六条).

    :param fields: the entries that change, by key
    :param holder_name: the holder's new or rightly spelt name
    :raises NotOpenError: revoked, replaced or cancelled
    :raises FieldsMissingError, LicencesError: entries emptied or wrong, or nothing would change
    """
    row = _open(identifier, "correct")
    form = kinds.kind(row.kind)
    old = opened(row.sealed)
    if unknown := set(fields) - {one.key for one in form.fields}:
        raise LicencesError(
            _("%(kind)s没有字段“%(key)s”。") % {"kind": form.name, "key": "、".join(sorted(unknown))}
        )
    values = {**old.fields, **services.plain(fields)}
    services.check(form, values)
    number = old.number
    if form.number.startswith("field:"):
        number = str(values.get(form.number.removeprefix("field:")) or old.number)
    new = Content(number, holder_name or old.holder_name, old.holder_number, values)
    if new.text() == old.text():
        raise LicencesError(_("更正的内容和原来的一样。"))
    before = _keep(row, "correct", reason, at)
    row.sealed, row.number_index, row.issued_on = new.text(), number_index(number), actors.day_of(at)
    return _done(
        row, "correct", actor=actor, at=at, reason=reason, previous=before, state=LicenceState(row.state)
    )


@kernel.writing()
def replace(
    *,
    identifier: str,
    actor: kernel.Actor,
    at: datetime,
    reason: str,
    fields: Mapping[str, Any] | None = None,
    unit: str = "",
    docket: str = "",
    valid_from: date | None = None,
    valid_until: date | None = None,
    key: str = "",
) -> LicenceInfo:
    """Issue another licence in the place of this one 换发、补发, which ends; gives the new one.

    :param fields: entries that differ from the old ones
    :param unit: the issuing unit; by default the old one's
    :raises NotOpenError: not valid
    """
    if key and (known := Licence.objects.filter(key=key).first()) is not None:
        return selectors.info(known)
    row = _open(identifier, "replace")
    holder = row.holder or _party(opened(row.sealed).holder_number)
    made = services.issue(
        kind=row.kind, holder=holder, unit=unit or row.unit,
        fields={**opened(row.sealed).fields, **services.plain(fields or {})}, actor=actor, at=at, docket=docket,
        valid_from=valid_from, valid_until=valid_until, key=key,
    )  # fmt: skip
    row.replaced_by = made.identifier
    _done(row, "replace", actor=actor, at=at, reason=reason, successor=made.identifier)
    return made


def suspend(*, identifier: str, actor: kernel.Actor, at: datetime, reason: str) -> LicenceInfo:
    """Suspend 暂扣 (行政处罚法 第九条): it does not hold until `resume`.

    :raises NotOpenError: not valid
    """
    return _act("suspend", identifier, actor, at, reason)


def resume(*, identifier: str, actor: kernel.Actor, at: datetime, reason: str) -> LicenceInfo:
    """End a suspension 恢复.

    :raises NotOpenError: not suspended
    """
    return _act("resume", identifier, actor, at, reason)


def revoke(*, identifier: str, actor: kernel.Actor, at: datetime, reason: str) -> LicenceInfo:
    """Revoke 撤销、吊销 (行政许可法 第六十九条; 行政处罚法 第九条). For good: a new application is the way back.

    :raises NotOpenError: neither valid nor suspended
    """
    return _act("revoke", identifier, actor, at, reason)


def cancel(*, identifier: str, actor: kernel.Actor, at: datetime, reason: str) -> LicenceInfo:
    """Strike off 注销 (行政许可法 第七十条): expired, revoked, the holder dead or dissolved, or on request.

    :raises NotOpenError: replaced or struck off already
    """
    return _act("cancel", identifier, actor, at, reason)


@kernel.writing()
def note_use(
    *, identifier: str, by: kernel.Actor, purpose: str, at: datetime, docket: str = "", system: bool = False
) -> None:
    """Write down that somebody looked at or used a licence; the holder sees it (`uses_of`).

    :param purpose: in words that the holder understands, without personal data; at most 200 characters
    :param system: whether a registered system asked, before which nobody sits
    :raises UnknownLicenceError: no such licence
    """
    row = selectors.row_of(identifier)
    Use.objects.create(
        licence=row, identifier=row.identifier, by=by.id, unit=by.unit, purpose=purpose[:LONGEST_PURPOSE],
        docket=docket, at=at,
    )  # fmt: skip
    said = {"purpose": purpose[:LONGEST_PURPOSE], "docket": docket, "by": "client" if system else _user(by)}
    place = ledger.note(row, act="use", actor=by, at=at, data=said)
    kernel.announce(topic=events.USED, place=place, at=at, body={"kind": row.kind})


def _user(by: kernel.Actor) -> str:
    """What kind of user: an officer, the platform itself, a citizen."""
    if by.is_officer:
        return "officer"
    return "system" if by.is_system else by.id.partition(":")[0]


@kernel.writing()
def _act(name: str, text: str, actor: kernel.Actor, at: datetime, reason: str) -> LicenceInfo:
    return _done(_open(text, name), name, actor=actor, at=at, reason=reason)


def _open(text: str, name: str) -> Licence:
    """The licence, locked, if it is open to the act."""
    act = rules.ACTS[name]
    row = selectors.row_of(text, rows=Licence.objects.select_for_update())
    if row.state not in act.frm:
        raise NotOpenError(
            _("这份证照%s，不能这样办。") % LicenceState(row.state).label, state=row.state,
            possible=_("可以查看证照的变动记录，或打12345。"),
        )  # fmt: skip
    if not row.holder:  # imported before the holder was in our registers
        number = opened(row.sealed).holder_number
        row.holder = actors.find_person(number) or actors.find_organisation(number) or ""
    return row


def _keep(row: Licence, act: str, reason: str, at: datetime) -> str:
    """Keep the version that ends and give the row the next; gives the old identifier."""
    if row.version >= identifiers.LAST_VERSION:
        raise LicencesError(_("这份证照的版本号用完了。"), possible=_("请换发新证照。"))
    LicenceVersion.objects.create(
        licence=row, version=row.version, identifier=row.identifier, sealed=row.sealed, valid_from=row.valid_from,
        valid_until=row.valid_until, act=act, reason=reason[:LONGEST_REASON], at=at,
    )  # fmt: skip
    before, row.version = row.identifier, row.version + 1
    row.identifier = str(identifiers.of_base(row.base, row.version))
    return before


def _done(
    row: Licence,
    name: str,
    *,
    actor: kernel.Actor,
    at: datetime,
    reason: str,
    previous: str = "",
    successor: str = "",
    state: LicenceState | None = None,
) -> LicenceInfo:
    """Save, write down, announce."""
    act = rules.ACTS[name]
    row.state, row.changed_at = state or act.to, at
    row.save()
    data: dict[str, Any] = {"reason": reason, "valid_until": row.valid_until}
    if act.new_version:
        data["content"] = content_mark(row.sealed)
    if successor:
        data["replaced_by"] = successor
    place = ledger.note(row, act=name, actor=actor, at=at, data=data)
    ledger.tell(
        row, topic=f"licence.{act.past}", place=place, at=at, previous=previous or row.identifier, reason=reason,
        successor=successor,
    )  # fmt: skip
    if act.new_version or successor:
        for follow in followers:
            follow(row, successor=successor, actor=actor, at=at)
    return selectors.info(row)


def _party(number: str) -> str:
    """The party of a number.

    :raises LicencesError: in no register of ours
    """
    found = actors.find_person(number) or actors.find_organisation(number)
    if found is None:
        raise LicencesError(_("持有人还没有在本市登记，不能换发。"), possible=_("请先登记持有人，再换发。"))
    return found
