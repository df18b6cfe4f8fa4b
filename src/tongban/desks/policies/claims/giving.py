"""What is given without money from us: relief that a department applies itself, and services that somebody does.

Relief 减免 (taxes, rent, premiums) is applied by the system of the department that waives it. It tells what it did, a line or a
file at a time, and so it is on record, once a period, beside what was paid. A service 服务 is asked for with one tap by who
is entitled; the unit calls within two working days, and what it did is put on record in the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.policies.claims import access, drawing, dues, events, pools, rules, sources
from tongban.desks.policies.claims.contracts import WISH, ClaimsError, GivenInfo, WishInfo
from tongban.desks.policies.claims.flow_wish import WISH_FLOW
from tongban.desks.policies.claims.models import Given
from tongban.desks.policies.contracts import Gives, MeasureInfo, Standing
from tongban.kernel import api as kernel
from tongban.kernel.flow.step import Step
from tongban.kernel.models import Docket
from tongban.kernel.rules.amounts import MOST_FEN

MOST = 200


@dataclass(frozen=True, slots=True)
class NewGiven:
    """What a department says it gave. `value_fen` None: not counted in money; `source`: its system or office, in words."""

    measure: str
    party: str
    given_on: date
    value_fen: int | None = None
    source: str = ""
    wish: str = ""


def is_service(measure: MeasureInfo) -> bool:
    """Whether somebody has to do it, so that one asks for it; relief comes by itself."""
    return sources.gives_itself(measure) and measure.gives != Gives.RELIEF


@kernel.writing()
def note(new: NewGiven, *, actor: kernel.Actor, at: datetime, version: int | None = None) -> GivenInfo:
    """Put on record what was enjoyed; the same measure, party and period again gives the first record (`already`).

    :param version: of the measure; default: the one in force on the day on which it was enjoyed
    :raises ClaimsError: no such measure on that day or one that is paid by lists and claims, the wrong kind of party, a day to
        come, a value that cannot be, or another unit's measure
    """
    measure = _measure(new, version, actor=actor, at=at)
    period = rules.period_of(measure.period, new.given_on)
    key = rules.key_of(measure.key, period, new.party)
    found = Given.objects.filter(key=key).first()
    if found is not None:
        return info(found)
    finding = sources.finding(measure, new.party, at=at)
    columns = {
        "measure": measure.key, "version": measure.version, "period": period, "party": new.party, "title": measure.title,
        "title_en": measure.title_en, "article": measure.article, "unit": measure.unit, "gives": measure.gives,
        "value_fen": new.value_fen, "given_on": new.given_on, "wish": new.wish, "by": actor.id, "at": at,
        "source": (new.source or actors.unit_name(unit_id=measure.unit))[:100],
        "standing": finding.standing, "facts": drawing.written(finding.facts),
    }  # fmt: skip
    made, is_new = Given.objects.get_or_create(key=key, defaults=columns)
    if is_new:
        _tell(made, measure, actor=actor, at=at)
    return info(made)


def _tell(made: Given, measure: MeasureInfo, *, actor: kernel.Actor, at: datetime) -> None:
    said = {
        "measure": made.measure, "version": made.version, "period": made.period, "value_fen": made.value_fen,
        "unit": made.unit, "region": measure.region, **dues.benefited(made.party),
    }  # fmt: skip
    place = kernel.record(
        stream=f"given:{made.pk}", act="give", actor=actor, at=at, data=said, subject=made.party
    )
    body = {"measure": made.measure, "party": made.party, "period": made.period}
    kernel.announce(topic=events.GIVEN, place=place, at=at, body=body)


def already(new: NewGiven, found: GivenInfo) -> str:
    """In words that the period had another record before, so that nothing was put down; empty where what was said is it."""
    if (new.value_fen, new.given_on) == (found.value_fen, found.given_on):
        return ""
    fen = found.value_fen
    value = _("没有写价值") if fen is None else _("%s元") % f"{Decimal(fen) / 100:,.2f}"
    return _("这一期已经记过：%(day)s，%(value)s。一期只记一次，这一笔没有记。") % {
        "day": found.given_on.isoformat(), "value": value,
    }  # fmt: skip


def _measure(new: NewGiven, version: int | None, *, actor: kernel.Actor, at: datetime) -> MeasureInfo:
    if new.given_on > actors.day_of(at):
        raise ClaimsError(_("享受的日子不能在将来。"), code="day", fields={"given_on": _("请填今天或以前。")})
    measure = sources.measure(new.measure, on=None if version else new.given_on, version=version)
    if measure is None or not sources.gives_itself(measure):
        raise ClaimsError(
            _("这一天没有“%s”这项不付钱的措施。") % new.measure,
            possible=_("付钱的措施由名单或申领来发，不在这里记。"), code="measure", fields={"measure": _("请核对。")},
        )  # fmt: skip
    if not new.party.startswith(f"{measure.party}:"):
        raise ClaimsError(_("这项措施不是给这类对象的。"), code="party", fields={"number": _("请核对号码。")})
    if new.value_fen is not None and not 0 < new.value_fen <= MOST_FEN:
        raise ClaimsError(_("金额不对。"), code="value", fields={"yuan": _("请填大于0的金额，或不填。")})
    if not actor.is_system and not any(actor.holds(role, measure.unit) for role in access.DESK):
        raise ClaimsError(_("这项措施不归您的单位。"), possible=_("请由发文单位来记。"), code="forbidden")
    return measure


def info(row: Given) -> GivenInfo:
    """A record as it crosses the door."""
    return GivenInfo(
        row.measure, row.version, row.title, row.title_en, row.article, row.period, row.party, row.unit, row.gives,
        row.value_fen, row.given_on, row.source, row.wish,
    )  # fmt: skip


def given_to(party: str) -> list[GivenInfo]:
    """What a party enjoyed so, newest first."""
    return [info(one) for one in Given.objects.filter(party=party).order_by("-pk")[:MOST]]


def given_by(units: Sequence[str]) -> list[GivenInfo]:
    """What these units put on record, newest first."""
    return [info(one) for one in Given.objects.filter(unit__in=list(units)).order_by("-pk")[:MOST]]


# A service is asked for ------------------------------------------------------------------------------


def wish(*, measure: str, party: str, actor: kernel.Actor, at: datetime) -> str:
    """Ask for a service that one is entitled to; its number. Asked again while it is open, it is the same.

    :raises ClaimsError: no such service now, not entitled, or enjoyed already in this period
    """
    day = actors.day_of(at)
    found = sources.measure(measure, on=day)
    if found is None or not is_service(found) or not found.open_on(day):
        raise ClaimsError(_("现在没有这项服务。"), possible=_("可以看看还有哪些能享受的。"), code="closed")
    if not party.startswith(f"{found.party}:") or sources.ended(party, at=at):
        raise ClaimsError(_("这项措施不是给这类对象的。"), code="party")
    if sources.finding(found, party, at=at).standing != Standing.ENTITLED:
        raise ClaimsError(
            _("按现在的数据，不符合这项措施的条件。"), possible=_("“为什么”里有每一条条件。"), code="not"
        )
    period = rules.period_of(found.period, day)
    with kernel.writing():
        pools.lock(found, period, periods={})  # two taps at once go one after the other
        open_one = next((one for one in wishes_of(party) if one.measure == measure), None)
        if open_one is not None:
            return open_one.number
        if Given.objects.filter(key=rules.key_of(measure, period, party)).exists():
            raise ClaimsError(
                _("这一期已经享受过。"), possible=_("下一期可以再要；有问题打12345。"), code="twice"
            )
        opening = kernel.Opening(
            kind=WISH, way="wish", title=found.title, unit=found.unit, applicant=party,
            agent="" if actor.id == party else actor.id, region=found.region, channel="web", subject=found.key,
            data={"measure": found.key, "version": found.version},
        )  # fmt: skip
        (docket,), _again = kernel.open_dockets([opening], actor=actor, at=at)
    return docket.number


def measure_behind(wished: str) -> MeasureInfo | None:
    """The measure that a wish is about, as it was published last."""
    return sources.measure(wished)


def wishes_of(party: str) -> list[WishInfo]:
    """Services that a party has asked for and that are not done yet, newest first."""
    rows = Docket.objects.filter(kind=WISH, applicant=party, closed_at=None).order_by("-pk")[:MOST]
    found = []
    for row in rows:
        known = sources.measure(row.subject)
        title_en = known.title_en if known is not None else ""
        found.append(
            WishInfo(row.pk, row.number, row.state, row.subject, row.title, title_en, row.unit, row.opened_at)
        )
    return found


@WISH_FLOW.effect("give")
def _give(step: Step) -> None:
    """What the unit did goes on record, by the version that was asked for: it may have ended since."""
    row = step.docket
    new = NewGiven(row.subject, row.applicant, actors.day_of(step.at), wish=row.number)
    asked = kernel.history(row.number, at=step.at)[0].body["data"]
    try:
        note(new, actor=step.actor, at=step.at, version=asked["version"])
    except ClaimsError as error:
        raise step.refuse(error.reason, possible=error.possible, code=error.code) from error
