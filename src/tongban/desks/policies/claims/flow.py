"""How public money finds whom it is due to 免申即享, how it is claimed where data do not suffice 快申快享, and how it comes back.

免申即享 (benefit): the platform draws up who is entitled, in the published order and within quota and budget; an officer
publishes the list; who objects is heard, and the line objected to is examined while the others go on; when the days are
over each confirms the account with one tap; the finance bureau pays. What government promised in a policy it keeps,
whoever is in office (优化营商环境条例 第三十一条): once the days are over, a policy that ends takes nothing back. It uses what
it knows already (第三十七条). On what grounds, by which steps and with what result is published (政府信息公开条例 第二十条).

快申快享 (claim): decided by the unit, paid within 60 working days of being claimed. A refusal tells its reason, and where
to turn: 行政复议法 第二十条 (60 days), 行政诉讼法 第四十六条 (six months).

追回 (recovery): what was paid against the law or on false data is asked back by order, one proposes and another decides
(财政违法行为处罚处分条例 第十四条); it is paid back like any fee, in registers/payments.
"""

from __future__ import annotations

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from tongban.actors.api import any_of, applicant, system_only
from tongban.desks.policies.claims import inputs
from tongban.desks.policies.claims.access import decider, desk, scope, sees
from tongban.desks.policies.claims.contracts import BENEFIT, CLAIM, RECOVERY, DueState
from tongban.desks.policies.claims.models import Due, Recovery, Run
from tongban.kernel.contracts import Actor, DocketRow
from tongban.kernel.flow.declaration import (
    ANY,
    Flow,
    Limit,
    Move,
    Opens,
    Span,
    State,
    natural_days,
    working_days,
)
from tongban.kernel.flow.registry import register
from tongban.kernel.flow.step import Step

KEPT = "优化营商环境条例 第三十一条"
OPEN = "政府信息公开条例 第二十条"
QUICK = "惠企政策“快申快享”规定（示例）：申领后60个工作日内兑现"
APPEAL = "行政复议法 第二十条；行政诉讼法 第四十六条"
BACK = "财政违法行为处罚处分条例 第十四条"


def _publicity(step: Step) -> Span:
    """As many working days as the measure says."""
    days = Run.objects.values_list("publicity_days", flat=True).get(docket=step.docket.id)
    return working_days(days)


PUBLISH = Limit("publish", _("公示名单"), working_days(5), warn=working_days(1), source=KEPT)
PUBLICITY = Limit("publicity", _("公示期"), _publicity, on_due="conclude", source=OPEN)
EXAMINE = Limit("examine", _("核查异议"), working_days(5), warn=working_days(1), source=OPEN)
CONFIRM = Limit("confirm", _("等确认账户"), natural_days(60), on_due="lapse", whose="applicant", source=KEPT)

BENEFIT_FLOW = register(
    Flow(
        BENEFIT, _("免申即享批次"), prefix="PB", version=1,
        states=(
            State("drawn", _("待公示")),
            State("published", _("公示中")),
            State("confirming", _("确认和发放")),
            State("paying", _("收尾发放")),
            State("finished", _("已办结"), final=True),
            State("withdrawn", _("已撤销"), final=True),
        ),
        opens=(
            Opens("draw", _("拟定名单"), "drawn", starts=(PUBLISH,)),
            Opens("again", _("逾期后确认"), "paying"),
        ),
        moves=(
            Move("publish", _("公示名单"), "drawn", "published", decider, stops=("publish",), starts=(PUBLICITY,),
                 primary=True, confirms=True, source=OPEN),
            Move("object", _("收到异议"), "published", None, system_only, inputs.Objected, starts=(EXAMINE,), source=OPEN),
            Move("conclude", _("公示期满"), "published", "confirming", system_only, stops=("publicity",), starts=(CONFIRM,),
                 source=OPEN),
            Move("release", _("核查后恢复"), ("published", "confirming", "paying"), None, decider, inputs.Released,
                 source=OPEN),
            Move("succeed", _("由承继单位领取"), ("confirming", "paying"), None, decider, inputs.Succeeded,
                 source="公司法 第二百二十一条"),
            Move("bundle", _("送财政发放"), ("confirming", "paying"), None, any_of(desk, system_only), primary=True),
            Move("lapse", _("确认期满"), "confirming", "paying", system_only, stops=("confirm",)),
            Move("finish", _("办结"), "paying", "finished", system_only, outcome="paid"),
            Move("exclude", _("不再享受"), ("published", "confirming", "paying"), None, decider, inputs.Excluded,
                 danger=True, source=OPEN),
            Move("withdraw", _("撤销批次"), ("drawn", "published"), "withdrawn", any_of(decider, system_only), inputs.Told,
                 outcome="withdrawn", danger=True, confirms=True),
            Move("note", _("内部备注"), ANY, None, desk, inputs.Note),
        ),
        scope=scope, sees=sees,
    )
)  # fmt: skip

DECIDE = Limit("decide", _("核定"), working_days(20), warn=working_days(3), source=QUICK)
PAY = Limit("pay", _("兑现"), working_days(60), warn=working_days(10), source=QUICK)
SUPPLY = Limit("supply", _("等您补充"), natural_days(30), on_due="lapse", whose="applicant", source=QUICK)


def _not_held(row: DocketRow, _actor: Actor) -> str | None:
    held = Due.objects.filter(claim=row.id, state=DueState.HELD).exists()
    return None if held else now_("这一笔没有被退回，不用重送。")


