"""A reply is checked before it is sent: every finding in words, hard ones stop it, others a reviewer may override."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.desks.hotline import reply_rules
from tongban.desks.hotline.contracts import Finding
from tongban.desks.hotline.models import Ticket
from tongban.kernel import api as kernel
from tongban.kernel.flow.step import Step
from tongban.kernel.prepared import Prepared

WORDS = {
    "short": gettext_lazy("答复太短，没有说清办了什么、结果怎样。"),
    "personal": gettext_lazy("答复里有手机号或身份证号，请删去；联系电话请写单位的座机。"),
    "name": gettext_lazy("答复里有来电人的姓名，请改成“您”。"),
    "rude": gettext_lazy("答复里有不文明的话，请改写。"),
    "unfilled": gettext_lazy("答复里有没填完的地方（××、下划线或方括号）。"),
    "impolite": gettext_lazy("请有称呼和致谢，例如“您好”“感谢您的来电”。"),
    "hollow": gettext_lazy("只有套话：请写查了什么、办了什么、结果怎样。"),
    "no_date": gettext_lazy("说了“尽快”“下一步”，没有写什么时候办到。"),
    "off_topic": gettext_lazy("看不出回答了来电人问的事，请对着诉求逐项回答。"),
    "no_law": gettext_lazy("说到规定、处罚或者办不了，请写依据的法规名称和条款。"),
}


def finding(rule: str) -> Finding:
    """A rule's finding in words."""
    return Finding(rule, str(WORDS[rule]), hard=rule in reply_rules.HARD)


def check(
    reply: str, *, question: str, kind: str, name: str = "", at_once: bool = False
) -> tuple[Finding, ...]:
    """What is to be said of a reply text."""
    return tuple(
        finding(rule)
        for rule in reply_rules.broken(reply, question=question, kind=kind, name=name, at_once=at_once)
    )


def _asked(docket: int) -> QuerySet[Ticket, Any]:
    return Ticket.objects.filter(pk=docket).values_list("text", "kind", "caller_name")


_ASKED = Prepared(_asked, docket=int)


def read_questions(steps: Sequence[Step]) -> None:
    """Read at once what was told in all these tickets, for moves that bring a reply."""
    if len(steps) == 1:
        (own,) = _ASKED(docket=steps[0].docket.id)
        steps[0].own.asked = own
    elif steps:
        wanted = [step.docket.id for step in steps]
        rows = Ticket.objects.filter(docket__id__among=wanted).values_list(
            "pk", "text", "kind", "caller_name"
        )
        found = {docket: tuple(asked) for docket, *asked in rows}
        for step in steps:
            step.own.asked = found[step.docket.id]


def findings_for(step: Step, reply: str, *, at_once: bool = False) -> tuple[Finding, ...]:
    """What is to be said of a reply to a ticket."""
    text, kind, name = step.own.asked
    return check(reply, question=text, kind=kind, name=name, at_once=at_once)


def insist(step: Step, found: Sequence[Finding], *, override: str = "") -> None:
    """Let a reply pass that has no finding, or only soft ones and a reason why they do not matter.

    :raises kernel.InvalidInput: with every finding in words
    """
    hard = [one for one in found if one.hard]
    if not found or (override and not hard):
        if found:
            step.note(overridden=[one.rule for one in found])
        return
    raise kernel.InvalidInput(
        "reply", _("答复有%d处要改。") % len(found), fields={"reply": " ".join(one.words for one in hard or found)},
        possible=_("改好再发。") if hard else _("改好再发，或者由审核人写明不采纳的理由。"),
        extra={"findings": [{"rule": one.rule, "words": one.words, "hard": one.hard} for one in found]},
    )  # fmt: skip
