"""Licences of a granted case 制证: in the decision's transaction, on the day of the decision.

A result with a kind of licence is issued; where the case renews, changes, replaces or ends one that the applicant
holds, that one is acted upon. What cannot be made now for want of an entry never holds back a lawful grant: it waits
in a docket `making` at the deciding unit, which names what is missing (行政许可法 第三十九条、第四十四条).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.cases.contracts import Issued
from tongban.desks.cases.models import Application, Case
from tongban.desks.cases.models_after import CaseLicence
from tongban.kernel import api as kernel
from tongban.kernel.prepared import Prepared
from tongban.registers.catalogue import api as catalogue
from tongban.registers.catalogue.contracts import MatterSpec, Result
from tongban.registers.licences import api as licences

BY_SITUATION = (
    ("renew", "renew"), ("endorse", "renew"), ("extend", "renew"), ("change", "change"), ("info", "change"),
    ("lost", "reissue"), ("damaged", "reissue"), ("reissue", "reissue"), ("cancel", "cancel"),
    ("revoke", "cancel"), ("stop", "cancel"), ("close", "cancel"),
)  # fmt: skip
"""What a situation does to a licence, by the word that its key begins with; any other issues one."""
SUBJECTS = {"baby": "baby"}
"""Situations in which the licence is not about who applies but about somebody else of the form."""


@dataclass(frozen=True, slots=True)
class Granted:
    """A granted case as issuing needs it. `docket` is the case's, `parent` the application's."""

    docket: kernel.DocketRow
    parent: kernel.DocketRow
    case: Case
    actor: kernel.Actor
    at: datetime


class WantingError(Exception):
    """A licence cannot be made now; `missing` are keys of entries."""

    def __init__(self, reason: str, missing: Sequence[str] = ()) -> None:
        super().__init__(reason)
        self.reason, self.missing = reason, tuple(missing)


def act_of(result: Result, situation: str) -> str:
    """What a grant does to a licence of the result's kind: issue, renew, change, reissue or cancel."""
    if result.act:
        return result.act
    return next((act for word, act in BY_SITUATION if situation.split("-", maxsplit=1)[0] == word), "issue")


def spec_of(*, matter: str, implementation_code: str, region: str) -> MatterSpec | None:
    """The matter as the unit carries it out, or None where the catalogue has it no longer."""
    codes = [code for code in (implementation_code, matter) if code]
    found = catalogue.matters(codes, region)
    return next((found[code] for code in codes if code in found), None)


_MADE = Prepared(
    lambda case: CaseLicence.objects.filter(case_id=case).values_list("pk", flat=True)[:1], case=int
)
_FORM = Prepared(
    lambda application: Application.objects.filter(docket_id=application).values_list("form", flat=True),
    application=int,
)
_THEME = Prepared(
    lambda application: Application.objects.filter(docket_id=application).values_list("theme", flat=True),
    application=int,
)


def issue_for(granted: Granted) -> list[CaseLicence]:
    """Make every licence of a granted case; gives what was made and what waits. The same again changes nothing."""
    case, row = granted.case, granted.docket
    spec = spec_of(matter=case.matter, implementation_code=case.implementation_code, region=row.region)
    wanted = [result for result in spec.results if result.licence_kind] if spec else []
    wanted = [result for result in wanted if result.licence_kind in licences.kinds()]
    if not wanted or _MADE.first(case=case.pk) is not None:
        return []
    form: dict[str, Any] = json.loads(_FORM.first(application=case.application_id) or "{}")
    made = [_make(granted, result, form) for result in wanted]
    combine_for(granted)
    return made


def _make(granted: Granted, result: Result, form: Mapping[str, Any]) -> CaseLicence:
    act = act_of(result, granted.case.situation)
    made = CaseLicence(case=granted.case, name=result.name, kind=result.licence_kind, act=act)
    try:
        info = _do(granted, result.licence_kind, act, form, {})
    except WantingError as wanting:
        made.reason, made.missing = wanting.reason[:300], json.dumps(list(wanting.missing))
        if act != "cancel":
            made.making_id = _wait(granted, made).id
    else:
        made.identifier, made.done_at = info.identifier, granted.at
    made.save(force_insert=True)
    return made


def _do(
    granted: Granted, kind: str, act: str, form: Mapping[str, Any], given: Mapping[str, Any]
) -> licences.LicenceInfo:
    """Carry out one act. :raises WantingError: an entry is missing, or the store refuses"""
    row, at, actor = granted.docket, granted.at, granted.actor
    key = f"case:{row.id}:{kind}"
    day = actors.day_of(at)
    try:
        subject = SUBJECTS.get(granted.case.situation, "")
        holder = _holder(row.applicant, subject, form)
        if subject:
            given = {**_about(subject, kind, form, given), **given}
        entries = licences.fill(kind=kind, form=form, holder=holder, on=day, fields=given)
        held = None if act == "issue" else _held(holder, kind, form, at)
        if held is None:
            if act == "cancel":
                raise WantingError(_("证照库里没有这份证照，无需注销。"))
            return licences.issue(
                kind=kind, holder=holder, unit=row.unit, fields=entries, actor=actor, at=at,
                docket=row.number, key=key,
            )  # fmt: skip
        reason = _("%(title)s，%(number)s") % {"title": row.title, "number": row.number}
        return _change(held, act, entries, reason=reason, granted=granted, key=key)
    except licences.FieldsMissingError as error:
        raise WantingError(error.reason, error.missing) from error
    except licences.LicencesError as error:
        raise WantingError(error.reason) from error


