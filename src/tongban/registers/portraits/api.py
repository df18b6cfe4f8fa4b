"""The door of portraits: what is known of a company or a person, one by one and of everybody in columns."""

from tongban.registers.portraits.agreeing import consent
from tongban.registers.portraits.census import census
from tongban.registers.portraits.contracts import (
    Census,
    Consent,
    CorrectionInfo,
    ElementInfo,
    FactInfo,
    FactsRefusedError,
    KnownInfo,
    NewFact,
    PackError,
    PortraitInfo,
    PortraitsError,
    Refreshed,
    TagInfo,
    Via,
)
from tongban.registers.portraits.corrections import correction_behind
from tongban.registers.portraits.looking import Purpose as LookPurpose
from tongban.registers.portraits.looking import look
from tongban.registers.portraits.looking import sees as shows
from tongban.registers.portraits.packs import elements, rule_elements
from tongban.registers.portraits.selectors import known, portrait, record
from tongban.registers.portraits.services import note, refresh
from tongban.registers.portraits.showing import value_text

__all__ = [
    "Census",
    "Consent",
    "CorrectionInfo",
    "ElementInfo",
    "FactInfo",
    "FactsRefusedError",
    "KnownInfo",
    "LookPurpose",
    "NewFact",
    "PackError",
    "PortraitInfo",
    "PortraitsError",
    "Refreshed",
    "TagInfo",
    "Via",
    "census",
    "consent",
    "correction_behind",
    "elements",
    "known",
    "look",
    "note",
    "portrait",
    "record",
    "refresh",
    "rule_elements",
    "shows",
    "value_text",
]
