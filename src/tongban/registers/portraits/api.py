"""The door of portraits: what is known of a company or a person, one by one and of everybody in columns."""

from tongban.registers.portraits.census import census
from tongban.registers.portraits.contracts import (
    Census,
    Consent,
    ElementInfo,
    FactInfo,
    FactsRefusedError,
    NewFact,
    PackError,
    PortraitInfo,
    PortraitsError,
    Refreshed,
    TagInfo,
    Via,
)
from tongban.registers.portraits.packs import elements, rule_elements
from tongban.registers.portraits.selectors import portrait, record
from tongban.registers.portraits.services import note, refresh
from tongban.registers.portraits.showing import value_text

__all__ = [
    "Census",
    "Consent",
    "ElementInfo",
    "FactInfo",
    "FactsRefusedError",
    "NewFact",
    "PackError",
    "PortraitInfo",
    "PortraitsError",
    "Refreshed",
    "TagInfo",
    "Via",
    "census",
    "elements",
    "note",
    "portrait",
    "record",
    "refresh",
    "rule_elements",
    "value_text",
]
