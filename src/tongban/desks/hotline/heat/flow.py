"""How a warning of an affair runs, and how repeated messages are reviewed.

热点诉求 (affair): raised by the figures at a threshold of the pack → taken up by the unit in charge → its measures told to every
caller at once → closed. 国办发〔2020〕53号 asks that what many tell of be found early and dealt with together.

重复诉求认定 (repeat): nobody's message is dropped. An officer proposes, another one reviews (信访工作条例 allows no more than not to
take up again what was answered); the caller may object, and the mark ends by itself after ninety days.
"""

from __future__ import annotations

from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from tongban.actors.api import Role, any_of, applicant, by_role, supervisor_of_region, system_only
from tongban.desks.hotline.access import at_desk, ticket_scope, ticket_sees
from tongban.desks.hotline.heat import inputs
from tongban.desks.hotline.heat.contracts import AFFAIR, REPEAT
from tongban.desks.hotline.heat.standing import unanswered
from tongban.desks.hotline.inputs import Note, Reason, Review
from tongban.kernel.contracts import Actor, DocketRow
from tongban.kernel.flow.declaration import ANY, Flow, Limit, Move, Opens, State, natural_days, working_days
from tongban.kernel.flow.registry import register

centre = any_of(by_role(Role.DISPATCHER), at_desk(Role.DISPATCHER))
unit = by_role(Role.HANDLER, Role.APPROVER, Role.HEAD, Role.DISPATCHER)
caller_back = any_of(by_role(Role.CALLBACK, Role.DISPATCHER), at_desk(Role.CALLBACK, Role.DISPATCHER))
supervisor = any_of(supervisor_of_region(Role.SUPERVISOR, Role.LEADER), centre)
SOURCE = "国办发〔2020〕53号；本市12345热线工作规范（示例）"

TAKE_UP = Limit("take_up", _("认领"), working_days(1), source=SOURCE)
MEASURES = Limit("measures", _("答复处置措施"), working_days(5), warn=working_days(1), source=SOURCE)


def _all_answered(row: DocketRow, _actor: Actor) -> str | None:
    left = unanswered(row.id)
    return _text("还有%d件没有答复。") % left if left else None


AFFAIR_FLOW = register(
    Flow(
        AFFAIR, _("热点诉求"), prefix="G", version=2,
        states=(
            State("raised", _("待认领")),
            State("taken_up", _("处置中")),
            State("told", _("已答复")),
            State("closed", _("已办结"), final=True),
            State("dismissed", _("不成立"), final=True),
            State("joined", _("已并入"), final=True),
        ),
        opens=(Opens("raise", _("热点预警"), "raised", starts=(TAKE_UP,)),),
        moves=(
            Move("assign", _("交办"), ("raised", "taken_up"), None, centre, inputs.Assign),
            Move("take_up", _("认领"), "raised", "taken_up", unit, Note, stops=("take_up",), starts=(MEASURES,),
                 primary=True),
            Move("tell", _("统一答复"), ("taken_up", "told"), "told", unit, inputs.Measures, stops=("measures",),
                 primary=True, confirms=True),
            Move("review", _("统一审核"), "told", None, centre, Review),
            Move("call_round", _("集中回访"), "told", None, caller_back, inputs.CallRound),
            Move("close", _("办结"), "told", "closed", any_of(centre, unit), inputs.Close, outcome="closed",
                 guard=_all_answered),
            Move("take_out", _("移出不是这件事的工单"), ("raised", "taken_up", "told"), None, any_of(centre, unit),
                 inputs.TakeOut),
            Move("dismiss", _("预警不成立"), ("raised", "taken_up"), "dismissed", centre, Reason, outcome="dismissed",
                 danger=True, confirms=True),
            Move("rise", _("升级"), ANY, None, system_only, inputs.Rise),
            Move("join", _("并入另一个热点"), ANY, "joined", any_of(centre, system_only), inputs.Join, outcome="joined"),
            Move("urge", _("督办"), ANY, None, supervisor, Reason),
            Move("note", _("内部备注"), ANY, None, any_of(unit, centre), Note),
        ),
        scope=ticket_scope, sees=ticket_sees,
    )
)  # fmt: skip

REVIEW = Limit("review", _("审核"), working_days(3), source=SOURCE)
LASTS = Limit("lasts", _("认定期满"), natural_days(90), on_due="lapse", source=SOURCE)
OBJECTION = Limit("objection", _("复核申诉"), working_days(5), source=SOURCE)

REPEAT_FLOW = register(
    Flow(
        REPEAT, _("重复诉求认定"), prefix="F", version=1,
        states=(
            State("proposed", _("待审核")),
            State("marked", _("已认定"), told=_("您就同一件事多次来电，已经答复过；再来电照样登记")),
            State("appealed", _("申诉待复核"), told=_("您的申诉正在复核")),
            State("rejected", _("不认定"), final=True),
            State("lifted", _("已撤销"), final=True, told=_("认定已撤销")),
            State("lapsed", _("已期满"), final=True),
        ),
        opens=(Opens("propose", _("提请认定"), "proposed", starts=(REVIEW,)),),
        moves=(
            Move("mark", _("认定"), "proposed", "marked", centre, Reason, stops=("review",), starts=(LASTS,), confirms=True,
                 primary=True, tells=_("您就同一件事多次来电，已经答复过；不同意可以申诉")),
            Move("reject", _("不认定"), "proposed", "rejected", centre, Reason, stops=("review",), outcome="rejected"),
            Move("appeal", _("申诉"), "marked", "appealed",
                 any_of(applicant, at_desk(Role.OPERATOR, Role.DISPATCHER), system_only), Reason, suspends=("lasts",), starts=(OBJECTION,), tells=_("您的申诉正在复核")),
            Move("keep", _("维持"), "appealed", "marked", centre, Reason, stops=("objection",), resumes=("lasts",),
                 tells=_("复核后维持认定")),
            Move("lift", _("撤销"), ("marked", "appealed"), "lifted", centre, Reason, stops=(ANY,), outcome="lifted",
                 primary=True, tells=_("认定已撤销")),
            Move("lapse", _("期满"), "marked", "lapsed", system_only, outcome="lapsed"),
            Move("note", _("内部备注"), ANY, None, centre, Note),
        ),
        scope=ticket_scope, sees=ticket_sees,
    )
)  # fmt: skip
