"""`GET /api/v1/applications/{number}`: receipt, department cases, clocks and timeline."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema

from tongban.actors import api as actors
from tongban.desks.cases import selectors
from tongban.desks.cases.contracts import Issued
from tongban.desks.cases.flow import APPLICATION
from tongban.desks.cases.issuing import issued
from tongban.kernel import api as kernel
from tongban.kernel.web.rest import ClockOut, acting, clock_out, number_of
from tongban.registers.identity.rest_auth import signed_in

router = Router(tags=["applications"])


class CaseOut(Schema):
    """One department case, or a survey or undertaking that belongs to the application."""

    number: str
    kind: str
    title: str
    unit: str
    unit_name: str
    subject: str
    state: str
    state_label: str
    due_at: datetime | None
    closed_at: datetime | None
    outcome: str
    decided: str = Field("", description="who decided: `instant` by rules alone, `human`, empty while open")
    clocks: list[ClockOut]


class TimelineOut(Schema):
    """One thing that happened, as the applicant reads it."""

    at: datetime
    act: str
    told: str
    state: str


class MaterialOut(Schema):
    """One paper and how it is met; `met` when it is in."""

    key: str
    name: str
    way: str
    met: bool
    due_on: date | None
    evidence: str = Field("", description="licence, shared, form or earlier: what stands in for it")
    reference: str = Field("", description="identifier of the licence, the register, the earlier application")
    check: str = Field(
        "", description="passed; queued: still to be looked up; failed: the register has no record"
    )


class ApplicationOut(Schema):
    """An application. What was filled in is personal and not here."""

    number: str
    title: str
    theme: str
    subject: str
    applicant: str
    agent: str
    region: str
    unit: str
    unit_name: str
    state: str
    state_label: str
    opened_at: datetime
    promised_on: date | None
    due_at: datetime | None
    closed_at: datetime | None
    outcome: str
    revision: int
    delivery: str
    tracking: str
    clocks: list[ClockOut]
    cases: list[CaseOut] = Field(description="department cases, surveys and undertakings that you see")
    materials: list[MaterialOut]
    counts: dict[str, list[int]] = Field(
        {}, description="fields and papers: asked of total, as the one notice said"
    )
    licences: list[Issued] = Field(description="what was issued so far, with the way to each sealed PDF")
    timeline: list[TimelineOut] = Field(description="newest first")


@router.get(
    "/applications/{number}",
    response=ApplicationOut,
    auth=signed_in,
    summary="一次申请的进度 · receipt, cases, clocks and timeline",
)
def application(request: HttpRequest, number: str) -> dict[str, Any]:
    """One application as far as the caller sees it; the number of something else is not found."""
    actor = acting(request)
    row = kernel.docket(number_of(number), actor=actor)
    if row.kind != APPLICATION.kind:
        raise kernel.NotFound(
            "no_application", _("这个编号不是一次申请。"), possible=_("用 /dockets/ 查看。")
        )
    own = selectors.application_of(row.id)
    children = kernel.children_of([row.id], actor=actor)[row.id]
    clocks = kernel.clocks_of([row.id, *(child.id for child in children)])
    told = kernel.timeline(row, at=timezone.now(), for_applicant=True)
    decided = {case.docket_id: case.decided for case in selectors.cases_of(row.id)}
    names = (
        "number", "title", "subject", "applicant", "agent", "region", "unit", "state", "opened_at", "due_at",
        "closed_at", "outcome", "revision",
    )  # fmt: skip
    return {
        **{name: getattr(row, name) for name in names},
        "theme": own.theme,
        "unit_name": actors.unit_name(unit_id=row.unit),
        "state_label": _state(row),
        "promised_on": own.promised_on,
        "delivery": own.delivery,
        "tracking": own.tracking,
        "clocks": [clock_out(clock) for clock in clocks[row.id]],
        "cases": [_case(child, clocks[child.id], decided.get(child.id, "")) for child in children],
        "materials": [_material(item) for item in selectors.materials_of(row.id)],
        "licences": issued(row.id),
        "timeline": [_entry(item) for item in told],
        "counts": json.loads(own.notice or "{}").get("counts", {}),
    }


def _entry(item: kernel.TimelineEntry) -> dict[str, Any]:
    return {"at": item.happening.at, "act": item.happening.act, "told": item.told, "state": item.state}


def _material(item: Any) -> dict[str, Any]:
    return {
        "key": item.key, "name": item.name, "way": item.way, "met": item.met_at is not None,
        "due_on": item.due_on, "evidence": item.evidence, "reference": item.reference, "check": item.check_state,
    }  # fmt: skip


def _state(row: kernel.DocketRow) -> str:
    state = kernel.flow_of(row.kind).states.get(row.state)
    return str(state.label) if state else row.state


def _case(row: kernel.DocketRow, clocks: list[kernel.ClockRow], decided: str) -> dict[str, Any]:
    names = ("number", "kind", "title", "unit", "subject", "state", "due_at", "closed_at", "outcome")
    return {
        **{name: getattr(row, name) for name in names},
        "unit_name": actors.unit_name(unit_id=row.unit),
        "state_label": _state(row),
        "decided": decided,
        "clocks": [clock_out(clock) for clock in clocks],
    }
