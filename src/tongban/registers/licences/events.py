"""What licences announce in the outbox. Stream: the licence's own; body: `LicenceNews`, no personal data.

Handlers read ``news.body``; `News.docket` is None, since a licence is no docket.
"""

from typing import TypedDict

ISSUED = "licence.issued"
RENEWED = "licence.renewed"
CORRECTED = "licence.corrected"
REPLACED = "licence.replaced"
SUSPENDED = "licence.suspended"
RESUMED = "licence.resumed"
REVOKED = "licence.revoked"
CANCELLED = "licence.cancelled"
# One per batch of an import: `ImportNews`.
IMPORTED = "licence.imported"
# Somebody looked at a licence or used it: the kind alone.
USED = "licence.used"

# After these the file of a licence has to be made (anew); after the others its file stands, its standing changed.
NEW_VERSION = (ISSUED, RENEWED, CORRECTED)


class LicenceNews(TypedDict):
    """`identifier` is that of the version after the act; `previous` that before it (empty when issued);
    `successor`, when replaced, that of the new licence.
    """

    identifier: str
    previous: str
    kind: str
    unit: str
    holder: str
    state: str
    version: int
    docket: str
    reason: str
    successor: str


class ImportNews(TypedDict):
    """A batch of an import: `run` names it, `taken` says how many licences came in."""

    run: int
    kind: str
    taken: int
