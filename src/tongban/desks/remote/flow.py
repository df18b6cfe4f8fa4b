"""How a remote session 远程窗口 runs: invited, shared, ended by either side or by time.

国办发〔2020〕35号 and 国办发〔2022〕5号 ask that a window be helped from afar instead of sending people there. The minutes are
the city's own rule and are kept by a job, not by clocks: no limit of law hangs on them.
"""

from __future__ import annotations

from django.utils.translation import gettext as _said
from django.utils.translation import gettext_lazy as _

from tongban.actors.api import any_of, system_only
from tongban.desks.remote import access, inputs
from tongban.desks.remote.models import RemoteSession
from tongban.kernel.contracts import Actor, DocketRow
from tongban.kernel.flow.declaration import Flow, Move, Opens, State
from tongban.kernel.flow.registry import register

both = any_of(access.near, access.far)


def drafts_only(row: DocketRow, actor: Actor) -> str | None:
    """Values are proposed for what is not submitted yet; afterwards the department asks for corrections."""
    del actor
    if RemoteSession.objects.filter(docket_id=row.id, shared=None).exists():
        return None
    return _said("看的是已经提交的申请，不能再建议怎么填；要改请承办单位通知补正。")


REMOTE = register(
    Flow(
        "remote", _("远程窗口"), prefix="R", version=2,
        states=(
            State("invited", _("等远程窗口接")),
            State("live", _("正在共享")),
            State("ended", _("已结束"), final=True),
            State("missed", _("没有接通"), final=True),
        ),
        opens=(
            Opens("invite", _("请远程窗口"), "invited", tells=_("您同意后，窗口请承办单位远程一起看您的申请")),
            Opens("ask_help", _("请远程窗口帮我填"), "invited", tells=_("您同意后，请承办单位远程一起看您还没交的申请")),
        ),
        moves=(
            Move("join", _("接通"), "invited", "live", access.far, primary=True, tells=_("承办单位已接通，和窗口一起看")),
            Move("decline", _("现在不能接"), "invited", "missed", access.far, inputs.Declined, outcome="declined",
                 danger=True),
            Move("call_off", _("不等了"), "invited", "missed", access.near, outcome="called_off"),
            Move("remark", _("留言"), "live", None, both, inputs.Remarked),
            Move("propose", _("建议怎么填"), "live", None, access.far, inputs.Proposed, guard=drafts_only),
            Move("accept", _("采用建议"), "live", None, access.applying, inputs.Accepted, guard=drafts_only,
                 tells=_("您采用了远程窗口的建议，已写进草稿")),
            Move("refuse", _("不采用建议"), "live", None, access.applying, inputs.Refused, guard=drafts_only),
            Move("follow", _("草稿已提交，改看案卷"), ("invited", "live"), None, system_only, inputs.Followed),
            Move("end", _("结束共享"), "live", "ended", both, inputs.Ended, outcome="ended", primary=True,
                 tells=_("远程窗口已结束，共享已断开")),
            Move("time_out", _("到时自动结束"), ("invited", "live"), "ended", system_only, outcome="timed_out",
                 tells=_("到时间没有动作，共享已自动断开")),
        ),
        scope=access.scope, sees=access.sees,
    )
)  # fmt: skip
