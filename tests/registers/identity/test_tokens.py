"""Bearer tokens: shown once, kept as a digest, dated, revocable."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import RequestFactory

from tests.actors.factories import NOON
from tests.registers.identity.factories import a_citizen, a_signed_officer
from tongban.registers.identity import services
from tongban.registers.identity.contracts import IdentityError
from tongban.registers.identity.models import ApiToken
from tongban.registers.identity.rest_auth import signed_in

pytestmark = pytest.mark.django_db


def a_token(account, **given):
    return services.issue_token(username=account.username, label="test", at=NOON, **given)


def test_a_token_speaks_for_its_account_until_it_expires():
    account = a_citizen()
    issued = a_token(account, days=1)
    assert services.account_of_token(secret=issued.secret, at=NOON) == account
    assert services.account_of_token(secret=issued.secret, at=NOON + timedelta(days=1)) is None
    assert services.account_of_token(secret=issued.secret + "x", at=NOON) is None


def test_only_a_digest_is_kept_and_the_repr_is_silent():
    issued = a_token(a_citizen())
    row = ApiToken.objects.get()
    assert issued.secret not in "".join(str(value) for value in vars(row).values())
    assert issued.secret not in repr(issued)


def test_a_revoked_token_or_closed_account_is_refused():
    account = a_citizen()
    issued = a_token(account)
    other = a_citizen("li")
    row = ApiToken.objects.get()
    with pytest.raises(IdentityError):
        services.revoke_token(token_id=row.pk, account=other, at=NOON)
    services.revoke_token(token_id=row.pk, account=account, at=NOON)
    assert services.account_of_token(secret=issued.secret, at=NOON) is None
    again = a_token(account)
    account.is_active = False
    account.save()
    assert services.account_of_token(secret=again.secret, at=NOON) is None


def test_the_day_of_use_is_noted_once_a_day(django_assert_num_queries):
    issued = a_token(a_citizen())
    services.account_of_token(secret=issued.secret, at=NOON)
    assert ApiToken.objects.get().last_used_date == NOON.date()
    with django_assert_num_queries(1):
        services.account_of_token(secret=issued.secret, at=NOON + timedelta(hours=1))


def test_the_rest_door_gives_the_actor():
    from django.utils import timezone

    account = a_signed_officer("handler")
    issued = services.issue_token(username="scjg", label="", at=timezone.now())
    request = RequestFactory().get("/", headers={"Authorization": f"Bearer {issued.secret}"})
    assert signed_in(request) == account
    assert request.actor.holds("handler", "421202-scjg")
    assert signed_in(RequestFactory().get("/", headers={"Authorization": "Bearer nonsense"})) is None


def test_the_command_prints_one(capsys):
    a_citizen()
    call_command("token", "create", "zhang")
    secret = capsys.readouterr().out.strip()
    assert secret.startswith("tb_")
    with pytest.raises(CommandError, match="nobody"):
        call_command("token", "create", "nobody")


def test_the_profile_shows_a_new_token_on_that_answer_only(client):
    client.force_login(a_citizen())
    answer = client.post("/profile/tokens", {"label": "每日统计"})
    assert answer.status_code == 200
    assert "tb_" in answer.content.decode()
    later = client.get("/profile").content.decode()
    assert 'value="tb_' not in later
    assert "每日统计" in later
    row = ApiToken.objects.get()
    client.post(f"/profile/tokens/{row.pk}/revoke")
    assert "每日统计" not in client.get("/profile").content.decode()
