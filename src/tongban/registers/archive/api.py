"""The door of the archive."""

from tongban.registers.archive.contracts import (
    ArchiveError,
    ArchiveInfo,
    Contribution,
    Fault,
    Member,
    Verdict,
)
from tongban.registers.archive.contributors import completer, contributor
from tongban.registers.archive.selectors import archives_of, content
from tongban.registers.archive.services import archive_closed, make
from tongban.registers.archive.verifying import verify
from tongban.registers.archive.words import words_of

__all__ = [
    "ArchiveError",
    "ArchiveInfo",
    "Contribution",
    "Fault",
    "Member",
    "Verdict",
    "archive_closed",
    "archives_of",
    "completer",
    "content",
    "contributor",
    "make",
    "verify",
    "words_of",
]
