"""Issuing licences: one transaction for row, ledger and event.

行政许可法 第三十九条 (licences are issued); 国务院关于在线政务服务的若干规定 (国务院令第716号) 第八条至第十二条 (e-licences
have the force of paper). The caller, a desk, has made sure that the actor may decide.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.prepared import Prepared
from tongban.registers.licences import events, kinds, ledger, rules, selectors
from tongban.registers.licences import identifier as identifiers
from tongban.registers.licences.contents import Content, content_mark, holder_index, number_index
from tongban.registers.licences.contracts import (
    FieldsMissingError,
    KindInfo,
    LicenceInfo,
    LicencesError,
    LicenceState,
)
from tongban.registers.licences.models import Licence

_BY_KEY = Prepared(lambda key: Licence.objects.filter(key=key)[:1])


@kernel.writing()
def issue(
    *,
    kind: str,
    holder: str,
    unit: str,
    fields: Mapping[str, Any],
    actor: kernel.Actor,
    at: datetime,
    docket: str = "",
    valid_from: date | None = None,
    valid_until: date | None = None,
    key: str = "",
) -> LicenceInfo:
    """Issue a licence (行政许可法 第三十九条; 国务院令第716号 第十条).

    A business licence of a person who founds a business carries a newly allotted credit code, unless one is given.

    Entries not given are taken from the holder's and the issue's facts where the kind says so. Joins the caller's
    transaction: the decision and its licence are one act.

    :param holder: party id
    :param unit: id of the issuing unit, which has a unified social credit code
    :param fields: by key of the kind's fields; `fill` makes them from a form. Plain JSON values; dates ISO or `date`
    :param docket: number of the case
    :param valid_from: first day; by default the day of `at`
    :param valid_until: last day where the decision names one; by default by the kind's validity
    :param key: idempotency key: the same again gives the first licence again
    :raises UnknownKindError: no such kind
    :raises FieldsMissingError: required entries missing; nothing was issued
    :raises LicencesError: an entry is wrong, the holder is of the wrong sort, or the unit cannot issue it
    :raises actors.NotKnownError: no such holder or unit
    """
    if key and (known := _BY_KEY.first(key=key)) is not None:
        return selectors.info(known)
    form = kinds.kind(kind)
    day = actors.day_of(at)
    begins = valid_from or day
    ends = valid_until or rules.last_day(begins, form.months)
    issuer = issuer_of(form, unit)
    facts = actors.party_facts(holder)
    if form.holder not in ("either", facts.kind):
        raise LicencesError(_("%s不发给这类申请人。") % form.name)
    given = plain(fields)
    said = issue_facts(facts, unit=unit, day=day, valid_from=begins, valid_until=ends)
    if facts.kind == "person" and any("issue.uscc" in one.sources for one in form.fields):
        said["issue.uscc"] = _credit_code(given, issuer.region)
    values = rules.filled(form, given=given, form={}, facts=said, carried={})
    check(form, values)
    number, serial = _numbered(form, values, facts.number, issuer=issuer, day=day)
    name = identifiers.compose(kind=form.code, issuer=issuer.uscc, serial=serial)
    content = Content(number, facts.name, facts.number, values)
    row = Licence(
        base=name.base, identifier=str(name), version=1, kind=kind, unit=unit, region=issuer.region, holder=holder,
        holder_index=holder_index(facts.number), number_index=number_index(number), sealed=content.text(),
        issued_on=day, valid_from=begins, valid_until=ends, state=LicenceState.VALID, docket=docket, key=key,
        changed_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic(savepoint=bool(key)):
            row.save(force_insert=True)
    except IntegrityError:
        if key and (known := Licence.objects.filter(key=key).first()) is not None:
            return selectors.info(known)  # of two at once the other was faster
        raise
    body = {"valid_from": begins, "valid_until": ends, "content": content_mark(row.sealed), "docket": docket}
    place = ledger.note(row, act="issue", actor=actor, at=at, data=body)
    ledger.tell(row, topic=events.ISSUED, place=place, at=at)
    return selectors.info(row)


def fill(
    *,
    kind: str,
    form: Mapping[str, Any],
    holder: str,
    on: date,
    fields: Mapping[str, Any] | None = None,
    builds_on: str = "",
) -> dict[str, Any]:
    """The entries of a licence from a filled-in form, ready for `issue`.

    In this order: `fields` by key; the form by data element; facts of the holder; the licence that a change builds
    on. What the issue itself knows (dates, the unit), `issue` adds.

    :param form: values by key of the data element
    :param builds_on: identifier of the licence that is changed or carried on; empty for a new one
    """
    wanted = kinds.kind(kind)
    facts = issue_facts(actors.party_facts(holder), unit="", day=on, valid_from=on, valid_until=None)
    facts = {name: value for name, value in facts.items() if name.startswith("party.")}
    carried = selectors.licence(builds_on).fields if builds_on else {}
    return rules.filled(wanted, given=plain(fields or {}), form=plain(form), facts=facts, carried=carried)


def issue_facts(
    facts: actors.PartyFacts, *, unit: str, day: date, valid_from: date, valid_until: date | None
) -> dict[str, Any]:
    """What is known of the holder (``party.…``) and of the issue (``issue.…``), as plain values."""
    return plain(
        {
            "party.name": facts.name, "party.number": facts.number,
            "party.id": facts.number if facts.kind == "person" else None,
            "party.uscc": facts.number if facts.kind == "organisation" else None, "party.phone": facts.phone,
            "party.address": facts.address, "party.birth_date": facts.birth_date, "party.gender": facts.gender,
            "party.nation": facts.nation, "party.type": facts.type,
            "party.established_date": facts.established_date, "party.capital": facts.capital_fen,
            "party.industry": facts.industry, "party.representative": facts.representative,
            "party.representative_number": facts.representative_number, "issue.date": day,
            "issue.valid_from": valid_from, "issue.valid_until": valid_until,
            "issue.unit": actors.unit_name(unit_id=unit) if unit else "",
        }
    )  # fmt: skip


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON keeps them: days and instants as ISO text."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
        if value is not None
    }


def issuer_of(form: KindInfo, unit: str) -> actors.UnitInfo:
    """The unit, if it can issue this kind.

    :raises LicencesError: it is of another level, or has no credit code
    """
    issuer = actors.unit(unit)
    level = actors.region(issuer.region).level
    if level not in form.issuer_levels:
        raise LicencesError(
            _("%(unit)s不在能颁发%(kind)s的层级。") % {"unit": issuer.name, "kind": form.name}
        )
    if not issuer.uscc:
        raise LicencesError(
            _("%s的登记缺统一社会信用代码，不能颁发证照。") % issuer.name, possible=_("请先补登记。")
        )
    return issuer


def check(form: KindInfo, values: Mapping[str, Any]) -> None:
    """:raises FieldsMissingError: required entries missing
    :raises LicencesError: an entry is wrong
    """
    if lacking := rules.missing(form, values):
        names = "、".join(one.name for one in form.fields if one.key in lacking)
        raise FieldsMissingError(
            _("%(kind)s还缺：%(names)s。") % {"kind": form.name, "names": names}, missing=lacking
        )
    for one in form.fields:
        if one.key in values and (word := rules.wrong(one, values[one.key])):
            raise LicencesError(_("%(name)s%(what)s。") % {"name": one.name, "what": word})


def _numbered(
    form: KindInfo, values: Mapping[str, Any], holder: str, *, issuer: actors.UnitInfo, day: date
) -> tuple[str, str]:
    """The printed number, which no other licence of the kind has, and the identifier's serial: year and six digits."""
    while True:
        serial = _next_serial(form, issuer, day.year)
        number = rules.number_of(
            form, fields=values, holder=holder, region=issuer.region, year=day.year, serial=serial
        )
        if "{serial" not in form.number or not _TAKEN.first(kind=form.slug, number=number_index(number)):
            return number, f"{day.year}{serial:06d}"


