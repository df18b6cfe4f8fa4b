"""How the place that decides asks the place that received 协查: 多地联办 of 国办发〔2020〕35号.

An inquiry does not suspend the clock of the case: 行政许可法 45 names what is not counted (听证、招标、拍卖、检验、检测、检疫、鉴定、
专家评审), and the answer of another authority is not among it. Who cannot decide without the answer asks early, or has the
head extend the limit (42). How long the partner has is the question's own; when it is over, chasing is our unit's task.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongban.actors.api import Role, by_role, default_scope, default_sees, system_only
from tongban.desks.cases.partners import inputs
from tongban.kernel.flow.declaration import ANY, Flow, Limit, Move, Opens, State, working_days
from tongban.kernel.flow.registry import register

asker = by_role(Role.HANDLER, Role.HEAD)
SOURCE = "国办发〔2020〕35号；本市跨域通办协议（示例）"
USUAL_DAYS = 3

REPLY = Limit(
    "reply", _("对方答复"), working_days(USUAL_DAYS), on_due="fall_due", warn=working_days(1), source=SOURCE
)
CHASE = Limit("chase", _("催对方答复"), working_days(1), source=SOURCE)
READ = Limit("read", _("看答复、写明怎么用"), working_days(2), warn=working_days(1), source=SOURCE)
TURN = Limit("turn", _("对方不收时改用别的办法"), working_days(1), source=SOURCE)
WAITING = ("asked", "delivered", "overdue")

INQUIRY = register(
    Flow(
        "inquiry", _("协查函"), prefix="X", version=1,
        states=(
            State("asked", _("已签发，排队发送"), told=_("正在请收件地协助核实")),
            State("delivered", _("已送达，等对方答复"), told=_("已请收件地协助核实，办理期限照算")),
            State("overdue", _("对方逾期没有答复"), told=_("收件地还没有答复，正在催")),
            State("bounced", _("对方不收，待处理"), told=_("正在用别的办法核实")),
            State("answered", _("已答复，待采用"), told=_("收件地已答复")),
            State("used", _("已采用"), final=True),
            State("recalled", _("已撤回"), final=True),
            State("moot", _("不再需要"), final=True),
        ),
        opens=(Opens("ask", _("请收件地协助"), "asked", starts=(REPLY,), tells=_("请收件地协助核实")),),
        moves=(
            Move("put_off", _("对方系统不通，排队重发"), "asked", None, system_only, inputs.Delayed),
            Move("deliver", _("送达对方"), ("asked", "overdue"), "delivered", system_only, inputs.Sent,
                 tells=_("已送到收件地")),
            Move("bounce", _("对方不收"), ("asked", "overdue"), "bounced", system_only, inputs.Bounced,
                 stops=("reply", "chase"), starts=(TURN,)),
            Move("fall_due", _("对方逾期没有答复"), ("asked", "delivered"), "overdue", system_only,
                 stops=("reply",), starts=(CHASE,), tells=_("收件地逾期没有答复，承办单位正在催")),
            Move("chase", _("已催对方答复"), ("delivered", "overdue"), None, asker, inputs.Chased, stops=("chase",),
                 starts=(CHASE,)),
            Move("answer", _("对方答复"), WAITING, "answered", system_only, inputs.Answered,
                 stops=("reply", "chase"), starts=(READ,), tells=_("收件地已答复，承办单位接着办")),
            Move("adopt", _("看过，写明怎么用"), "answered", "used", asker, inputs.Adopted, stops=("read",),
                 outcome="answered", primary=True),
            Move("recall", _("不用对方答复了"), (*WAITING, "bounced"), "recalled", asker, inputs.Reason,
                 outcome="recalled", danger=True, confirms=True, tells=_("不再需要收件地协助")),
            Move("make_moot", _("不再需要"), ANY, "moot", system_only, inputs.Reason, outcome="moot"),
            Move("note", _("内部备注"), ANY, None, asker, inputs.Note),
        ),
        scope=default_scope, sees=default_sees,
    )
)  # fmt: skip
