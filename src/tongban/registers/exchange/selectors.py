"""Who looked into the registers for somebody."""

from __future__ import annotations

from datetime import datetime

from tongban.kernel import api as kernel
from tongban.registers.exchange.contracts import Use


def stream_of(party: str) -> str:
    """The ledger stream that tells who looked for a party."""
    return f"exchange:{party}"


def uses(party: str, *, at: datetime) -> list[Use]:
    """Every look into the registers about a party, newest first. For the party itself."""
    found = []
    for one in reversed(kernel.history(stream_of(party), at=at)):
        said = one.body
        found.append(
            Use(
                at=one.at, by=one.actor, unit=one.unit, purpose=said["purpose"], docket=said["docket"],
                registers=tuple(said["registers"]), elements=tuple(said["elements"]), papers=tuple(said["papers"]),
                unavailable=tuple(said["unavailable"]),
            )
        )  # fmt: skip
    return found
