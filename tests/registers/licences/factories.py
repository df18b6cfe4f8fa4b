"""Licences as prose: `an_id_card(of=a_person())`."""

from datetime import date

from tests.actors.factories import NOON, a_unit
from tongban.actors.models import Unit
from tongban.kernel import api as kernel
from tongban.registers.licences import api

USCC = "11421200TB000001XE"
POLICE_FIELDS = {"nation": "汉族", "gender": "男", "household_address": "万年路12号"}


def the_police():
    return Unit.objects.filter(pk="421202-gaj").first() or a_unit(
        "421202-gaj", uscc="11421200TB0000028E", name="咸安区公安局"
    )


def the_market():
    return Unit.objects.filter(pk="421202-scjg").first() or a_unit(
        "421202-scjg", uscc=USCC, name="咸安区市场监督管理局"
    )


def an_id_card(*, of, at=NOON, key="", fields=None, **more):
    return api.issue(
        kind="id-card", holder=str(of), unit=the_police().pk, fields={**POLICE_FIELDS, **(fields or {})},
        actor=kernel.SYSTEM, at=at, key=key, **more,
    )  # fmt: skip


def a_food_licence(*, of, at=NOON, key="", fields=None, **more):
    said = {
        "business_kind": "餐饮服务经营者",
        "items": "热食类食品制售",
        "address": "银泉大道299号",
        "legal_rep": "邢国栋",
    }
    return api.issue(
        kind="food-business", holder=str(of), unit=the_market().pk, fields={**said, **(fields or {})},
        actor=kernel.SYSTEM, at=at, key=key, **more,
    )  # fmt: skip


TODAY = NOON.date()
LATER = date(2032, 1, 1)
