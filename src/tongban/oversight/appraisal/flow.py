"""How a bad evaluation is mended 差评整改: contacted in 1 working day, mended in 5 to 15, called back.

国务院办公厅关于建立政务服务“好差评”制度提高政务服务水平的意见（国办发〔2019〕51号）: every bad evaluation
is verified, mended and answered; one that is mistaken or malicious does not count after review.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from tongban.actors.api import Role, any_of, by_role, supervisor_of_region
from tongban.kernel.flow.declaration import ANY, Flow, Limit, Move, Opens, Span, State, working_days
from tongban.kernel.flow.registry import register
from tongban.oversight.appraisal import inputs
from tongban.oversight.appraisal.access import callback, scope, sees

if TYPE_CHECKING:
    from tongban.kernel.flow.step import Step

unit = by_role(Role.HEAD, Role.APPROVER, Role.HANDLER)
supervisor = supervisor_of_region()
SOURCE = "国办发〔2019〕51号 差评整改"


def _agreed(step: Step) -> Span:
    """The length that was agreed when the applicant was contacted, 5 to 15 working days."""
    return working_days(step.data.days)  # type: ignore[attr-defined]  # the input of `contact`


CONTACT = Limit("contact", _("联系评价人"), working_days(1), source=SOURCE)
MEND = Limit("mend", _("整改"), _agreed, warn=working_days(2), source=SOURCE)
CALL = Limit("call", _("回访"), working_days(3), warn=working_days(1), source=SOURCE)

MENDING = register(
    Flow(
        "mending", _("差评整改"), prefix="P", version=1,
        states=(
            State("opened", _("待联系")),
            State("contacted", _("整改中")),
            State("reviewing", _("待复核是否计入")),
            State("answered", _("待回访")),
            State("mended", _("已整改"), final=True),
            State("explained", _("已说明"), final=True),
            State("excluded", _("不计入"), final=True),
        ),
        opens=(Opens("report", _("收到差评"), "opened", starts=(CONTACT,), tells=_("您的差评已转给责任单位，1个工作日内联系您")),),
        moves=(
            Move("contact", _("联系评价人"), "opened", "contacted", any_of(unit, callback), inputs.Contact,
                 stops=("contact",), starts=(MEND,), primary=True, tells=_("已经联系您，正在整改"), source=SOURCE),
            Move("answer", _("报送整改结果"), "contacted", "answered", unit, inputs.Measure,
                 stops=("mend",), starts=(CALL,), primary=True, tells=_("单位已处理，等待回访"), source=SOURCE),
            Move("reply", _("答复评价人"), ("contacted", "answered"), None, any_of(unit, callback),
                 inputs.Reply, tells=_("单位答复了您")),
            Move("close_mended", _("回访：已整改"), "answered", "mended", callback, inputs.CalledBack,
                 stops=("call",), outcome="mended", primary=True, confirms=True, tells=_("已整改并回访")),
            Move("close_explained", _("回访：已说明"), "answered", "explained", callback, inputs.CalledBack,
                 stops=("call",), outcome="explained", confirms=True, tells=_("已向您说明情况")),
            Move("mend_again", _("回访不满意，继续整改"), "answered", "contacted", callback, inputs.Contact,
                 stops=("call",), starts=(MEND,), tells=_("您还不满意，继续整改")),
            Move("propose_exclusion", _("申请不计入"), ("opened", "contacted"), "reviewing", unit,
                 inputs.Exclude, inverse="retract"),
            Move("retract", _("收回不计入的申请"), "reviewing", None, unit),
            Move("exclude", _("同意不计入"), "reviewing", "excluded", callback, inputs.Reason,
                 outcome="excluded", primary=True, tells=_("经复核，这条评价不计入统计")),
            Move("count_in", _("不同意，照常整改"), "reviewing", None, callback, inputs.Reason),
            Move("note", _("内部备注"), ANY, None, any_of(unit, callback), inputs.Note),
            Move("urge", _("督办"), ANY, None, any_of(supervisor, callback), inputs.Reason),
        ),
        scope=scope, sees=sees,
    )
)  # fmt: skip
