"""Tell applicants what happened to their application, and officers what falls due.

Handlers run in the relay's transaction, once per event; `messages.send` is idempotent by the event's id.
The words are in `packs/messages`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.cases.models import Application, Case, Survey
from tongban.kernel.models import Clock, Docket, Entry
from tongban.kernel.outbox.relay import News, on
from tongban.registers.messages import api as messages

SHANGHAI = ZoneInfo("Asia/Shanghai")


def _unit(unit_id: str) -> dict[str, str]:
    """A unit's name in both languages."""
    try:
        found = actors.unit(unit_id)
    except actors.NotKnownError:
        return {"zh": unit_id}
    return {"zh": found.name, "en": found.name_en or found.name}


def _last_day(due_at: datetime) -> date:
    """The last day on which a limit can be met: 24:00 belongs to the day before."""
    return (due_at.astimezone(SHANGHAI) - timedelta(microseconds=1)).date()


def _due(news: News, clock: str) -> date | dict[str, str]:
    """The last day of a docket's clock; a clock that has gone leaves the date open."""
    found = Clock.objects.filter(docket_id=news.docket or 0, name=clock).order_by("-id").first()
    return _last_day(found.due_at) if found else {"zh": "近期", "en": "soon"}


def _tell(news: News, row: Docket, template: str, **context: Any) -> None:
    """A message to the applicant about a docket."""
    if row.applicant:
        _send(news, row.applicant, template, row, context)


def _send(news: News, to: str, template: str, row: Docket, context: Mapping[str, Any]) -> None:
    messages.send(
        to=to, template=template, docket=row.number, at=news.at, key=f"event:{news.id}",
        context={"title": row.title, "number": row.number, **context},
    )  # fmt: skip


def _docket(news: News) -> Docket:
    return Docket.objects.get(pk=news.docket or 0)


@on("application.opened")
def received(news: News) -> None:
    """The receipt with the day by which everything is done."""
    row = _docket(news)
    promised = Application.objects.filter(docket=row).values_list("promised_on", flat=True).first()
    _tell(news, row, "application.received", due=promised or {"zh": "承诺时限", "en": "the promised day"})


@on("case.accept", "case.deem_accepted")
def accepted(news: News) -> None:
    """The clock runs."""
    row = _docket(news)
    _tell(news, row, "case.accepted", unit=_unit(row.unit), due=_due(news, "decide"))


@on("application.notify")
def papers_missing(news: News) -> None:
    """Everything that is missing, told once (行政许可法 第三十二条)."""
    row = _docket(news)
    found = [
        json.loads(missing or "{}")
        for missing in Case.objects.filter(application_id=row.pk, docket__state="missing").values_list(
            "missing", flat=True
        )
    ]
    papers = dict.fromkeys(paper for one in found if isinstance(one, dict) for paper in one.get("papers", []))
    _tell(news, row, "case.supplement", papers="、".join(papers), due=_due(news, "supply"))


def _decision(row: Docket) -> dict[str, Any]:
    text = Case.objects.values_list("decision", flat=True).get(docket=row)
    found: dict[str, Any] = json.loads(text or "{}")
    return found


@on("case.refuse")
def not_taken(news: News) -> None:
    """Why it is not taken and what is possible instead."""
    row = _docket(news)
    said = _decision(row)
    reason, instead = said.get("reason", ""), said.get("instead", "")
    _tell(news, row, "case.not-accepted", unit=_unit(row.unit), reason=reason, remedy=instead)


@on("case.grant", "case.approve_instantly")
def granted(news: News) -> None:
    """The decision; the paper itself follows with the one delivery."""
    row = _docket(news)
    said = _decision(row)
    document, conditions = said.get("document", ""), said.get("conditions", "")
    zh = (f"文号 {document}。" if document else "") + (f"附带条件：{conditions}。" if conditions else "")
    en = (f"Document {document}. " if document else "") + (f"Conditions: {conditions}." if conditions else "")
    _tell(news, row, "case.approved", unit=_unit(row.unit), result={"zh": zh, "en": en or " "})


@on("case.reject")
def rejected(news: News) -> None:
    """The reasons and the remedies (行政许可法 第三十八条)."""
    row = _docket(news)
    said = _decision(row)
    _tell(
        news, row, "case.refused", unit=_unit(row.unit), reason=f"{said.get('reason', '')}（{said.get('law', '')}）",
        remedy=said.get("remedies", ""),
    )  # fmt: skip


