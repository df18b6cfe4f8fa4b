"""Tell partners how what they received goes on here, and applicants how what we handed over goes on there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from tongban.desks.cases import api as cases
from tongban.desks.cases.partners import asking, packing, sending
from tongban.desks.cases.partners.contracts import Told
from tongban.desks.cases.partners.models import Handover, Incoming, Inquiry
from tongban.kernel.models import Docket
from tongban.kernel.outbox.relay import News, on
from tongban.registers.messages import api as messages

SAID = {
    "case.accept": "已受理，开始计算办理期限。",
    "case.deem_accepted": "已受理，开始计算办理期限。",
    "case.start_survey": "需要现场勘验，勘验时间不计入期限。",
    "case.start_procedure": "进入特别程序，所需时间不计入期限。",
    "case.extend": "经负责人批准，期限延长10个工作日。",
}


def _incoming(application: int | None) -> Incoming | None:
    found: Incoming | None = (
        Incoming.objects.select_related("application").filter(application_id=application or 0).first()
    )
    return found


def _tell(row: Incoming, told: Told, news: News, **more: Any) -> None:
    docket = row.application
    payload = packing.news(
        letter=f"{row.package}.{told.value}.{news.id}", package=row.package, told=told.value,
        home=packing.home_of(docket.unit), number=docket.number, at=news.at, **more,
    )  # fmt: skip
    sending.queue_news(payload, partner=row.partner_id, docket=docket.pk, at=news.at)


@on(*SAID)
def going_on(news: News) -> None:
    """The case of an application that a partner received goes on."""
    row = _incoming(Docket.objects.values_list("parent_id", flat=True).get(pk=news.docket or 0))
    if row is not None:
        _tell(row, Told.PROGRESS, news, said=SAID[news.topic])


@on("application.notify")
def missing(news: News) -> None:
    """Papers are missing: the partner's window asks the applicant for them, and sends the package anew."""
    row = _incoming(news.docket)
    if row is None:
        return
    asking.moot(application=row.pk, at=news.at)
    lacking = [json.loads(case.missing or "{}") for case in cases.cases_of(row.pk)]
    told = [one for one in lacking if isinstance(one, dict)]
    papers = list(dict.fromkeys(paper for one in told for paper in one.get("papers", ())))
    why = "；".join(str(one["why"]) for one in told if one.get("why"))
    _tell(row, Told.RETURNED, news, said=why or "还缺材料，请一次补齐。", papers=papers)


@on("application.conclude", "application.decline", "application.lapse", "application.withdraw")
def decided(news: News) -> None:
    """The decision goes back to the place that received it, with the sealed papers of what was issued."""
    row = _incoming(news.docket)
    if row is None or (
        news.topic == "application.withdraw" and news.body.get("actor", "").startswith("partner:")
    ):
        return
    outcome = "granted" if news.topic == "application.conclude" else news.topic.partition(".")[2]
    results: list[dict[str, str]] = []
    issued: list[str] = []
    for case in cases.cases_of(row.pk):
        said = json.loads(case.decision or "{}")
        results.append(
            {
                "matter": case.matter, "name": case.docket.title, "outcome": case.docket.state,
                "document": str(said.get("document") or ""), "said": str(said.get("reason") or ""),
                "remedies": str(said.get("remedies") or ""),
            }
        )  # fmt: skip
        issued += [one.identifier for one in cases.licences_of_case(case.docket_id) if one.identifier]
    _tell(row, Told.RESULT, news, outcome=outcome, results=results, licences=issued)


@on("case.grant", "case.approve_instantly", "case.reject", "case.refuse", "case.withdraw", "case.stop")
def over(news: News) -> None:
    """A case is decided: nobody waits for an answer to what was asked for it."""
    asking.moot(case=news.docket or 0, at=news.at)


ABOUT_INQUIRIES = {
    "inquiry.answer": "inquiry.answered",
    "inquiry.fall_due": "inquiry.overdue",
    "inquiry.bounce": "inquiry.bounced",
}


@on(*ABOUT_INQUIRIES)
def tell_officer(news: News) -> None:
    """Who asked is told of the answer, and that there is none."""
    own = Inquiry.objects.select_related("docket", "partner", "case").get(docket_id=news.docket or 0)
    if not own.docket.officer:
        return
    messages.send(
        to=own.docket.officer, template=ABOUT_INQUIRIES[news.topic], docket=own.docket.number, at=news.at,
        key=f"event:{news.id}",
        context={
            "number": own.docket.number, "case": own.case.number,
            "place": {"zh": own.partner.name, "en": own.partner.name_en or own.partner.name},
        },
    )  # fmt: skip


TEMPLATES = {
    "handover.opened": "handover.received",
    "handover.put_off": "handover.waits",
    "handover.acknowledge": "handover.acknowledged",
    "handover.send_back": "handover.returned",
    "handover.ask_mending": "handover.returned",
    "handover.bring_back": "handover.result",
    "handover.lapse": "handover.lapsed",
}


@on(*TEMPLATES, many=True)
def tell_applicant(told: Sequence[News]) -> None:
    """What the applicants of hand-overs have to know or do."""
    rows = Handover.objects.select_related("docket", "partner").in_bulk([news.docket or 0 for news in told])
    messages.send_many([_letter(rows[news.docket or 0], news) for news in told])


def _letter(own: Handover, news: News) -> messages.Outgoing:
    row, partner = own.docket, own.partner
    context: dict[str, str | dict[str, str]] = {
        "title": own.matter_name, "number": row.number,
        "place": {"zh": partner.name, "en": partner.name_en or partner.name},
    }  # fmt: skip
    return messages.Outgoing(
        row.applicant, TEMPLATES[news.topic], context, row.number, news.at, f"event:{news.id}"
    )
