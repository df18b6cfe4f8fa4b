"""A policy of the demo city that is in force, and one that an editor has just collected."""

from __future__ import annotations

from datetime import date, datetime


def arranged(at: datetime) -> dict[str, str]:
    """Numbers of both."""
    from tongban.actors import api as actors
    from tongban.desks.policies import services
    from tongban.desks.policies.format import Head
    from tongban.desks.policies.models import Measure
    from tongban.desks.policies.services import Collected
    from tongban.registers.identity.models import Account

    editor = actors.actor(actor_id=Account.objects.get(username="policy").actor_id, at=at)
    head = Head.model_construct(
        key="", title="科技型企业成长支持办法", title_en="", document="咸科发〔2026〕99号（示例）", issued_on=date(2026, 11, 20),
        valid_from=date(2026, 12, 1), valid_until=None, summary="给做研发的企业补贴。", summary_en="",
        interpretation=Head.model_fields["interpretation"].default,
    )  # fmt: skip
    text = "第一条 为支持研发，制定本办法。\n第二条 研发费用达到10万元的企业，按5%给予补贴。\n"
    made = services.collect(head=head, unit="421200-kjj", come_from=Collected("", text), actor=editor, at=at)
    published = Measure.objects.select_related("policy").get(key="kjj-rd-subsidy").policy
    return {"policy": published.number, "drafted": made.number}
