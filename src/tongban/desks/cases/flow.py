"""How an application, its department cases, surveys and undertakings run: the regulation.

行政许可法 (2019): 32 one notice of missing papers within 5 working days, silence is acceptance;
34, 36 review, surveys and hearing of interests; 38 reasons and remedies of a refusal; 42 decision
in 20 working days, 10 more by the head with reasons told; 44 delivery in 10; 45 hearing, survey,
review by experts not counted, their length told in writing; 82 days are working days.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongban.actors.api import (
    Role,
    any_of,
    applicant,
    by_role,
    default_scope,
    default_sees,
    supervisor_of_region,
    system_only,
)
from tongban.desks.cases import inputs
from tongban.desks.cases.inputs_after import Instantly
from tongban.desks.cases.rules import can_extend, papers_missing, promised, sole_delivery
from tongban.kernel.flow.declaration import (
    ANY,
    Flow,
    Limit,
    Move,
    Opens,
    State,
    natural_days,
    working_days,
)
from tongban.kernel.flow.registry import register

window = by_role(Role.WINDOW)
handler = by_role(Role.HANDLER)
approver = by_role(Role.APPROVER, Role.HEAD)
head = by_role(Role.HEAD)
supervisor = supervisor_of_region()
surveyor = by_role(Role.SURVEYOR, Role.HANDLER)

NOTICE = Limit(
    "notice", _("一次性告知或受理"), working_days(5), on_due="deem_accepted", warn=working_days(1),
    source="行政许可法 第三十二条",
)  # fmt: skip
DECIDE = Limit(
    "decide", _("作出决定"), promised, warn=working_days(1),
    source="行政许可法 第四十二条；本市承诺时限",
)  # fmt: skip
SUPPLY = Limit(
    "supply", _("补齐材料"), natural_days(30), on_due="lapse", warn=natural_days(3), whose="applicant",
    source="一次性告知书",
)  # fmt: skip
DELIVER = Limit(
    "deliver", _("送达"), working_days(10), warn=working_days(2), source="行政许可法 第四十四条"
)  # fmt: skip

HOLD = Limit("hold", _("到场并出报告"), working_days(5), warn=working_days(1))

APPLICATION = register(
    Flow(
        "application", _("申请"), prefix="A", version=2,
        states=(
            State("handling", _("办理中")),
            State("supplement", _("等申请人补材料"), waits=True, told=_("等您补材料")),
            State("delivering", _("已办结，待送达")),
            State("sent", _("已寄出")),
            State("done", _("已办好"), final=True),
            State("declined", _("未获准"), final=True),
            State("withdrawn", _("已撤回"), final=True),
            State("lapsed", _("逾期未补，已终止"), final=True),
        ),
        opens=(Opens("submit", _("提交申请"), "handling", tells=_("已收下您的申请，各部门同时开始办")),),
        moves=(
            Move("notify", _("一次告知缺件"), "handling", "supplement", any_of(window, system_only),
                 inputs.Notify, starts=(SUPPLY,), primary=True, confirms=True, guard=papers_missing,
                 tells=_("还差材料，请您一次补齐"), source="行政许可法 第三十二条"),
            Move("supply", _("补交材料"), "supplement", "handling", any_of(applicant, window),
                 inputs.Supply, stops=("supply",), primary=True, tells=_("您已补交材料")),
            Move("lapse", _("逾期未补"), "supplement", "lapsed", system_only, outcome="lapsed",
                 tells=_("超过期限没有补材料，这次申请已终止；可以重新申请")),
            Move("look_up", _("查核共享数据"), ("handling", "supplement", "delivering", "sent"), None,
                 system_only, inputs.LookedUp, tells=_("提交时没查到的共享数据，已经补查"),
                 source="优化营商环境条例 第三十七条"),
            Move("conclude", _("全部办结"), "handling", "delivering", system_only, starts=(DELIVER,),
                 tells=_("各部门都办好了，正在送达")),
            Move("decline", _("全部未获准"), "handling", "declined", system_only, outcome="declined",
                 tells=_("没有一项获准，理由和救济途径在各部门的决定里")),
            Move("hand_out", _("窗口发证"), "delivering", "done", window, inputs.HandOut,
                 stops=("deliver",), outcome="delivered", primary=True, guard=sole_delivery("window"),
                 tells=_("您已在窗口领取")),
            Move("send", _("寄出"), "delivering", "sent", window, inputs.Send, stops=("deliver",),
                 guard=sole_delivery("courier"), tells=_("证件已寄出"),
                 starts=(Limit("arrive", _("快递送达"), natural_days(15), on_due="deem_arrived"),)),
            Move("arrived", _("确认收到"), "sent", "done", any_of(applicant, window), stops=("arrive",),
                 outcome="delivered", primary=True, tells=_("您已收到证件")),
            Move("deem_arrived", _("快递期满视为送达"), "sent", "done", system_only, outcome="delivered",
                 tells=_("快递期满，视为送达")),
            Move("deliver_electronic", _("电子送达"), "delivering", "done",
                 any_of(window, system_only), stops=("deliver",), outcome="delivered",
                 guard=sole_delivery("electronic"), tells=_("电子证照和决定已送到您的账户")),
            Move("withdraw", _("撤回申请"), ("handling", "supplement"), "withdrawn", applicant,
                 inputs.Withdraw, outcome="withdrawn", danger=True, confirms=True,
                 tells=_("您撤回了申请")),
        ),
        scope=default_scope, sees=default_sees,
    )
)  # fmt: skip

CASE = register(
    Flow(
        "case", _("办件"), prefix="C", version=2,
        states=(
            State("waiting", _("等前置事项")),
            State("received", _("待受理")),
            State("missing", _("缺件，等补正"), waits=True),
            State("review", _("审查中")),
            State("survey", _("现场勘验中")),
            State("procedure", _("特别程序中")),
            State("approving", _("待决定")),
            State("granted", _("已批准"), final=True),
            State("rejected", _("不予批准"), final=True),
            State("refused", _("不予受理"), final=True),
            State("withdrawn", _("已撤回"), final=True),
            State("stopped", _("已终止"), final=True),
        ),
        opens=(
            Opens("receive", _("收件"), "received", starts=(NOTICE,), tells=_("已交到承办部门")),
            Opens("queue", _("排队等前置"), "waiting", tells=_("等前一项办好后自动开始")),
        ),
        moves=(
            Move("release", _("前置已办好，开始"), "waiting", "received", system_only, starts=(NOTICE,),
                 tells=_("前一项已办好，这一项开始办")),
            Move("accept", _("受理"), "received", "review", any_of(handler, window), inputs.Accept,
                 stops=("notice",), starts=(DECIDE,), primary=True,
                 tells=_("已收下，开始计时（受理）"), source="行政许可法 第三十二条"),
            Move("approve_instantly", _("秒批"), "received", "granted", system_only, Instantly,
                 stops=("notice",), outcome="granted", tells=_("条件全部符合，当场批准（秒批）"),
                 source="行政许可法 第三十四条第二款；优化营商环境条例 第三十七条"),
            Move("deem_accepted", _("逾期未告知视为受理"), "received", "review", system_only,
                 stops=("notice",), starts=(DECIDE,), tells=_("超过5个工作日没有通知您，视为已受理"),
                 source="行政许可法 第三十二条"),
            Move("report_missing", _("提出缺件"), "received", "missing", any_of(handler, window),
                 inputs.Missing, stops=("notice",), source="行政许可法 第三十二条"),
            Move("resupplied", _("已补正"), "missing", "received", system_only, starts=(NOTICE,)),
            Move("refuse", _("不予受理"), "received", "refused", handler, inputs.Refuse,
                 outcome="refused", danger=True, confirms=True, stops=("notice",),
                 tells=_("这里办不了，理由和可以去的地方见通知"), source="行政许可法 第三十二条"),
            Move("start_survey", _("进入现场勘验"), "review", "survey", any_of(handler, system_only),
                 suspends=("decide",), tells=_("要到现场看一次，勘验时间不计入办理期限"),
                 source="行政许可法 第四十五条"),
            Move("end_survey", _("勘验完成"), "survey", "review", any_of(surveyor, system_only),
                 inputs.Surveyed, resumes=("decide",), tells=_("现场勘验完成")),
            Move("start_procedure", _("进入特别程序"), "review", "procedure", handler, inputs.Procedure,
                 suspends=("decide",), tells=_("进入听证、检测或专家评审，所需时间不计入办理期限"),
                 source="行政许可法 第四十五条"),
            Move("end_procedure", _("特别程序结束"), "procedure", "review", handler, inputs.Surveyed,
                 resumes=("decide",), stops=("procedure",), primary=True, tells=_("特别程序结束，继续办理")),
            Move("propose", _("提出办理意见"), "review", "approving", handler, inputs.Propose,
                 primary=True),
            Move("send_back", _("退回承办人"), "approving", "review", approver, inputs.Reason),
            Move("grant", _("批准"), "approving", "granted", approver, inputs.Grant, stops=("decide",),
                 outcome="granted", primary=True, tells=_("已批准"), source="行政许可法 第三十八条"),
            Move("reject", _("不予批准"), "approving", "rejected", approver, inputs.Reject,
                 stops=("decide",), outcome="rejected", danger=True, confirms=True,
                 tells=_("没有批准，理由和救济途径见决定书"), source="行政许可法 第三十八条"),
            Move("extend", _("延长10个工作日"), ("review", "approving"), None, head, inputs.Reason,
                 guard=can_extend, confirms=True, tells=_("经单位负责人批准，办理期限延长10个工作日"),
                 source="行政许可法 第四十二条"),
            Move("transfer", _("转给别的单位"), ("received", "review"), None, any_of(handler, window),
                 inputs.Transfer, tells=_("已转给另一个单位办理")),
            Move("hand_back", _("退回窗口"), "received", None, handler, inputs.Reason),
            Move("claim", _("我来办"), ("received", "review"), None, handler),
            Move("note", _("内部备注"), ANY, None,
                 any_of(handler, approver, surveyor, window), inputs.Note),
            Move("urge", _("督办"), ANY, None, supervisor, inputs.Reason),
            Move("withdraw", _("随申请撤回"), ANY, "withdrawn", system_only, outcome="withdrawn",
                 tells=_("随申请一并撤回")),
            Move("stop", _("终止"), ANY, "stopped", system_only, inputs.Reason, outcome="stopped",
                 tells=_("联合前提有一项未通过，这一项终止")),
        ),
        scope=default_scope, sees=default_sees, bulk=("accept", "claim"),
    )
)  # fmt: skip

SURVEY = register(
    Flow(
        "survey", _("联合勘验"), prefix="S", version=1,
        states=(
            State("planned", _("待约定时间")),
            State("scheduled", _("已约定")),
            State("reported", _("已出报告"), final=True),
            State("cancelled", _("不再需要"), final=True),
        ),
        opens=(
            Opens("plan", _("发起联合勘验"), "planned", tells=_("几个部门只来一次，正在约时间"),
                  starts=(Limit("schedule", _("约定时间"), working_days(3), warn=working_days(1)),)),
        ),
        moves=(
            Move("schedule", _("约定时间"), "planned", "scheduled", surveyor, inputs.Schedule,
                 stops=("schedule",), primary=True, confirms=True, tells=_("现场勘验时间已定"),
                 starts=(HOLD,)),
            Move("reschedule", _("改期"), "scheduled", None, any_of(surveyor, applicant), inputs.Schedule,
                 starts=(HOLD,), tells=_("现场勘验改期")),
            Move("report", _("出具勘验报告"), "scheduled", "reported", surveyor, inputs.SurveyReport,
                 stops=("hold",), outcome="reported", primary=True, tells=_("一次勘验，一份报告，已完成")),
            Move("cancel", _("取消"), ANY, "cancelled", any_of(surveyor, system_only), inputs.Reason,
                 outcome="cancelled", danger=True),
        ),
        scope=default_scope, sees=default_sees,
    )
)  # fmt: skip

UNDERTAKING = register(
    Flow(
        "undertaking", _("承诺"), prefix="U", version=2,
        states=(
            State("owed", _("等申请人补交"), waits=True, told=_("等您补交")),
            State("checking", _("待核查")),
            State("kept", _("已履行"), final=True),
            State("breached", _("已失信"), final=True),
            State("released", _("不再需要"), final=True),
        ),
        opens=(
            Opens("tolerate", _("签容缺承诺"), "owed", tells=_("先办，这份材料稍后补（容缺）"),
                  starts=(Limit("follow", _("补交容缺材料"), working_days(15), on_due="lapse",
                                warn=working_days(3), whose="applicant", source="容缺承诺书"),)),
            Opens("commit", _("签告知承诺"), "checking", tells=_("您承诺属实，我们先批后查（告知承诺）"),
                  starts=(Limit("check", _("事后核查"), working_days(40), warn=working_days(5),
                                source="优化营商环境条例 第十九条；告知承诺书"),)),
            Opens("ask", _("请补交一份"), "owed", tells=_("共享数据里没有查到，请补交这一份"),
                  starts=(Limit("bring", _("补交材料"), working_days(15), on_due="forgo",
                                warn=working_days(3), whose="applicant", source="共享数据查核告知"),)),
        ),
        moves=(
            Move("follow_up", _("补交材料"), "owed", "checking", any_of(applicant, window), inputs.Supply,
                 stops=("follow", "bring"), primary=True, tells=_("您已补交材料"),
                 starts=(Limit("check", _("核对补交材料"), working_days(5), warn=working_days(1)),)),
            Move("confirm", _("核查属实"), "checking", "kept", any_of(handler, window), inputs.Note,
                 stops=("check",), outcome="kept", primary=True, tells=_("核查属实，承诺已履行")),
            Move("breach", _("认定失信"), "checking", "breached", any_of(handler, window), inputs.Reason,
                 stops=("check",), outcome="breached", danger=True, confirms=True,
                 tells=_("核查不属实，已记录失信；可以申请更正或补救")),
            Move("lapse", _("逾期未补"), "owed", "breached", system_only, outcome="breached",
                 tells=_("超过期限没有补交，已记录失信")),
            Move("forgo", _("期满未补交"), "owed", "released", system_only, outcome="released",
                 tells=_("期满没有补交，由承办单位按现有材料决定；不记失信")),
            Move("release", _("不再需要"), ANY, "released", system_only, outcome="released"),
        ),
        scope=default_scope, sees=default_sees,
    )
)  # fmt: skip
