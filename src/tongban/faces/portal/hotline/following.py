"""Following a message: who may in this browser, what happens next, and what the caller may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.heat import api as heat
from tongban.desks.hotline.mailbox import api as mailbox
from tongban.kernel import api as kernel
from tongban.web.formats import long_date

SESSION: Final = "hotline_followed"
FOR: Final = timedelta(minutes=30)
MOST: Final = 20
LEAST: Final = 2
"""Characters that the moves ask for at least."""
AGAIN_AFTER: Final = timedelta(hours=24)
"""How long after one urging the next would say nothing new."""


def remember(request: HttpRequest, number: str, *, at: datetime) -> None:
    """Let this browser follow a ticket for a while: it sent it, or knew number and phone."""
    kept = {one: until for one, until in _kept(request).items() if until > at.timestamp()}
    kept[number] = int((at + FOR).timestamp())
    request.session[SESSION] = dict(sorted(kept.items(), key=lambda one: one[1])[-MOST:])


def _kept(request: HttpRequest) -> dict[str, int]:
    found = request.session.get(SESSION, {})
    return found if isinstance(found, dict) else {}


def may_follow(request: HttpRequest, number: str, *, at: datetime) -> bool:
    """Whether this browser has shown that the ticket is its own."""
    return _kept(request).get(number, 0) > at.timestamp()


def own(actor: kernel.Actor, row: kernel.DocketRow) -> bool:
    """Whether a signed-in caller wrote it."""
    return bool(row.applicant) and row.applicant in actor.parties


def next_step(found: hotline.Progress) -> str:
    """Who does what by when, in a sentence; empty when nothing more comes."""
    until = long_date(found.due_at) if found.due_at else ""
    facts = {"unit": found.unit_name, "until": until}
    if found.state == "taken" and until:
        return _("热线%(until)s前交给承办单位。") % facts
    if found.state in {"dispatched", "reopened"} and until:
        return _("%(unit)s%(until)s前签收，然后动手办。") % facts
    if found.state in {"handling", "delaying"} and until:
        return _("%(unit)s%(until)s前答复您。") % facts
    if found.state == "called_back" and found.satisfaction in {"unsatisfied", "very_unsatisfied"}:
        return _("回访员看过您说的，退回重新办理或者打电话给您。")
    words = {
        "returning": _("热线正在确定由哪个单位办。"), "replied": _("答复审核通过就给您看。"),
        "reviewed": _("请看答复，说说满不满意；没有评价的，我们会打电话回访。"), "refused": _("这件事不归12345办，可以找谁见下面。"),
    }  # fmt: skip
    return words.get(found.state, "")


def urged_lately(number: str, *, at: datetime) -> bool:
    """Whether the caller, or anybody, urged within the last day."""
    return any(one.act == "urge" and one.at > at - AGAIN_AFTER for one in kernel.history(number, at=at))


class Refused(Exception):  # noqa: N818 - an answer, not a fault
    """What was not done, with words at a field of the page."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field, self.words = field, words


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever follows a message, at an instant, with the key of the form."""

    found: hotline.Progress
    actor: kernel.Actor
    at: datetime
    key: str

    def does(self, move: str, **data: Any) -> None:
        """Make a move of the ticket. :raises kernel.MoveRefused: it is not open now"""
        kernel.perform(self.found.docket, move, actor=self.actor, at=self.at, data=data, key=self.key)


def act(name: str, given: Any, who: Caller) -> str:
    """Do what the caller asks; gives the words that say what was done.

    :param given: what the form sent
    :raises Refused: something is missing
    :raises kernel.MoveRefused: it is not open now
    """
    words = str(given.get("text", "")).strip()
    if name == "unpublish":
        mailbox.take_back(who.found.docket, actor=who.actor, at=who.at)
        return _("好的，这封信不公开了。")
    if name == "urge":
        if urged_lately(who.found.number, at=who.at):
            raise Refused("urge-text", _("一天内已经催过，承办单位收到了。急事请打12345。"))
        who.does("urge", text=words)
        return _("已催办，承办单位的负责人会收到。")
    if name == "add":
        if len(words) < LEAST:
            raise Refused("add-text", _("请写要补充的情况。"))
        who.does("add", text=words)
        return _("补充的情况已收下，承办单位能看到。")
    if name == "appeal":
        if len(words) < LEAST:
            raise Refused("appeal-text", _("请写为什么不同意。"))
        heat.appeal(who.found.docket, reason=words, actor=who.actor, at=who.at, key=who.key)
        return _("申诉已收下，由另一位工作人员复核，5个工作日内告诉您。")
    if name == "withdraw":
        if len(words) < LEAST:
            raise Refused("withdraw-text", _("请写为什么撤回，如：已经解决。"))
        who.does("withdraw", reason=words)
        return _("已撤回。要说的时候再提交。")
    return _rate(given, words, who)


def _rate(given: Any, words: str, who: Caller) -> str:
    satisfaction, solved = str(given.get("satisfaction", "")), str(given.get("solved", ""))
    if satisfaction not in {value for value, _label in levels()}:
        raise Refused("satisfaction-0", _("请选满意不满意。"))
    if solved not in hotline.Solved.values:
        raise Refused("solved-0", _("请选解决了没有。"))
    unhappy = satisfaction in {"unsatisfied", "very_unsatisfied"} or solved == hotline.Solved.NO
    if unhappy and len(words) < LEAST:
        raise Refused("rate-text", _("请写哪里没办好，好让单位重新办。"))
    who.does("rate", satisfaction=satisfaction, solved=solved, said=words)
    if unhappy:
        return _("记下了。回访员看过您说的，会退回重新办理或者打电话给您。")
    return _("谢谢您的评价。")


def levels() -> list[tuple[str, str]]:
    """How satisfied one may be, best first."""
    named = hotline.Satisfaction
    return [(one.value, str(one.label)) for one in named if one != named.NO_ANSWER]


def answers() -> list[tuple[str, str]]:
    """Whether it is solved."""
    return [(one.value, str(one.label)) for one in hotline.Solved]
