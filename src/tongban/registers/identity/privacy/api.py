"""The door of privacy."""

from tongban.registers.identity.privacy.consents import (
    asks,
    give,
    given_by,
    missing,
    needed,
    stands,
    withdraw,
)
from tongban.registers.identity.privacy.contracts import (
    UNMASKED_FOR,
    Ask,
    ErasureInfo,
    Given,
    Kept,
    PrivacyRefused,
    Purpose,
    Rule,
    Section,
    Seen,
)
from tongban.registers.identity.privacy.erasing import erasure_of
from tongban.registers.identity.privacy.registry import (
    register_beside,
    register_destroyer,
    register_eraser,
    register_keeper,
    register_source,
)
from tongban.registers.identity.privacy.retention import kept_until, rule_for
from tongban.registers.identity.privacy.unmasking import seen, unmask

__all__ = [
    "UNMASKED_FOR",
    "Ask",
    "ErasureInfo",
    "Given",
    "Kept",
    "PrivacyRefused",
    "Purpose",
    "Rule",
    "Section",
    "Seen",
    "asks",
    "erasure_of",
    "give",
    "given_by",
    "kept_until",
    "missing",
    "needed",
    "register_beside",
    "register_destroyer",
    "register_eraser",
    "register_keeper",
    "register_source",
    "rule_for",
    "seen",
    "stands",
    "unmask",
    "withdraw",
]
