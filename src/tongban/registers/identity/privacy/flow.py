"""How a request to erase one's account and profile runs.

个人信息保护法 第四十七条: what is no longer necessary, or is no longer consented to, is erased; what law orders to keep is not, and only
kept; 第五十条: a refusal gives reasons and one may go to court. The law says 及时, no number of days: 15 working days is this city's
example.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongban.actors.api import Role, applicant, by_role, default_scope, default_sees, supervisor_of_region
from tongban.kernel.contracts import Actor, DocketRow
from tongban.kernel.flow.declaration import ANY, Flow, Limit, Move, Opens, State, working_days
from tongban.kernel.flow.registry import register
from tongban.registers.identity.privacy import inputs

keeper = by_role(Role.ADMIN, Role.HEAD, Role.HANDLER)
SOURCE = "个人信息保护法 第四十七条、第五十条；15个工作日为本市规定（示例）"

ANSWER = Limit("answer", _("答复删除请求"), working_days(15), warn=working_days(3), source=SOURCE)


def open_work(row: DocketRow, actor: Actor) -> str | None:
    """Nothing may be erased under an application that is being decided."""
    del actor
    from tongban.registers.identity.privacy.erasing import open_dockets

    n = open_dockets(row.applicant, except_for=row.id)
    return str(_("本人还有%(n)d件在办，办结或撤回后才能删除。") % {"n": n}) if n else None


ERASURE = register(
    Flow(
        "erasure", _("注销和删除"), prefix="E", version=1,
        states=(
            State("asked", _("待核对"), told=_("已收下，15个工作日内答复您")),
            State("erased", _("已删除"), final=True),
            State("refused", _("不予删除"), final=True),
            State("withdrawn", _("已撤回"), final=True),
        ),
        opens=(Opens("ask", _("申请注销账号、删除个人信息"), "asked", starts=(ANSWER,), tells=_("已收下您的删除请求")),),
        moves=(
            Move("erase", _("删除"), "asked", "erased", keeper, inputs.Erase, stops=("answer",), outcome="erased",
                 guard=open_work, danger=True, confirms=True, tells=_("账号已注销，个人信息已删除"), source=SOURCE),
            Move("refuse", _("不予删除"), "asked", "refused", keeper, inputs.Refuse, stops=("answer",),
                 outcome="refused", danger=True, confirms=True, tells=_("没有删除，理由和救济途径见答复"), source=SOURCE),
            Move("withdraw", _("撤回请求"), "asked", "withdrawn", applicant, outcome="withdrawn", stops=("answer",),
                 tells=_("您撤回了删除请求，账号照常使用")),
            Move("note", _("内部备注"), ANY, None, keeper, inputs.Note),
            Move("urge", _("督办"), ANY, None, supervisor_of_region(), inputs.Note),
        ),
        scope=default_scope, sees=default_sees,
    )
)  # fmt: skip
