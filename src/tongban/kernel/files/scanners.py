"""Scanners for malicious content: plugins named in ``settings.FILE_SCANNERS`` (dotted paths).

A scanner is called with the content and returns a :class:`Verdict`; it raises :class:`ScannerAwayError` when it
cannot say. Nothing is taken that a scanner has not passed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from tongban.kernel.files.errors import UploadError

log = logging.getLogger(__name__)

DEFAULT_SCANNERS = ("tongban.kernel.files.scanners.demo",)
# The harmless string that every scanner must find (EICAR), in two parts so that this file is not found itself.
_TEST_STRING = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + rb"ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a scanner found. `finding` names it, for the log."""

    clean: bool
    finding: str = ""


class ScannerAwayError(Exception):
    """The scanner does not answer."""


Scanner: TypeAlias = Callable[[bytes], Verdict]


def demo(content: bytes) -> Verdict:
    """Finds the EICAR test string, and nothing else."""
    return Verdict(clean=False, finding="EICAR") if _TEST_STRING in content else Verdict(clean=True)


def demo_away(_content: bytes) -> Verdict:
    """A scanner that is always away."""
    raise ScannerAwayError("the demo scanner is away")


def scanners() -> tuple[Scanner, ...]:
    """The scanners of this installation."""
    paths: Sequence[str] = getattr(settings, "FILE_SCANNERS", DEFAULT_SCANNERS)
    return tuple(import_string(path) for path in paths)


def scan(content: bytes) -> None:
    """Have every scanner look at a content.

    :raises UploadError: one refused it (``unsafe``) or did not answer (``scanner_away``)
    """
    for scanner in scanners():
        try:
            verdict = scanner(content)
        except Exception as error:  # a plugin may fail in any way; what was not scanned is not taken
            log.warning("file scanner failed: %s", type(error).__name__)
            raise UploadError("scanner_away", _("文件安全检查暂时不可用，请稍后再试。")) from error
        if not verdict.clean:
            log.warning("file refused by scanner: %s", verdict.finding)
            raise UploadError("unsafe", _("文件未通过安全检查，不能接收。请换一份文件。"))
