"""What the demo city's people owe, paid and are owed: an order to pay, one paid twice and asked back, a batch to approve."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from tongban.actors import api as actors
from tongban.actors.api import read_pack
from tongban.kernel import api as kernel
from tongban.registers.payments import collecting, paying_out, refunds
from tongban.registers.payments.contracts import FeeInfo, NewBatch, NewFee, NewItem, Notice
from tongban.registers.payments.models import Order
from tongban.registers.payments.providers import demo_bank

DISTRICT, PREFIX = "421202000000", "421202"
FEES = (
    ("zhang", "zrzy", 80_00, "不动产登记费", "Property registration fee", "财税〔2016〕79号 住宅每件八十元"),
    (
        "li",
        "gaj",
        40_00,
        "证件工本费（丢失补领、损坏换领）",
        "Card fee (lost or damaged)",
        "首次申领免费，丢失补领和损坏换领四十元",
    ),
)
PAYEES = (("zhang", "6222021812007654321"), ("li", "6217002870001234567"), ("wang", "6228480868123450000"))
"""The last account is one that the demonstration's bank does not know."""


def load_payments(folder: Path, at: datetime) -> Mapping[str, int]:
    """Ask, pay and prepare once; a second time changes nothing."""
    done: Counter[str] = Counter()
    people = {row["key"]: f"person:{row['id']}" for row in read_pack(folder, "people.yaml")["people"]}
    if (
        not {name for name, *_rest in (*FEES, *PAYEES)} <= people.keys()
        or Order.objects.filter(key__startswith="demo:").exists()
    ):
        return done
    made = [_asked(row, people, at) for row in FEES]
    _paid_twice(made[1], at)
    refunds.ask_refund(
        number=made[1].number, amount_fen=20_00, reason="换领按二十元收，多收了二十元",
        actor=actors.actor(actor_id=people["li"], at=at), at=at,
    )  # fmt: skip
    _prepared(people, at)
    done["added"] = len(made) + 1
    return done


def _asked(row: tuple[str, str, int, str, str, str], people: Mapping[str, str], at: datetime) -> FeeInfo:
    who, department, fen, what, english, basis = row
    fee = NewFee(
        payer=people[who], unit=f"{PREFIX}-{department}", region=DISTRICT, amount_fen=fen, what=what, what_en=english,
        basis=basis, key=f"demo:{who}",
    )  # fmt: skip
    return collecting.ask_fee(fee, actor=kernel.SYSTEM, at=at)


def _prepared(people: Mapping[str, str], at: datetime) -> None:
    items = [
        NewItem(
            f"demo:grant:{who}",
            people[who],
            actors.party_name(people[who]),
            account,
            "湖北银行咸宁分行",
            1_500_00,
        )
        for who, account in PAYEES
    ]
    paying_out.prepare(
        NewBatch(
            source="demo", title="一次性创业补贴（第1批）", unit=f"{PREFIX}-czj", region=DISTRICT, items=items, key="demo:batch",
            basis="就业补助资金管理办法",
        ),
        actor=kernel.SYSTEM, at=at,
    )  # fmt: skip


def _paid_twice(fee: FeeInfo, at: datetime) -> None:
    bank, reference = demo_bank(), fee.number.replace("-", "")
    for again in (False, True):
        if bank is not None:
            bank.pay(reference, at=at, amount_fen=fee.amount_fen, again=again)
        notice = Notice(f"{'E' if again else 'D'}{reference}", reference, fee.amount_fen, at)
        collecting.take_in(notice, at=at)
