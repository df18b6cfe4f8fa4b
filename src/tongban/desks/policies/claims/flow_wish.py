"""A service of a policy that somebody asked for 政策服务: the unit calls within two working days and does it.

Government departments give guidance and services to companies on the policies in their favour of their own accord
(优化营商环境条例 第四十八条); a service that was promised is done within the time that was said.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongban.actors.api import applicant
from tongban.desks.policies.claims import inputs
from tongban.desks.policies.claims.access import decider, desk, scope, sees
from tongban.desks.policies.claims.contracts import WISH
from tongban.kernel.flow.declaration import ANY, Flow, Limit, Move, Opens, State, working_days
from tongban.kernel.flow.registry import register

SOURCE = "优化营商环境条例 第四十八条"
CONTACT = Limit("contact", _("联系"), working_days(2), warn=working_days(1), source=SOURCE)
SERVE = Limit("serve", _("提供服务"), working_days(20), warn=working_days(3), source=SOURCE)

WISH_FLOW = register(
    Flow(
        WISH, _("政策服务"), prefix="PW", version=1,
        states=(
            State("asked", _("待联系"), told=_("等单位联系您")),
            State("contacted", _("服务中"), told=_("单位联系过您，正在办")),
            State("given", _("已享受"), final=True),
            State("declined", _("不能提供"), final=True),
            State("withdrawn", _("已撤回"), final=True),
        ),
        opens=(Opens("wish", _("要服务"), "asked", starts=(CONTACT,), tells=_("已收到，两个工作日内联系您")),),
        moves=(
            Move("contact", _("已联系"), "asked", "contacted", desk, inputs.Done, stops=("contact",), starts=(SERVE,),
                 primary=True, tells=_("单位联系过您"), source=SOURCE),
            Move("give", _("已提供"), ("asked", "contacted"), "given", desk, inputs.Done, stops=(ANY,), outcome="given",
                 primary=True, tells=_("服务已提供")),
            Move("decline", _("不能提供"), ("asked", "contacted"), "declined", decider, inputs.Told, stops=(ANY,),
                 outcome="declined", danger=True, confirms=True, tells=_("单位说明了为什么不能提供")),
            Move("withdraw", _("不要了"), ("asked", "contacted"), "withdrawn", applicant, stops=(ANY,),
                 outcome="withdrawn", danger=True, tells=_("您撤回了")),
            Move("note", _("内部备注"), ANY, None, desk, inputs.Note),
        ),
        scope=scope, sees=sees,
    )
)  # fmt: skip
