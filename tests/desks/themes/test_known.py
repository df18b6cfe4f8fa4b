"""What is known is filled in and stands in for papers: from whom, as of when, and what happens when it does not hold."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.faces.portal.city import (
    DISTRICT,
    MONDAY,
    citizen,
    example,
    handed_in,
    held_by,
    left_to_fill,
    loaded_city,
    picture,
    town,
)
from tongban.desks.cases import api as cases
from tongban.desks.cases import looking_up
from tongban.desks.cases.models import Material
from tongban.desks.themes import api, filling, papers
from tongban.desks.themes.contracts import Party
from tongban.desks.themes.papers import Paper
from tongban.desks.themes.submission import Asked, Fix, prepare, submit
from tongban.desks.themes.web import finish
from tongban.kernel import api as kernel
from tongban.kernel.contracts import SYSTEM
from tongban.kernel.files.selectors import attachments
from tongban.kernel.files.services import store
from tongban.kernel.models import Entry
from tongban.kernel.outbox.relay import relay
from tongban.registers.exchange import api as exchange
from tongban.registers.licences import api as licences
from tongban.registers.messages import api as messages

__all__ = ["loaded_city", "town"]
pytestmark = pytest.mark.usefixtures("town", "no_polls")
ZHANG, ME = "person:1", citizen(1)
DAY = timedelta(days=1)


def plan_of(code="open-restaurant", party="person", at=MONDAY):
    return api.plan_for(code, example(code)["answers"], party=Party(party, DISTRICT), at=at)


def asked_of(plan, applicant=ZHANG, by=ME, **more):
    held = held_by(plan, applicant=applicant, by=by)
    typed = filling.fill(plan, {}, held.known, today=MONDAY.date()).errors
    form = {key: value for key, value in left_to_fill(plan, held).items() if key in typed}
    return replace(Asked(form, {}, delivery="electronic"), **more)


def refused(plan, asked, applicant=ZHANG, by=ME):
    with pytest.raises(cases.SubmissionRefused) as error:
        prepare(plan, asked, applicant=applicant, actor=by, at=MONDAY)
    return error.value.fields


def card():
    (found,) = licences.held_by(ZHANG, on=MONDAY.date(), kinds=["id-card"])
    return found


def away(tmp_path, settings, *registers):
    settings.DATA = tmp_path
    (tmp_path / "exchange").mkdir(exist_ok=True)
    (tmp_path / "exchange" / "down").write_text("\n".join(registers))


# Values


def test_a_value_comes_with_its_source_and_day_and_its_order_of_trust():
    plan = plan_of()
    held = held_by(plan, applicant=ZHANG, by=ME)
    address = held.known["premises.address"]
    assert (address.kind, address.reference, address.as_of.isoformat()) == ("shared", "houses", "2026-11-02")
    assert address.source.zh == exchange.register("houses").name
    assert held.known["legal_rep.name"].kind == "profile"
    assert held.known["sign.lighting"].kind == "usual"
    assert held.known["sign.lighting"].value == "内透光"
    assert held.known["food.safety_manager"].value == "张明远"
    made = prepare(plan, asked_of(plan), applicant=ZHANG, actor=ME, at=MONDAY)
    assert made.form["premises.address"] == address.value
    origin = next(one for one in made.origins if one.element == "premises.address")
    assert (origin.kind, origin.zh, origin.as_of) == ("shared", address.source.zh, address.as_of)


def test_a_licence_fills_in_what_it_says():
    plan = api.plan_for(
        "open-restaurant", example("open-restaurant", 2)["answers"],
        party=Party("organisation", DISTRICT), at=MONDAY,
    )  # fmt: skip
    scope = held_by(plan, applicant="organisation:1", by=citizen(9, 1)).known["business.scope"]
    (own,) = licences.held_by("organisation:1", on=MONDAY.date(), kinds=["business-licence"])
    assert (scope.kind, scope.value, scope.reference) == ("licence", "食品、日用百货零售", own.identifier)
    assert scope.source.en == own.kind_name[1]


def test_a_vouched_value_is_changed_with_a_reason_and_both_are_kept_and_the_register_is_not_changed():
    plan = plan_of()
    other = "湖北省咸宁市咸安区温泉街道淦河大道90号1层"
    asked = asked_of(plan)
    changed = replace(asked, form={**asked.form, "premises.address": other})
    assert "写明理由" in refused(plan, changed)["premises.address"]
    proof = store(content=picture(), name="lease.jpg", at=MONDAY)
    fixed = replace(
        changed, fixes={"premises.address": Fix("租的是隔壁那一间", ((proof.digest, "lease.jpg"),))}
    )
    receipt = submit(plan, fixed, applicant=ZHANG, actor=ME, at=MONDAY)
    own = cases.application_of(receipt.docket)
    (one,) = cases.provenance_of(own).corrections
    assert (one["new"], one["reason"]) == (other, "租的是隔壁那一间")
    assert one["old"].endswith("88号1层3号门面")
    assert cases.form_of(own)["premises.address"] == other
    assert [file.name for file in attachments(receipt.docket, slot="fix:premises.address")] == ["lease.jpg"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT provenance FROM cases_application")
        assert other not in cursor.fetchone()[0], "a correction is encrypted at rest"
    again = held_by(plan, applicant=ZHANG, by=ME).known["premises.address"]
    assert again.value.endswith("88号1层3号门面"), "the register outranks what somebody wrote before"


def test_what_the_applicant_wrote_before_is_offered_and_what_belongs_to_one_time_is_not():
    plan, applicant, by = plan_of(), "person:13", citizen(13)
    held = held_by(plan, applicant=applicant, by=by)
    assert "food.kitchen_area" not in held.known
    digest = store(content=picture(), name="a.jpg", at=MONDAY).digest
    first = Asked(left_to_fill(plan, held), handed_in(plan, digest, held=held), delivery="electronic")
    receipt = submit(plan, first, applicant=applicant, actor=by, at=MONDAY)
    later = MONDAY + 20 * DAY
    again = held_by(plan_of(at=later), applicant=applicant, by=by, at=later)
    area = again.known["food.kitchen_area"]
    assert (area.kind, area.value, area.reference) == ("earlier", 3, receipt.number)
    assert "business.opening_date" not in again.known
    ways = papers.offers_of(plan, applicant=applicant, held=again)
    assert ways["floor-plan"][0].way == "earlier"
    assert ways["floor-plan"][0].files == ((digest, "floor-plan.jpg"),)
    assert "earlier" not in [one.way for one in ways["waste-contract"]]
    made = prepare(
        plan_of(at=later), asked_again(first, again, plan), applicant=applicant, actor=by, at=later
    )
    plan_paper = next(one for one in made.materials if one.key == "floor-plan")
    assert (plan_paper.way, plan_paper.evidence.reference) == ("earlier", receipt.number)
    years = MONDAY + 1200 * DAY
    assert "floor-plan" not in held_by(plan, applicant=applicant, by=by, at=years).earlier


def asked_again(first, held, plan):
    digest = next(iter(first.papers.values())).files[0][0]
    return Asked(left_to_fill(plan, held), handed_in(plan, digest, held=held), delivery="electronic")


# Papers


def test_a_licence_stands_in_for_a_paper_and_its_holder_sees_the_use():
    plan = plan_of()
    receipt = submit(plan, asked_of(plan), applicant=ZHANG, actor=ME, at=MONDAY)
    row = Material.objects.get(application_id=receipt.docket, key="legal-rep-id-card")
    assert (row.way, row.evidence, row.reference, row.check_state) == (
        "known",
        "licence",
        card().identifier,
        "passed",
    )
    lease = Material.objects.get(application_id=receipt.docket, key="premises-proof")
    assert (lease.evidence, lease.reference) == ("shared", "houses:premises-proof@2026-11-02")
    said = next(one.said for one in cases.materials_of(receipt.docket) if one.key == "premises-proof")
    assert "咸安房租字" in json.loads(said)["zh"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT provenance FROM cases_application")
        assert "咸安房租字" not in cursor.fetchone()[0], "a record may name a home"
    form = Material.objects.get(application_id=receipt.docket, key="registration-form")
    assert (form.way, form.evidence, len(form.reference)) == ("form", "form", 64)
    relay(at=MONDAY)
    (use,) = licences.uses_of_licence(card().identifier)
    assert (use.by, use.docket, use.purpose) == (ZHANG, receipt.number, "我要开饭店")
    assert card().identifier in Entry.objects.get(stream=receipt.number, act="submit").body


@pytest.mark.parametrize("act", ["suspend", "revoke"])
def test_a_licence_that_stopped_holding_is_told_at_its_paper(act):
    plan = plan_of()
    chosen = asked_of(plan, papers={"legal-rep-id-card": Paper("known")})
    getattr(licences, act)(identifier=card().identifier, actor=SYSTEM, at=MONDAY, reason="核对身份")
    words = refused(plan, chosen)["material:legal-rep-id-card"]
    assert {"suspend": "被暂扣", "revoke": "已经失效"}[act] in words
    assert "上传" in words
    assert "legal-rep-id-card" not in held_by(plan, applicant=ZHANG, by=ME).papers


def test_an_expired_licence_is_told_with_its_day():
    plan, rare = plan_of(), "person:12"
    held = held_by(plan, applicant=rare, by=citizen(12))
    assert held.troubles["legal-rep-id-card"].standing == licences.EXPIRED
    asked = asked_of(plan, applicant=rare, by=citizen(12), papers={"legal-rep-id-card": Paper("known")})
    words = refused(plan, asked, applicant=rare, by=citizen(12))["material:legal-rep-id-card"]
    assert "2025年3月1日" in words


def test_somebody_elses_licence_and_an_invented_one_are_refused_in_the_same_words():
    plan = plan_of()
    (other,) = licences.held_by("person:2", on=MONDAY.date(), kinds=["id-card"])
    place = "material:legal-rep-id-card"
    told = [
        refused(plan, asked_of(plan, papers={"legal-rep-id-card": Paper("known", reference=identifier)}))[
            place
        ]
        for identifier in (other.identifier, "1.2.156.3005.2.nothing")
    ]
    assert told[0] == told[1]
    assert "您名下没有" in told[0]
    right = asked_of(plan, papers={"legal-rep-id-card": Paper("known", reference=card().identifier)})
    assert prepare(plan, right, applicant=ZHANG, actor=ME, at=MONDAY)


def test_known_is_never_taken_on_trust():
    plan = plan_of()
    words = refused(plan, asked_of(plan, papers={"tax-bank-report": Paper("known")}, form={}))
    assert "material:tax-bank-report" not in words, "the tax register has a record of it"
    nobody = asked_of(plan, applicant="person:13", by=citizen(13), papers={"sign-design": Paper("known")})
    assert "没有查到" in refused(plan, nobody, "person:13", citizen(13))["material:sign-design"]
    bare = cases.MaterialGiven("sign-design", "招牌设计图", "known", ("0104100100",))
    made = prepare(plan, asked_of(plan), applicant=ZHANG, actor=ME, at=MONDAY)
    with pytest.raises(cases.SubmissionRefused, match="材料"):
        cases.submit(replace(made, materials=(bare,)), actor=ME, at=MONDAY)


def test_gathering_costs_the_same_however_much_there_is():
    def cost(applicant, number):
        with CaptureQueriesContext(connection) as found:
            held_by(plan_of(), applicant=applicant, by=citizen(number))
        return len([one for one in found if "kernel_" not in one["sql"] and "SAVEPOINT" not in one["sql"]])

    plan_of()
    rich, poor = cost(ZHANG, 1), cost("person:11", 11)
    assert rich <= poor + 1 <= 16


# A register that is away


def test_a_register_that_is_away_delays_nobody_and_its_paper_is_looked_up_later(tmp_path, settings):
    away(tmp_path, settings, "tax", "urban")
    plan = plan_of()
    held = held_by(plan, applicant=ZHANG, by=ME)
    assert set(held.unavailable) == {"tax", "urban"}
    assert "sign.size" not in held.known, "what is away is typed"
    asked = asked_of(plan)
    receipt = submit(plan, asked, applicant=ZHANG, actor=ME, at=MONDAY)
    waiting = Material.objects.filter(application_id=receipt.docket, check_state="queued")
    assert {one.key for one in waiting.all()} >= {"sign-design", "waste-contract"}
    assert all(one.met_at is None and one.way == "known" for one in waiting.all())
    assert looking_up.due(at=MONDAY + DAY)

    looking_up.look_up_papers(MONDAY + DAY)  # still away
    assert waiting.exists()
    away(tmp_path, settings)
    later = MONDAY + 2 * DAY
    looking_up.look_up_papers(later)
    assert not waiting.exists()
    row = Material.objects.get(application_id=receipt.docket, key="sign-design")
    assert (row.check_state, row.reference) == ("passed", "urban:sign-design@2026-11-12")
    assert row.met_at == later
    relay(at=later)
    told = [one.subject for one in messages.inbox(recipients=[ZHANG])]
    assert any("已查到" in one for one in told)
    assert cases.undertakings_of(receipt.docket) == []


def test_what_a_register_has_no_record_of_is_asked_for_once_and_is_no_breach(tmp_path, settings):
    away(tmp_path, settings, "urban")
    plan, applicant, by = plan_of(), "person:13", citizen(13)
    held = held_by(plan, applicant=applicant, by=by)
    digest = store(content=picture(), name="a.jpg", at=MONDAY).digest
    asked = Asked(left_to_fill(plan, held), handed_in(plan, digest, held=held), delivery="electronic")
    receipt = submit(plan, asked, applicant=applicant, actor=by, at=MONDAY)
    away(tmp_path, settings)
    looking_up.look_up_papers(MONDAY + DAY)
    looking_up.look_up_papers(MONDAY + 2 * DAY)
    asked_for = cases.undertakings_of(receipt.docket)
    assert {one.material for one in asked_for} >= {"sign-design", "drainage-plan"}
    assert {one.kind for one in asked_for} == {"asked"}
    assert len({one.material for one in asked_for}) == len(asked_for), "each paper once"
    relay(at=MONDAY + 2 * DAY)
    assert any("请补交一份" in one.subject for one in messages.inbox(recipients=[applicant]))

    docket = kernel.docket_by_id(asked_for[0].docket_id, actor=by)
    assert docket.state == "owed"
    kernel.perform(
        docket.id, "follow_up", actor=by, at=MONDAY + 3 * DAY, data={"materials": [asked_for[0].material]}
    )
    from tongban.kernel.clock.firing import fire_due

    fire_due(at=MONDAY + 60 * DAY)
    states = {kernel.docket_by_id(one.docket_id, actor=SYSTEM).state for one in asked_for[1:]}
    assert states == {"released"}
    assert cases.open_breaches(applicant) == 0


def test_a_value_known_under_another_name_is_masked_like_it():
    """The mother is the applicant: her number stands twice on the check page, and nobody typed it there."""
    item = SimpleNamespace(key="mother.id", copies="person.id", usual_copies="")
    known = {"person.id": SimpleNamespace(value="422301199308222288")}
    same = {"person.id": "422301199308222288", "mother.id": "422301199308222288"}
    assert finish._copied(item, same, known)
    assert not finish._copied(item, same | {"mother.id": "422301199001011234"}, known), (
        "typed by hand: shown to be checked"
    )
    assert not finish._copied(item, same, {})
