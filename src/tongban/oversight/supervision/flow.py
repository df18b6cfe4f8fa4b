"""How a unit appeals against a late mark 超期申诉: lodged, judged by the supervisor of the division above.

Upheld, the mark leaves the on-time figures, of the day on which it was given: the ledger entry names the limit, and a
fact of its own says so. Rejected, it stays.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongban.actors.api import any_of
from tongban.kernel.flow.declaration import ANY, Flow, Limit, Move, Opens, State, working_days
from tongban.kernel.flow.registry import register
from tongban.oversight.supervision import inputs
from tongban.oversight.supervision.access import appellant, judge, scope, sees
from tongban.oversight.supervision.contracts import KIND

JUDGE = Limit(
    "judge", _("裁定申诉"), working_days(5), warn=working_days(1), source="本市政务服务电子监察办法（示例）"
)
"""Its length in force is `judge` of the pack, given when an appeal is lodged: the one here is what the flow's page shows."""

APPEAL = register(
    Flow(
        KIND, _("超期申诉"), prefix="SV", version=1,
        states=(
            State("lodged", _("待裁定")),
            State("upheld", _("申诉成立"), final=True),
            State("rejected", _("申诉不成立"), final=True),
            State("withdrawn", _("已撤回"), final=True),
        ),
        opens=(Opens("lodge", _("提出申诉"), "lodged", starts=(JUDGE,)),),
        moves=(
            Move("uphold", _("申诉成立"), "lodged", "upheld", judge, inputs.Judgement, stops=("judge",), outcome="upheld",
                 primary=True, confirms=True),
            Move("reject", _("申诉不成立"), "lodged", "rejected", judge, inputs.Judgement, stops=("judge",),
                 outcome="rejected", confirms=True),
            Move("withdraw", _("撤回申诉"), "lodged", "withdrawn", appellant, inputs.Withdraw, outcome="withdrawn"),
            Move("note", _("补充说明"), ANY, None, any_of(appellant, judge), inputs.Note),
        ),
        scope=scope, sees=sees,
    )
)  # fmt: skip
