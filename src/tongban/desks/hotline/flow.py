"""How a ticket of the hotline runs: 国办发〔2020〕53号 (one number, closed loop, call-back, assessment) and the city's norm.

受理 → 派单 → 签收 → 办理 → 答复 → 审核 → 回访 → 办结. The unit that is sent a ticket first answers for it to the end 首接负责,
whoever it passes it on to. What is the citizen's does not get lost: a return is judged, after which the named unit may
not return it again; who is unsatisfied has it done again; what is refused is refused for a ground of the list, in words
and with another way. All lengths of time are data: packs/hotline/limits.yaml.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongban.actors.api import Role, any_of, applicant, by_role, supervisor_of_region, system_only
from tongban.desks.hotline import inputs
from tongban.desks.hotline.access import at_desk, hidden_from, ticket_scope, ticket_sees
from tongban.desks.hotline.contracts import ASSIST, KIND, PREFIX
from tongban.desks.hotline.guards import (
    may_return,
    only_confidential,
    only_supervised,
    ours_to_review,
    sent_by_another,
)
from tongban.desks.hotline.limits import span_of
from tongban.kernel.flow.declaration import ANY, Flow, Limit, Mapping, Move, Opens, State, Words
from tongban.kernel.flow.registry import register

operator = at_desk(Role.OPERATOR, Role.DISPATCHER)
dispatcher = at_desk(Role.DISPATCHER)
centre = by_role(Role.DISPATCHER, Role.HEAD)
unit = by_role(Role.HANDLER, Role.APPROVER, Role.HEAD, Role.DISPATCHER, Role.GRID)
caller_back = any_of(by_role(Role.CALLBACK, Role.DISPATCHER), at_desk(Role.CALLBACK, Role.DISPATCHER))
supervisor = any_of(supervisor_of_region(Role.SUPERVISOR, Role.LEADER), dispatcher)
SOURCE = "国办发〔2020〕53号；本市12345热线工作规范（示例）"


def _limit(name: str, label: Words) -> Limit:
    return Limit(name, label, span_of(name), source=SOURCE)


DISPATCH = _limit("dispatch", _("派单"))
SIGN = _limit("sign", _("签收"))
HANDLE = _limit("handle", _("办结"))
REDO = Limit("handle", _("补充答复"), span_of("redo"), source=SOURCE)
JUDGE = _limit("judge", _("审核退单"))
APPROVE_DELAY = _limit("approve_delay", _("审批延期"))
REVIEW = _limit("review", _("审核答复"))
CALL_BACK = _limit("call_back", _("回访"))
DECIDE = Limit("decide", _("处理回访结果"), span_of("decide"), on_due="settle", source=SOURCE)
"""Started by what leaves a ticket called back and open: who is unhappy, was not reached, or is not to be closed yet."""
SUPERVISE = _limit("supervise", _("督办反馈"))
ASSIST_WITHIN = _limit("assist", _("协办回复"))

AT_UNIT = ("dispatched", "reopened", "handling", "delaying")

TICKET = register(
    Flow(
        KIND, _("热线工单"), prefix=PREFIX, version=2,
        mappings={1: Mapping()},  # every state stays; what waited called back before is settled by `handlers.migrated`
        states=(
            State("taken", _("待派单"), told=_("已收下，正在安排承办单位")),
            State("dispatched", _("待签收"), told=_("已交给承办单位")),
            State("returning", _("退单待审"), told=_("正在确定由哪个单位办理")),
            State("handling", _("办理中")),
            State("delaying", _("延期待批"), told=_("办理中")),
            State("replied", _("待审核"), told=_("承办单位已答复，正在审核")),
            State("reviewed", _("待回访"), told=_("已答复，将回访听您意见")),
            State("called_back", _("已回访待办结"), told=_("已回访")),
            State("reopened", _("重办待签收"), told=_("您不满意，已退回重新办理")),
            State("answered_at_once", _("直接答复办结"), final=True, told=_("已当场答复")),
            State("closed", _("已办结"), final=True),
            State("refused", _("不予受理"), final=True),
            State("merged", _("已并单"), final=True, told=_("和同一件事的工单一起办")),
            State("withdrawn", _("已撤回"), final=True),
        ),
        opens=(
            Opens("take", _("受理登记"), "taken", starts=(DISPATCH,), tells=_("您的诉求已收下")),
        ),
        moves=(
            # At the centre
            Move("dispatch", _("派单"), "taken", "dispatched", any_of(centre, dispatcher, system_only), inputs.Dispatch,
                 stops=("dispatch",), starts=(SIGN, HANDLE), primary=True, tells=_("已派给承办单位")),
            Move("answer", _("直接答复办结"), "taken", "answered_at_once", any_of(centre, operator), inputs.Answer,
                 stops=("dispatch",), outcome="answered", tells=_("已当场答复")),
            Move("refuse", _("不予受理"), "taken", "refused", any_of(centre, dispatcher), inputs.Refuse,
                 stops=("dispatch",), outcome="refused", danger=True, confirms=True,
                 tells=_("不属于受理范围，理由和可以怎么办见说明")),
            Move("amend", _("更正分类"), ANY, None, any_of(centre, operator), inputs.Amend),
            Move("sort", _("智能分拣建议"), "taken", None, system_only, inputs.Sorted),
            # At the unit
            Move("sign", _("签收"), ("dispatched", "reopened"), "handling", unit, stops=("sign",), primary=True,
                 tells=_("承办单位已签收，正在办理")),
            Move("give_back", _("退单"), ("dispatched", "handling"), "returning", unit, inputs.Return,
                 stops=("sign",), starts=(JUDGE,), guard=may_return),
            Move("pass_down", _("交下级办理"), ("dispatched", "reopened", "handling"), "dispatched", unit, inputs.PassDown,
                 stops=("sign",), starts=(SIGN,), tells=_("已交给离您最近的单位办理")),
            Move("ask_help", _("请求协办"), ("taken", "handling"), None, any_of(unit, dispatcher), inputs.Helpers,
                 tells=_("几个单位一起办理")),
            Move("ask_delay", _("申请延期"), "handling", "delaying", unit, inputs.AskDelay, starts=(APPROVE_DELAY,)),
            Move("reply", _("答复"), AT_UNIT, "replied", unit, inputs.Reply, stops=("sign", "handle", "approve_delay"),
                 starts=(REVIEW,), primary=True, confirms=True),
            # Returns, judged by who sent it
            Move("uphold", _("退单成立，改派"), "returning", "dispatched", any_of(centre, dispatcher), inputs.Uphold,
                 stops=("judge",), starts=(SIGN, HANDLE), primary=True, tells=_("已改派给承办单位")),
            Move("overrule", _("退单不成立，指定承办"), "returning", "dispatched", any_of(centre, dispatcher), inputs.Judge,
                 stops=("judge",), starts=(SIGN,), tells=_("已确定承办单位")),
            # Delays
            Move("approve_delay", _("同意延期"), "delaying", "handling", dispatcher, stops=("approve_delay",), primary=True,
                 tells=_("需要多一些时间，新的期限见下")),
            Move("refuse_delay", _("不同意延期"), "delaying", "handling", dispatcher, inputs.Reason,
                 stops=("approve_delay",)),
            # Urging and supervising change no state
            Move("urge", _("催办"), AT_UNIT, None, any_of(applicant, operator, system_only), inputs.Note,
                 tells=_("已催办")),
            Move("supervise", _("督办"), (*AT_UNIT, "returning"), None, supervisor, inputs.Supervise, starts=(SUPERVISE,),
                 tells=_("上级已督办")),
            Move("report", _("督办反馈"), (*AT_UNIT, "replied"), None, unit, inputs.Report, stops=("supervise",),
                 guard=only_supervised),
            # The answer
            Move("forward", _("审核上报"), "replied", None, unit, inputs.Review, stops=("review",), starts=(REVIEW,),
                 guard=sent_by_another, primary=True),
            Move("review", _("审核通过"), "replied", "reviewed", any_of(centre, dispatcher), inputs.Review,
                 stops=("review",), starts=(CALL_BACK,), guard=ours_to_review, primary=True,
                 tells=_("承办单位的答复见下")),
            Move("send_back", _("退回补充答复"), "replied", "handling", any_of(unit, dispatcher), inputs.Reason,
                 stops=("review",), starts=(REDO,), tells=_("答复还不够清楚，已要求承办单位补充")),
            Move("call_back", _("回访"), "reviewed", "called_back", caller_back, inputs.CallBack, stops=("call_back",),
                 primary=True, tells=_("已回访")),
            Move("no_answer", _("回访未接通"), "reviewed", None, caller_back, inputs.Note, tells=_("回访电话没有打通")),
            Move("rate", _("评价"), "reviewed", "called_back", any_of(applicant, system_only), inputs.Rate,
                 stops=("call_back",), tells=_("您已评价")),
            Move("reopen", _("重新办理"), ("reviewed", "called_back"), "reopened", any_of(caller_back, system_only),
                 inputs.Reason, stops=("call_back", "decide"), starts=(SIGN, HANDLE), tells=_("您不满意，已退回重新办理")),
            Move("close", _("办结"), "called_back", "closed", any_of(caller_back, system_only), inputs.Close,
                 stops=("decide",), outcome="closed", primary=True, tells=_("已办结")),
            Move("settle", _("到期处理回访结果"), "called_back", None, system_only, stops=("decide",)),
            # One thing told by many, many things told at once
            Move("merge", _("并单"), ("taken", "dispatched", "reopened", "handling"), "merged", any_of(centre, dispatcher, system_only),
                 inputs.Merge, outcome="merged", tells=_("和同一件事的工单一起办，结果会一样告诉您")),
            Move("gather", _("把同一件事的工单并进来"), ("taken", *AT_UNIT), None, any_of(centre, dispatcher), inputs.Gather),
            Move("split", _("拆单"), ("taken", "handling"), None, any_of(centre, dispatcher), inputs.Split,
                 tells=_("您说的几件事分开办理")),
            # At any time
            Move("confide", _("设为保密"), ANY, None, any_of(centre, dispatcher), inputs.Confide),
            Move("reveal", _("取消保密"), ANY, None, any_of(centre, dispatcher), inputs.Reason,
                 guard=only_confidential),
            Move("alarm", _("转110、119、120"), ANY, None, operator, inputs.Alarm, tells=_("已通知应急部门")),
            Move("alarmed", _("应急部门接警情况"), ANY, None, system_only, inputs.Alarmed),
            Move("add", _("补充说明"), ("taken", *AT_UNIT, "returning", "replied"), None,
                 any_of(applicant, operator, system_only), inputs.Added, tells=_("您补充了情况，承办单位能看到")),
            Move("withdraw", _("撤回诉求"), ("taken", *AT_UNIT, "returning"), "withdrawn",
                 any_of(applicant, operator, system_only), inputs.Reason, outcome="withdrawn", danger=True, tells=_("您撤回了诉求")),
            Move("reroute", _("机构调整移交"), ANY, None, any_of(by_role(Role.ADMIN), dispatcher, system_only), inputs.Rerouted),
            Move("note", _("内部备注"), ANY, None, any_of(unit, operator, caller_back), inputs.Note),
        ),
        scope=ticket_scope, sees=ticket_sees, hides=hidden_from, bulk=("sign", "dispatch", "review", "close"),
    )
)  # fmt: skip

helper = by_role(Role.HANDLER, Role.APPROVER, Role.HEAD, Role.DISPATCHER, Role.GRID)

ASSISTING = register(
    Flow(
        ASSIST, _("热线协办"), prefix="J", version=1,
        states=(
            State("asked", _("待签收")),
            State("helping", _("协办中")),
            State("done", _("已回复主办单位"), final=True),
            State("declined", _("不属于本单位职责"), final=True),
            State("ended", _("不用协办了"), final=True),
        ),
        opens=(Opens("ask", _("请求协办"), "asked", starts=(ASSIST_WITHIN,)),),
        moves=(
            Move("sign", _("签收"), "asked", "helping", helper, primary=True),
            Move("finish", _("回复主办单位"), ("asked", "helping"), "done", helper, inputs.Done, stops=("assist",),
                 outcome="done", primary=True),
            Move("decline", _("说明不属于本单位"), ("asked", "helping"), "declined", helper, inputs.Reason,
                 stops=("assist",), outcome="declined", danger=True),
            Move("end", _("不用协办了"), ("asked", "helping"), "ended", any_of(system_only, dispatcher), outcome="ended"),
            Move("reroute", _("机构调整移交"), ANY, None, any_of(by_role(Role.ADMIN), dispatcher, system_only),
                 inputs.Rerouted),
        ),
        scope=ticket_scope, sees=ticket_sees, hides=hidden_from,
    )
)  # fmt: skip
