"""What is on a licence: sealed for the database, opened again, and the indexes by which it is found."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tongban.kernel.ledger.rules import canonical
from tongban.kernel.privacy import blind_index
from tongban.registers.licences.models import INDEX_LENGTH

HOLDER, NUMBER, CONTENT = "licence-holder", "licence-number", "licence-content"


@dataclass(frozen=True, slots=True, repr=False)
class Content:
    """What is printed: the number, whose it is, and the entries (plain JSON values; dates as ISO text)."""

    number: str
    holder_name: str
    holder_number: str
    fields: Mapping[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        """Canonical text, as it is sealed."""
        return canonical({"n": self.number, "h": self.holder_name, "i": self.holder_number, "f": self.fields})


def opened(text: str) -> Content:
    """The content of a decrypted text."""
    said = json.loads(text)
    return Content(said["n"], said["h"], said["i"], said["f"])


def holder_index(number: str) -> str:
    """By which the licences of a holder are found: of the resident id or the credit code."""
    return blind_index(number, purpose=HOLDER)[:INDEX_LENGTH]


def number_index(number: str) -> str:
    """By which a licence is found by its printed number."""
    return blind_index(number, purpose=NUMBER)[:INDEX_LENGTH]


def content_mark(text: str) -> str:
    """What the ledger keeps of a content: a keyed digest, which tells nothing without the key."""
    return blind_index(text, purpose=CONTENT)
