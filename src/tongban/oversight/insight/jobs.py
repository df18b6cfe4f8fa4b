from datetime import datetime

from tongban.kernel.jobs.declaration import daily, job
from tongban.oversight.insight import stocktaking


@job("insight.stocktaking", every=daily(23, 20))
def take_stock(at: datetime) -> None:
    """What there is at the end of the day, where no act says it."""
    stocktaking.take_stock(at=at)
