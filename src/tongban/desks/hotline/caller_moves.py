"""What the caller's own moves do: more of the facts, said after the message."""

from __future__ import annotations

from tongban.desks.hotline.flow import TICKET
from tongban.kernel.flow.step import Step


def keep(step: Step, about: str, text: str) -> None:
    """Keep what the caller said with the ticket, for those who work on it; nothing for no words."""
    if text:
        step.add("hotline_addition", docket_id=step.docket.id, about=about, text=text, said_at=step.at)


@TICKET.effect("add")
def _add(step: Step) -> None:
    keep(step, "facts", step.data.model_dump()["text"])
