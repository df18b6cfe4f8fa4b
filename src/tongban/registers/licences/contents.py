"""What is on a licence: sealed for the database, opened again, and the indexes by which it is found."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tongban.kernel.ledger.rules import canonical
from tongban.kernel.privacy import keyed_digester, short_indexer

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
        return text_of(self.number, self.holder_name, self.holder_number, self.fields)


def text_of(number: str, holder_name: str, holder_number: str, fields: Mapping[str, Any]) -> str:
    """The canonical text of a content."""
    return canonical({"n": number, "h": holder_name, "i": holder_number, "f": fields})


def opened(text: str) -> Content:
    """The content of a decrypted text."""
    said = json.loads(text)
    return Content(said["n"], said["h"], said["i"], said["f"])


def holder_index(number: str) -> str:
    """By which the licences of a holder are found: of the resident id or the credit code."""
    return short_indexer(purpose=HOLDER)(number)


def number_index(number: str) -> str:
    """By which a licence is found by its printed number."""
    return short_indexer(purpose=NUMBER)(number)


def content_mark(text: str) -> str:
    """What the ledger keeps of a content: a keyed digest, which tells nothing without the key."""
    return keyed_digester(purpose=CONTENT)(text)
