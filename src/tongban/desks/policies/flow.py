"""What becomes of a policy 政策: collected, split into measures, checked by a second person, published, changed, ended.

A new policy's guide is to be out within seven working days (provincial notice, the city's own figure elsewhere). Nobody
checks what he wrote (四眼原则). While a policy is changed, what was published stays in force.
"""

from __future__ import annotations

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from tongban.actors.api import any_of, supervisor_of_region, system_only
from tongban.desks.policies import inputs
from tongban.desks.policies.access import checker, editor, scope, sees
from tongban.desks.policies.contracts import KIND
from tongban.kernel.contracts import Actor, DocketRow
from tongban.kernel.flow.declaration import ANY, Flow, Limit, Move, Opens, State, working_days
from tongban.kernel.flow.registry import register

SOURCE = "优化营商环境条例 第三十八条"
GUIDE = Limit(
    "guide", _("拆分并公布"), working_days(7), warn=working_days(2), source="本市惠企政策兑现办法（示例）"
)
CHECK = Limit(
    "check", _("复核"), working_days(3), warn=working_days(1), source="本市惠企政策兑现办法（示例）"
)
IN_FORCE = ("published", "changing")


def _not_own(row: DocketRow, actor: Actor) -> str | None:
    """Nobody checks what he wrote."""
    from tongban.desks.policies import selectors

    if actor.id in selectors.writers(row.id):
        return now_("这次的内容里有您写的，请另一个人复核。")
    return None


def _ready(row: DocketRow, _actor: Actor) -> str | None:
    """What keeps the drafts from being published, in words."""
    from tongban.desks.policies import readiness

    return readiness.obstacle(row.id)


POLICY = register(
    Flow(
        KIND, _("政策"), prefix="PO", version=1,
        states=(
            State("collected", _("待拆分")),
            State("split", _("拆分中")),
            State("proposed", _("待复核")),
            State("checked", _("待公布")),
            State("published", _("公布中")),
            State("changing", _("公布中，正在修订")),
            State("reproposed", _("公布中，修订待复核")),
            State("rechecked", _("公布中，修订待公布")),
            State("withdrawn", _("已停止"), final=True),
            State("expired", _("已到期"), final=True),
            State("dropped", _("不收"), final=True),
        ),
        opens=(
            Opens("collect", _("收集"), "collected", starts=(GUIDE,)),
            Opens("bring", _("随文件装入"), "published"),
        ),
        moves=(
            Move("draft", _("写措施"), ("collected", "split"), "split", editor, inputs.Drafted),
            Move("redraft", _("改措施"), "changing", None, editor, inputs.Drafted),
            Move("forget", _("删去草稿"), ("split", "changing"), None, editor, inputs.Dropped),
            Move("propose", _("提请复核"), "split", "proposed", editor, starts=(CHECK,), guard=_ready, primary=True),
            Move("repropose", _("提请复核修订"), "changing", "reproposed", editor, starts=(CHECK,), guard=_ready, primary=True),
            Move("check", _("复核通过"), "proposed", "checked", checker, inputs.Checked, stops=("check",), guard=_not_own,
                 primary=True, source=SOURCE),
            Move("recheck", _("复核通过修订"), "reproposed", "rechecked", checker, inputs.Checked, stops=("check",),
                 guard=_not_own, primary=True, source=SOURCE),
            Move("send_back", _("退回修改"), ("proposed", "checked"), "split", checker, inputs.Reason, stops=("check",)),
            Move("send_again", _("退回修订"), ("reproposed", "rechecked"), "changing", checker, inputs.Reason, stops=("check",)),
            Move("publish", _("公布"), "checked", "published", checker, stops=("guide",), guard=_ready, primary=True,
                 confirms=True, source=SOURCE),
            Move("republish", _("公布修订"), "rechecked", "published", checker, guard=_ready, primary=True, confirms=True,
                 source=SOURCE),
            Move("change", _("修订"), "published", "changing", editor, inputs.Reason),
            Move("leave", _("放弃修订"), "changing", "published", editor),
            Move("stop_measure", _("停止一项措施"), IN_FORCE, None, checker, inputs.Stopped, danger=True, confirms=True),
            Move("withdraw", _("停止整个政策"), (*IN_FORCE, "reproposed", "rechecked"), "withdrawn", checker, inputs.Public,
                 stops=(ANY,), outcome="withdrawn", danger=True, confirms=True),
            Move("drop", _("不收这个政策"), ("collected", "split"), "dropped", editor, inputs.Reason, stops=(ANY,),
                 outcome="dropped", danger=True),
            Move("expire", _("到期"), (*IN_FORCE, "reproposed", "rechecked"), "expired", system_only, stops=(ANY,),
                 outcome="expired"),
            Move("note", _("内部备注"), ANY, None, any_of(editor, checker), inputs.Note),
            Move("urge", _("督办"), ANY, None, supervisor_of_region(), inputs.Reason),
        ),
        scope=scope, sees=sees,
    )
)  # fmt: skip
