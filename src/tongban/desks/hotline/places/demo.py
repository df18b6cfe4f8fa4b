"""Codes that hang in the demo city: at squares, a market, a hall; one of them retired. A second time changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.hotline.places.models import Place
from tongban.desks.hotline.places.services import NewPlace, make, retire

DESK = "421200-dsj"
PLACES = (
    NewPlace("人民广场西南角公示栏", "咸安区人民广场西南角", "421202000000", 29.8412, 114.3224),
    NewPlace("市民中心一楼服务台", "咸安区贺胜路市民中心一楼", "421202000000", 29.8365, 114.3301),
    NewPlace("温泉菜市场东门", "咸安区温泉菜市场东门", "421202000000"),
    NewPlace("客运中心站出站口", "咸安区客运中心站出站口", "421202000000"),
)
GONE = 3


def load(_folder: Path, at: datetime) -> Mapping[str, int]:
    """Make them as the first dispatcher of the city's desk; gives how many."""
    officers = actors.officers_with(role=Role.DISPATCHER.value, unit_id=DESK, at=at)
    if not officers or Place.objects.filter(unit=DESK).exists():
        return {"places": 0}
    dispatcher = actors.actor(actor_id=officers[0], at=at, unit_id=DESK)
    made = [make(one, actor=dispatcher, at=at - timedelta(days=90 - n)) for n, one in enumerate(PLACES)]
    retire(made[GONE].code, actor=dispatcher, at=at - timedelta(days=20))
    return {"places": len(made)}
