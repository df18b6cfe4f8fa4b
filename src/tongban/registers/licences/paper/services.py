"""Making the file of a licence: once per version, at once after it was issued or when somebody first asks."""

from __future__ import annotations

import json
import logging
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q
from django.utils.translation import gettext as _

from tongban.kernel import api as kernel
from tongban.kernel.files import selectors as files
from tongban.kernel.files.errors import FileGoneError, UploadError
from tongban.kernel.files.services import store
from tongban.kernel.ledger.rules import canonical
from tongban.kernel.prepared import Prepared
from tongban.registers.licences import selectors
from tongban.registers.licences.contracts import LicenceInfo, LicencesError
from tongban.registers.licences.models import Licence
from tongban.registers.licences.paper import printing
from tongban.registers.licences.paper.contracts import PaperInfo
from tongban.registers.licences.paper.models import TOKEN_LENGTH, Paper
from tongban.registers.seals import api as seals
from tongban.registers.seals.contracts import Place, SealsError

log = logging.getLogger(__name__)
# Crockford's signs without I, L, O, U: nothing is mistaken when it is typed.
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BATCH = 20
_COLUMNS = (
    "licence_id", "identifier", "version", "token", "digest", "statement", "asked_at", "tries", "error",
)  # fmt: skip
_RESERVED = Prepared(lambda identifier: Paper.objects.filter(identifier=identifier))
LONGEST_WAIT = timedelta(hours=1)


class NotMadeError(LicencesError):
    """The file cannot be made now."""


def address_of(token: str) -> str:
    """The verify page of a token, as it is printed."""
    return f"{settings.SITE_ADDRESS}/verify/{token}"


def paper(identifier: str, *, at: datetime) -> bytes:
    """The sealed PDF of a licence in its current version; made when it is not there yet (some 0.1 s).

    :raises UnknownLicenceError: no such licence
    :raises NotMadeError: it cannot be sealed now; says what is possible
    """
    row = ready(identifier, at=at)
    try:
        return files.content(row.digest)
    except FileGoneError:
        log.warning("the file of licence paper %s is not in the storage", row.pk)
    raise NotMadeError(_("证照文件暂时取不出来。"), possible=_("请稍后再试；证照本身仍可扫码核验。"))


def statement(identifier: str, *, at: datetime) -> dict[str, Any]:
    """The same facts as signed JSON (SM2 and P-256), in the current version.

    :raises UnknownLicenceError: no such licence
    :raises NotMadeError: it cannot be signed now
    """
    found: dict[str, Any] = json.loads(ready(identifier, at=at).statement)
    return found


def paper_info(identifier: str, *, at: datetime) -> PaperInfo:
    """Where the file of a licence is verified. Makes no file: it may still be on its way.

    :raises UnknownLicenceError: no such licence
    """
    return told(reserve(selectors.row_of(identifier), at=at))


def told(row: Paper) -> PaperInfo:
    """A row as it crosses the door."""
    return PaperInfo(row.identifier, row.version, row.token, row.digest, row.made_at)


def ready(identifier: str, *, at: datetime) -> Paper:
    """The made file of a licence's current version.

    :raises UnknownLicenceError: no such licence
    :raises NotMadeError: it cannot be made now
    """
    row = reserve(selectors.row_of(identifier), at=at)
    return row if row.digest else make(row, at=at)


def reserve(licence: Licence, *, at: datetime) -> Paper:
    """The row of a licence's current version with the token of its verify page."""
    found = _RESERVED.first(identifier=licence.identifier)
    if found is None:
        table, columns = Paper._meta.db_table, _COLUMNS
        row = (licence.pk, licence.identifier, licence.version, new_token(), "", "", at, 0, "")
        with kernel.writing():
            kernel.insert_unless_there(table, columns, row, key=("identifier",))
        found = next(_RESERVED(identifier=licence.identifier))
    found.licence = licence
    return found


def new_token() -> str:
    """80 random bits."""
    return "".join(secrets.choice(SIGNS) for _place in range(TOKEN_LENGTH))


def make(row: Paper, *, at: datetime) -> Paper:
    """Set, seal, sign and keep. Outside of any write transaction: it takes a tenth of a second.

    Two at once both make it; what was kept first stays.

    :raises NotMadeError: a seal or a scanner is away
    """
    one = selectors.info(row.licence)
    if one.identifier != row.identifier:  # another version came in between
        return ready(one.identifier, at=at)
    try:
        content, said = _made(one, row.token, at=at)
        kept = store(content=content, name=f"{one.identifier}.pdf", at=at)
    except (SealsError, UploadError, OSError, ValueError) as error:
        _failed(row, error, at=at)
        raise NotMadeError(
            _("%s的电子印章暂时用不了，证照文件还没做好。") % one.unit_name,
            possible=_("稍后会自动再做；证照本身已经颁发，可以扫码核验、亮证。"),
        ) from error
    with kernel.writing():
        first = Paper.objects.filter(pk=row.pk, digest="").update(
            digest=kept.digest, statement=said, made_at=at, error="", retry_at=None
        )
    if not first:
        return Paper.objects.get(pk=row.pk)
    row.digest, row.statement, row.made_at = kept.digest, said, at
    return row


def _made(one: LicenceInfo, token: str, *, at: datetime) -> tuple[bytes, str]:
    address = address_of(token)
    sheet, place = printing.pdf(one, address=address, at=at)
    reason = f"颁发{one.kind_name[0]}"
    sealed = seals.seal_pdf(sheet, unit=one.unit, reason=reason, at=at, place=Place(*place))
    facts = printing.facts(one, token=token, address=address)
    return sealed, canonical(seals.sign_statement(facts, unit=one.unit, at=at))


def _failed(row: Paper, error: Exception, *, at: datetime) -> None:
    log.warning("licence paper %s was not made: %s", row.pk, type(error).__name__)
    wait = min(timedelta(seconds=2 ** min(row.tries, 12)), LONGEST_WAIT)
    with kernel.writing():
        Paper.objects.filter(pk=row.pk).update(
            tries=F("tries") + 1, retry_at=at + wait, error=type(error).__name__
        )


def make_waiting(*, at: datetime) -> int:
    """Make what waits, oldest first; gives how many were made."""
    due = Q(retry_at=None) | Q(retry_at__lte=at)
    rows = Paper.objects.filter(due, digest="").select_related("licence").order_by("pk")[:BATCH]
    done = 0
    for row in rows:
        try:
            make(row, at=at)
        except NotMadeError:
            continue
        done += 1
    return done


def troubles(_at: datetime) -> list[str]:
    """What `/healthz` tells: files that could not be made."""
    failed = Paper.objects.filter(digest="").exclude(error="").count()
    return [f"{failed} licence papers are not made"] if failed else []
