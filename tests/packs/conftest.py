"""The measures of the packs, read once: it takes seconds."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from tongban.desks.policies import packs


@pytest.fixture(scope="session")
def stock():
    return packs.read(sorted((Path(settings.PACKS) / "policies").glob("*.yaml")), on=date(2026, 11, 22))


@pytest.fixture(scope="session")
def policies(stock):
    return [policy for _source, pack in stock.packs for policy in pack.policies]


@pytest.fixture(scope="session")
def measures(policies):
    return {measure.key: measure for policy in policies for measure in policy.measures}
