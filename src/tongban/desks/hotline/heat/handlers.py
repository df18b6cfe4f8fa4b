"""A ticket comes in, or becomes confidential; a warning goes to the unit and to the leader, once per level."""

from __future__ import annotations

from collections.abc import Sequence

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.hotline.contracts import CENTRE
from tongban.desks.hotline.heat import counting, services
from tongban.desks.hotline.heat.models import Group, Warned
from tongban.kernel.models import Docket
from tongban.kernel.outbox.relay import News, on
from tongban.registers.messages import api as messages


@on("ticket.opened", many=True)
def told(news: Sequence[News]) -> None:
    """They wait to be placed; a job places them, so that nobody who writes waits for that."""
    services.wait({one.docket: one.at for one in news if one.docket})


@on("ticket.confide")
def hidden(news: News) -> None:
    """What is confidential is in no group."""
    services.leave_out(news.docket or 0)


@on("affair.opened", "affair.rise", "affair.assign")
def warn(news: News) -> None:
    """Heads of the unit in charge and the leaders: number, place, how many people; each of them once per level."""
    row = Docket.objects.get(pk=news.docket or 0)
    level = Warned.objects.filter(docket=row).order_by("-level").values_list("level", flat=True).first()
    group = Group.objects.filter(docket=row).first()
    if level is None or group is None:
        return
    rule = counting.levels()[level - 1]
    for officer in _warned(row, news):
        messages.send(
            to=officer, template="affair.warned", docket=row.number, at=news.at, key=f"affair:{row.pk}:{level}:{officer}",
            context={
                "number": row.number, "title": row.title, "people": group.people, "tickets": group.tickets,
                "level": {"zh": rule.name, "en": rule.name_en},
            },
        )  # fmt: skip


def _warned(row: Docket, news: News) -> list[str]:
    """Who answers for the unit, and the leaders of the hotline's desks above the place."""
    role = Role.DISPATCHER if counting.is_desk(row.unit) else Role.HEAD
    found = actors.officers_with(role=role.value, unit_id=row.unit, at=news.at)
    for code in actors.region_chain(row.region):
        for unit in actors.units_in(region=code):
            if unit.department == CENTRE:
                found += actors.officers_with(role=Role.LEADER.value, unit_id=unit.id, at=news.at)
    return list(dict.fromkeys(found))
