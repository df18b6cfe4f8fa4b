"""The published figures of the profile are those of the list that reports are held against, and of the text that they come from."""

import os
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings

from tongban.oversight.insight.reports import api as reports
from tongban.oversight.insight.reports.definitions import definitions
from tongban.year import profiles

SLUG = "xianning-2023"
MISSION = Path(os.environ.get("TONGBAN_SHARED", Path(__file__).parents[3] / "shared")) / "mission.md"
LISTED = settings.PACKS / "insight" / "published" / f"{SLUG}.yaml"


def told():
    """A report that says what the profile says."""
    found = profiles.profile(SLUG).published.values()
    values = {one.indicator: Decimal(one.value.numerator) / one.value.denominator for one in found}
    return SimpleNamespace(figures=values)


@pytest.mark.skipif(
    not MISSION.exists(), reason="the text with the published figures is not here (TONGBAN_SHARED)"
)
def test_the_profile_has_every_figure_that_the_text_has_and_says_the_same():
    proved = reports.prove(told(), published=LISTED, text=MISSION.read_text("utf-8"))
    assert [(one.row, one.said) for one in proved if not one.same] == []
    assert {one.indicator for one in proved} == set(told().figures)


def test_the_annual_report_tells_of_every_published_figure():
    assert set(told().figures) <= set(definitions()["annual"].mentioned())
