"""Cases in the states that pages must be able to show; run beside a served city, says where they are.

    python -m tests.stories.arranging

prints JSON: a number or address part by name, and by name the account of whoever may open it.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import datetime, timedelta

ACCOUNTS = {"person:1": "zhang", "person:2": "li", "person:5": "wang", "person:7": "chen"}


def main() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "tongban.config.settings"
    django.setup()
    from django.utils import timezone

    print(json.dumps(arranged(timezone.now())))


def arranged(at: datetime) -> dict[str, dict[str, str]]:
    from tongban.kernel.docket.models import Docket

    found: dict[str, str] = {}
    reader: dict[str, str] = {}

    def told(name: str, row: Docket, account: str) -> None:
        found[name], reader[name] = row.number, account

    asked = _asks("school-enrolment", "person:7", at)
    told("missing", asked, "chen")
    _misses(asked, at)
    found["photo"] = _refuses_a_photo(asked, at)
    asked = _asks("open-restaurant", "person:1", at, later="health-certificates")
    told("owed", asked, "zhang")
    found["debt"] = Docket.objects.filter(parent=asked, state="owed")[0].number
    told("handling", _asks("open-restaurant", "person:11", at), "long-name")
    halted = _asks("second-hand-house", "person:5", at)
    told("suspended", _halts(halted, at), "zjj")
    visited = _asks("utilities", "organisation:2", at, example=1)
    told("visited", visited, "lantian")
    found["visit"] = _arranges_a_visit(visited, at)
    old = _asks("newborn", "person:2", at - timedelta(days=21))
    first = Docket.objects.filter(parent=old, kind="case", state="received").order_by("id").first()
    assert first is not None
    told("overdue", first, "wjw")
    told(
        "market",
        Docket.objects.filter(parent_id=_id(found["handling"]), unit="421202-scjg", state="received")[0],
        "scjg",
    )
    done = Docket.objects.filter(kind="application", state="done", applicant__in=list(ACCOUNTS))[0]
    told("done", done, ACCOUNTS[done.applicant])
    found["objection"] = _objects_to_a_licence(at)
    from tests.stories import (
        arranging_acting,
        arranging_bundles,
        arranging_elsewhere,
        arranging_hotline,
        arranging_insight,
        arranging_policies,
        arranging_portraits,
    )

    found |= arranging_acting.arranged(at)
    found |= arranging_elsewhere.arranged(found["handling"], at)
    found |= _many_of_one()
    found |= arranging_hotline.arranged(at)
    found |= arranging_bundles.arranged()
    found |= _money(at)
    found |= arranging_portraits.arranged(at)
    found |= arranging_policies.arranged(at)
    found |= arranging_insight.arranged(at)
    found |= _benefits()
    found |= _late()
    found["call"] = _recorded_call()
    found["session"] = Docket.objects.filter(kind="session", state="reported")[0].number
    return {"found": found | _shows_a_licence(at), "reader": reader}


def _money(at: datetime) -> dict[str, str]:
    """The demonstration's orders, and one of them asked for at the bank."""
    from tongban.kernel.docket.models import Docket
    from tongban.registers.payments import api

    kinds = {"gap": "difference", "batch": "payout", "refund": "refund"}
    found = {name: Docket.objects.filter(kind=kind).order_by("id")[0].number for name, kind in kinds.items()}
    due, paid = (api.fees_of(party)[-1] for party in ("person:1", "person:2"))
    address = api.checkout(number=due.number, party="person:1", at=at)
    return found | {"fee": due.number, "twice": paid.number, "bank": address.rpartition("/")[2]}


def _benefits() -> dict[str, str]:
    """Of the demonstration's benefits: one that waits for a tap, one paid, a list that is published, a claim."""
    from tongban.desks.policies.claims.models import Due

    numbers = {
        "due": Due.objects.filter(state="waiting"), "traced": Due.objects.filter(state="paid"),
        "claimed": Due.objects.filter(claim__isnull=False),
    }  # fmt: skip
    found = {name: rows.order_by("pk")[0].number for name, rows in numbers.items()}
    listed = Due.objects.filter(state="listed", run__published_at__isnull=False).select_related("run")
    return found | {"list": listed[0].run.number, "quick": Due.objects.get(number=found["claimed"]).measure}


def _late() -> dict[str, str]:
    """A late mark that was appealed against, and one of the market bureau that waits for its reason."""
    from tongban.oversight.supervision.models import Appeal, Mark

    appeal = Appeal.objects.select_related("docket").order_by("pk")[0]
    waiting = Mark.objects.filter(unit="421202-scjg", colour="red", explained_at=None, over_at__isnull=False)
    return {
        "appealed": appeal.docket.number, "appealed_mark": str(appeal.mark_id), "late_mark": str(waiting.order_by("pk")[0].pk)
    }  # fmt: skip


def _recorded_call() -> str:
    """A call of the demo city of which there is a recording."""
    from tongban.desks.hotline.telephony.models import Call

    return str(Call.objects.exclude(recording="").order_by("id")[0].pk)


def _id(number: str) -> int:
    from tongban.kernel.docket.models import Docket

    return Docket.objects.get(number=number).pk