def _holder(applicant: str, subject: str, form: Mapping[str, Any]) -> str:
    """Who holds the licence: the one whom it is about where he is in the register, else who applied for him."""
    number = str(form.get(f"{subject}.id") or "") if subject else ""
    return (actors.find_person(number) if number else None) or applicant


def _about(subject: str, kind: str, form: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The entries about the subject: what the form says of him, never what is known of who applied.

    :raises WantingError: the form does not say a required one
    """
    own = [one for one in licences.kind(kind).fields if one.element.startswith("person.")]
    said = {one.key: form.get(one.element.replace("person", subject, 1)) for one in own}
    found = {key: value for key, value in said.items() if value not in (None, "")}
    missing = [one.key for one in own if one.required and one.key not in {*found, *given}]
    if missing:
        names = "、".join(one.name for one in own if one.key in missing)
        raise WantingError(_("还缺：%s。") % names, missing)
    return found


def _change(
    held: licences.LicenceInfo,
    act: str,
    entries: Mapping[str, Any],
    *,
    reason: str,
    granted: Granted,
    key: str,
) -> licences.LicenceInfo:
    actor, at = granted.actor, granted.at
    changed = {name: value for name, value in entries.items() if held.fields.get(name) != value}
    if act == "renew":
        return licences.renew(identifier=held.identifier, actor=actor, at=at, reason=reason)
    if act == "reissue":
        return licences.replace(
            identifier=held.identifier, actor=actor, at=at, reason=reason, fields=changed,
            unit=granted.docket.unit, docket=granted.docket.number, key=key,
        )  # fmt: skip
    if act == "cancel":
        return licences.cancel(identifier=held.identifier, actor=actor, at=at, reason=reason)
    if not changed:
        return held
    return licences.correct(identifier=held.identifier, fields=changed, actor=actor, at=at, reason=reason)


def _held(party: str, kind: str, form: Mapping[str, Any], at: datetime) -> licences.LicenceInfo | None:
    """The licence that the case is about: the one whose number the form names, else the only one.

    :raises WantingError: several, and the form names none of them
    """
    found = licences.held_by(party, on=actors.day_of(at), kinds=[kind], all_states=True)
    open_ones = [one for one in found if one.state == licences.LicenceState.VALID]
    named = {str(value) for value in form.values() if value}
    for one in open_ones:
        if one.number in named or one.identifier in named:
            return one
    if len(open_ones) > 1:
        raise WantingError(_("申请人有%d份这种证照，表里没有写明是哪一份。") % len(open_ones))
    return open_ones[0] if open_ones else None


def _wait(granted: Granted, made: CaseLicence) -> kernel.DocketRow:
    row = granted.docket
    opening = kernel.Opening(
        kind="making", way="wait", title=_("制证：%s") % made.name, unit=row.unit, applicant=row.applicant,
        agent=row.agent, region=row.region, channel=row.channel, subject=row.subject,
        data={"case": row.number, "kind": made.kind, "missing": json.loads(made.missing)},
    )  # fmt: skip
    (docket,) = kernel.open_children([opening], parent=granted.parent, actor=kernel.SYSTEM, at=granted.at)
    return docket


# Completing what waits


@dataclass(frozen=True, slots=True)
class Wanted:
    """An entry that a waiting licence still needs."""

    key: str
    name: str
    name_en: str
    type: str


def waiting_of(making: int) -> CaseLicence:
    """The licence that a docket `making` is about."""
    return CaseLicence.objects.select_related("case", "case__docket").get(making_id=making)


def wanted_of(made: CaseLicence) -> list[Wanted]:
    """The entries that it still needs, in the kind's order."""
    missing = set(json.loads(made.missing))
    fields = licences.kind(made.kind).fields
    return [Wanted(one.key, one.name, one.name_en, one.type) for one in fields if one.key in missing]


_LINE = re.compile(r"\s*([^：:]+?)\s*[：:]\s*(.+?)\s*$")


def entries_from(lines: Iterable[str], kind: str) -> dict[str, Any]:
    """Entries by key from lines “名称：内容”; the name may be the Chinese or English one, or the key.

    :raises ValueError: a line of another shape, or a name that the kind does not have; says which
    """
    fields = licences.kind(kind).fields
    known = {name.casefold(): one for one in fields for name in (one.key, one.name, one.name_en)}
    found: dict[str, Any] = {}
    for line in lines:
        match = _LINE.match(line)
        if match is None:
            raise ValueError(_("“%s”要写成“名称：内容”。") % line[:40])
        field = known.get(match[1].casefold())
        if field is None:
            names = "、".join(one.name for one in fields)
            raise ValueError(
                _("没有“%(name)s”这一项；可以填：%(names)s。") % {"name": match[1][:40], "names": names}
            )
        found[field.key] = _typed(field.type, match[2])
    return found


def _typed(kind: str, text: str) -> Any:
    if kind == "yesno":
        return text in {"是", "yes", "true", "1"}
    if kind == "number" and re.fullmatch(r"-?\d+", text):
        return int(text)
    return text


def complete(
    made: CaseLicence,
    *,
    entries: Mapping[str, Any],
    parent: kernel.DocketRow,
    actor: kernel.Actor,
    at: datetime,
) -> licences.LicenceInfo:
    """Make a waiting licence with the entries that were missing.

    :raises WantingError: something is still missing or wrong
    """
    case = made.case
    row = kernel.docket_by_id(case.docket_id, actor=kernel.SYSTEM)
    given = {**json.loads(made.given or "{}"), **entries}
    form = json.loads(Application.objects.only("form").get(docket_id=case.application_id).form or "{}")
    granted = Granted(row, parent, case, actor, at)
    info = _do(granted, made.kind, made.act, form, given)
    made.identifier, made.done_at, made.missing, made.reason = info.identifier, at, "[]", ""
    made.given = json.dumps(given, ensure_ascii=False)
    made.save(update_fields=["identifier", "done_at", "missing", "reason", "given"])
    combine_for(granted)
    return info


# One licence per trade

COMBINE = "combine"
"""The act of a `CaseLicence` that combines others of the application."""


def combine_for(granted: Granted) -> CaseLicence | None:
    """The licence per trade 一业一证 of the application's theme, once the last of its parts is made.

    In that part's transaction, by the licensing unit. None while a case is open that may still give a part, where
    what was granted is not enough for the trade, or where the licensing unit cannot issue: the grant stands, and the
    holder can ask for it on the page of the trade.
    """
    trade = licences.trade_of_theme(_THEME.first(application=granted.case.application_id) or "")
    if trade is None:
        return None
    application = Application.objects.select_related("docket").get(docket_id=granted.case.application_id)
    rows = CaseLicence.objects.filter(case__application_id=application.docket_id).select_related("making")
    made = [one for one in rows if one.kind in trade.parts and one.act != "cancel"]
    parts = {one.kind: one.identifier for one in made if one.identifier}
    waiting = any(not one.identifier and one.making and one.making.closed_at is None for one in made)
    if waiting or not set(trade.needs) <= parts.keys() or _more_to_come(application, trade, granted):
        return None
    try:
        info = licences.combine(
            trade=trade.slug, parts=list(parts.values()), holder=granted.docket.applicant, actor=granted.actor,
            at=granted.at, docket=application.docket.number,
        )  # fmt: skip
    except licences.LicencesError:
        return None
    return CaseLicence.objects.update_or_create(
        case_id=granted.case.pk, kind=trade.slug, name=trade.name,
        defaults={"act": COMBINE, "identifier": info.identifier, "done_at": granted.at},
    )[0]  # fmt: skip


def _more_to_come(application: Application, trade: licences.KindInfo, granted: Granted) -> bool:
    """Whether a case that is not decided yet gives a part of the trade."""
    open_ones = Case.objects.filter(
        application=application, docket__closed_at__isnull=True, licences__isnull=True
    ).exclude(pk=granted.case.pk)
    for case in open_ones:
        spec = spec_of(
            matter=case.matter, implementation_code=case.implementation_code, region=granted.docket.region
        )
        for result in spec.results if spec else ():
            if result.licence_kind in trade.parts and act_of(result, case.situation) != "cancel":
                return True
    return False


_OF_APPLICATION = Prepared(
    lambda application: (
        CaseLicence.objects.filter(case__application_id=application)
        .select_related("making")
        .order_by("case_id", "id")
    ),
    application=int,
)


def licences_of(application: int) -> list[CaseLicence]:
    """What the cases of an application gave or still will give, in the order of the cases."""
    return list(_OF_APPLICATION(application=application))


def issued(application: int) -> tuple[Issued, ...]:
    """The licences that came of an application so far, those that were cancelled left out; at most two queries."""
    made = [one for one in licences_of(application) if one.identifier and one.act != "cancel"]
    ids = licences.ids_of({one.identifier for one in made})
    return tuple(
        Issued(one.identifier, one.kind, one.name, reverse("licences:pdf", args=[ids[one.identifier]]))
        for one in made
        if one.identifier in ids
    )


def licences_of_case(docket: int) -> list[CaseLicence]:
    """Likewise of one case, without what was combined from several."""
    rows = CaseLicence.objects.filter(case_id=docket).exclude(act=COMBINE).select_related("making")
    return list(rows.order_by("id"))