@on("case.extend")
def extended(news: News) -> None:
    """The reasons of an extension are told (行政许可法 第四十二条)."""
    row = _docket(news)
    reason = _said(row, "extend").get("reason", "")
    _tell(news, row, "case.extended", unit=_unit(row.unit), due=_due(news, "decide"), reason=reason)


def _said(row: Docket, act: str) -> dict[str, Any]:
    """The public input of the last move of that name."""
    body = (
        Entry.objects.filter(stream=row.number, act=act).order_by("-sequence").values_list("body", flat=True)
    )
    found: dict[str, Any] = json.loads(body.first() or "{}").get("data", {})
    return found


HOW = {
    "window": {
        "zh": "请带身份证到窗口领取。",
        "en": "Please collect it at the window with your identity card.",
    },
    "courier": {"zh": "快递寄出后会告诉您单号。", "en": "You will get the tracking number once it is sent."},
}


@on("application.conclude")
def ready(news: News) -> None:
    """Every department is done; how the result is collected. What goes by wire arrives with `finished`."""
    row = _docket(news)
    delivery = Application.objects.values_list("delivery", flat=True).get(docket=row)
    if delivery in HOW:
        _tell(news, row, "result.ready", how=HOW[delivery])


@on("application.send")
def sent(news: News) -> None:
    """The tracking number."""
    row = _docket(news)
    tracking = Application.objects.values_list("tracking", flat=True).get(docket=row)
    _tell(news, row, "result.sent", tracking=tracking)


@on("application.decline")
def declined(news: News) -> None:
    """Nothing was granted."""
    _tell(news, _docket(news), "application.declined")


@on("application.lapse")
def lapsed(news: News) -> None:
    """The papers did not come in time."""
    _tell(news, _docket(news), "application.lapsed")


@on("survey.schedule", "survey.reschedule")
def survey_scheduled(news: News) -> None:
    """When they come, and what to have ready."""
    row = _docket(news)
    held_at = Survey.objects.values_list("held_at", flat=True).get(docket=row)
    if held_at is None:
        return
    note = _said(row, "schedule").get("note", "")
    prepare = {
        "zh": f"请准备：{note}。" if note else "",
        "en": f"Please have ready: {note}. " if note else "",
    }
    _tell(news, row, "survey.scheduled", when=held_at, prepare=prepare)


@on("undertaking.breach", "undertaking.lapse")
def breached(news: News) -> None:
    """A broken undertaking is on record; how to mend it."""
    row = _docket(news)
    _tell(news, row, "undertaking.breached", reason=_said(row, "breach").get("reason") or "逾期未补交")


@on("undertaking.confirm")
def kept(news: News) -> None:
    """The undertaking was checked and kept."""
    _tell(news, _docket(news), "undertaking.kept")


# Limits


def _about(news: News) -> tuple[Docket, date] | None:
    """The docket of a clock's event and the last day; None once the docket is closed."""
    row = _docket(news)
    if row.closed_at is not None:
        return None
    return row, _last_day(datetime.fromisoformat(news.body["due"]))


REMINDERS = {"supply": "supplement.reminder", "follow": "undertaking.reminder"}


@on("clock.warned")
def warned(news: News) -> None:
    """The applicant is reminded of what is owed; the unit of what falls due."""
    found = _about(news)
    if found is None:
        return
    row, due = found
    template = REMINDERS.get(news.body["clock"])
    if template:
        more = {"papers": row.title} if template == "undertaking.reminder" else {}
        _tell(news, row, template, due=due, **more)
    elif news.body.get("whose") != "applicant":
        for officer in _charged(row, news.at):
            _send(news, officer, "docket.near-due", row, {"due": due})


@on("clock.missed")
def missed(news: News) -> None:
    """Who is charged with it, and the head, learn that a limit was missed."""
    found = _about(news)
    if found is None or news.body.get("whose") == "applicant":
        return
    row, due = found
    heads = actors.officers_with(role=Role.HEAD, unit_id=row.unit, at=news.at)
    for officer in dict.fromkeys([*_charged(row, news.at), *heads]):
        _send(news, officer, "docket.overdue", row, {"due": due})


def _charged(row: Docket, at: datetime) -> list[str]:
    """The officer who has it, else everybody who could take it."""
    if row.officer:
        return [row.officer]
    role = Role.WINDOW if row.kind == "application" else Role.HANDLER
    return actors.officers_with(role=role, unit_id=row.unit, at=at)
