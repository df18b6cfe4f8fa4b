"""Orders: placed by a company, and what their moves do. Who may make them and when stands in `flow`."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.bundles import rules, selectors
from tongban.desks.bundles.access import provider as as_provider
from tongban.desks.bundles.contracts import ORDER, Answer, BundlesError, OfferInfo, OrderInfo, Price
from tongban.desks.bundles.flow import ANSWER, CHOOSE, DELIVER, FLOW, QUOTE
from tongban.desks.bundles.models import Ask, Offer, Order, Statement
from tongban.desks.bundles.planning import need_of
from tongban.desks.bundles.reading import shelf
from tongban.kernel import api as kernel
from tongban.kernel.flow.declaration import ANY, working_days
from tongban.kernel.flow.step import Step

SERVICE_DESK = "dsj"
"""Department that admits providers and mediates."""
LEAST_WISH, MOST_WISH, MOST_CONTACT = 5, 500, 50
ORGANISATION = "organisation:"


def place(
    *, offer: int, company: str, wish: str, contact: str, phone: str, others: bool, actor: kernel.Actor, at: datetime,
    key: str = "", channel: str = "web",
) -> OrderInfo:  # fmt: skip
    """Order a service in a company's name.

    :param others: whether the order may pass to another provider, never a dearer one, when this one is silent or declines
    :raises BundlesError: something is missing or wrong, by field
    :raises UnknownError: no such offer now
    """
    info = selectors.offer(offer, day=actors.day_of(at))
    told = _checked(wish=wish, contact=contact, phone=phone)
    region = _region_for(info, company, actor)
    desk = actors.unit_for(department=SERVICE_DESK, region=region)
    if desk is None:
        raise BundlesError(
            _("这个地区还没有企业服务中心。"), possible=_("请打12345，我们帮您联系。"), code="no_desk"
        )
    opening = kernel.Opening(
        kind=ORDER, way="ask", title=_("增值服务：%s") % info.title.zh, unit=desk.id, region=region, applicant=company,
        agent=actor.id if actor.id != company else "", channel=channel, subject=info.provider.party,
        data={"offer": info.id, "need": info.need, "others": others}, spans={"answer": shelf().market.span("answer")},
        authority=actors.authority_for(actor, company),
    )  # fmt: skip
    with kernel.writing():
        (row,), again = kernel.open_dockets([opening], actor=actor, at=at, key=key)
        if not again:
            made = Order.objects.create(
                docket_id=row.id, offer_id=info.id, provider_id=info.provider.docket, bundle=need_of(info.need).bundle,
                others=others, **told,
            )  # fmt: skip
            Ask.objects.create(order=made, offer_id=info.id, provider_id=info.provider.docket, asked_at=at)
    found = selectors.order_behind(row.id)
    assert found is not None  # just written, or by the first call of this key
    return found


def _checked(*, wish: str, contact: str, phone: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    wish, contact = wish.strip(), " ".join(contact.split())
    if not LEAST_WISH <= len(wish) <= MOST_WISH:
        fields["wish"] = _("请写要什么，%(least)d到%(most)d个字。") % {"least": LEAST_WISH, "most": MOST_WISH}
    if not 1 <= len(contact) <= MOST_CONTACT:
        fields["contact"] = _("请写联系人，服务商接单后才看得到。")
    try:
        phone = actors.phone_number(phone)
    except ValidationError as error:
        fields["phone"] = " ".join(error.messages)
    if fields:
        raise BundlesError(_("还有%d处要补。") % len(fields), fields=fields, code="incomplete")
    return {"wish": wish, "contact": contact, "phone": phone}


def _region_for(info: OfferInfo, company: str, actor: kernel.Actor) -> str:
    """The company's division, once it is sure that the company may order this."""
    if not company.startswith(ORGANISATION):
        raise BundlesError(
            _("增值服务由企业下单，您现在是个人身份。"), possible=_("请先选择代表哪家企业。"), code="not_a_company"
        )  # fmt: skip
    if info.provider.party == company or info.provider.party in actor.parties:
        raise BundlesError(
            _("不能给自己代表的服务商下单。"), possible=_("请选另一家服务商。"), code="own_offer"
        )
    region = actors.party(company).region
    if not rules.serves(info.regions, actors.region_chain(region)):
        raise BundlesError(
            _("这项服务到不了您所在的地区。"), possible=_("请选服务您所在地区的。"), code="elsewhere"
        )
    return region


@FLOW.prepares
def _load(steps: list[Step]) -> None:
    rows = Order.objects.select_related("offer").in_bulk([step.docket.id for step in steps])
    for step in steps:
        step.own = rows.get(step.docket.id)


# The provider answers


def _answered(step: Step, answer: Answer) -> None:
    waiting = Ask.objects.filter(order=step.own, provider=step.own.provider).order_by("-pk").first()
    if waiting is not None:
        Ask.objects.filter(pk=waiting.pk).update(answer=answer)


@FLOW.effect("accept")
def _accept(step: Step) -> None:
    """A published price is agreed with the acceptance; a quote still has to be made."""
    _answered(step, Answer.ACCEPTED)
    offer: Offer = step.own.offer
    if offer.price == Price.QUOTE:
        step.start(QUOTE)
        return
    _agreed(step, fen=offer.price_fen or 0, days=offer.days)
    step.goto("agreed")


def _agreed(step: Step, *, fen: int, days: int) -> None:
    step.own.agreed_fen, step.own.agreed_days = fen, days
    step.own.save(update_fields=["agreed_fen", "agreed_days"])
    step.note(agreed_fen=fen, days=days)
    step.start(DELIVER, working_days(days))


