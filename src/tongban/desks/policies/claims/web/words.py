"""Dues, claims and lists as pages show them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.policies.claims import queueing, selectors
from tongban.desks.policies.claims.contracts import (
    WISH,
    DueInfo,
    DueState,
    Fact,
    GivenInfo,
    RunInfo,
    WishInfo,
)
from tongban.desks.policies.contracts import Gives, Period
from tongban.kernel import api as kernel
from tongban.registers.catalogue import api as catalogue
from tongban.registers.portraits import api as portraits
from tongban.web.templatetags.tongban import cn_date

TONES = {
    DueState.WAITING: "near", DueState.RETURNED: "overdue", DueState.HELD: "suspended", DueState.ASIDE: "suspended",
    DueState.LISTED: "info", DueState.CONFIRMED: "info", DueState.PAYING: "info", DueState.CLAIMED: "info",
    DueState.QUEUED: "suspended",
}  # fmt: skip
TAPS = (DueState.WAITING, DueState.ASIDE)


def english() -> bool:
    """Whether the reader reads English."""
    return (get_language() or "").startswith("en")


def unit_name(unit: str) -> str:
    """A unit in the reader's language."""
    name = actors.unit_name(unit_id=unit)
    return actors.english_unit_name(name) if english() else name


def period_words(period: str) -> str:
    """A period as it is kept (2026, 2026-Q3, 2026-11), or that there is but one."""
    return str(Period.ONCE.label) if period == Period.ONCE else period


def due_line(one: DueInfo) -> dict[str, Any]:
    """One due with its title, unit and state in the reader's language."""
    return {
        "due": one, "title": one.title_en if english() and one.title_en else one.title, "state": one.label,
        "tone": TONES.get(DueState(one.state), ""), "unit": unit_name(one.unit), "taps": one.state in TAPS,
    }  # fmt: skip


def given_line(one: GivenInfo) -> dict[str, Any]:
    """What was enjoyed without payment, likewise."""
    return {
        "given": one, "title": one.title_en if english() and one.title_en else one.title, "unit": unit_name(one.unit),
        "gives": Gives(one.gives).label,
    }  # fmt: skip


def wish_line(one: WishInfo) -> dict[str, Any]:
    """A service that was asked for, likewise."""
    return {
        "wish": one, "title": one.title_en if english() and one.title_en else one.title, "unit": unit_name(one.unit),
        "state": kernel.flow_of(WISH).states[one.state].told or kernel.flow_of(WISH).states[one.state].label,
    }  # fmt: skip


def run_line(one: RunInfo) -> dict[str, Any]:
    """One list likewise, with the published order in words."""
    order = json.loads(one.order)
    known = portraits.elements()
    named = known[order["element"]].name_in(get_language() or "") if order.get("element") in known else ""
    return {
        "run": one, "title": one.title_en if english() and one.title_en else one.title,
        "says": one.says_en if english() and one.says_en else one.says, "unit": unit_name(one.unit),
        "order": selectors.order_words(order, name=named),
    }  # fmt: skip


def fact_line(fact: Fact, kind: str) -> dict[str, Any]:
    """A datum with its name, value and keeper in the reader's language."""
    language = get_language() or ""
    info = portraits.elements(kind).get(fact.element)
    value = portraits.value_text(info, fact.value, language) if info else str(fact.value)
    return {
        "name": info.name_in(language) if info else fact.element, "element": fact.element, "value": value,
        "source": _("本人证明") if fact.via == "proven" else catalogue.department_name(fact.source), "as_of": fact.as_of,
    }  # fmt: skip


def who(actor: str, names: dict[str, str]) -> str:
    """Who did something, as an auditor reads it: officers by name, parties masked where they are persons."""
    from tongban.kernel.privacy import mask_name

    if actor == "system":
        return _("系统")
    name = names.get(actor, actor)
    return mask_name(name) if actor.startswith("person:") else name


def next_step(one: DueInfo, *, at: datetime) -> str:
    """What comes next, who does it."""
    until = queueing.gathers_until(one.measure, at=at) if one.state == DueState.QUEUED else None
    if until is not None:
        return _("%(day)s截止以后，和别人的申领一起按公布的顺序排。") % {"day": cn_date(until, "day")}
    return {
        DueState.LISTED: _("公示期满没有异议的，由您点一下确认账户。"),
        DueState.HELD: _("由发钱的单位核查，结果会告诉您。"),
        DueState.WAITING: _("点一下确认收款账户，财政部门就发。"),
        DueState.ASIDE: _("没有作废，随时可以确认。"),
        DueState.CLAIMED: _("由发钱的单位核定，60个工作日内兑现。"),
        DueState.QUEUED: _("有名额空出来就轮到您，不用再申领。"),
        DueState.CONFIRMED: _("由财政部门发放，到账会告诉您。"),
        DueState.PAYING: _("由财政部门发放，到账会告诉您。"),
        DueState.RETURNED: _("请更正收款账户，核对后重新发。"),
    }.get(DueState(one.state), "")
