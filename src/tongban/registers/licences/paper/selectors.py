"""What verifying a licence tells: by its token, its number, or a file. Public: names are masked here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from datetime import datetime
from functools import lru_cache

from stdnum.cn import ric

from tongban.actors import api as actors
from tongban.kernel.privacy import mask_id
from tongban.registers.licences import identifier as identifiers
from tongban.registers.licences import kinds, selectors
from tongban.registers.licences.contracts import IdentifierError, LicenceInfo, LicencesError, LicenceState
from tongban.registers.licences.models import Licence
from tongban.registers.licences.paper.contracts import BROKEN, OUTDATED, PENDING, SIGNED, Part, Verified
from tongban.registers.licences.paper.models import TOKEN_LENGTH, Paper
from tongban.registers.licences.paper.services import SIGNS, reserve
from tongban.registers.licences.trades.selectors import parts_named, standing_of
from tongban.registers.seals import api as seals
from tongban.web.formats import mask_name

_MEANT = str.maketrans("OIL", "011")
MOST = 5
"""Licences told for one printed number: different kinds and issuers may use the same."""


def plain_token(text: str) -> str:
    """A token as it is kept, from how somebody typed it; empty when it can be none."""
    typed = "".join(text.split()).replace("-", "").upper().translate(_MEANT)
    return typed if len(typed) == TOKEN_LENGTH and set(typed) <= set(SIGNS) else ""


def by_token(token: str, *, at: datetime) -> Verified | None:
    """What the code of a paper leads to; None when there is no such code. Two statements, no file is made."""
    plain = plain_token(token)
    row = Paper.objects.filter(token=plain).select_related("licence").first() if plain else None
    return verified(row, selectors.info(row.licence), at=at) if row else None


def by_text(text: str, *, at: datetime) -> tuple[Verified, ...]:
    """The licences of a printed number or of an identifier, newest first; empty when there is none.

    :raises IdentifierError: it begins like an identifier and is none; says what is wrong with it
    """
    wanted = "".join(sign for sign in text if sign.isprintable() and not sign.isspace())
    if wanted.startswith(identifiers.ROOT):
        try:
            found = [selectors.row_of(wanted)]
        except IdentifierError:
            raise
        except LicencesError:
            return ()
    else:
        ids = [one.id for one in selectors.by_number(wanted)[:MOST]]
        found = list(Licence.objects.filter(pk__in=ids).order_by("-issued_on", "-pk"))
    return tuple(of_licence(row, at=at) for row in found)


def of_licence(row: Licence, *, at: datetime) -> Verified:
    """What may be told of a licence in its current version."""
    return verified(reserve(row, at=at), selectors.info(row), at=at)


def verified(row: Paper, one: LicenceInfo, *, at: datetime) -> Verified:
    """What may be told of a licence by one of its papers."""
    today = actors.day_of(at)
    standing = standing_of(one, on=today)
    if row.identifier != one.identifier and one.state == LicenceState.VALID:
        standing = OUTDATED
    return Verified(
        standing=standing, kind_name=one.kind_name, holder=masked_holder(one), number=masked_number(one),
        identifier=row.identifier, unit=one.unit, unit_name=one.unit_name, issued_on=one.issued_on,
        valid_from=one.valid_from, valid_until=one.valid_until, signature=_signature(row, at), token=row.token,
        parts=verified_parts(one, at=at),
    )  # fmt: skip


def masked_holder(one: LicenceInfo) -> str:
    """The name of an organisation as it stands, that of a person masked."""
    kind = kinds.kinds().get(one.kind)
    firm = one.holder.startswith("organisation:") or (kind is not None and kind.holder == "organisation")
    if not firm and one.holder_number:
        firm = not one.holder.startswith("person:") and identifiers.is_credit_code(one.holder_number)
    return one.holder_name if firm else mask_name(one.holder_name)


def masked_number(one: LicenceInfo) -> str:
    """The printed number; where it is an identity number, masked."""
    return mask_id(one.number) if ric.is_valid(one.number) else one.number


def _signature(row: Paper, at: datetime) -> str:
    if not row.statement:
        return PENDING
    digest = hashlib.sha256(row.statement.encode()).hexdigest()
    return SIGNED if _holds(digest, f"{at:%Y-%m-%dT%H}", _Asked(row.statement, at)) else BROKEN


class _Asked:
    """A statement and the instant of the question, which are no part of the cache's key: digest and hour are."""

    def __init__(self, text: str, at: datetime) -> None:
        self.text, self.at = text, at

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=4096)
def _holds(digest: str, hour: str, asked: _Asked) -> bool:  # noqa: ARG001 - the key of the cache
    """Whether a statement's signatures hold; reckoned once an hour for each."""
    return seals.verify_statement(json.loads(asked.text), at=asked.at).ok


def verified_parts(one: LicenceInfo, *, at: datetime) -> tuple[Part, ...]:
    """The licences that a combined one (一业一证) is made of; none for any other."""
    return tuple(part for name in parts_named(one) if (part := _part(name, at=at)) is not None)


def _part(name: str, *, at: datetime) -> Part | None:
    try:
        row = selectors.row_of(name)
    except LicencesError:
        return None
    part = selectors.info(row)
    return Part(
        kind_name=part.kind_name, unit=part.unit, unit_name=part.unit_name, number=masked_number(part),
        standing=part.standing(actors.day_of(at)), valid_until=part.valid_until, token=reserve(row, at=at).token,
    )  # fmt: skip


def files_among(digests: Collection[str]) -> set[str]:
    """Of these contents, those that are the file of a licence; they are not destroyed with a docket."""
    return set(Paper.objects.filter(digest__in=list(digests)).values_list("digest", flat=True))
