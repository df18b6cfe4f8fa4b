"""Benefits in the export of one's own data, what an erasure leaves of them, and what goes when their time is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.policies.claims import accounts, giving, selectors
from tongban.desks.policies.claims.models import Account, Claim, Due, Given, Objection, Recovery
from tongban.kernel.files.destroying import destroy_attachments
from tongban.kernel.models import Docket
from tongban.registers.identity.privacy import api as privacy


def benefits(party: str, _at: datetime) -> Iterable[privacy.Section]:
    """What somebody is due, was paid, objected to, and where money goes; accounts masked."""
    dues = [
        {
            "number": one.number, "title": one.title, "period": one.period, "amount_fen": one.amount_fen,
            "state": one.state, "account": one.account, "at": one.at,
        }
        for one in selectors.dues_of(party)
    ]  # fmt: skip
    said = [
        {"list": one.run.number, "place": one.due.place, "text": one.text, "answer": one.answer, "at": one.at}
        for one in Objection.objects.filter(by=party).select_related("run", "due").order_by("-pk")
    ]
    account = accounts.known(party)
    into = [{"account": account.account, "bank": account.bank, "source": account.source}] if account else []
    yield privacy.Section("benefits", {"zh": "我的政策资金", "en": "My benefits"}, dues)
    given = [
        {
            "title": one.title,
            "period": one.period,
            "value_fen": one.value_fen,
            "on": one.given_on,
            "source": one.source,
        }
        for one in giving.given_to(party)
    ]
    yield privacy.Section("given", {"zh": "已享受的减免和服务", "en": "Relief and services enjoyed"}, given)
    yield privacy.Section("objections", {"zh": "我提的公示异议", "en": "My objections to lists"}, said)
    yield privacy.Section("receiving", {"zh": "我的收款账户", "en": "My receiving account"}, into)


def kept(party: str) -> Iterable[privacy.Kept]:
    """Who was paid public money stays on record as long as the books of account."""
    basis = _("会计凭证保管30年，不随账号删除（会计档案管理办法）")
    for number, paid_at in Due.objects.filter(payee=party, paid_at__isnull=False).values_list(
        "number", "paid_at"
    ):
        assert paid_at is not None  # asked for above
        yield privacy.Kept(_("政策资金"), number, basis, date(actors.day_of(paid_at).year + 31, 1, 1))


def erase(party: str, _at: datetime) -> int:
    """The account kept for the next time goes; what was paid is kept (`kept`)."""
    return Account.objects.filter(party=party).delete()[0]


def destroy_runs(dockets: list[int], _at: datetime) -> int:
    """Who got it, on what data, into which account; sums and the proof of the list stay."""
    rows = Due.objects.filter(run__docket__in=dockets)
    gone = rows.update(facts="", holder="", account="", weight="")
    gone += Objection.objects.filter(run__docket__in=dockets).update(text="", by="")
    return gone + destroy_attachments(dockets)


def destroy_claims(dockets: list[int], _at: datetime) -> int:
    """What was said and proven."""
    gone = Claim.objects.filter(docket__in=dockets).update(said="", proven="")
    gone += Due.objects.filter(claim__in=dockets).update(facts="", holder="", account="")
    return gone + destroy_attachments(dockets)


def destroy_recoveries(dockets: list[int], _at: datetime) -> int:
    """Why it was asked back."""
    return Recovery.objects.filter(docket__in=dockets).update(reason="") + destroy_attachments(dockets)


def destroy_wishes(dockets: list[int], _at: datetime) -> int:
    """What was known of who asked; that it was enjoyed stays, and the unit's own words, which name nobody (`inputs.Done`)."""
    numbers = dict(Docket.objects.filter(pk__in=dockets).values_list("number", "applicant"))
    rows = Given.objects.filter(party__in=set(numbers.values()), wish__in=numbers)
    return rows.update(facts="") + destroy_attachments(dockets)


privacy.register_destroyer("wish", destroy_wishes)
privacy.register_source("7-benefits", benefits)
privacy.register_keeper("benefits", kept)
privacy.register_destroyer("benefit", destroy_runs)
privacy.register_destroyer("claim", destroy_claims)
privacy.register_destroyer("recovery", destroy_recoveries)
