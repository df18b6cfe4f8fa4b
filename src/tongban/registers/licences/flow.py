"""How a holder's objection to a licence is answered 证照异议: the unit that issued it corrects it or says why not.

个人信息保护法 第四十六条: who finds what is kept of them wrong may ask for it to be corrected, and it is checked and
corrected in time. The five working days and their one extension are the city's own figures.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongban.actors.api import Role, applicant, by_role, default_scope, default_sees, supervisor_of_region
from tongban.kernel.flow.declaration import ANY, Flow, Limit, Move, Opens, State, working_days
from tongban.kernel.flow.registry import register
from tongban.registers.licences import inputs

unit = by_role(Role.HEAD, Role.APPROVER, Role.HANDLER)
supervisor = supervisor_of_region()
SOURCE = "个人信息保护法 第四十六条"
MORE = working_days(5)
ANSWER = Limit("answer", _("答复异议"), working_days(5), warn=working_days(1), source=SOURCE)

OBJECTION = register(
    Flow(
        "objection", _("证照异议"), prefix="Y", version=1,
        states=(
            State("raised", _("待核实"), told=_("发证机关正在核实")),
            State("corrected", _("已更正"), final=True),
            State("maintained", _("维持原样"), final=True),
            State("withdrawn", _("已撤回"), final=True),
        ),
        opens=(Opens("raise", _("提出异议"), "raised", starts=(ANSWER,),
                     tells=_("异议已交给发证机关，5个工作日内答复您")),),
        moves=(
            Move("correct", _("更正证照"), "raised", "corrected", unit, inputs.Correction, stops=("answer",),
                 outcome="corrected", primary=True, confirms=True, tells=_("核实有误，证照已更正"), source=SOURCE),
            Move("extend", _("延长答复"), "raised", None, unit, inputs.Reason,
                 tells=_("情况复杂，答复延长5个工作日"), source=SOURCE),
            Move("maintain", _("维持原样"), "raised", "maintained", unit, inputs.Maintained, stops=("answer",),
                 outcome="maintained", danger=True, confirms=True, tells=_("核实无误，证照不改"), source=SOURCE),
            Move("withdraw", _("撤回异议"), "raised", "withdrawn", applicant, stops=("answer",),
                 outcome="withdrawn", tells=_("您撤回了异议")),
            Move("note", _("内部备注"), ANY, None, unit, inputs.Note),
            Move("urge", _("督办"), ANY, None, supervisor, inputs.Reason),
        ),
        scope=default_scope, sees=default_sees,
    )
)  # fmt: skip
