from datetime import datetime

from django.conf import settings

from tongban.kernel.jobs.declaration import SHANGHAI, daily, job
from tongban.oversight.insight import selectors, stocktaking
from tongban.oversight.insight.access import prefix
from tongban.oversight.insight.contracts import Scope
from tongban.oversight.insight.definitions.selectors import indicators
from tongban.oversight.insight.facts import api as facts


@job("insight.stocktaking", every=daily(23, 20))
def take_stock(at: datetime) -> None:
    """What there is at the end of the day, where no act says it."""
    stocktaking.take_stock(at=at)


@job("insight.count", every=daily(4, 50))
def count(at: datetime) -> None:
    """Months that are over are packed; then the city's figures of the month and what stands beside them are counted before
    anybody asks: what is counted is kept.
    """
    facts.pack(facts.folder())
    today = at.astimezone(SHANGHAI).date()
    for period in selectors.beside(today, today=today):
        found = list(indicators(on=period.last).values())
        selectors.figures(found, period=period, scope=Scope((prefix(settings.ROOT_REGION),)))
