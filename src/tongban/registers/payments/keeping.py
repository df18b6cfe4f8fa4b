"""Payments in the export of one's own data, what an erasure leaves of them, and what goes when their time is over."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel.files.destroying import destroy_attachments, register_holder
from tongban.registers.identity.privacy import api as privacy
from tongban.registers.payments import selectors
from tongban.registers.payments.models import Item, Order, Receipt, Refund


def payments(party: str, _at: datetime) -> Iterable[privacy.Section]:
    """What somebody paid and was paid; accounts masked."""
    paid = [
        {
            "number": one.number,
            "what": one.what,
            "amount_fen": one.amount_fen,
            "state": one.state,
            "at": one.asked_at,
        }
        for one in selectors.fees_of(party)
    ]
    got = [
        {
            "title": one.title,
            "amount_fen": one.amount_fen,
            "state": one.state,
            "account": one.account,
            "at": one.at,
        }
        for one in selectors.received_by(party)
    ]
    yield privacy.Section("fees", {"zh": "我的缴费", "en": "Payments made"}, paid)
    yield privacy.Section("payouts", {"zh": "发给我的钱", "en": "Payments received"}, got)


def kept(party: str) -> Iterable[privacy.Kept]:
    """Papers of account stay for thirty years whatever becomes of the account (会计档案管理办法, 附表)."""
    basis = _("会计凭证保管30年，不随账号删除（会计档案管理办法）")
    rows = Order.objects.filter(payer=party, paid_at__isnull=False).values_list("number", "paid_at")
    for number, paid_at in rows:
        assert paid_at is not None  # asked for above
        # Counted from the end of the year of account.
        yield privacy.Kept(_("缴费记录"), number, basis, date(actors.day_of(paid_at).year + 31, 1, 1))


def destroy_orders(dockets: list[int], _at: datetime) -> int:
    """Who paid, by name."""
    return Receipt.objects.filter(order__docket__in=dockets).update(payer_name="") + destroy_attachments(
        dockets
    )


def destroy_refunds(dockets: list[int], _at: datetime) -> int:
    """Why money was asked back."""
    return Refund.objects.filter(docket__in=dockets).update(reason="") + destroy_attachments(dockets)


def destroy_batches(dockets: list[int], _at: datetime) -> int:
    """Whose account it was."""
    rows = Item.objects.filter(batch__docket__in=dockets)
    return rows.update(holder="", account="", payee="") + destroy_attachments(dockets)


def destroy_differences(dockets: list[int], _at: datetime) -> int:
    """Nothing of a person is kept with a difference but its docket's files."""
    return destroy_attachments(dockets)


def receipts_among(digests: Collection[str]) -> set[str]:
    """Of these contents, those that are receipts: no docket's end destroys them."""
    return set(Receipt.objects.filter(digest__in=list(digests)).values_list("digest", flat=True))


register_holder(receipts_among)
privacy.register_source("6-payments", payments)
privacy.register_keeper("payments", kept)
privacy.register_destroyer("fee", destroy_orders)
privacy.register_destroyer("refund", destroy_refunds)
privacy.register_destroyer("payout", destroy_batches)
privacy.register_destroyer("difference", destroy_differences)
