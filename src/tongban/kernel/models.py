"""Every table of the kernel, gathered for Django from the rooms that own them."""

from tongban.kernel.calendar.models import Calendar, CalendarDay, CalendarYear, Timetable
from tongban.kernel.clock.models import Clock
from tongban.kernel.docket.models import Docket, DocketLink, Receipt, Serial
from tongban.kernel.files.models import Attachment, StoredFile
from tongban.kernel.jobs.models import JobState, WorkerBeat
from tongban.kernel.ledger.models import Anchor, Entry, PersonalField, SubjectKey
from tongban.kernel.outbox.models import Event, Handled

__all__ = [
    "Anchor",
    "Attachment",
    "Calendar",
    "CalendarDay",
    "CalendarYear",
    "Clock",
    "Docket",
    "DocketLink",
    "Entry",
    "Event",
    "Handled",
    "JobState",
    "PersonalField",
    "Receipt",
    "Serial",
    "StoredFile",
    "SubjectKey",
    "Timetable",
    "WorkerBeat",
]
