"""A new version of a licence gets its file at once."""

from __future__ import annotations

from tongban.kernel.outbox.relay import News, on
from tongban.registers.licences import events, selectors
from tongban.registers.licences.contracts import LicencesError
from tongban.registers.licences.paper import services


@on(*events.NEW_VERSION)
def reserve_file(news: News) -> None:
    """Note that the file is to be made: the job does it outside of this transaction, within a second."""
    try:
        licence = selectors.row_of(str(news.body["identifier"]))
    except LicencesError:
        return
    services.reserve(licence, at=news.at)
