"""What becomes of a question without an answer 知识缺口, and of an entry whose review is due 知识复核.

The hotline's knowledge is kept by the units that answer for it: GB/T 33358-2016 asks for a knowledge base that is
updated; the working days are the city's own figures.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongban.actors.api import (
    Role,
    any_of,
    by_role,
    default_scope,
    default_sees,
    supervisor_of_region,
    system_only,
)
from tongban.kernel.flow.declaration import ANY, Flow, Limit, Move, Opens, State, working_days
from tongban.kernel.flow.registry import register
from tongban.registers.knowledge import inputs

KIND = "question"
OWNERS = (Role.HANDLER, Role.APPROVER, Role.HEAD, Role.DISPATCHER, Role.CATALOGUE_EDITOR)
owner = by_role(*OWNERS)
supervisor = supervisor_of_region()
SOURCE = "GB/T 33358-2016 政府热线服务规范"
ANSWER = Limit("answer", _("补上答案"), working_days(5), warn=working_days(1), source=SOURCE)
REVIEW = Limit("review", _("复核条目"), working_days(10), warn=working_days(2), source=SOURCE)

QUESTION = register(
    Flow(
        KIND, _("知识缺口"), prefix="K", version=1,
        states=(
            State("asked", _("待补答案"), told=_("责任单位正在准备答案")),
            State("reviewing", _("待复核")),
            State("answered", _("已有答案"), final=True),
            State("declined", _("不收入"), final=True),
            State("confirmed", _("仍然有效"), final=True),
            State("revised", _("已更新"), final=True),
        ),
        opens=(
            Opens("ask", _("没找到答案"), "asked", starts=(ANSWER,), tells=_("问题已交给责任单位，5个工作日内补上答案")),
            Opens("review", _("到期复核"), "reviewing", starts=(REVIEW,)),
        ),
        moves=(
            Move("answer", _("用条目回答"), "asked", "answered", any_of(owner, system_only), inputs.Answered, stops=("answer",),
                 outcome="answered", primary=True, tells=_("答案已经公布")),
            Move("hand", _("转给别的单位"), "asked", None, owner, inputs.Handed),
            Move("decline", _("不收入知识库"), "asked", "declined", owner, inputs.Declined, stops=("answer",),
                 outcome="declined", danger=True, tells=_("这个问题没有收进知识库")),
            Move("confirm", _("确认仍然有效"), "reviewing", "confirmed", owner, inputs.Confirmed, stops=("review",),
                 outcome="confirmed", primary=True),
            Move("revise", _("条目已更新"), "reviewing", "revised", system_only, stops=("review",), outcome="revised"),
            Move("note", _("内部备注"), ANY, None, owner, inputs.Note),
            Move("urge", _("督办"), ANY, None, supervisor, inputs.Reason),
        ),
        scope=default_scope, sees=default_sees,
    )
)  # fmt: skip
