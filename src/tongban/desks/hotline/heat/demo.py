"""The demonstration: six citizens tell of one plant, three of the same estate's parking fees."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from ruamel.yaml import YAML

from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.heat import services
from tongban.desks.hotline.models import Ticket
from tongban.kernel import api as kernel

REGION = "421202001000"
MARK = "demo-heat"


def load(folder: Path, at: datetime) -> dict[str, int]:
    """Take the messages of `heat.yaml` and place them; a second time changes nothing."""
    file = folder / "heat.yaml"
    if not file.exists() or Ticket.objects.filter(reference=f"{MARK}-1").exists():
        return {"heat": 0}
    rows = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    for number, row in enumerate(rows, 1):
        told = at - timedelta(days=row["days_ago"])
        new = hotline.NewTicket(
            kind="complaint", channel="web", text=row["text"], title=row["title"], category=row["category"], place="清水湾小区", region=REGION,
            caller_phone=row["phone"], reference=f"{MARK}-{number}", latitude=29.8412, longitude=114.3226,
        )  # fmt: skip
        services.note(hotline.take(new, actor=kernel.SYSTEM, at=told).docket, at=told)
    return {"heat": len(rows)}
