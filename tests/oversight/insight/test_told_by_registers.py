"""What registers and desks do moves the figures of the packs, and the ledger gives the same figures again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.actors.factories import an_organisation
from tests.faces.workbench.office import asked, granted, party
from tests.registers.catalogue.conftest import draft
from tests.registers.licences.factories import a_food_licence
from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.actors.models import Delegation, Officer
from tongban.desks.hotline.telephony import api as telephony
from tongban.desks.themes import generating
from tongban.desks.themes.contracts import ThemeRefused
from tongban.desks.themes.services import handled_in
from tongban.kernel.contracts import SYSTEM
from tongban.kernel.docket.models import Docket
from tongban.kernel.outbox.relay import relay
from tongban.oversight.appraisal import api as appraisal
from tongban.oversight.insight import packs, selectors, stocktaking, words
from tongban.oversight.insight.contracts import Period, Scope
from tongban.oversight.insight.facts import api as facts
from tongban.oversight.insight.facts import services
from tongban.registers.catalogue import api as catalogue
from tongban.registers.catalogue import quotas
from tongban.registers.catalogue import services as publishing
from tongban.registers.catalogue.contracts import CatalogueError
from tongban.registers.catalogue.models import Implementation
from tongban.registers.licences import api as licences

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_city")]
CITY = "421200000000"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA = tmp_path
    services.rebuild()


def counted():
    relay(at=timezone.now() + timedelta(days=1), limit=100_000)
    services.collect()


def figures(**more):
    today = timezone.localdate()
    wanted = list(packs.indicators().values())
    period = Period(today - timedelta(days=1), today)
    found = selectors.figures(wanted, period=period, scope=more.pop("scope", Scope()), **more)
    return {key: series.figures[()] for key, series in found.items()}


def values(*keys):
    found = figures()
    return [found[key].value for key in keys]


def a_matter(code, **more):
    said = {
        "materials": [],
        "elements": [],
        "situations": [],
        "handling_items": [],
        "topics": ["餐饮"],
        **more,
    }
    return draft(code=code, region=handled_in(CITY), name=f"事项{code}", applicants=["2"], **said)


def test_a_city_is_filled_up_to_its_published_figures(monkeypatch):
    now = timezone.now()
    some = [a_matter(f"010310020{n}") for n in range(4)]
    publishing.bring_in(some, region=CITY, actor=SYSTEM, at=now)
    have = catalogue.stock_figures(CITY)
    wanted = {name: have[name] + more for name, more in (("matters", 60), ("online", 58), ("no_visit", 40), ("cross_city", 9))}  # fmt: skip
    with monkeypatch.context() as other:
        other.setattr(quotas, "_shape", lambda _data, **_asked: None)  # whoever makes them up makes others
        with pytest.raises(CatalogueError, match="对不上"):
            catalogue.fill_up(wanted=wanted, region=CITY, seed=7, actor=SYSTEM, at=now)
    assert catalogue.stock_figures(CITY) == have, "nothing is kept"
    before = values("catalogue.generated", "themes.online", "themes.own", "themes.generated")
    themes = generating.standing()
    catalogue.fill_up(wanted=wanted, region=CITY, seed=7, actor=SYSTEM, at=now)
    more = {"themes": themes["themes"] + 3, "own": themes["own"] + 2}
    assert generating.fill_up(wanted=more, seed=7, actor=SYSTEM, at=now)["made"] == 3
    counted()
    keys = ("catalogue.matters", "catalogue.online", "catalogue.no_visit", "catalogue.cross_city")
    assert values(*keys) == list(wanted.values())
    assert figures()["catalogue.online_rate"].part == wanted["online"]
    now_ = values("catalogue.generated", "themes.online", "themes.own", "themes.generated")
    assert [int(after - then) for after, then in zip(now_, before, strict=True)] == [60, 3, 2, 3]
    assert generating.fill_up(wanted=more, seed=7, actor=SYSTEM, at=now)["made"] == 0
    with pytest.raises(ThemeRefused):
        generating.fill_up(wanted={"themes": 1, "own": 0}, seed=7, actor=SYSTEM, at=now)
    few = list(generating._pairs(catalogue.every_matter(handled_in(CITY)), seed=8))[:4]
    monkeypatch.setattr(generating, "_pairs", lambda *_matters, **_seed: iter(few))
    with pytest.raises(ThemeRefused):  # so few pairs do not suffice, and what could be made is not made
        generating.fill_up(
            wanted={"themes": more["themes"] + 9, "own": more["own"]}, seed=8, actor=SYSTEM, at=now
        )
    assert generating.standing() == more
    made = Implementation.objects.filter(generated=True)
    assert all(actors.live_unit(unit) for unit in made.values_list("unit", flat=True))
    held = packs.indicators()["catalogue.matters"]
    rows, _more = selectors.behind(held, period=selectors.month(timezone.localdate()), scope=Scope())
    assert all(row.key.split("/")[0].startswith("4212") for row in rows)


def test_stocktaking_tells_what_a_day_brings_and_ends_once():
    now = timezone.now()
    stocktaking.take_stock(at=now)
    counted()
    assert stocktaking.take_stock(at=now) == 0, "nothing new"
    kinds, lines, merged, chiefs, agents = values(
        "licences.kinds", "hotline.lines", "hotline.lines_merged", "casework.chiefs", "casework.agents"
    )
    assert (kinds, lines, merged) == (len(licences.kinds()), 42, 21)
    officer = Officer.objects.filter(ended_on__isnull=True).exclude(delegations__isnull=False).first()
    unit = "421202-scjg"
    actors.delegate(
        unit_id=unit, officer_id=officer.pk, roles=[Role.APPROVER], matters=["0103100200", "0703100100"],
        from_date=timezone.localdate(), until_date=timezone.localdate(), document="", actor=SYSTEM, at=now,
    )  # fmt: skip
    stocktaking.take_stock(at=now)
    counted()
    assert values("casework.chiefs", "casework.agents") == [chiefs + 1, agents]
    Delegation.objects.update(until_date=timezone.localdate() - timedelta(days=1))
    stocktaking.take_stock(at=now + timedelta(seconds=1))
    counted()
    assert values("casework.chiefs") == [0], "a delegation that ran out is nobody's any more"


def test_calls_evaluations_licences_and_applications_move_their_figures():
    now = timezone.now()
    started = figures()
    records = [
        telephony.CallRecord(f"x{n}", "12345", now, now, queued_at=now, answered_at=now if n < 9 else None, rating=1 if n < 4 else 0)
        for n in range(10)
    ]  # fmt: skip
    telephony.take_over(exchange="city", records=records, at=now)
    receipt = asked()
    granted(receipt)
    number = Docket.objects.get(pk=receipt.docket).number
    who = actors.actor(actor_id=party(), at=now)
    appraisal.evaluate(number=number, level=2, actor=who, at=timezone.now(), channel="web")
    held = a_food_licence(of=an_organisation(), at=now)
    licences.note_use(identifier=held.identifier, by=SYSTEM, purpose="核对", at=now, system=True)
    counted()
    found = figures()

    def moved(key):
        return int(found[key].value - started[key].value)

    assert (moved("hotline.calls"), moved("hotline.answered"), moved("hotline.dropped")) == (10, 9, 1)
    assert (moved("evaluation.all"), moved("evaluation.level_2"), moved("evaluation.web")) == (1, 1, 1)
    assert (moved("licences.uses"), moved("licences.called"), moved("casework.applications")) == (1, 1, 1)
    assert found["catalogue.departments_working"].part == 1, "the department that has the case"
    assert found["evaluation.good_rate"].part == found["evaluation.good_rate"].whole
    assert found["casework.zero_upload_rate"].whole == started["casework.zero_upload_rate"].whole + 1
    unit = Docket.objects.get(pk=receipt.docket).unit
    own = selectors.figures([packs.indicators()["evaluation.all"]], period=Period(now.date() - timedelta(days=1), now.date()), scope=Scope(units=(unit,)))  # fmt: skip
    assert own["evaluation.all"].figures[()].value == 1
    digest = facts.digest(facts.folder())
    services.rebuild()
    assert facts.digest(facts.folder()) == digest, "what was told one by one is what the ledger says"
    assert {one: words.shown(packs.indicators()[one], figure) for one, figure in figures().items()} == {
        one: words.shown(packs.indicators()[one], figure) for one, figure in found.items()
    }