CLAIM_FLOW = register(
    Flow(
        CLAIM, _("兑现申领"), prefix="PC", version=1,
        states=(
            State("claimed", _("待核定"), told=_("正在核定")),
            State("asked", _("等补充"), waits=True, told=_("等您补充")),
            State("queued", _("排队等名额"), told=_("按公布的顺序排队")),
            State("approved", _("待发放"), told=_("已同意，等发放")),
            State("paying", _("发放中"), told=_("已交银行，等结果")),
            State("returned", _("没到账"), waits=True, told=_("没到账，请更正账户")),
            State("paid", _("已到账"), final=True),
            State("refused", _("不予兑现"), final=True),
            State("withdrawn", _("已撤回"), final=True),
        ),
        opens=(
            Opens("claim", _("申领"), "claimed", starts=(DECIDE, PAY), tells=_("已收下，开始计时：60个工作日内兑现")),
            Opens("queue", _("申领（排队）"), "queued", tells=_("已收下，按公布的顺序排队")),
        ),
        moves=(
            Move("move_up", _("递补"), "queued", "claimed", system_only, starts=(DECIDE, PAY), tells=_("有名额了，轮到您")),
            Move("ask", _("要求补充"), "claimed", "asked", desk, inputs.Told, suspends=("decide", "pay"), starts=(SUPPLY,),
                 tells=_("请补充证明")),
            Move("supply", _("补充"), "asked", "claimed", applicant, inputs.Supplied, stops=("supply",),
                 resumes=("decide", "pay"), primary=True, tells=_("补充的材料已收到")),
            Move("approve", _("同意兑现"), "claimed", "approved", decider, stops=("decide",), primary=True, confirms=True,
                 tells=_("已同意，送财政部门发放"), source=QUICK),
            Move("send", _("送财政发放"), "approved", "paying", system_only, inputs.Sent, tells=_("已送财政部门发放")),
            Move("bounce", _("没到账"), ("paying", "returned"), "returned", system_only, inputs.Bounced,
                 tells=_("银行退回了，请更正账户")),
            Move("resend", _("重新发放"), ("returned", "paying"), "paying", system_only, tells=_("账户已更正，重新发放")),
            Move("hold", _("财政退回"), ("paying", "returned"), "approved", system_only, inputs.Bounced),
            Move("release", _("核查后重送"), "approved", None, decider, inputs.Proof, guard=_not_held),
            Move("arrive", _("到账"), ("paying", "returned"), "paid", system_only, stops=("pay",), outcome="paid",
                 tells=_("钱已到账")),
            Move("refuse", _("不予兑现"), ("claimed", "asked", "approved"), "refused", decider, inputs.Told,
                 stops=("decide", "supply"), outcome="refused", danger=True, confirms=True, tells=_("没有同意兑现"),
                 source=APPEAL),
            Move("withdraw", _("撤回申领"), ("claimed", "asked", "queued"), "withdrawn", applicant,
                 stops=("decide", "supply"), outcome="withdrawn", danger=True, tells=_("申领已撤回，随时可以再申领")),
            Move("lapse", _("没有补充"), "asked", "refused", system_only, outcome="lapsed",
                 tells=_("30日内没有补充，申领关闭；可以再申领")),
            Move("note", _("内部备注"), ANY, None, desk, inputs.Note),
        ),
        scope=scope, sees=sees,
    )
)  # fmt: skip


def _another(row: DocketRow, actor: Actor) -> str | None:
    """Whoever proposed a recovery does not decide on it."""
    proposed = Recovery.objects.filter(docket=row.id).values_list("proposed_by", flat=True).first()
    return now_("追回是您提出的，由另一个人决定。") if proposed == actor.id else None


WEIGH = Limit("weigh", _("决定追回"), working_days(10), warn=working_days(2), source=BACK)
REPAY = Limit("repay", _("等退回"), natural_days(30), whose="applicant", source=BACK)

RECOVERY_FLOW = register(
    Flow(
        RECOVERY, _("追回"), prefix="PT", version=1,
        states=(
            State("proposed", _("待决定"), told=_("正在核查这笔钱发得对不对")),
            State("ordered", _("等退回"), waits=True, told=_("请把这笔钱退回")),
            State("recovered", _("已追回"), final=True),
            State("waived", _("不追回"), final=True),
        ),
        opens=(Opens("propose", _("提出追回"), "proposed", starts=(WEIGH,)),),
        moves=(
            Move("order", _("决定追回"), "proposed", "ordered", decider, stops=("weigh",), starts=(REPAY,), guard=_another,
                 primary=True, confirms=True, tells=_("请在30日内退回；不服可以复议或起诉"), source=BACK),
            Move("repaid", _("已退回"), "ordered", "recovered", system_only, inputs.Booked, stops=("repay",),
                 outcome="recovered", tells=_("退回的钱已收到")),
            Move("renew", _("重开缴费单"), "ordered", None, any_of(desk, system_only), starts=(REPAY,)),
            Move("waive", _("不追回"), ("proposed", "ordered"), "waived", decider, inputs.Proof, stops=("weigh", "repay"),
                 guard=_another, outcome="waived", danger=True, confirms=True, tells=_("这笔钱不用退了")),
            Move("note", _("内部备注"), ANY, None, desk, inputs.Note),
        ),
        scope=scope, sees=sees,
    )
)  # fmt: skip
