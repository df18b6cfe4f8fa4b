"""How a holder's word that a fact is wrong is answered 画像更正: the department that keeps it corrects it or says why not.

个人信息保护法 第四十六条: who finds what is kept wrong or incomplete may ask for correction, and it is checked and corrected in
time. The five working days and their one extension are the city's own figures.
"""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from tongban.actors.api import Role, applicant, by_role, default_scope, default_sees, supervisor_of_region
from tongban.kernel.flow.declaration import ANY, Flow, Limit, Move, Opens, State, working_days
from tongban.kernel.flow.registry import register
from tongban.registers.portraits import inputs

KIND: Final = "correction"
unit = by_role(Role.HEAD, Role.APPROVER, Role.HANDLER)
supervisor = supervisor_of_region()
SOURCE = "个人信息保护法 第四十六条"
MORE = working_days(5)
DECIDE = Limit("decide", _("核实更正"), working_days(5), warn=working_days(1), source=SOURCE)

CORRECTION = register(
    Flow(
        KIND, _("画像更正"), prefix="PR", version=1,
        states=(
            State("asked", _("待核实"), told=_("管这项数据的部门正在核实")),
            State("corrected", _("已更正"), final=True),
            State("maintained", _("维持原样"), final=True),
            State("withdrawn", _("已撤回"), final=True),
        ),
        opens=(Opens("ask", _("提出更正"), "asked", starts=(DECIDE,), tells=_("已交给管这项数据的部门，5个工作日内答复您")),),
        moves=(
            Move("correct", _("更正数据"), "asked", "corrected", unit, inputs.Corrected, stops=("decide",),
                 outcome="corrected", primary=True, confirms=True, tells=_("核实有误，数据已更正"), source=SOURCE),
            Move("extend", _("延长核实"), "asked", None, unit, inputs.Reason,
                 tells=_("情况复杂，核实延长5个工作日"), source=SOURCE),
            Move("maintain", _("维持原样"), "asked", "maintained", unit, inputs.Maintained, stops=("decide",),
                 outcome="maintained", danger=True, confirms=True, tells=_("核实无误，数据不改"), source=SOURCE),
            Move("withdraw", _("撤回更正"), "asked", "withdrawn", applicant, stops=("decide",),
                 outcome="withdrawn", tells=_("您撤回了更正")),
            Move("note", _("内部备注"), ANY, None, unit, inputs.Note),
            Move("urge", _("督办"), ANY, None, supervisor, inputs.Reason),
        ),
        scope=default_scope, sees=default_sees,
    )
)  # fmt: skip
