"""How a case that is received here for a place outside the city runs 跨域移交.

国办发〔2020〕35号 names the three modes (全程网办、异地代收代办、多地联办): the receiving place checks identity and form, hands
the papers over and brings the result back; the deciding place decides under its own clocks. 行政许可法 32 stays with the
deciding place; what binds the window here are the city's own limits, as the agreement between the places names them.
个人信息保护法 23: the applicant consents separately to the hand-over, before it.
"""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongban.actors.api import Role, any_of, applicant, by_role, default_scope, default_sees, system_only
from tongban.desks.cases.partners import inputs
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

window = by_role(Role.WINDOW, Role.AGENT, Role.HEAD)
helper = by_role(Role.WINDOW, Role.HANDLER, Role.HEAD)
SOURCE = "国办发〔2020〕35号；本市跨域通办协议（示例）"

PACK = Limit("pack", _("核对并打包"), working_days(1), warn=working_days(1), source=SOURCE)
SEND = Limit("send", _("送达对方"), working_days(2), warn=working_days(1), source=SOURCE)
CHASE = Limit("chase", _("对方没签收时催办"), working_days(2), warn=working_days(1), source=SOURCE)
TELL = Limit("tell", _("告知申请人"), working_days(1), source=SOURCE)
MEND = Limit(
    "mend",
    _("补正"),
    natural_days(30),
    on_due="lapse",
    warn=natural_days(3),
    whose="applicant",
    source=SOURCE,
)
PREFIX = "H"
"""With which the numbers of hand-overs begin."""
AWAY = ("packed", "sent", "acknowledged", "assisting")
OPEN = ("registered", *AWAY, "returned")


def _asked_for(step: Step) -> Span:
    """Until the day that the partner named, else what the agreement says."""
    wanted = step.data.model_dump().get("answer_by")
    if not wanted:
        return working_days(3)
    days = (wanted - timezone.localtime(step.at).date()).days
    return natural_days(max(days, 1))


ASSIST = Limit("assist", _("协助对方"), _asked_for, warn=working_days(1), source=SOURCE)
HANDOVER = register(
    Flow(
        "handover", _("跨域移交"), prefix=PREFIX, version=2,
        states=(
            State("registered", _("待核对打包"), told=_("窗口正在核对，准备转交")),
            State("packed", _("已打包，排队发送"), told=_("已打包，正在送往办理地")),
            State("sent", _("已送达，待对方签收")),
            State("acknowledged", _("对方办理中"), told=_("办理地已收下，正在办")),
            State("assisting", _("对方请本地协助"), told=_("办理地请收件窗口协助，正在办")),
            State("returned", _("退回，等补正"), waits=True, told=_("退回来了，等您补正")),
            State("resulted", _("结果已带回，待告知")),
            State("told", _("结果已告知"), final=True, told=_("已办结")),
            State("given_up", _("已终止"), final=True),
        ),
        opens=(Opens("register", _("代收登记"), "registered", starts=(PACK,), tells=_("已收下，窗口核对后转交办理地")),),
        moves=(
            Move("pack", _("核对无误，打包移交"), "registered", "packed", window, inputs.Packed, stops=("pack",),
                 starts=(SEND,), primary=True, confirms=True, tells=_("窗口核对无误，已签名打包")),
            Move("ask_mending", _("退给申请人补正"), "registered", "returned", window, inputs.Faulty,
                 stops=("pack",), starts=(MEND,), tells=_("窗口核对后请您补正")),
            Move("put_off", _("对方系统不通，排队重发"), "packed", None, system_only, inputs.Delayed,
                 tells=_("办理地的系统暂时不通，已排队，通了自动送达，不用您再跑")),
            Move("send", _("送达对方"), "packed", "sent", system_only, inputs.Sent, stops=("send",),
                 starts=(CHASE,), tells=_("已送到办理地")),
            Move("acknowledge", _("对方签收"), ("packed", "sent"), "acknowledged", system_only,
                 inputs.Acknowledged, stops=("send", "chase"), tells=_("办理地已收下")),
            Move("chase", _("已催对方签收"), "sent", None, window, inputs.Chased, stops=("chase",), starts=(CHASE,)),
            Move("progress", _("对方有进展"), ("sent", "acknowledged", "assisting"), None, system_only, inputs.Said,
                 tells=_("办理地有新进展")),
            Move("ask_here", _("对方请本地协助"), ("sent", "acknowledged"), "assisting", system_only, inputs.Asked,
                 stops=("chase",), starts=(ASSIST,), tells=_("办理地请收件窗口协助核实")),
            Move("answer", _("答复对方"), "assisting", "acknowledged", helper, inputs.Answer, stops=("assist",),
                 primary=True, confirms=True, tells=_("收件窗口已协助答复")),
            Move("recall", _("对方不用协助了"), "assisting", "acknowledged", system_only, inputs.Recalled,
                 stops=("assist",), tells=_("办理地不再需要收件窗口协助")),
            Move("send_back", _("对方退回"), AWAY, "returned", system_only, inputs.Faulty,
                 stops=("send", "chase", "assist"), starts=(MEND,), tells=_("办理地退回来了，请按说明补正")),
            Move("mend", _("补正后重新提交"), "returned", "registered", any_of(applicant, window), inputs.Mended,
                 stops=("mend",), starts=(PACK,), primary=True, tells=_("您已补正，窗口核对后重新送出")),
            Move("bring_back", _("带回结果"), AWAY, "resulted", system_only, inputs.BroughtBack, stops=(ANY,),
                 starts=(TELL,), tells=_("办理地已办结，结果带回来了")),
            Move("tell", _("告知申请人"), "resulted", "told", any_of(window, system_only), inputs.Handed,
                 stops=("tell",), outcome="brought_back", primary=True, tells=_("结果已交给您")),
            Move("give_up", _("不办了"), OPEN, "given_up", any_of(applicant, window), inputs.Reason,
                 outcome="given_up", danger=True, confirms=True, tells=_("这次不办了，已通知办理地")),
            Move("lapse", _("逾期未补正"), "returned", "given_up", system_only, outcome="lapsed",
                 tells=_("超过期限没有补正，这次已终止；可以重新申请")),
            Move("note", _("内部备注"), ANY, None, helper, inputs.Note),
        ),
        scope=default_scope, sees=default_sees,
    )
)  # fmt: skip
