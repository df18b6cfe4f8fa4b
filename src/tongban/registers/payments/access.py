"""Who sees and who moves what payments keep.

Money is separated from deciding: the unit that collects or grants asks, the finance bureau of the division keeps the
books and gives back, and of its officers one checks 财务经办 and another approves 财务复核 (会计法 第三十五条: who keeps the
money keeps no books of it; 预算法 第六十一条: takings and payments of government are made centrally).
"""

from __future__ import annotations

from django.conf import settings

from tongban.actors import api as actors
from tongban.actors.api import Role

MONEY = (Role.FINANCE, Role.TREASURER)


def treasury(region: str, *, otherwise: str) -> str:
    """The finance bureau that answers for a division; `otherwise` where a city has named none."""
    found = actors.unit_for(department=settings.PAYMENTS_DEPARTMENT, region=region)
    return found.id if found is not None else otherwise


_BUREAU = actors.Bureau(MONEY, lambda: settings.PAYMENTS_DEPARTMENT)
scope, sees = _BUREAU.scope, _BUREAU.sees
clerk = actors.InBureau(_BUREAU, (Role.FINANCE,))
treasurer = actors.InBureau(_BUREAU, (Role.TREASURER,))
money = actors.InBureau(_BUREAU, MONEY)
