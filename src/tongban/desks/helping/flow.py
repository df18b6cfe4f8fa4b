"""How a visit at home 上门帮办 runs: the city's own rule, no law fixes these limits.

Special groups 特殊群体 (old, disabled, ill people, mothers of infants) are called back within one working day, everybody
else within three; the visit follows within five. 国务院关于在线政务服务的若干规定 and the elder norms (国办发〔2020〕45号)
ask that nobody be left to the screen alone.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongban.actors.api import Role, any_of, applicant, by_role, default_scope, default_sees
from tongban.desks.helping import inputs
from tongban.kernel.flow.declaration import ANY, Flow, Limit, Move, Opens, State, working_days
from tongban.kernel.flow.registry import register

station = by_role(Role.AGENT, Role.WINDOW, Role.HEAD)
SOURCE = "本市帮办代办工作规定（示例）"

ARRANGE = Limit("arrange", _("约定上门时间"), working_days(3), warn=working_days(1), source=SOURCE)
ARRANGE_FIRST = Limit("arrange", _("优先约定上门时间"), working_days(1), source=SOURCE)
VISIT = Limit("visit", _("上门"), working_days(5), warn=working_days(1), source=SOURCE)

DOORSTEP = register(
    Flow(
        "doorstep", _("上门帮办"), prefix="D", version=1,
        states=(
            State("asked", _("待约时间"), told=_("已收下，服务站会打电话约时间")),
            State("arranged", _("已约上门")),
            State("visited", _("已上门"), final=True),
            State("declined", _("不能上门"), final=True),
            State("cancelled", _("不用上门了"), final=True),
        ),
        opens=(
            Opens("ask", _("请人上门"), "asked", starts=(ARRANGE,), tells=_("服务站3个工作日内和您约时间")),
            Opens("ask_first", _("优先请人上门"), "asked", starts=(ARRANGE_FIRST,),
                  tells=_("服务站1个工作日内和您约时间")),
        ),
        moves=(
            Move("arrange", _("约定上门时间"), "asked", "arranged", station, inputs.Arrange,
                 stops=("arrange",), starts=(VISIT,), primary=True, tells=_("上门时间已约好")),
            Move("rearrange", _("改约时间"), "arranged", None, station, inputs.Arrange,
                 tells=_("上门时间改了")),
            Move("visit", _("已上门"), "arranged", "visited", station, inputs.Visited, stops=("visit",),
                 outcome="visited", primary=True, tells=_("已上门帮办")),
            Move("pass_on", _("转给别的服务站"), ("asked", "arranged"), "asked", station, inputs.PassOn,
                 stops=("visit",), tells=_("已转给离您更近的服务站")),
            Move("decline", _("不能上门"), ("asked", "arranged"), "declined", station, inputs.Decline,
                 stops=("arrange", "visit"), outcome="declined", danger=True, confirms=True,
                 tells=_("这次不能上门，原因和可以怎么办见说明")),
            Move("cancel", _("不用上门了"), ("asked", "arranged"), "cancelled", any_of(applicant, station),
                 inputs.Cancel, stops=("arrange", "visit"), outcome="cancelled", danger=True,
                 tells=_("这次上门取消了")),
            Move("note", _("内部备注"), ANY, None, station, inputs.Note),
        ),
        scope=default_scope, sees=default_sees,
    )
)  # fmt: skip
