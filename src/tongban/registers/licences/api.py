"""The door of licences 电子证照."""

from collections.abc import Mapping

from tongban.registers.licences import kinds as _kinds
from tongban.registers.licences.contracts import (
    EXPIRED,
    LAPSED,
    NOT_YET,
    PARTLY,
    FieldsMissingError,
    IdentifierError,
    KindField,
    KindInfo,
    KindPackError,
    LicenceFact,
    LicenceInfo,
    LicencesError,
    LicenceState,
    LicenceUse,
    NotOpenError,
    ObjectionInfo,
    PastVersion,
    UnknownKindError,
    UnknownLicenceError,
)
from tongban.registers.licences.identifier import Identifier
from tongban.registers.licences.identifier import parse as parse_identifier
from tongban.registers.licences.ledger import stream
from tongban.registers.licences.life import cancel, correct, note_use, renew, replace, resume, revoke, suspend
from tongban.registers.licences.objections import objection_behind, raise_objection
from tongban.registers.licences.paper.contracts import PaperInfo, Verified
from tongban.registers.licences.paper.services import NotMadeError, paper, paper_info, statement
from tongban.registers.licences.selectors import (
    answering,
    by_number,
    facts_in,
    facts_of,
    held_by,
    held_by_number,
    ids_of,
    licence,
    past_versions,
    uses_of,
    uses_of_licence,
    valid_by_kind,
)
from tongban.registers.licences.services import fill, issue
from tongban.registers.licences.trades.selectors import standing_of, trade_of_theme, trades
from tongban.registers.licences.trades.services import combine

__all__ = [
    "EXPIRED",
    "LAPSED",
    "NOT_YET",
    "PARTLY",
    "FieldsMissingError",
    "Identifier",
    "IdentifierError",
    "KindField",
    "KindInfo",
    "KindPackError",
    "LicenceFact",
    "LicenceInfo",
    "LicenceState",
    "LicenceUse",
    "LicencesError",
    "NotMadeError",
    "NotOpenError",
    "ObjectionInfo",
    "PaperInfo",
    "PastVersion",
    "UnknownKindError",
    "UnknownLicenceError",
    "Verified",
    "answering",
    "by_number",
    "cancel",
    "combine",
    "correct",
    "facts_in",
    "facts_of",
    "fill",
    "held_by",
    "held_by_number",
    "ids_of",
    "issue",
    "kind",
    "kinds",
    "licence",
    "note_use",
    "objection_behind",
    "paper",
    "paper_info",
    "parse_identifier",
    "past_versions",
    "raise_objection",
    "renew",
    "replace",
    "resume",
    "revoke",
    "standing_of",
    "statement",
    "stream_of",
    "suspend",
    "trade_of_theme",
    "trades",
    "uses_of",
    "uses_of_licence",
    "valid_by_kind",
]


def kinds() -> Mapping[str, KindInfo]:
    """Every kind of licence, by slug."""
    return _kinds.kinds()


def kind(slug: str) -> KindInfo:
    """One kind.

    :raises UnknownKindError: no such kind
    """
    return _kinds.kind(slug)


def stream_of(identifier: str) -> str:
    """The ledger stream of a licence, the same for all its versions (`kernel.history`).

    :raises IdentifierError: not an identifier
    """
    return stream(parse_identifier(identifier).base)
