"""A session that waits in the demo city, and one that is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.remote.contracts import Consent, RemoteRefused
from tongban.desks.remote.models import RemoteSession
from tongban.desks.remote.services import begin
from tongban.kernel import api as kernel


def load(folder: Path, at: datetime) -> Mapping[str, int]:
    """Two sessions about open cases of the demo city; a city that has some is left alone."""
    del folder
    if RemoteSession.objects.exists():
        return {"remote": 0}
    rows = kernel.page(kernel.SYSTEM, kernel.Filters(kind="case"), size=50).rows
    waiting = [row for row in rows if row.parent and row.state in {"received", "review"}][:2]
    made = 0
    for place, row in enumerate(waiting):
        made += _session(row, at - timedelta(hours=place), over=bool(place))
    return {"remote": made}


def _session(case: kernel.DocketRow, at: datetime, *, over: bool) -> int:
    application = kernel.docket_by_id(case.parent or 0, actor=kernel.SYSTEM)
    near = actors.officers_with(role=Role.WINDOW, unit_id=application.unit, at=at)
    far = actors.officers_with(role=Role.HANDLER, unit_id=case.unit, at=at)
    if not near or not far:
        return 0
    window = actors.actor(actor_id=near[0], at=at, unit_id=application.unit)
    try:
        number = begin(
            shared=application, far_unit=case.unit, place="市民中心3号窗", consent=Consent.SPOKEN.value, actor=window, at=at,
            key=f"demo-{case.number}",
        )  # fmt: skip
    except RemoteRefused:  # no link is connected here
        return 0
    row = kernel.docket(number, actor=kernel.SYSTEM)
    if over:
        other = actors.actor(actor_id=far[0], at=at, unit_id=case.unit)
        kernel.perform(row.id, "join", actor=other, at=at + timedelta(minutes=1))
        remark = {"text": "地址和租赁合同不一致，请当面核对。"}
        kernel.perform(row.id, "remark", actor=other, at=at + timedelta(minutes=2), data=remark)
        said = {"said": "当面核对合同后更正地址，不用再来。"}
        kernel.perform(row.id, "end", actor=window, at=at + timedelta(minutes=6), data=said)
    return 1
