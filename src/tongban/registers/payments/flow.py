"""What becomes of a fee 缴费单, of money asked back 退费, and of a difference 对账差异.

A fee is asked for only where a law says so and at the published rate (行政许可法 第五十九条), and everything taken goes
to the treasury (预算法 第五十六条). Time to pay, to decide a refund and to settle a difference are the city's own figures.
"""

from __future__ import annotations

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from tongban.actors.api import Role, any_of, applicant, by_role, system_only
from tongban.kernel.contracts import Actor, DocketRow
from tongban.kernel.flow.declaration import ANY, Flow, Limit, Move, Opens, State, natural_days, working_days
from tongban.kernel.flow.registry import register
from tongban.registers.payments import inputs
from tongban.registers.payments.access import clerk, money, scope, sees, treasurer

FEE, REFUND, DIFFERENCE = "fee", "refund", "difference"
collector = by_role(Role.HANDLER, Role.APPROVER, Role.HEAD, Role.FINANCE)
CHARGED = "行政许可法 第五十九条"
PAY = Limit("pay", _("缴费"), natural_days(15), on_due="expire", whose="applicant", source=CHARGED)
DECIDE = Limit("decide", _("审核退费"), working_days(5), warn=working_days(1), source="预算法 第五十六条")
SETTLE = Limit("settle", _("核对差异"), working_days(3), warn=working_days(1), source="预算法 第六十一条")

ORDER = register(
    Flow(
        FEE, _("缴费单"), prefix="N", version=1,
        states=(
            State("due", _("待缴费"), waits=True, told=_("等您缴费")),
            State("paid", _("已缴费"), final=True),
            State("expired", _("已过期"), final=True, told=_("缴费期已过")),
            State("cancelled", _("已取消"), final=True, told=_("不用缴了")),
        ),
        opens=(Opens("ask", _("开缴费单"), "due", starts=(PAY,), tells=_("缴费单已开出")),),
        moves=(
            Move("pay", _("到账"), "due", "paid", system_only, inputs.Booked, stops=("pay",), outcome="paid",
                 tells=_("已缴费，电子票据可以下载"), source=CHARGED),
            Move("expire", _("过期"), "due", "expired", system_only, outcome="expired", tells=_("缴费期已过，缴费单关闭")),
            Move("cancel", _("取消缴费单"), "due", "cancelled", any_of(collector, system_only), inputs.Told, stops=("pay",),
                 outcome="cancelled", danger=True, tells=_("缴费单已取消，不用缴了")),
            Move("note", _("内部备注"), ANY, None, any_of(collector, money), inputs.Note),
        ),
        scope=scope, sees=sees,
    )
)  # fmt: skip


def _another(row: DocketRow, actor: Actor) -> str | None:
    """Whoever asked for money back does not decide on it."""
    from tongban.registers.payments.models import Refund

    asked = Refund.objects.filter(docket=row.id).values_list("asked_by", flat=True).first()
    return now_("退费是您提出的，由另一位复核人员审核。") if asked == actor.id else None


GIVE_BACK = register(
    Flow(
        REFUND, _("退费"), prefix="V", version=1,
        states=(
            State("asked", _("待审核"), told=_("退费正在审核")),
            State("approved", _("待退款"), told=_("已同意，钱正在退回")),
            State("stuck", _("退款不成"), told=_("钱没退成，正在处理")),
            State("refunded", _("已退款"), final=True),
            State("declined", _("不退"), final=True),
            State("withdrawn", _("已撤回"), final=True),
        ),
        opens=(Opens("ask", _("提出退费"), "asked", starts=(DECIDE,), tells=_("退费已提出，5个工作日内审核")),),
        moves=(
            Move("approve", _("同意退费"), "asked", "approved", treasurer, stops=("decide",), guard=_another, primary=True,
                 confirms=True, tells=_("已同意退费，钱原路退回")),
            Move("decline", _("不同意退费"), "asked", "declined", treasurer, inputs.Told, stops=("decide",), guard=_another,
                 outcome="declined", danger=True, tells=_("不同意退费")),
            Move("done", _("已退回"), "approved", "refunded", system_only, inputs.Sent, outcome="refunded",
                 tells=_("钱已原路退回")),
            Move("fail", _("退款不成"), "approved", "stuck", system_only, inputs.Failed),
            Move("retry", _("再退一次"), "stuck", "approved", clerk, inputs.Reason, primary=True),
            Move("by_hand", _("已线下退回"), "stuck", "refunded", treasurer, inputs.ByHand, outcome="refunded", confirms=True,
                 tells=_("钱已线下退回")),
            Move("withdraw", _("撤回退费"), "asked", "withdrawn", applicant, stops=("decide",), outcome="withdrawn",
                 danger=True, tells=_("退费已撤回")),
            Move("note", _("内部备注"), ANY, None, money, inputs.Note),
        ),
        scope=scope, sees=sees,
    )
)  # fmt: skip

APART = register(
    Flow(
        DIFFERENCE, _("对账差异"), prefix="W", version=1,
        states=(
            State("open", _("待核对")),
            State("settled", _("已销差"), final=True),
        ),
        opens=(Opens("find", _("发现差异"), "open", starts=(SETTLE,)),),
        moves=(
            Move("book", _("入账"), "open", "settled", clerk, inputs.Settled, stops=("settle",), outcome="booked", primary=True),
            Move("give_back", _("退给缴费人"), "open", "settled", clerk, inputs.Settled, stops=("settle",),
                 outcome="given_back"),
            Move("explain", _("说明并销差"), "open", "settled", treasurer, inputs.Settled, stops=("settle",),
                 outcome="explained", confirms=True),
            Move("note", _("内部备注"), ANY, None, money, inputs.Note),
        ),
        scope=scope, sees=sees,
    )
)  # fmt: skip
