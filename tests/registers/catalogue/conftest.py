"""A small catalogue: two counties of the demo city, a few matters."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tongban.kernel.contracts import SYSTEM
from tongban.registers.catalogue import api, loading, services
from tongban.registers.catalogue.drafts import Draft
from tongban.registers.catalogue.elements import EMPTY
from tongban.registers.catalogue.models import DataElement, MaterialKind
from tongban.registers.catalogue.profiles import demo_code

AT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
CITY, COUNTY, OTHER_COUNTY = "421200000000", "421202000000", "421221000000"
PACKS = Path(loading.__file__).resolve().parents[2] / "packs"


@pytest.fixture(autouse=True)
def _fresh_cache():
    api.forget()
    yield
    api.forget()


def data(name="食品经营许可", **said):
    return {
        **EMPTY,
        "name": name,
        "kind": "01",
        "applicants": ["1", "2"],
        "channels": ["1", "2"],
        "visits": 0,
        "legal_basis": [{"law": "食品安全法", "article": "第三十五条", "says": ""}],
        "promised_limit": {"amount": 5, "unit": "working_days"},
        "elements": [{"key": "business.name", "required": True}],
        "materials": [
            {"key": "id-card", "necessity": "1", "commitment": False, "when": []},
            {"key": "plan", "necessity": "3", "commitment": True, "when": ["new"]},
        ],
        "conditions": ["有固定的经营场所"],
        "situations": [{"key": "new", "name": "新办"}, {"key": "renew", "name": "延续"}],
        "handling_items": [{"code": "01", "name": "新办", "situations": ["new"]}],
        **said,
    }


def draft(code="0103100200", region=COUNTY, **said):
    unit = f"{region[:6]}-scjg"
    return Draft(
        basic_code=code,
        public_code=code,
        code=demo_code(code, region, unit),
        profile="demo",
        region=region,
        level="3" if region == CITY else "4",
        unit=unit,
        unit_name="市场监督管理局",
        department="scjg",
        data=data(**said),
    )


@pytest.fixture
def keys(db):
    DataElement.objects.create(key="business.name", name="店铺名称", type="text")
    MaterialKind.objects.create(key="id-card", name="身份证", source="20", issuer="gaj")
    MaterialKind.objects.create(key="plan", name="平面图", source="10", data={"form": ["复印件"]})


@pytest.fixture
def bring(keys):
    """Publish (or draft) the given drafts."""

    def run(*drafts, publish=True, at=AT, region=CITY):
        return services.bring_in(list(drafts), region=region, actor=SYSTEM, at=at, publish=publish)

    return run
