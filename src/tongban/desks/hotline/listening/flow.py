"""How a session of listening runs: announced, held, reported in public, followed up until every promise is kept.

国办发〔2020〕53号 asks that leaders take calls and that what was promised be followed up; the national pilot of windows for
what could not get done (“办不成事”反映窗口, 国发〔2022〕5号) wants each one closed and told. The lengths are the
city's own.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongban.actors.api import Role, by_role, default_scope, default_sees
from tongban.desks.hotline.listening import inputs
from tongban.desks.hotline.listening.contracts import KIND
from tongban.kernel.flow.declaration import ANY, Flow, Limit, Move, Opens, State, working_days
from tongban.kernel.flow.registry import register

centre = by_role(Role.DISPATCHER, Role.OPERATOR, Role.HEAD)
SOURCE = "本市领导接听、行风热线和办不成事窗口工作规定（示例）"

REPORT = Limit("report", _("公布报告"), working_days(5), warn=working_days(1), source=SOURCE)
FOLLOW = Limit("follow", _("跟办销号"), working_days(30), warn=working_days(5), source=SOURCE)

SESSION = register(
    Flow(
        KIND, _("接听活动"), prefix="L", version=1,
        states=(
            State("planned", _("已预告")),
            State("held", _("已举行，待公布")),
            State("reported", _("已公布，跟办中")),
            State("finished", _("全部销号"), final=True),
            State("cancelled", _("已取消"), final=True),
        ),
        opens=(Opens("plan", _("预告一场"), "planned"),),
        moves=(
            Move("hold", _("登记已举行"), "planned", "held", centre, inputs.Held, starts=(REPORT,), primary=True),
            Move("change", _("改时间、人员或地点"), "planned", None, centre, inputs.Plan),
            Move("publish", _("公布报告"), "held", "reported", centre, inputs.Report, stops=("report",), starts=(FOLLOW,),
                 primary=True, confirms=True),
            Move("correct", _("更正报告"), "reported", None, centre, inputs.Report),
            Move("finish", _("全部销号"), "reported", "finished", centre, stops=("follow",), outcome="finished", primary=True),
            Move("cancel", _("取消"), "planned", "cancelled", centre, inputs.Reason, outcome="cancelled", danger=True,
                 confirms=True),
            Move("note", _("内部备注"), ANY, None, centre, inputs.Note),
        ),
        scope=default_scope, sees=default_sees,
    )
)  # fmt: skip