@FLOW.effect("decline")
def _decline(step: Step) -> None:
    _answered(step, Answer.DECLINED)
    _onwards(step)


@FLOW.effect("pass_on")
def _pass_on(step: Step) -> None:
    _answered(step, Answer.SILENT)
    _onwards(step)


def _onwards(step: Step) -> None:
    """To the next provider where the company wished so, never a dearer one; else back to the company."""
    order: Order = step.own
    if order.others:
        day, region = actors.day_of(step.at), step.docket.region
        (first,) = selectors.offers_among([order.offer_id])
        for info in selectors.following(order, region=region, day=day):
            if rules.may_follow(first, info):
                _ask(step, info)
                step.goto("asked")
                step.start(ANSWER)
                return
    _back(step)


def _ask(step: Step, info: OfferInfo) -> None:
    order: Order = step.own
    order.offer_id, order.provider_id = info.id, info.provider.docket
    order.quoted_fen = order.quoted_days = None
    order.quote_says = ""
    order.save(update_fields=["offer", "provider", "quoted_fen", "quoted_days", "quote_says"])
    Ask.objects.create(order=order, offer_id=info.id, provider_id=info.provider.docket, asked_at=step.at)
    step.assign(subject=info.provider.party)
    step.note(offer=info.id)


def _back(step: Step) -> None:
    step.own.provider = None
    step.own.save(update_fields=["provider"])
    step.assign(subject="")
    step.drop(ANY)
    step.start(CHOOSE)


@FLOW.effect("give_up")
def _give_up(step: Step) -> None:
    _answered(step, Answer.GAVE_UP)
    step.own.agreed_fen = step.own.agreed_days = None
    step.own.save(update_fields=["agreed_fen", "agreed_days"])
    _back(step)


@FLOW.effect("choose")
def _choose(step: Step) -> None:
    wanted = step.data.model_dump()["offer"]
    day = actors.day_of(step.at)
    need = step.own.offer.need
    among = selectors.shown([need], region=step.docket.region, day=day)[need]
    info = next((one for one in among if one.id == wanted), None)
    if info is None:
        raise step.refuse(_("这项服务现在选不了。"), possible=_("请从同类的服务里选一项。"), code="offer")
    if info.provider.party == step.docket.applicant or info.provider.party in step.actor.parties:
        raise step.refuse(
            _("不能给自己代表的服务商下单。"), possible=_("请选另一家服务商。"), code="own_offer"
        )
    _ask(step, info)


# They agree, it is done


@FLOW.effect("quote")
def _quote(step: Step) -> None:
    said = step.data.model_dump()
    step.own.quoted_fen, step.own.quoted_days, step.own.quote_says = (
        said["amount_fen"],
        said["days"],
        said["says"],
    )
    step.own.save(update_fields=["quoted_fen", "quoted_days", "quote_says"])


@FLOW.effect("agree")
def _agree(step: Step) -> None:
    _agreed(step, fen=step.own.quoted_fen, days=step.own.quoted_days)


@FLOW.effect("overdue")
def _overdue(step: Step) -> None:
    step.own.on_time = False
    step.own.save(update_fields=["on_time"])


@FLOW.effect("deliver")
def _deliver(step: Step) -> None:
    late = step.own.on_time is False or any(clock.outcome == "missed" for clock in step.dirty)
    step.own.delivered_at, step.own.on_time = step.at, not late
    step.own.delivered_says = step.data.model_dump()["says"]
    step.own.save(update_fields=["delivered_at", "on_time", "delivered_says"])


@FLOW.effect("presume")
def _presume(step: Step) -> None:
    step.own.by_silence = True
    step.own.save(update_fields=["by_silence"])


@FLOW.effect("paid")
def _paid(step: Step) -> None:
    """Whose word it is follows from who says it."""
    said = step.data.model_dump()
    if said["on"] > actors.day_of(step.at):
        raise step.refuse(_("付款的日子不能在将来。"), possible=_("付了以后再写。"), code="future")
    by = "provider" if as_provider(step.actor, step.docket) else "company"
    Statement.objects.create(order=step.own, by=by, amount_fen=said["amount_fen"], on=said["on"], at=step.at)
    step.note(by=by)


@FLOW.effect("rate")
def _rate(step: Step) -> None:
    said = step.data.model_dump()
    step.own.level, step.own.said = said["level"], said["said"]
    step.own.save(update_fields=["level", "said"])


# They do not agree, they stop


@FLOW.effect("dispute")
def _dispute(step: Step) -> None:
    step.drop(ANY)
    step.own.dispute, step.own.ruling = step.data.model_dump()["reason"], ""
    step.own.save(update_fields=["dispute", "ruling"])
    Ask.objects.filter(order=step.own, provider=step.own.provider).update(disputed=True)


@FLOW.effect("go_on", "hold", "part")
def _rule(step: Step) -> None:
    said = step.data.model_dump()
    step.own.ruling = said["ruling"]
    if step.move.name == "hold" and step.own.delivered_at is None:
        step.own.delivered_at, step.own.on_time = step.at, step.own.on_time is not False
    step.own.save(update_fields=["ruling", "delivered_at", "on_time"])
    if "days" in said:
        step.start(DELIVER, working_days(said["days"]))
    if step.actor.is_officer:
        step.assign(officer=step.actor.id)


@FLOW.effect("cancel")
def _cancel(step: Step) -> None:
    Ask.objects.filter(order=step.own, answer=Answer.WAITING).update(answer=Answer.NOT_NEEDED)
