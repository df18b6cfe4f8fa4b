"""Open work of another system is brought in with its clocks: everything or nothing."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from tongban.desks.cases.models import Application, Case
from tongban.kernel import api as kernel
from tongban.kernel.ledger.services import verify
from tongban.kernel.models import Docket

pytestmark = pytest.mark.django_db
HEAD = "ref,parent,kind,state,title,unit,applicant,region,subject,opened_at,clocks\n"
GOOD = (
    "OLD-1,,application,handling,开饭店,421202-dsj,person:1,421202000000,open-restaurant,2026-11-02T09:00,\n"
    "OLD-2,OLD-1,case,review,食品经营许可,421202-scjg,person:1,421202000000,0103100200,2026-11-02T09:00,decide=2026-12-01T18:00\n"
)


def run(path, *words):
    out, err = StringIO(), StringIO()
    try:
        call_command("dockets", "import", str(path), *words, stdout=out, stderr=err)
    except SystemExit:
        return "", err.getvalue()
    return out.getvalue(), err.getvalue()


@pytest.fixture
def city(demo_city):
    call_command("calendar", "seed", verbosity=0, stdout=StringIO())


@pytest.mark.usefixtures("city")
def test_cases_go_on_where_they_stood(tmp_path):
    file = tmp_path / "open.csv"
    file.write_text(HEAD + GOOD, "utf-8-sig")
    said, wrong = run(file, "--as-of", "2026-11-22T08:00")
    assert wrong == ""
    numbers = dict(line.split("\t") for line in said.splitlines())
    case = kernel.docket(numbers["OLD-2"], actor=kernel.SYSTEM)
    assert (case.state, case.due_at.isoformat()) == ("review", "2026-12-01T10:00:00+00:00")
    (clock,) = kernel.clocks_of([case.id])[case.id]
    assert (clock.name, clock.whose) == ("decide", "421202-scjg")
    (first,) = kernel.history(case.number, at=case.opened_at)
    assert (first.act, first.body["data"]["ref"]) == ("import", "OLD-2")
    assert Case.objects.get().application_id == Application.objects.get().docket_id
    assert verify(anchor=None, at=case.opened_at).faults == []
    actor = kernel.Actor(
        "officer:1", unit="421202-scjg", grants=frozenset({kernel.Grant("handler", "421202-scjg")})
    )
    from django.utils import timezone

    done = kernel.perform(case.id, "note", actor=actor, at=timezone.now(), data={"text": "接着办"})
    assert done.revision == 2


@pytest.mark.usefixtures("city")
def test_a_preview_writes_nothing(tmp_path):
    file = tmp_path / "open.csv"
    file.write_text(HEAD + GOOD, "utf-8")
    assert "2 件" in run(file, "--preview")[0]
    assert Docket.objects.count() == 0


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("review", "granted"), 3, "state"),
        (("case,", "dragon,"), 3, "kind"),
        (("decide=", "sleep="), 3, "clocks"),
        (("decide=2026-12-01T18:00", "decide=soon"), 3, "clocks"),
        (("421202-scjg", "421202-nobody"), 3, "unit"),
        (("OLD-2,OLD-1", "OLD-2,OLD-9"), 3, "parent"),
        (("OLD-2,OLD-1", "OLD-1,OLD-1"), 3, "ref"),
        (("person:1,421202000000,0103", "person:999999,421202000000,0103"), 3, "applicant"),
        (("0103100200,2026-11-02T09:00", "0103100200,2036-11-02T09:00"), 3, "opened_at"),
    ],
)
def test_one_wrong_row_is_named_and_nothing_is_written(tmp_path, change, line, words):
    file = tmp_path / "open.csv"
    file.write_text(HEAD + GOOD.replace(*change), "utf-8")
    said, wrong = run(file)
    assert said == ""
    assert f"open.csv:{line} {words}" in wrong
    assert Docket.objects.count() == 0


@pytest.mark.usefixtures("city")
def test_json_says_the_same(tmp_path):
    row = dict(zip(HEAD.strip().split(","), GOOD.splitlines()[0].split(","), strict=True))
    file = tmp_path / "open.json"
    file.write_text(json.dumps([row]), "utf-8")
    assert run(file)[0].startswith("OLD-1\t")
