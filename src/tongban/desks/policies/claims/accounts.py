"""Accounts that benefits go to: noted when their holder confirms one, offered the next time."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from tongban.desks.policies.claims import rules
from tongban.desks.policies.claims.contracts import AccountInfo, ClaimsError, NewAccount
from tongban.desks.policies.claims.models import Account
from tongban.kernel import api as kernel
from tongban.registers.payments import api as payments


def known(party: str) -> AccountInfo | None:
    """Where a party's benefits go, masked; None: nobody has told yet."""
    row = Account.objects.filter(party=party).first()
    if row is None:
        return None
    return AccountInfo(row.holder, payments.mask_account(row.account), row.bank, row.source, row.at)


def note(
    party: str, new: NewAccount, *, source: str, actor: kernel.Actor, at: datetime, over: bool = True
) -> NewAccount:
    """Keep an account; the ledger tells that it changed, masked. Gives it cleaned.

    :param over: replace one that is known already; a register never replaces what its holder said
    :raises ClaimsError: by field, what cannot be an account
    """
    clean = checked(new)
    with kernel.writing():
        new_row = kernel.insert_unless_there(
            Account._meta.db_table, ("party", "holder", "account", "bank", "source", "at"), (party, "", "", "", "", at),
            key=("party",),
        )  # fmt: skip
        row = Account.objects.select_for_update().get(party=party)  # two at once go one after the other
        if not new_row and (not over or _same(row, clean)):
            return clean
        row.holder, row.account, row.bank, row.source, row.at = (
            clean.holder,
            clean.account,
            clean.bank,
            source,
            at,
        )
        row.save()
        said = {"account": payments.mask_account(clean.account), "bank": clean.bank, "source": source}
        kernel.record(stream=f"account:{party}", act="note", actor=actor, at=at, data=said)
    return clean


def _same(row: Account, new: NewAccount) -> bool:
    return (row.holder, row.account, row.bank) == (new.holder, new.account, new.bank)


def checked(new: NewAccount) -> NewAccount:
    """Without spaces and hyphens. :raises ClaimsError: by field, what cannot be an account"""
    account = "".join(sign for sign in new.account if not sign.isspace() and sign != "-")
    clean = NewAccount(new.holder.strip(), account, new.bank.strip())
    words = {
        "holder": _("请填账户的户名，2到100个字。"), "account": _("账号是6到32位数字。"), "bank": _("请填开户银行，2到60个字。"),
    }  # fmt: skip
    faults = {name: words[name] for name in rules.account_fault(clean.holder, clean.account, clean.bank)}
    if faults:
        raise ClaimsError(
            _("账户填得不对。"), possible=_("请照银行卡或开户许可证填。"), code="account", fields=faults
        )
    return clean


def in_full(party: str) -> NewAccount | None:
    """The account itself, for paying; never for a screen or a log."""
    row = Account.objects.filter(party=party).first()
    return NewAccount(row.holder, row.account, row.bank) if row else None
