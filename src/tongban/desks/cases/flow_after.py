"""What follows an approval: a licence that waits for an entry, and the check of instant approvals afterwards.

行政许可法: 44 the licence is delivered within ten working days of the decision; 61 the authority checks what it
licensed; 69 a licence granted on wrong facts may be, one got by deceit must be revoked, and whoever trusted in it is
compensated; 7, 36 the holder is heard first and told the remedies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongban.actors.api import Role, any_of, applicant, by_role, default_scope, default_sees, system_only
from tongban.desks.cases import inputs, inputs_after
from tongban.kernel.flow.declaration import ANY, Flow, Limit, Move, Opens, State, working_days
from tongban.kernel.flow.registry import register

if TYPE_CHECKING:
    from tongban.kernel.contracts import Actor, DocketRow

maker = by_role(Role.HANDLER, Role.WINDOW, Role.APPROVER, Role.HEAD)
checker = by_role(Role.HANDLER, Role.APPROVER, Role.HEAD)
decider = by_role(Role.APPROVER, Role.HEAD)

MAKING = register(
    Flow(
        "making", _("制证"), prefix="M", version=1,
        states=(
            State("waiting", _("待补全")),
            State("made", _("已制证"), final=True),
            State("dropped", _("不用制证"), final=True),
        ),
        opens=(
            Opens("wait", _("证照缺内容，待补全"), "waiting", tells=_("已批准，证照还缺一项内容，单位正在补全"),
                  starts=(Limit("make", _("制证"), working_days(10), warn=working_days(3),
                                source="行政许可法 第四十四条"),)),
        ),
        moves=(
            Move("complete", _("补全并制证"), "waiting", "made", maker, inputs_after.Complete,
                 stops=("make",), outcome="made", primary=True, tells=_("证照已制成")),
            Move("drop", _("不用制证"), "waiting", "dropped", checker, inputs_after.GiveUp, stops=("make",),
                 outcome="dropped", danger=True, confirms=True, tells=_("这份证照不用制作，理由见说明")),
            Move("note", _("内部备注"), ANY, None, maker, inputs.Note),
        ),
        scope=default_scope, sees=default_sees,
    )
)  # fmt: skip

INSIDE = ("drawn", "sound")
"""States of a check that are the unit's own affair: the holder hears only of what concerns him."""


def _scope(actor: Actor) -> Q:
    """The usual rows; the holder those in which a fault was found."""
    usual = default_scope(actor)
    if actor.is_system or actor.grants or actor.regions:
        return usual
    return usual & ~Q(state__in=INSIDE)


def _sees(actor: Actor, docket: DocketRow) -> bool:
    if not actor.is_system and not actor.grants and not actor.regions and docket.state in INSIDE:
        return False
    return default_sees(actor, docket)


SAMPLING = register(
    Flow(
        "sampling", _("事后抽查"), prefix="Q", version=1,
        states=(
            State("drawn", _("待抽查")),
            State("fault", _("已告知，听取陈述申辩")),
            State("deciding", _("待处理决定")),
            State("sound", _("抽查合格"), final=True),
            State("corrected", _("已更正"), final=True),
            State("revoked", _("已撤销"), final=True),
            State("kept", _("维持原决定"), final=True),
        ),
        opens=(
            Opens("draw", _("抽中"), "drawn",
                  starts=(Limit("check", _("抽查核对"), working_days(10), warn=working_days(2),
                                source="行政许可法 第六十一条"),)),
        ),
        moves=(
            Move("claim", _("我来查"), "drawn", None, checker),
            Move("find_sound", _("合格"), "drawn", "sound", checker, inputs_after.Sound, stops=("check",),
                 outcome="sound", primary=True),
            Move("find_fault", _("发现问题"), "drawn", "fault", checker, inputs_after.Fault, stops=("check",),
                 confirms=True, danger=True,
                 starts=(Limit("hear", _("陈述申辩"), working_days(5), on_due="heard_nothing",
                               whose="applicant", source="行政许可法 第七条、第三十六条"),),
                 tells=_("事后抽查发现问题，您可以在5个工作日内陈述、申辩")),
            Move("hear", _("记下陈述申辩"), "fault", "deciding", any_of(applicant, checker), inputs_after.Heard,
                 stops=("hear",), primary=True, tells=_("已收到您的陈述申辩"),
                 starts=(Limit("settle", _("作出处理决定"), working_days(10), warn=working_days(2)),)),
            Move("heard_nothing", _("期满未陈述"), "fault", "deciding", system_only,
                 starts=(Limit("settle", _("作出处理决定"), working_days(10), warn=working_days(2)),)),
            Move("correct", _("更正证照"), "deciding", "corrected", decider, inputs_after.Corrected,
                 stops=("settle",), outcome="corrected", tells=_("证照内容已更正")),
            Move("revoke", _("撤销"), "deciding", "revoked", decider, inputs_after.Revoked, stops=("settle",),
                 outcome="revoked", danger=True, confirms=True, tells=_("批准和证照已撤销，理由和救济途径见决定"),
                 source="行政许可法 第六十九条"),
            Move("keep", _("维持原决定"), "deciding", "kept", decider, inputs.Reason, stops=("settle",),
                 outcome="kept", tells=_("经核实，原批准有效")),
            Move("note", _("内部备注"), ANY, None, checker, inputs.Note),
        ),
        scope=_scope, sees=_sees,
    )
)  # fmt: skip
