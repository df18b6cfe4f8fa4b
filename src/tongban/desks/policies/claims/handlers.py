"""What this room does when something happened elsewhere. Each may be repeated: it asks how things are, not what was said."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.policies import events as policies
from tongban.desks.policies.claims import (
    drawing,
    events,
    paying,
    queueing,
    recovering,
    selectors,
    sources,
    telling,
)
from tongban.desks.policies.claims.contracts import SOURCE, ObjectionState
from tongban.desks.policies.claims.models import Claim, Objection, Recovery, Run
from tongban.desks.policies.matching import events as matching
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket
from tongban.kernel.outbox.relay import News, on
from tongban.registers.messages import api as messages
from tongban.registers.payments import events as payments


@on(payments.ITEMS_ANSWERED)
def answered(news: News) -> None:
    """The bank answered, or the finance bureau sent something back."""
    if news.body["source"] == SOURCE:
        for item in news.body["items"]:
            paying.settle(item["key"], at=news.at)


@on(payments.FEE_PAID)
def repaid(news: News) -> None:
    """Money of a recovery came in."""
    recovering.repaid(news.body["number"], at=news.at)


@on(payments.FEE_EXPIRED)
def not_repaid(news: News) -> None:
    """Money of a recovery did not come in time."""
    recovering.expired(news.body["number"], at=news.at)


@on(matching.MEASURE_MATCHED)
def matched(news: News) -> None:
    """A measure was matched anew: whoever may be listed is listed."""
    drawing.draw(news.body["key"], at=news.at)


@on(policies.MEASURE_WITHDRAWN)
def stopped(news: News) -> None:
    """Before the days of its publicity are over, a list of a measure that is given no longer grants nothing."""
    _withdraw(news.body["key"], reason=_("政策停止执行：%s") % news.body.get("reason", ""), news=news)


@on(policies.MEASURE_PUBLISHED)
def changed(news: News) -> None:
    """A new version in force: lists of the old one that grant nothing yet are drawn up anew."""
    key, now = news.body["key"], sources.measure(news.body["key"], on=actors.day_of(news.at))
    if now is not None and now.version == news.body["version"]:
        _withdraw(key, reason=_("措施有了新版本，名单按新版本重新拟定。"), news=news, but=now.version)


def _withdraw(key: str, *, reason: str, news: News, but: int = 0) -> None:
    runs = Run.objects.filter(measure=key).exclude(version=but)
    waiting = Docket.objects.filter(
        pk__in=list(runs.values_list("docket", flat=True)), state__in=("drawn", "published")
    )
    for docket in waiting.order_by("pk").values_list("pk", flat=True):
        kernel.perform(
            docket,
            "withdraw",
            actor=kernel.SYSTEM,
            at=news.at,
            data={"reason": reason[:400]},
            key=f"event:{news.id}",
        )


@on(events.PLACE_FREED)
def freed(news: News) -> None:
    """The next of the queue moves up; for a measure without claims the next list is drawn up."""
    queueing.fill(news.body["measure"], news.body["period"], at=news.at)
    drawing.draw(news.body["measure"], at=news.at)


@on("claim.opened", "claim.move_up", "claim.ask", "claim.approve", "claim.refuse")
def told_of_claim(news: News) -> None:
    """The claimant is told what becomes of the claim."""
    if news.topic == "claim.opened" and news.body["move"] != "queue":
        return  # the page has said so
    own = Claim.objects.select_related("due").get(docket=news.docket or 0)
    due, template = own.due, "claim.queued" if news.topic == "claim.opened" else news.topic.replace("_", "-")
    messages.send(
        to=due.payee, template=template, docket=due.number, at=news.at, key=f"event:{news.id}",
        context={
            "title": {"zh": due.title, "en": due.title_en or due.title}, "number": due.number,
            "amount": telling.amount_words(due.amount_fen), "reason": own.reason or own.asked or due.words,
            "rank": selectors.claim_of(own).rank,
        },
    )  # fmt: skip


@on("wish.contact", "wish.give", "wish.decline")
def told_of_wish(news: News) -> None:
    """Who asked for a service is told what the unit did."""
    row = Docket.objects.get(pk=news.docket or 0)
    known = sources.measure(row.subject)
    entry = next(
        one for one in reversed(kernel.history(row.number, at=news.at)) if f"wish.{one.act}" == news.topic
    )
    said = entry.body.get("data", entry.body)
    messages.send(
        to=row.applicant, template=news.topic, docket=row.number, at=news.at, key=f"event:{news.id}",
        context={
            "title": {"zh": row.title, "en": (known.title_en if known else "") or row.title}, "number": row.number,
            "words": said.get("text") or said.get("reason") or "",
        },
    )  # fmt: skip


@on("recovery.order", "recovery.waive", "recovery.renew")
def told_of_recovery(news: News) -> None:
    """The payee is asked to pay back, or told that nothing is to be paid."""
    own = Recovery.objects.select_related("due").get(docket=news.docket or 0)
    template = "recovery.waived" if news.topic == "recovery.waive" else "recovery.ordered"
    messages.send(
        to=own.due.payee, template=template, docket=own.due.number, at=news.at, key=f"event:{news.id}",
        context={
            "title": {"zh": own.due.title, "en": own.due.title_en or own.due.title}, "number": own.due.number,
            "amount": telling.amount_words(own.amount_fen), "reason": own.reason,
        },
    )  # fmt: skip


@on("benefit.exclude", "benefit.release", "benefit.withdraw")
def told_of_objection(news: News) -> None:
    """Whoever objected is told what was found."""
    rows = Objection.objects.filter(run__docket=news.docket or 0, answered_at__isnull=False)
    for one in rows.exclude(state=ObjectionState.OPEN).select_related("due", "run"):
        messages.send(
            to=one.by, template="benefit.objection", docket=one.run.number, at=news.at, key=f"objection:{one.pk}",
            context={
                "title": {"zh": one.run.title, "en": one.run.title_en or one.run.title}, "place": one.due.place,
                "answer": one.answer,
                "state": {"zh": "成立", "en": "upheld"} if one.state == ObjectionState.UPHELD
                else {"zh": "不成立", "en": "not upheld"},
            },
        )  # fmt: skip
