"""A partner far away, and the town that hands over to it."""

import pytest

from tests.desks.cases.conftest import city
from tests.desks.cases.partners.far import FAR, HOME, NEAR
from tests.desks.cases.town import MONDAY
from tests.registers.catalogue.conftest import _fresh_cache, bring, data, draft, keys
from tongban.desks.cases.partners import demo_partner, register
from tongban.kernel import api as kernel

__all__ = ["_fresh_cache", "bring", "city", "keys"]


@pytest.fixture(scope="session")
def roots(tmp_path_factory):
    """The far place's root, made once: keys cost time."""
    return tmp_path_factory.mktemp("far")


@pytest.fixture
def far(city, settings, tmp_path, roots, bring, monkeypatch):
    """武汉 and 岳阳, reached by the demo; a matter that goes across provinces, one that stays."""
    settings.DATA = tmp_path
    monkeypatch.setattr(demo_partner, "signer", lambda partner: far_signer(partner, roots))
    across = {**data()["lists"], "cross_region": ["跨省"]}
    bring(
        draft(region=HOME, lists=across, depth="IV"),
        draft(code="0103100299", region=HOME, name="食品小作坊登记"),
    )
    for region, name, modes in ((FAR, "武汉市", ["relay"]), (NEAR, "岳阳市", ["joint", "relay"])):
        row = register.PartnerRow(
            region=region,
            name=name,
            unit=f"{name}跨域通办窗口",
            modes=modes,
            matters=["*"],
            plugin="tongban.desks.cases.partners.demo_partner.Demo",
            seconds=2,
        )
        row.roots = demo_partner.signer(row).roots(at=MONDAY)
        register.enter(row, actor=kernel.SYSTEM, at=MONDAY)
    return register.partner(FAR)


def far_signer(partner, roots):
    from tongban.registers.seals.api import Outside

    return Outside(roots / partner.region, partner.name, f"{partner.region[:6]}-zwfw", partner.unit)
