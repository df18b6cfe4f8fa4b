"""Other systems ask with a purpose, within a quota, and every question is written down."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from django.utils import timezone

from tests.actors.factories import NOON, a_person, a_unit, an_officer
from tests.registers.identity.factories import an_account
from tests.registers.licences.holding import a_licence
from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.registers.identity import api as identity
from tongban.registers.licences import api
from tongban.registers.licences.showing import clients, selectors, services
from tongban.registers.licences.showing.contracts import ClientError, QuotaError
from tongban.registers.licences.showing.models import Call

pytestmark = pytest.mark.django_db
NUMBER = "422301198803163153"
PURPOSE = "挂号时核对身份"


@pytest.fixture
def zhang(db):
    return a_person(name="张小明", number=NUMBER)


@pytest.fixture
def officer(db):
    return an_officer("window", of=a_unit("421200-wjw", name="咸宁市卫生健康委员会"))


@pytest.fixture
def hospital(officer):
    register(officer)
    return actors.actor(actor_id=str(officer), at=NOON)


def register(officer, **more):
    given = {
        "name": "市中心医院综合系统", "actor": str(officer), "unit": "421200-wjw", "purposes": [PURPOSE],
        "kinds_": ["food-business"], "per_minute": 3, "per_day": 5, "until": date(2027, 12, 31), "by": kernel.SYSTEM,
        "at": NOON,
    }  # fmt: skip
    return clients.register(**{**given, **more})


def ask(actor, at=NOON, **more):
    given = {"number": NUMBER, "wanted": ["food-business"], "purpose": PURPOSE, "docket": "GH-1"}
    return clients.held(actor=actor, at=at, **{**given, **more})


def test_a_system_gets_what_it_is_registered_for_and_the_holder_sees_it(zhang, hospital):
    made = a_licence(zhang)
    assert [one.identifier for one in ask(hospital)] == [made.identifier]
    used = api.uses_of(str(zhang))[0]
    assert (used.unit, used.purpose, used.docket) == ("421200-wjw", PURPOSE, "GH-1")
    assert Call.objects.get().outcome == "ok"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"purpose": "好奇"}, "purpose"), ({"wanted": ["id-card"]}, "kind"), ({"wanted": ["nonsense"]}, "kind"),
        ({"wanted": []}, "kind"), ({"docket": ""}, "docket"),
    ],
)  # fmt: skip
def test_what_a_system_may_not_ask_is_refused_and_written_down(zhang, hospital, more, code):
    with pytest.raises(ClientError) as error:
        ask(hospital, **more)
    assert error.value.code == code
    assert Call.objects.get().outcome == code
    assert api.uses_of(str(zhang)) == ()


def test_an_account_that_is_no_system_or_was_one_until_yesterday(officer, zhang):
    actor = actors.actor(actor_id=str(officer), at=NOON)
    with pytest.raises(ClientError) as error:
        ask(actor)
    assert error.value.code == "not_a_client"
    register(officer, until=NOON.date() - timedelta(days=1))
    with pytest.raises(ClientError) as error:
        ask(actor)
    assert error.value.code == "ended"
    register(officer)
    clients.end(name="市中心医院综合系统", by=kernel.SYSTEM, at=NOON)
    with pytest.raises(ClientError):
        ask(actor)


def test_the_quota_of_a_minute_and_of_a_day(zhang, hospital):
    for second in range(3):
        ask(hospital, at=NOON + timedelta(seconds=second * 10))
    with pytest.raises(QuotaError) as error:
        ask(hospital, at=NOON + timedelta(seconds=30))
    assert error.value.retry_seconds == 31
    assert clients.left(hospital, at=NOON + timedelta(seconds=30)) == (0, 2)
    later = NOON + timedelta(minutes=2)
    ask(hospital, at=later)
    ask(hospital, at=later)
    with pytest.raises(QuotaError) as error:
        ask(hospital, at=later + timedelta(minutes=1))
    assert error.value.retry_seconds == 11 * 3600 + 57 * 60 + 1  # midnight in China
    assert ask(hospital, at=NOON + timedelta(days=1)) == ()
    assert list(Call.objects.values_list("outcome", flat=True)).count("quota") == 2


def test_a_system_reads_a_code_and_a_wrong_one_counts_too(zhang, hospital):
    made = a_licence(zhang)
    citizen = actors.actor(actor_id=str(zhang), at=NOON)
    showing = services.show(licence=made.id, holder=str(zhang), actor=citizen, at=NOON)
    code = selectors.code_now(showing, actor=citizen, at=NOON).token
    found = clients.read_code(typed=code, actor=hospital, purpose=PURPOSE, docket="", at=NOON)
    assert found.licences[0].identifier == made.identifier
    with pytest.raises(services.ShowingError):
        clients.read_code(typed=code, actor=hospital, purpose=PURPOSE, docket="", at=NOON)
    assert list(Call.objects.order_by("pk").values_list("outcome", flat=True)) == ["ok", "used"]
    assert selectors.showing(showing, actor=citizen, at=NOON).seen[0].client == "市中心医院综合系统"


def test_registering_is_checked_and_lies_in_the_ledger(officer):
    for wrong in ({"kinds_": ["nonsense"]}, {"purposes": []}, {"unit": "421200-nix"}):
        with pytest.raises(ClientError):
            register(officer, **wrong)
    made = register(officer)
    entries = kernel.history(f"licence-client:{made.id}", at=NOON)
    assert [entry.act for entry in entries] == ["client.registered"]


def test_systems_are_entered_by_command(officer):
    out = StringIO()
    given = ["--actor", str(officer), "--unit", "421200-wjw", "--purpose", PURPOSE, "--until", "2027-12-31"]
    call_command("licence_clients", "add", "市中心医院综合系统", *given, stdout=out)
    assert "60/分钟" in out.getvalue()
    with pytest.raises(CommandError):
        call_command("licence_clients", "add", "别的系统", *given, "--kind", "nonsense")
    call_command("licence_clients", "end", "市中心医院综合系统")
    assert clients.registered() == ()


class System:
    """Speaks to the interface with a bearer token."""

    def __init__(self, officer):
        account = an_account("hospital", acts_as=officer, kind="officer")
        token = identity.issue_token(username=account.username, label="test", at=timezone.now())
        self.headers = {"Authorization": f"Bearer {token.secret}"}

    def post(self, path, body):
        return Browser().post(
            f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=self.headers
        )


def test_over_the_interface_with_quota_and_retry_after(officer, zhang):
    now = timezone.now()
    register(officer, per_minute=2, until=now.date() + timedelta(days=9), at=now)
    made = a_licence(zhang, at=now - timedelta(minutes=1))
    system = System(officer)
    body = {"number": NUMBER, "kinds": ["food-business"], "purpose": PURPOSE, "docket": "GH-1"}
    answer = system.post("/licences/held", body)
    assert answer.status_code == 200
    assert answer.json()["items"][0]["identifier"] == made.identifier
    left = Browser().get("/api/v1/licences/quota", headers=system.headers).json()
    assert (left["left_this_minute"], left["left_today"]) == (1, 4)
    wrong = system.post("/licences/present", {"code": "12345678", "purpose": PURPOSE})
    assert wrong.status_code == 422
    assert wrong.json()["type"] == "urn:tongban:code_unknown"
    busy = system.post("/licences/held", body)
    assert busy.status_code == 429
    assert 0 < int(busy["Retry-After"]) <= 61
    assert busy.json()["possible"]
    assert NUMBER not in busy.content.decode()
    other = system.post("/licences/held", {**body, "purpose": "好奇"})
    assert other.status_code == 403
    assert Browser().post("/api/v1/licences/held", "{}", content_type="application/json").status_code == 401
