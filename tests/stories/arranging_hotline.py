"""What citizens told the hotline, in the states that their pages must be able to show; part of `arranging`."""

from __future__ import annotations

from datetime import datetime, timedelta

REPLY = "您好！您反映的万年路路灯不亮问题，维修人员已于11月20日到现场更换灯具，当晚恢复照明。感谢您的来信，有问题请打12345。"


def arranged(at: datetime) -> dict[str, str]:
    """Zhang's message waits for a rating; letters and a code are the demo city's."""
    from tongban.actors import api as actors
    from tongban.actors.api import Role
    from tongban.desks.hotline import api as hotline
    from tongban.desks.hotline.mailbox.models import Letter
    from tongban.desks.hotline.places.models import Place
    from tongban.kernel import api as kernel

    def officer(role: Role, unit: str) -> kernel.Actor:
        found = actors.officers_with(role=role.value, unit_id=unit, at=at)[0]
        return actors.actor(actor_id=found, at=at, unit_id=unit)

    zhang = actors.actor(actor_id="person:1", at=at)
    new = hotline.NewTicket(
        kind="help", channel="web", text="万年路12号门前的路灯不亮，晚上看不见路。", place="万年路12号", region="421202000000",
        caller="person:1", caller_phone="13871010007",
    )  # fmt: skip
    told = at - timedelta(days=2)
    ticket = hotline.take(new, actor=zhang, at=told)
    kernel.perform(ticket.docket, "add", actor=zhang, at=told, data={"text": "北边那一盏也不亮了。"})
    desk = officer(Role.DISPATCHER, "421200-dsj")
    kernel.perform(ticket.docket, "dispatch", actor=desk, at=told, data={"unit": "421202-cgj"})
    unit = officer(Role.HANDLER, "421202-cgj")
    for move, who, data in (("sign", unit, {}), ("reply", unit, {"reply": REPLY}), ("review", desk, {})):
        kernel.perform(ticket.docket, move, actor=who, at=told + timedelta(hours=3), data=data)
    return {
        "said": ticket.number, "place": Place.objects.filter(retired_at=None).order_by("id")[0].code,
        "mailed": Letter.objects.filter(state="published").order_by("pk")[0].docket.number,
        "undecided": Letter.objects.filter(state="waiting").order_by("pk")[0].docket.number,
    }  # fmt: skip
