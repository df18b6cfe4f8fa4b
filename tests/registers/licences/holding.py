"""Holders and their licences as prose."""

from datetime import timedelta

import pytest

from tests.actors.factories import NOON, a_person, a_unit
from tests.registers.seals.fixtures import root_folder
from tongban.actors.models import Unit
from tongban.kernel import api as kernel
from tongban.registers.licences import api

__all__ = ["bureau", "root_folder", "storage"]

BUREAU = "421202-scjg"
USCC = "11421200TB000001XE"
YEARS = timedelta(days=365)


@pytest.fixture
def storage(settings, tmp_path):
    """Files of a test in a folder of its own."""
    storages = {**settings.STORAGES}
    storages["default"] = {**storages["default"], "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = storages


@pytest.fixture
def bureau(db, root_folder, storage):
    """A bureau that issues and seals."""
    return a_unit(BUREAU, name="咸宁市咸安区市场监督管理局", name_en="Xian'an Market Regulation", uscc=USCC)


def a_licence(holder, *, kind="food-business", unit=BUREAU, at=NOON, **more):
    """A licence of somebody, a restaurant's by default."""
    if not Unit.objects.filter(pk=unit).exists():
        a_unit(unit, uscc=USCC)
    given = {
        "name": "温泉张记小馆",
        "legal_rep": "张小明",
        "address": "温泉街道淦河大道88号",
        "items": "热食类食品制售",
    }
    fields = more.pop("fields", given if kind == "food-business" else {})
    return api.issue(
        kind=kind, holder=str(holder), unit=unit, fields=fields, actor=kernel.SYSTEM, at=at, **more
    )


def a_holder(**more):
    return a_person(**more)
