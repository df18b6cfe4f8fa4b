"""The one place where evaluations are written into the kernel's ledger: level and source, nobody's words."""

from __future__ import annotations

from datetime import datetime

from tongban.kernel import api as kernel
from tongban.oversight.appraisal.models import Evaluation

TOPIC = "evaluation.noted"


def note(row: Evaluation, *, act: str, actor: kernel.Actor, at: datetime) -> None:
    """An evaluation was made, or is not counted any more; the stream is ``evaluation:<docket>``.

    What is taken away counts on the day of what it is taken from: no figure falls below nothing.

    The ledger does not say who evaluated: a clerk who reads it learns nothing about the applicant.
    """
    data: dict[str, str | int] = {
        "level": row.level,
        "channel": row.channel,
        "unit": row.unit,
        "region": row.region,
        "matter": row.subject,
    }
    if act == "exclude":
        data["counts_at"] = row.at.isoformat()
    by = actor if actor.is_officer else kernel.SYSTEM
    place = kernel.record(stream=f"evaluation:{row.number}", act=act, actor=by, at=at, data=data)
    kernel.announce(topic=TOPIC, place=place, at=at, body={"level": row.level})
