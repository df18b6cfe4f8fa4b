"""Why a file was not taken, in words for the person who sent it."""

from __future__ import annotations


class UploadError(Exception):
    """A refused file. `code` is for programs, `message` says what is wrong and what is possible.

    Codes: ``empty``, ``size``, ``kind``, ``heic``, ``broken``, ``encrypted``, ``active``, ``bomb``, ``pixels``,
    ``unsafe`` and ``scanner_away`` (try again later).
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class FileGoneError(Exception):
    """The content of a stored file is not in the storage: a restore is needed."""
