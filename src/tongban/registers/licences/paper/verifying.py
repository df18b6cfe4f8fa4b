"""Comparing a file that somebody sent with what was issued. Nothing of it is kept."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime
from typing import Final

from tongban.registers.licences.contracts import LicencesError
from tongban.registers.licences.identifier import ROOT
from tongban.registers.licences.paper import contracts as codes
from tongban.registers.licences.paper.contracts import FileVerdict, Verified
from tongban.registers.licences.paper.models import Paper
from tongban.registers.licences.paper.printing import FORMAT
from tongban.registers.licences.paper.selectors import by_text, by_token, verified
from tongban.registers.licences.selectors import info
from tongban.registers.seals import api as seals
from tongban.registers.seals import contracts as found

MOST_BYTES: Final = 5 * 1024 * 1024
"""A licence's file has some 100 KB; a scan of the paper one is no file of ours anyway."""
_HEAD = 1024
_IDENTIFIER = re.compile(
    re.escape(ROOT).encode() + rb"\.[0-9A-Z]{21}\.[0-9A-Z]{18}\.[0-9A-Z]{1,40}\.\d{3}\.[0-9A-Z]"
)
# What a verification found, by what it means for who sent the file; the first that fits is told.
MEANING: Final = (
    (found.TOO_BIG, codes.TOO_BIG), (found.ENCRYPTED, codes.ENCRYPTED), (found.ACTIVE, codes.ACTIVE),
    (found.UNREADABLE, codes.TRUNCATED), (found.UNSIGNED, codes.UNSIGNED), (found.CHANGED, codes.CHANGED),
    (found.APPENDED, codes.CHANGED), (found.UNKNOWN_SIGNER, codes.FORGED), (found.BAD_SIGNATURE, codes.CHANGED),
    (found.MISSING_SIGNATURE, codes.CHANGED),
)  # fmt: skip


def by_file(content: bytes, *, at: datetime, expected: str = "") -> FileVerdict:
    """Compare a PDF or a signed statement with what was issued.

    :param expected: token of the licence that it should be of; empty compares with whichever it names
    """
    if len(content) > MOST_BYTES:
        return FileVerdict(codes.TOO_BIG)
    if b"%PDF-" in content[:_HEAD]:
        verdict = _pdf(content, at=at)
    elif content.lstrip()[:1] == b"{":
        verdict = _statement(content, at=at)
    else:
        return FileVerdict(codes.NO_LICENCE)
    if verdict.good and expected and not _same_licence(verdict.found, expected, at=at):
        return FileVerdict(codes.OTHER, verdict.found, verdict.signer, verdict.signed_at)
    return verdict


def _pdf(content: bytes, *, at: datetime) -> FileVerdict:
    row = Paper.objects.filter(digest=hashlib.sha256(content).hexdigest()).select_related("licence").first()
    verdict = seals.verify_pdf(content, at=at)
    if row is not None and verdict.ok:
        one = verified(row, info(row.licence), at=at)
        return FileVerdict(codes.SAME, one, verdict.unit_name, verdict.signed_at)
    mark = _IDENTIFIER.search(content)
    named = mark[0].decode() if mark else ""
    # Every version has one file. One that differs from it in bytes that no signature covers (the seal's own
    # certificates) has been touched all the same.
    kept = bool(named) and Paper.objects.filter(identifier=named).exclude(digest="").exists()
    return _judged(verdict, named, codes.CHANGED if kept else codes.GENUINE, at=at)


def _statement(content: bytes, *, at: datetime) -> FileVerdict:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return FileVerdict(codes.TRUNCATED)
    payload = said.get("payload") if isinstance(said, dict) else None
    if not isinstance(payload, dict) or payload.get("format") != FORMAT:
        return FileVerdict(codes.NO_LICENCE)
    identifier = payload.get("identifier")
    verdict = seals.verify_statement(content, at=at)
    return _judged(verdict, identifier if isinstance(identifier, str) else "", codes.STATEMENT, at=at)


def _judged(verdict: found.Verdict, identifier: str, good: str, *, at: datetime) -> FileVerdict:
    named = _named(identifier, at=at)
    if not verdict.ok:
        code = next((code for finding, code in MEANING if finding in verdict.codes), codes.FORGED)
        return FileVerdict(code, named, verdict.unit_name, verdict.signed_at)
    if named is None or verdict.unit != named.unit:
        return FileVerdict(codes.UNKNOWN, None, verdict.unit_name, verdict.signed_at)
    return FileVerdict(good, named, verdict.unit_name, verdict.signed_at)


def _named(identifier: str, *, at: datetime) -> Verified | None:
    """The version that a file names, as the store has it."""
    if not identifier:
        return None
    row = Paper.objects.filter(identifier=identifier).select_related("licence").first()
    if row is not None:
        return verified(row, info(row.licence), at=at)
    try:
        told = by_text(identifier, at=at)
    except LicencesError:
        return None
    return told[0] if told else None


def _same_licence(one: Verified | None, expected: str, *, at: datetime) -> bool:
    wanted = by_token(expected, at=at)
    return one is not None and wanted is not None and one.identifier == wanted.identifier
