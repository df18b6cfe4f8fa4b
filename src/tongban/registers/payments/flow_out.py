"""What becomes of a batch of payments 发放批次: prepared, checked by one, approved by another, sent, answered, corrected.

政府集中支付: money of the treasury goes straight to the account of whom it is due to (预算法 第六十一条). Two officers
look at every batch and at every account that an officer corrected (四眼原则); one at an account that the payee corrected. Fifteen natural days after everything arrived the batch is
closed; until then a bank may still send a payment back.
"""

from __future__ import annotations

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from tongban.actors.api import any_of, system_only
from tongban.kernel.contracts import Actor, DocketRow
from tongban.kernel.flow.declaration import ANY, Flow, Limit, Move, Opens, State, natural_days, working_days
from tongban.kernel.flow.registry import register
from tongban.registers.payments import inputs
from tongban.registers.payments.access import clerk, money, scope, sees, treasurer

PAYOUT = "payout"
SOURCE = "预算法 第六十一条"
CHECK = Limit("check", _("审核发放"), working_days(3), warn=working_days(1), source=SOURCE)
SEND = Limit("send", _("发放"), working_days(3), warn=working_days(1), source=SOURCE)
RETURNS = Limit("returns", _("等退票"), natural_days(15), on_due="close", source=SOURCE)


def _not_own(row: DocketRow, actor: Actor) -> str | None:
    """Nobody checks what he prepared, nor approves what he prepared or checked."""
    from tongban.registers.payments.models import Batch

    batch = Batch.objects.filter(docket=row.id).only("prepared_by", "checked_by").first()
    if batch is not None and actor.id in (batch.prepared_by, batch.checked_by):
        return now_("这一批是您制单或初审的，由另一个人来。")
    return None


BATCH = register(
    Flow(
        PAYOUT, _("发放批次"), prefix="B", version=1,
        states=(
            State("prepared", _("待初审")),
            State("checked", _("待复核")),
            State("approved", _("发放中")),
            State("partly", _("部分未到账")),
            State("paid", _("已发放")),
            State("closed", _("已结清"), final=True),
            State("refused", _("已退回"), final=True),
        ),
        opens=(Opens("prepare", _("制单"), "prepared", starts=(CHECK,)),),
        moves=(
            Move("check", _("初审通过"), "prepared", "checked", clerk, guard=_not_own, primary=True),
            Move("approve", _("复核并发放"), "checked", "approved", treasurer, stops=("check",), starts=(SEND,), guard=_not_own,
                 primary=True, confirms=True, source=SOURCE),
            Move("refuse", _("退回整批"), ("prepared", "checked"), "refused", any_of(clerk, treasurer), inputs.Reason,
                 stops=("check",), outcome="refused", danger=True),
            Move("answer", _("银行回盘"), ("approved", "partly", "paid"), None, system_only, inputs.Answered),
            Move("fall_short", _("有未到账的"), ("approved", "paid"), "partly", system_only, stops=("send", "returns")),
            Move("finish", _("全部到账"), ("approved", "partly"), "paid", system_only, stops=("send",), starts=(RETURNS,)),
            Move("correct", _("更正账号"), ("approved", "partly"), None, clerk, inputs.Corrected, primary=True),
            Move("amend", _("收款人更正账号"), ("approved", "partly"), None, system_only, inputs.Amended),
            Move("confirm", _("复核更正并重发"), ("approved", "partly"), "approved", treasurer, inputs.Place, starts=(SEND,),
                 confirms=True),
            Move("drop", _("不再发放一笔"), ("approved", "partly"), None, treasurer, inputs.Dropped, danger=True),
            Move("close", _("结清"), "paid", "closed", system_only, outcome="paid"),
            Move("note", _("内部备注"), ANY, None, money, inputs.Note),
        ),
        scope=scope, sees=sees,
    )
)  # fmt: skip
