"""Make, replace and revoke seals; seal papers and statements.

电子签名法 第十三条: signing data belong to the signer alone and every later change can be told; 第十五条: what may have
been disclosed is no longer used. 国务院令第716号 第九条: an e-seal has the force of the seal of metal.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.files.models import StoredFile
from tongban.kernel.files.selectors import content_of
from tongban.kernel.files.services import keep
from tongban.registers.seals import certificates, checking, drawing, pades, root, signers, sm2, statements
from tongban.registers.seals.contracts import (
    ALGORITHMS,
    ES256,
    SM2,
    NoSealError,
    Place,
    SealInfo,
    SealsError,
    Statement,
    Verdict,
)
from tongban.registers.seals.models import Paper, Seal, Use
from tongban.registers.seals.selectors import info, latest, row_at, trust

VALID_FOR = timedelta(days=5 * 365)
_BEFORE = timedelta(days=1)
"""A seal's certificate begins a day before it is made: clocks differ."""
LAST_PAGE = Place(-1, 150.0, 250.0)


def ensure(unit: str, *, at: datetime) -> SealInfo:
    """The unit's usable seal, made on demand; some 0.3 s when it is made.

    :raises SealsError: no such unit, or it has ended
    """
    return info(_usable(unit, at=at))


def _usable(unit: str, *, at: datetime) -> Seal:
    found = row_at(unit, at=at)
    if found is not None:
        return found
    if Seal.objects.filter(unit=unit, revoked_since__isnull=False, replaced_at=None).exists():
        raise SealsError(f"the seal of {unit} was revoked; a new one: tongban seals rotate {unit}")
    return _make(unit, at=at, actor=kernel.SYSTEM)


def _make(unit: str, *, at: datetime, actor: kernel.Actor) -> Seal:
    """A new generation; of two that are made at once, one stays and both callers get it."""
    made, public = _prepare(unit, at=at)
    try:
        with kernel.writing(), transaction.atomic():
            made.save(force_insert=True)
            kernel.record(
                stream=f"seal:{unit}", act="seal.made", actor=actor, at=at,
                data={
                    "generation": made.generation, "serial": made.serial, "sm2_serial": made.sm2_serial,
                    "until": made.valid_until.isoformat(), "keys": public,
                },
            )  # fmt: skip
    except IntegrityError:
        found = row_at(unit, at=at)
        if found is None:
            raise
        return found
    return made


def _prepare(unit: str, *, at: datetime) -> tuple[Seal, dict[str, str]]:
    """A seal that is not saved yet, and SHA-256 of its public keys by algorithm."""
    name, city = _names(unit, at=at)
    authority = root.ensure(at=at, city=city)
    last = Seal.objects.filter(unit=unit).order_by("-generation").values_list("generation", flat=True).first()
    span = certificates.Span(at - _BEFORE, at + VALID_FOR)
    issue = {ES256: certificates.p256_certificate, SM2: certificates.sm2_certificate}
    signer, handles, certs, public = signers.current(), {}, {}, {}
    for algorithm in ALGORITHMS:
        handles[algorithm], key = signer.make(unit=unit, algorithm=algorithm)
        public[algorithm] = hashlib.sha256(key).hexdigest()
        certs[algorithm] = issue[algorithm](
            subject=certificates.Subject(name, city, unit), public=key, span=span,
            serial=certificates.serial_number(), issuer=authority.certificates[algorithm],
            issuer_key=authority.keys[algorithm],
        )  # fmt: skip
    row = Seal(
        unit=unit, name=name, generation=(last or 0) + 1,
        serial=certificates.read(certs[ES256]).serial, sm2_serial=certificates.read(certs[SM2]).serial,
        certificate=base64.b64encode(certs[ES256]).decode(),
        sm2_certificate=base64.b64encode(certs[SM2]).decode(), picture=drawing.draw(name),
        private=json.dumps(handles), valid_from=span.since, valid_until=span.until, made_at=at,
    )  # fmt: skip
    return row, public


def _names(unit: str, *, at: datetime) -> tuple[str, str]:
    """Name of the unit as its seal has it, and of the city."""
    try:
        found = actors.unit(unit)
    except actors.NotKnownError as fault:
        raise SealsError(f"there is no unit {unit}") from fault
    if found.ended_on is not None and found.ended_on <= actors.day_of(at):
        raise SealsError(f"the unit {unit} has ended; its successor {found.successor or '—'} seals")
    return found.name, actors.region(settings.ROOT_REGION).name


def rotate(unit: str, *, actor: kernel.Actor, at: datetime, reason: str) -> SealInfo:
    """Replace a unit's seal by a new one and destroy the old private keys; what was sealed stays valid.

    :raises SealsError: no such unit, or it has ended
    """
    with kernel.writing():
        for row in Seal.objects.select_for_update().filter(unit=unit, replaced_at=None):
            row.replaced_at = at
            _destroy(row)
            row.save(update_fields=["replaced_at", "private"])
            kernel.record(
                stream=f"seal:{unit}", act="seal.replaced", actor=actor, at=at,
                data={"generation": row.generation, "serial": row.serial, "reason": reason},
            )  # fmt: skip
        made = _make(unit, at=at, actor=actor)
    return info(made)


