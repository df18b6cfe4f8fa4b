"""The demo pack fits the flow: everything it names exists, and the moves that it makes are open."""

from pathlib import Path

from django.conf import settings

from tongban.actors.api import read_pack
from tongban.desks.bundles.flow import FLOW
from tongban.desks.bundles.flow_provider import PROVIDING
from tongban.desks.bundles.reading import shelf
from tongban.kernel import api as kernel

DEMO = Path(settings.PACKS) / "demo"


def test_every_category_has_somebody_and_every_order_has_an_offer():
    pack = read_pack(DEMO, "bundles.yaml")
    offers = {
        f"{one['organisation']}/{line['need']}" for one in pack["providers"] for line in one.get("offers", ())
    }
    for one in pack["providers"]:
        for line in one.get("offers", ()):
            kernel.validate(PROVIDING.moves["offer"].asks, line)
            assert set(shelf().needs[line["need"]][1].by) & set(one["categories"]), line["need"]
    assert {
        bundle
        for bundle, line in shelf().needs.values()
        if any(key.endswith(f"/{line.key}") for key in offers)
    } == set(shelf().bundles)
    for order in pack["orders"]:
        assert order["offer"] in offers
        for step in order.get("moves", ()):
            if "on" not in step.get("data", {}):  # days are written as so many after the order
                kernel.validate(FLOW.moves[step["move"]].asks, step.get("data", {}))
