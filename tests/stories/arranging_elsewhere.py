"""What the pages of partner places and of the remote window show: one sent back, one told, one shared just now."""

from __future__ import annotations

from datetime import datetime


def arranged(shared: str, at: datetime) -> dict[str, str]:
    """Numbers by name, for the addresses of `test_every_page`.

    :param shared: number of the application that two officers look at
    """
    from tongban.actors import api as actors
    from tongban.desks.remote import api as remote
    from tongban.kernel import api as kernel
    from tongban.kernel.docket.models import Docket
    from tongban.registers.identity.models import Account

    window = actors.actor(actor_id=Account.objects.get(username="window").actor_id, at=at)
    row = kernel.docket(shared, actor=kernel.SYSTEM)
    case = Docket.objects.filter(parent_id=row.id, kind="case")[0]
    number = remote.begin(
        shared=row, far_unit=case.unit, place="市民中心3号窗", consent="spoken", actor=window, at=at
    )
    holder = actors.officers_with(role="handler", unit_id=case.unit, at=at)[0]
    expert = actors.actor(actor_id=holder, at=at, unit_id=case.unit)
    kernel.perform(kernel.docket(number, actor=window).id, "join", actor=expert, at=at)
    handed = Docket.objects.filter(kind="handover")
    return {
        "remote": number, "helped": _helped(at), "told": handed.get(state="told").number, "returned": handed.get(state="returned").number,
        "waits": handed.get(state="packed").number,
    }  # fmt: skip


def _helped(at: datetime) -> str:
    """Number of a session about a draft of li's, in which the market supervision proposes something."""
    from tests.faces.portal.city import DISTRICT, example
    from tongban.actors import api as actors
    from tongban.desks.cases import api as cases
    from tongban.desks.remote import api as remote
    from tongban.desks.themes.web.state import Begun
    from tongban.kernel import api as kernel
    from tongban.registers.identity.models import Account

    li, far = Account.objects.get(username="li").actor_id, Account.objects.get(username="scjg").actor_id
    begun = Begun("open-restaurant", DISTRICT, answers=dict(example("open-restaurant")["answers"]))
    cases.save_draft(owner=li, subject=begun.slug, region=DISTRICT, content=begun.kept(), at=at)
    draft, citizen = remote.DraftRef(li, begun.slug, begun.key), actors.actor(actor_id=li, at=at)
    expert = actors.actor(actor_id=far, at=at)
    number = remote.begin_on_draft(
        draft=draft, title="我要开饭店", applicant=li, region=DISTRICT, far_unit=expert.unit, place="", consent="online",
        actor=citizen, at=at,
    )  # fmt: skip
    row = kernel.docket(number, actor=citizen)
    kernel.perform(row.id, "join", actor=expert, at=at)
    proposed = {"element": "env.measures", "value": "装两级油烟净化器，每月清洗"}
    kernel.perform(row.id, "propose", actor=expert, at=at, data=proposed)
    return number
