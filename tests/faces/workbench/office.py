"""An office with work in it: the demo city's accounts, and restaurants that people asked for."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from tests.desks.cases.town import case, restaurant
from tongban.actors import api as actors
from tongban.desks.cases import api as cases
from tongban.kernel import api as kernel
from tongban.kernel.docket.models import Docket
from tongban.registers.identity.models import Account

SCJG, CGJ, HALL = "421202-scjg", "421202-cgj", "421202-dsj"
FORM = {
    "person.name": "张明远", "person.id": "422301198803160018", "person.phone": "13871010007",
    "premises.address": "咸宁市咸安区万年路12号", "business.name": "远方饭店",
}  # fmt: skip


def signed_in(username: str) -> Client:
    """A browser in which an account of the demo city is signed in."""
    client = Client()
    client.force_login(Account.objects.get(username=username))
    return client


def actor(username: str) -> kernel.Actor:
    account = Account.objects.get(username=username)
    return actors.actor(actor_id=account.actor_id, at=timezone.now())


def party(username: str = "zhang") -> str:
    return Account.objects.get(username=username).actor_id


def days_ago(days: float):
    return timezone.now() - timedelta(days=days)


def asked(*, ago: float = 0, key: str = "1", who: str = "zhang", **more) -> cases.Submitted:
    """An application handed in some days ago; by default one case of the market bureau."""
    mine = party(who)
    fields = {
        "applicant": mine, "form": FORM, "surveys": (), "delivery": "electronic",
        "cases": (case("0103100200", "scjg", name="食品经营许可", results=("食品经营许可证",)),), **more,
    }  # fmt: skip
    citizen = kernel.Actor(mine, parties=frozenset({mine}))
    return cases.submit(restaurant(**fields), actor=citizen, at=days_ago(ago), key=key)


def cases_of(receipt: cases.Submitted) -> dict[str, Docket]:
    return {row.subject: row for row in Docket.objects.filter(parent_id=receipt.docket, kind="case")}


def the_case(receipt: cases.Submitted) -> Docket:
    return Docket.objects.get(parent_id=receipt.docket, kind="case")


def make(client: Client, row: Docket, move: str, *, key: str = "k", seen: int | None = None, **data):
    """Post a move's form as the page would."""
    row.refresh_from_db()
    return client.post(
        f"/work/{row.number}/moves/{move}",
        {"seen": row.revision if seen is None else seen, "key": f"{key}-{move}", **data},
    )


def granted(receipt: cases.Submitted, *, at=None) -> None:
    """Take every case of the market bureau to its grant, so that the application closes."""
    at = at or timezone.now()
    for row in Docket.objects.filter(parent_id=receipt.docket, kind="case"):
        handler, approver = actor("scjg"), actor("scjg-approver")
        kernel.perform(row.id, "accept", actor=handler, at=at)
        kernel.perform(row.id, "propose", actor=handler, at=at, data={"opinion": "grant", "text": "符合条件"})
        kernel.perform(row.id, "grant", actor=approver, at=at)
