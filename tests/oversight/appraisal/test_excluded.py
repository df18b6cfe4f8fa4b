"""An evaluation that is not counted any more leaves the figures of its own day, not of the day of the decision."""

from datetime import date

import pytest

from tests.kernel.toy import at
from tongban.kernel import api as kernel
from tongban.kernel.outbox.relay import relay
from tongban.oversight.appraisal import ledger
from tongban.oversight.appraisal.models import Evaluation
from tongban.oversight.insight import packs, selectors
from tongban.oversight.insight.contracts import Period, Scope
from tongban.oversight.insight.facts import services as facts

MARCH, APRIL = (Period(date(2026, 3, 1), date(2026, 3, 31)), Period(date(2026, 4, 1), date(2026, 4, 30)))
KEYS = ("evaluation.all", "evaluation.good_rate")


@pytest.mark.django_db
def test_what_is_excluded_later_leaves_the_month_in_which_it_was_said(settings, tmp_path):
    settings.DATA = tmp_path
    for number, level in (("A1", 2), ("A2", 5)):
        said = Evaluation(
            number=number, level=level, channel="web", unit="421202-dsj", region="421202000000",
            at=at("2026-03-30 10:00"),
        )  # fmt: skip
        ledger.note(said, act="evaluate", actor=kernel.SYSTEM, at=said.at)
    ledger.note(said, act="exclude", actor=kernel.SYSTEM, at=at("2026-04-02 09:00"))
    relay(at=at("2026-04-03 09:00"))
    facts.collect()
    wanted = [packs.indicators()[key] for key in KEYS]
    march, april = (selectors.figures(wanted, period=one, scope=Scope()) for one in (MARCH, APRIL))
    assert [march[key].figures[()].value for key in KEYS] == [1, 100]
    assert [april[key].figures[()].value for key in KEYS] == [0, None]
    assert facts.verify().same
