"""The door of the helping desk."""

from tongban.desks.helping.contracts import PRIORITY, Group, HelpingRefused, Visit
from tongban.desks.helping.selectors import groups_of, visit_of
from tongban.desks.helping.services import ask_for_visit, record_paper, send_code_again, station_for

__all__ = [
    "PRIORITY",
    "Group",
    "HelpingRefused",
    "Visit",
    "ask_for_visit",
    "groups_of",
    "record_paper",
    "send_code_again",
    "station_for",
    "visit_of",
]
