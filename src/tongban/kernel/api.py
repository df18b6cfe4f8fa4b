"""The kernel's door."""

from tongban.kernel.bulk import text_of
from tongban.kernel.clock.reckoning import begin as begin_clock
from tongban.kernel.clock.reckoning import late
from tongban.kernel.contracts import (
    SYSTEM,
    Actor,
    Authority,
    Capacity,
    ClockRow,
    DocketRow,
    Done,
    Grant,
    Happening,
    Opening,
    Request,
)
from tongban.kernel.docket.selectors import (
    Filters,
    Page,
    TimelineEntry,
    children_of,
    count,
    counts,
    docket,
    docket_by_id,
    page,
    row_of,
    scope,
    timeline,
)
from tongban.kernel.docket.services import hand_over, link, linked
from tongban.kernel.flow.engine import perform, perform_many, validate
from tongban.kernel.flow.errors import (
    Conflict,
    InvalidInput,
    MoveRefused,
    NotFound,
    NotPermitted,
    Refused,
)
from tongban.kernel.flow.opening import open_children, open_dockets
from tongban.kernel.flow.registry import all_flows, flow_of
from tongban.kernel.flow.words import OpenMove, moves_for
from tongban.kernel.ledger.listing import record_listed
from tongban.kernel.ledger.reading import Written, whole_ledger, written
from tongban.kernel.ledger.services import (
    Beginning,
    begin_streams,
    beginnings,
    erase_subject,
    history,
    newest_anchor,
    record,
)
from tongban.kernel.ledger.services import Verdict as LedgerVerdict
from tongban.kernel.ledger.services import verify as verify_ledger
from tongban.kernel.numbering.rules import normalise
from tongban.kernel.outbox.announcing import announce
from tongban.kernel.store import (
    bulk_rows,
    clocks_of,
    in_writing,
    insert_rows,
    insert_unless_there,
    lock_dockets,
    present,
    put_rows,
    take_serials,
    update_rows,
    writing,
)

__all__ = [
    "SYSTEM",
    "Actor",
    "Authority",
    "Beginning",
    "Capacity",
    "ClockRow",
    "Conflict",
    "DocketRow",
    "Done",
    "Filters",
    "Grant",
    "Happening",
    "InvalidInput",
    "LedgerVerdict",
    "MoveRefused",
    "NotFound",
    "NotPermitted",
    "OpenMove",
    "Opening",
    "Page",
    "Refused",
    "Request",
    "TimelineEntry",
    "Written",
    "all_flows",
    "announce",
    "begin_clock",
    "begin_streams",
    "beginnings",
    "bulk_rows",
    "children_of",
    "clocks_of",
    "count",
    "counts",
    "docket",
    "docket_by_id",
    "erase_subject",
    "flow_of",
    "hand_over",
    "history",
    "in_writing",
    "insert_rows",
    "insert_unless_there",
    "late",
    "link",
    "linked",
    "lock_dockets",
    "moves_for",
    "newest_anchor",
    "normalise",
    "open_children",
    "open_dockets",
    "page",
    "perform",
    "perform_many",
    "present",
    "put_rows",
    "record",
    "record_listed",
    "row_of",
    "scope",
    "take_serials",
    "text_of",
    "timeline",
    "update_rows",
    "validate",
    "verify_ledger",
    "whole_ledger",
    "writing",
    "written",
]