_TAKEN = Prepared(
    lambda kind, number: Licence.objects.filter(number_index=number, kind=kind).values_list("pk", flat=True)
)


def _next_serial(form: KindInfo, issuer: actors.UnitInfo, year: int) -> int:
    scope = serial_scope(form, issuer, year)
    serial = kernel.take_serials(scope, 1)
    if serial == 1 and (
        taken := _highest(form, issuer, year)
    ):  # what was issued before this scope was counted
        serial = kernel.take_serials(scope, taken) + taken - 1
    return serial


def _highest(form: KindInfo, issuer: actors.UnitInfo, year: int) -> int:
    """The highest serial of the platform's own licences with which a number of this scope could be mistaken."""
    rows = Licence.objects.filter(kind=form.slug, source=None)
    words = rules.number_words(form.number or rules.PLAIN_NUMBER)
    if "region" in words:
        rows = rows.filter(region__startswith=issuer.region[:6])
    if "year" in words:
        rows = rows.filter(issued_on__year=year)
    bases = rows.values_list("base", flat=True).iterator()
    return max((int(base.rsplit(".", 1)[1][4:]) for base in bases), default=0)


def _credit_code(given: Mapping[str, Any], region: str) -> str:
    """The unified social credit code that registration allots to a new business (GB 32100)."""
    sole = "个体" in str(given.get("type") or "")
    return rules.credit_code(region=region, sole=sole, serial=kernel.take_serials(f"uscc:{region[:6]}", 1))


def serial_scope(form: KindInfo, issuer: actors.UnitInfo, year: int) -> str:
    """Under which name the serials of a kind's numbers are counted: short, as the kernel keeps it."""
    rule = rules.PLAIN_NUMBER if form.number.startswith("field:") else form.number or rules.PLAIN_NUMBER
    within = rules.counted_by(rule, slug=form.slug, region=issuer.region, year=year, unit=issuer.id)
    return f"licence:{hashlib.sha256(within.encode()).hexdigest()[:24]}"
