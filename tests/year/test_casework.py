"""A fortnight of applications, cases for other places and licences shown, made and moved on at the desks' own doors."""

from collections import Counter
from datetime import date

import pytest

from tests.faces.portal.city import loaded_city
from tests.faces.portal.city import town as city
from tests.year import town
from tongban.actors import api as actors
from tongban.desks.cases.partners import demo as far
from tongban.kernel.models import Docket
from tongban.oversight.insight import api as insight
from tongban.year import profiles, services

__all__ = ["city", "loaded_city"]
FIRST, LAST = date(2026, 9, 1), date(2026, 9, 16)
PUBLISHED = {
    "requests": {"value": 6, "row": "E1", "indicator": "hotline.requests"},
    "crossings": {"value": 5, "row": "A2", "indicator": "casework.cross_region"},
}


@pytest.fixture
def fortnight(city, settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path / "data"
    far.load(settings.PACKS / "demo", services.moment(FIRST, 0))
    changes = {"assumed__applications": 5, "assumed__uses": 3, "assumed__reviewed": 1, "assumed__badly": 0.4}
    slug = town.written(tmp_path, first=FIRST, last=LAST, published=PUBLISHED, **changes)
    profiles.topics()
    monkeypatch.setattr(profiles, "folder", lambda: tmp_path)
    run = services.begin(slug, scale=1, seed=7, beside=True)
    services.replay(run)
    return run


def figure(name):
    one = insight.indicators(on=LAST)[name]
    return (
        insight.figures([one], period=insight.Period(FIRST, LAST), scope=insight.Scope())[name]
        .figures[()]
        .value
    )


def test_what_people_apply_for_is_decided_delivered_and_evaluated(fortnight):
    assert fortnight.finished
    opened = [figure(name) for name in ("hotline.requests", "casework.cross_region", "casework.applications")]
    assert opened == [6, 5, 5]
    assert figure("casework.cases") >= 5
    assert figure("licences.uses") >= 3
    ends = Counter(Docket.objects.exclude(closed_at=None).values_list("kind", "outcome"))
    assert ends["handover", "brought_back"] >= 3
    assert ends["application", "delivered"] >= 2
    assert ends["case", "granted"] >= 5
    assert figure("evaluation.all") >= 2
    assert figure("casework.noticed_on_time") == 100
    assert figure("casework.decided_on_time") == 100
    applicants = set(Docket.objects.filter(kind="application").values_list("applicant", flat=True))
    assert all(one.partition(":")[2].startswith("7000") for one in applicants)
    assert actors.party_facts(min(applicants)).name
