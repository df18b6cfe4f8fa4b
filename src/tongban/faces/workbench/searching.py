"""Find a docket by its number, whole or in part."""

from __future__ import annotations

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from tongban.kernel import api as kernel
from tongban.kernel.models import Docket

SHOWN = 20
LAST = "\uffff"


def find(text: str, *, actor: kernel.Actor) -> tuple[str | None, list[kernel.DocketRow], str]:
    """The docket of that number, else those whose number begins so, and a hint about the number.

    Only what the actor sees is found; a number nobody has and one that is not theirs say the same.
    """
    hint = ""
    try:
        number = kernel.normalise(text)
    except ValueError as error:
        hint = str(error)
    else:
        try:
            return kernel.docket(number, actor=actor).number, [], ""
        except kernel.NotFound as error:
            return None, [], str(error)
    start = "".join(text.split()).upper()
    if not start.isascii() or not start.replace("-", "").isalnum():
        return None, [], _("这里按编号查，如A421202-261122-00017-K，也可以只写开头。")
    seen = Docket.objects.filter(_begins(start)).filter(kernel.scope(actor))
    rows = [kernel.row_of(row) for row in seen.order_by("number")[:SHOWN]]
    return None, rows, "" if rows else hint


def _begins(start: str) -> Q:
    """Numbers that begin so, by each database's index: SQLite's LIKE would read every row."""
    if connection.vendor == "sqlite":
        return Q(number__gte=start, number__lt=start + LAST)
    return Q(number__startswith=start)
