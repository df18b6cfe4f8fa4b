"""Why a move of an order or a provider is not open although the state allows it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.bundles.models import Order
from tongban.kernel.contracts import Actor, DocketRow


def provider_in_place(row: DocketRow, _actor: Actor) -> str | None:
    """Only an admitted provider takes on anything new; what is agreed it still delivers."""
    state = Order.objects.filter(pk=row.id).values_list("provider__docket__state", flat=True).first()
    return None if state == "admitted" else _("这家服务商现在不能接新的订单（暂停、到期或已退出）。")


def still_registered(row: DocketRow, _actor: Actor) -> str | None:
    """The organisation is in the register now: not dissolved, not merged."""
    found = actors.party(row.applicant)
    if found.ended_on is not None:
        return _("这家单位已经注销或合并，不能入驻。")
    return None
