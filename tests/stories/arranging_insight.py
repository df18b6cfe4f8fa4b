"""What the pages of figures are opened with."""

from __future__ import annotations

from datetime import datetime

KEY = "hotline.signed_on_time"


def arranged(at: datetime) -> dict[str, int]:
    """A definition that waits to be adopted."""
    from tongban.actors import api as actors
    from tongban.oversight.insight import api as insight
    from tongban.oversight.insight.definitions import services
    from tongban.registers.identity.models import Account

    today = actors.day_of(at)
    one = insight.indicators(on=today)[KEY]
    same = {name: getattr(one, name) for name in ("id", "name", "name_en", "owner", "source")}
    record = {
        **same, "theme": str(one.theme), "measured": str(one.measured), "good": str(one.good), "formula": one.written,
        "since": today.replace(day=1).isoformat(), "target": "98",
    }  # fmt: skip
    supervisor = actors.actor(actor_id=Account.objects.get(username="supervisor").actor_id, at=at)
    row = services.propose(
        record=record, reason="与省里的目标一致", base=one.version, actor=supervisor, at=at
    )
    return {"definition": row.pk}