def revoke(
    unit: str,
    *,
    actor: kernel.Actor,
    at: datetime,
    reason: str,
    since: datetime | None = None,
    serial: str = "",
) -> SealInfo:
    """Revoke a seal: it seals no more, and what it says to have sealed from `since` on is no longer confirmed.

    A thief writes any date. When a key may have been disclosed, `since` has to be the seal's first day; what was
    lawfully sealed before is then sealed again.

    :param since: from when its signatures are in doubt; by default now
    :param serial: which certificate, in hex; by default the newest seal
    :raises NoSealError: the unit has no such seal
    :raises SealsError: it is revoked already
    """
    with kernel.writing():
        row = latest(unit) if not serial else Seal.objects.filter(unit=unit, serial=serial).first()
        if row is None:
            raise NoSealError(f"the unit {unit} has no seal with serial {serial}")
        if row.revoked_since is not None and (since is None or since >= row.revoked_since):
            raise SealsError(f"the seal was revoked already, since {row.revoked_since.isoformat()}")
        row.revoked_at, row.revoked_since, row.revoked_reason = at, since or at, reason
        _destroy(row)
        row.save(update_fields=["revoked_at", "revoked_since", "revoked_reason", "private"])
        kernel.record(
            stream=f"seal:{unit}", act="seal.revoked", actor=actor, at=at,
            data={
                "generation": row.generation, "serial": row.serial, "reason": reason,
                "since": row.revoked_since.isoformat(),
            },
        )  # fmt: skip
    return info(row)


def _destroy(row: Seal) -> None:
    signer = signers.current()
    for algorithm, handle in json.loads(row.private or "{}").items():
        signer.destroy(handle=handle, algorithm=algorithm)
    row.private = ""


# Sealing ----------------------------------------------------------------------------------------------------


def _sign(row: Seal, algorithm: str, message: bytes) -> bytes:
    handles: dict[str, str] = json.loads(row.private or "{}")
    return signers.current().sign(handle=handles.get(algorithm, ""), algorithm=algorithm, message=message)


def _note(row: Seal, kind: str, content: bytes, reason: str, at: datetime) -> None:
    digest = hashlib.sha256(content).hexdigest()
    columns = ("seal_id", "kind", "digest", "reason", "at")
    with kernel.writing():
        kernel.insert_rows(Use._meta.db_table, columns, [(row.pk, kind, digest, reason[:120], at)])


def seal_pdf(
    pdf: bytes, *, unit: str, reason: str, at: datetime, place: Place | tuple[int, float, float] = LAST_PAGE
) -> bytes:
    """A PDF with the unit's visible seal and a PAdES B-B signature over the whole document.

    The unit's seal is made on first use. The PDF that was given stays as it is, the signature is appended; a second
    unit may seal the result.

    :param reason: shown by readers; no personal data
    :param place: page from 1 (-1 the last) and the seal's centre in millimetres from the top left corner
    :raises SealsError: no such unit, the seal was revoked, or the PDF cannot be sealed
    """
    row = _usable(unit, at=at)
    sealing = pades.Sealing(
        base64.b64decode(row.certificate), row.picture, row.name,
        lambda data: sm2.der(_sign(row, ES256, data)),
    )  # fmt: skip
    made = pades.seal(pdf, sealing=sealing, reason=reason, at=at, place=Place(*place))
    _note(row, Use.Kind.PDF, made, reason, at)
    return made


def verify_pdf(pdf: bytes, *, at: datetime) -> Verdict:
    """What a PDF's seals are worth: who, when, whether anything was changed; see `contracts`. Never raises."""
    return checking.check(pdf, trust=trust(), at=at)


def sign_statement(payload: Mapping[str, Any], *, unit: str, at: datetime) -> Statement:
    """Facts as JSON with the unit's SM2 and P-256 signatures; 1 ms when the seal is there.

    :param payload: JSON values; dates become texts
    :raises SealsError: no such unit, or its seal was revoked
    :raises ValueError: NaN or an infinity
    """
    row = _usable(unit, at=at)
    certs = {ES256: base64.b64decode(row.certificate), SM2: base64.b64decode(row.sm2_certificate)}
    made = statements.make(
        payload, unit=unit, at=at, certs=certs, sign=lambda name, text: _sign(row, name, text)
    )
    _note(row, Use.Kind.STATEMENT, statements.signed_text(made), "", at)
    return made


def verify_statement(statement: Mapping[str, Any] | str | bytes, *, at: datetime) -> Verdict:
    """What a statement's signatures are worth; both must hold. Never raises.

    :param statement: its value, or its JSON text
    """
    return statements.check(statement, trust=trust(), at=at)


def sealed_once(
    key: str,
    *,
    unit: str,
    reason: str,
    at: datetime,
    render: Callable[[], tuple[bytes, Place]],
) -> bytes:
    """A sealed paper that is made once and kept: the first call renders and seals, later ones read the file.

    :param key: what the paper is, in which language and of which state, e.g. ``decision/NUMBER/zh/HEAD``
    :param render: gives the PDF and where its seal goes
    :raises SealsError: as `seal_pdf`
    :raises FileGoneError: the file is not in the storage any more
    """
    kept = Paper.objects.filter(key=key).first()
    if kept is None:
        pdf, place = render()
        made = seal_pdf(pdf, unit=unit, reason=reason, at=at, place=place)
        file = keep(content=made, media_type="application/pdf", at=at)
        with kernel.writing():
            kept, first = Paper.objects.get_or_create(
                key=key, defaults={"digest": file.digest, "made_at": at}
            )
        if first:
            return made
    return content_of(StoredFile.objects.get(digest=kept.digest))