def _asks(theme: str, party: str, at: datetime, *, later: str = "", example: int = 0):
    """Submit an example of a theme for somebody; `later` is a paper that will follow."""
    from tongban.actors import api as actors
    from tongban.desks.themes import api
    from tongban.desks.themes.contracts import Party
    from tongban.desks.themes.demo import work
    from tongban.desks.themes.demo.filling import Applicant
    from tongban.desks.themes.papers import Paper
    from tongban.desks.themes.submission import submit
    from tongban.kernel.docket.models import Docket

    answers = dict(api.theme(theme, work.DISTRICT).examples[example].answers)
    if theme == "newborn":
        answers["birth_date"] = (at - timedelta(days=9)).date().isoformat()
    plan = api.plan_for(theme, answers, party=Party(party.partition(":")[0], work.DISTRICT), at=at)
    asked = work.with_files(Applicant(party, at=at).fills(plan), at)
    if later:
        asked = replace(asked, papers={**asked.papers, later: Paper("later")})
    who = actors.actor(actor_id=party, at=at)
    receipt = submit(plan, asked, applicant=party, actor=who, at=at, key=f"arranged-{theme}-{party}")
    return Docket.objects.get(pk=receipt.docket)


def _does(row, move: str, at: datetime, **data) -> None:
    from tongban.actors import api as actors
    from tongban.kernel import api as kernel

    holder = actors.officers_with(role="handler", unit_id=row.unit, at=at)[0]
    who = actors.actor(actor_id=holder, at=at, unit_id=row.unit)
    kernel.perform(row.pk, move, actor=who, at=at, data=data)


def _misses(application, at: datetime) -> None:
    """One department misses two papers, all others take the case: the notice of what is missing goes out."""
    from tongban.kernel.docket.models import Docket

    rows = list(Docket.objects.filter(parent=application, kind="case", state="received").order_by("id"))
    _does(rows[0], "report_missing", at, papers=["居住证", "租房合同"], why="照片看不清有效期，请重新拍")
    for row in rows[1:]:
        _does(row, "accept", at)


def _arranges_a_visit(application, at: datetime) -> str:
    """All take the case, and the joint survey has a date; gives the survey's number."""
    from tongban.kernel.docket.models import Docket

    for row in Docket.objects.filter(parent=application, kind="case", state="received"):
        _does(row, "accept", at)
    survey = Docket.objects.get(parent=application, kind="survey")
    _does(survey, "schedule", at, held_at=(at + timedelta(days=2)).isoformat())
    return survey.number


def _halts(application, at: datetime):
    """A case in a hearing that ends after the published calendar: suspended and provisional."""
    from tongban.kernel.docket.models import Docket

    row = Docket.objects.filter(parent=application, kind="case", state="received").order_by("id")[0]
    _does(row, "accept", at)
    _does(row, "start_procedure", at, kind="expert_review", days=60, reason="结构安全要请专家评审")
    return row


def _refuses_a_photo(application, at: datetime) -> str:
    """A photo of an enrolment that the school asks for anew."""
    from tongban.desks.themes.schools import retaking, services
    from tongban.desks.themes.schools.models import Photo, PhotoState

    enrolment = services.note(application.pk)
    return str(
        Photo.objects.create(
            enrolment=enrolment, attachment=1_000_000_000, digest="0" * 64, paper="居住证", state=PhotoState.REFUSED,
            findings="small", due_on=retaking.last_day(enrolment.school.region, at), looked_at=at, decided_at=at,
        ).pk
    )  # fmt: skip


def _many_of_one() -> dict[str, str]:
    """What several citizens of the demo city tell of."""
    from urllib.parse import quote

    from tongban.desks.hotline.heat.models import Group
    from tongban.kernel.docket.models import Docket

    hottest = Group.objects.order_by("-heat")[0]
    return {
        "heat": str(hottest.number), "affair": hottest.docket.number, "subject": quote(hottest.place),
        "ticket": Docket.objects.filter(kind="ticket", state="taken").order_by("-id")[0].number,
    }  # fmt: skip


def _objects_to_a_licence(at: datetime) -> str:
    """Zhang's driving licence says the wrong class, he says; gives the objection's number."""
    from tongban.actors import api as actors
    from tongban.registers.licences import api as licences

    (card,) = licences.held_by("person:1", on=at.date(), kinds=["driving-licence"])
    who = actors.actor(actor_id="person:1", at=at)
    return licences.raise_objection(
        identifier=card.identifier, party="person:1", entry="vehicle_class", right="C1E",
        why="去年已经增驾，证上没有改。", actor=who, at=at,
    ).number  # fmt: skip


def _shows_a_licence(at: datetime) -> dict[str, str]:
    """Zhang's identity card: where it is verified, that it is held out, that the window has scanned it."""
    from tongban.actors import api as actors
    from tongban.registers.identity.models import Account
    from tongban.registers.licences import api as licences
    from tongban.registers.licences.showing import selectors, services

    zhang = actors.actor(actor_id="person:1", at=at)
    card = licences.held_by("person:1", on=actors.day_of(at), kinds=["id-card"])[0]
    shown = services.show(licence=card.id, holder=zhang.id, actor=zhang, at=at)
    code = selectors.code_now(shown, actor=zhang, at=at)
    assert code is not None
    window = actors.actor(actor_id=Account.objects.get(username="window").actor_id, at=at)
    seen = services.present(typed=code.token, by=window, purpose="核对身份", at=at)
    token = licences.paper_info(card.identifier, at=at).token
    return {"token": token, "licence": str(card.id), "showing": str(shown), "scan": str(seen.scan)}


if __name__ == "__main__":
    main()
