"""Providers and their offers: applying, and what the moves do. Who may make them and when stands in `flow_provider`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.bundles import rules, selectors
from tongban.desks.bundles.contracts import PROVIDER, BundlesError, OfferState, Price, ProviderInfo
from tongban.desks.bundles.flow_provider import AGREEMENT, PROVIDING
from tongban.desks.bundles.models import Offer, Provider
from tongban.desks.bundles.ordering import ORGANISATION, SERVICE_DESK
from tongban.desks.bundles.reading import shelf
from tongban.kernel import api as kernel
from tongban.kernel.files.models import StoredFile
from tongban.kernel.files.services import attach
from tongban.kernel.flow.declaration import natural_days
from tongban.kernel.flow.step import Step

SLOT = "qualification"
LONGEST_YEARS = 3
MOST_DAYS = LONGEST_YEARS * 366
LEAST_INTRO, MOST_INTRO = 10, 500
LEAST_PHONE, MOST_PHONE = 5, 30
LEAST_NUMBER, MOST_NUMBER = 4, 80
WAITING = ("asked",)
RUNNING = ("accepted", "quoted", "agreed", "delivered", "disputed")


@dataclass(frozen=True, slots=True)
class Applying:
    """What an organisation says when it applies. `proof_until` is None for a qualification without an end."""

    categories: tuple[str, ...]
    intro: str
    intro_en: str
    phone: str
    regions: tuple[str, ...]
    proof_number: str
    proof_until: date | None


def apply(
    said: Applying,
    *,
    party: str,
    files: Sequence[tuple[StoredFile, str]],
    actor: kernel.Actor,
    at: datetime,
    key: str = "",
) -> ProviderInfo:
    """Apply to be a provider, or hand in what was missing.

    :param files: evidence of the qualification, each with its name; at least one, or those handed in before
    :raises BundlesError: something is missing or wrong, by field; the organisation is a provider already
    """
    if not party.startswith(ORGANISATION):
        raise BundlesError(
            _("服务商是单位，您现在是个人身份。"), possible=_("请先选择代表哪家单位。"), code="not_a_company"
        )
    known = Provider.objects.select_related("docket").filter(party=party, live=True).first()
    if known is not None and known.docket.state != "asked_more":
        raise BundlesError(
            _("这家单位已经申请或入驻了。"), possible=_("请在服务商页面看进度。"), code="known"
        )
    facts = actors.party_facts(party)
    told = _checked(said, number=facts.number, ended=actors.party(party).ended_on is not None, at=at)
    if not files and known is None:
        raise BundlesError(
            _("还有1处要补。"), fields={"files": _("请附资质证照的照片或扫描件。")}, code="incomplete"
        )
    with kernel.writing():
        if known is None:
            docket = _opened(party, facts, actor=actor, at=at, key=key, **told)
        else:
            docket = known.docket_id
            Provider.objects.filter(pk=docket).update(**told)
            kernel.perform(docket, "supply", actor=actor, at=at, key=key)
        for file, name in files:
            attach(docket_id=docket, slot=SLOT, file=file, name=name, by=actor.id, at=at)
    found = selectors.provider_behind(docket)
    assert found is not None  # written above
    return found


def _opened(
    party: str, facts: actors.PartyFacts, *, actor: kernel.Actor, at: datetime, key: str, **told: object
) -> int:
    desk = actors.unit_for(department=SERVICE_DESK, region=facts.region)
    if desk is None:
        raise BundlesError(
            _("这个地区还没有企业服务中心。"), possible=_("请打12345，我们帮您联系。"), code="no_desk"
        )
    opening = kernel.Opening(
        kind=PROVIDER, way="apply", title=_("服务商入驻：%s") % facts.name, unit=desk.id, region=facts.region,
        applicant=party, agent=actor.id if actor.id != party else "", channel="web", subject="",
        data={"categories": told["categories"]}, spans={"admit": shelf().market.span("admit")},
        authority=actors.authority_for(actor, party),
    )  # fmt: skip
    (row,), again = kernel.open_dockets([opening], actor=actor, at=at, key=key)
    if not again:
        Provider.objects.create(docket_id=row.id, party=party, **told)
    return row.id


def _checked(said: Applying, *, number: str, ended: bool, at: datetime) -> dict[str, object]:
    """What is kept of an application.

    The credit code is the register's own: its form, its check character, its standing.
    """
    fields = _wrong_words(said) | _wrong_evidence(said, number=number, ended=ended, today=actors.day_of(at))
    if fields:
        raise BundlesError(_("还有%d处要补。") % len(fields), fields=fields, code="incomplete")
    return {
        "categories": sorted(said.categories), "intro": said.intro.strip(), "intro_en": said.intro_en.strip(),
        "phone": said.phone.strip(), "regions": sorted(said.regions), "proof_number": said.proof_number.strip(),
        "proof_until": said.proof_until, "checked_on": actors.day_of(at),
    }  # fmt: skip


def _wrong_words(said: Applying) -> dict[str, str]:
    fields: dict[str, str] = {}
    if not LEAST_INTRO <= len(said.intro.strip()) <= MOST_INTRO:
        fields["intro"] = _("请介绍单位能做什么，10到500个字。")
    elif word := rules.forbidden_in(said.intro, shelf().market.forbidden):
        fields["intro"] = _("介绍里不能写“%s”：谁也不能替行政机关保证结果。") % word
    if not LEAST_PHONE <= len(said.phone.strip()) <= MOST_PHONE:
        fields["phone"] = _("请填业务电话，会公开。")
    if not said.regions or any(not actors.region_chain(one) for one in said.regions):
        fields["regions"] = _("请选：服务哪些地区")
    return fields


def _wrong_evidence(said: Applying, *, number: str, ended: bool, today: date) -> dict[str, str]:
    fields: dict[str, str] = {}
    try:
        actors.credit_code(number)
    except ValidationError as error:
        fields["party"] = " ".join(error.messages)
    if ended:
        fields["party"] = _("这家单位已经注销或合并，不能入驻。")
    if not said.categories or not set(said.categories) <= set(shelf().market.categories):
        fields["categories"] = _("请选：提供哪一类服务")
    if not LEAST_NUMBER <= len(said.proof_number.strip()) <= MOST_NUMBER:
        fields["proof_number"] = _("请填资质证照的编号。")
    if said.proof_until is not None and said.proof_until < today:
        fields["proof_until"] = _("资质已经过期，请先换证。")
    return fields


@PROVIDING.prepares
def _load(steps: list[Step]) -> None:
    rows = Provider.objects.in_bulk([step.docket.id for step in steps])
    for step in steps:
        step.own = rows.get(step.docket.id)


# How it stands


@PROVIDING.effect("admit", "renew")
def _agreement(step: Step) -> None:
    said, today = step.data.model_dump(), actors.day_of(step.at)
    until = said["until_date"]
    if said["from_date"] > today and step.move.name == "admit":
        raise step.refuse(
            _("协议还没有开始。"), possible=_("到那天再同意入驻，或把开始的日子改到今天。"), code="dates"
        )
    if not today < until or (until - said["from_date"]).days > MOST_DAYS:
        raise step.refuse(_("协议的最后一天要在今天以后，最长三年。"), possible=_("请改日期。"), code="dates")
    if step.own.proof_until is not None and until > step.own.proof_until:
        raise step.refuse(
            _("协议不能比资质长：资质到%s。") % step.own.proof_until.isoformat(), possible=_("请改短，或先让服务商换证。"),
            code="proof",
        )  # fmt: skip
    Provider.objects.filter(pk=step.docket.id).update(
        agreement=said["agreement"], agreement_from=said["from_date"], agreement_until=until, checked_on=today
    )
    step.start(AGREEMENT, natural_days((until - today).days))


@PROVIDING.effect("suspend", "expire")
def _pause(step: Step) -> None:
    _pass_waiting_on(step)


@PROVIDING.effect("remove", "leave")
def _end(step: Step) -> None:
    if step.move.name == "leave" and (running := selectors.open_orders_of(step.docket.id, RUNNING)):
        raise step.refuse(
            _("还有%d个订单没有做完，不能退出。") % len(running), possible=_("请先做完，或和企业商量终止。"), code="running"
        )  # fmt: skip
    Provider.objects.filter(pk=step.docket.id).update(live=False)
    Offer.objects.filter(provider=step.docket.id).exclude(state=OfferState.REFUSED).update(
        state=OfferState.WITHDRAWN
    )
    _pass_waiting_on(step)


@PROVIDING.effect("refuse", "lapse")
def _never(step: Step) -> None:
    Provider.objects.filter(pk=step.docket.id).update(live=False)


def _pass_waiting_on(step: Step) -> None:
    """Orders that it has not answered do not wait for it any longer; what is agreed it still delivers."""
    for docket in selectors.open_orders_of(step.docket.id, WAITING):
        step.then(docket, "pass_on", actor=kernel.SYSTEM, if_open=True)


# Offers


@PROVIDING.effect("offer")
def _offer(step: Step) -> None:
    said, market = step.data.model_dump(), shelf().market
    known = shelf().needs.get(said["need"])
    if known is None or set(known[1].by).isdisjoint(step.own.categories):
        raise step.refuse(_("您的资质不能提供这类服务。"), possible=_("请选和资质相符的一类。"), code="need")
    if not rules.is_price(said["price"], said["price_fen"]):
        raise step.refuse(
            _("明码标价的要写价格，免费和按需报价的不写。"), possible=_("请改价格。"), code="price"
        )
    if said["price"] == Price.FIXED and not said["unit"]:
        raise step.refuse(_("请写价格是按什么算的，如：每份、每月。"), code="unit")
    word = rules.forbidden_in(said["title"] + said["scope"] + said["terms"], market.forbidden)
    if word:
        raise step.refuse(
            _("不能写“%s”：谁也不能替行政机关保证结果，也不能强迫人买服务。") % word, possible=_("请照实写做什么、不做什么。"),
            code="words",
        )  # fmt: skip
    if any(not actors.region_chain(one) for one in said["regions"]):
        raise step.refuse(_("服务地区里有不认识的。"), possible=_("请从列表里选。"), code="region")
    made = Offer.objects.create(provider_id=step.docket.id, at=step.at, **said)
    step.note(offer=made.pk)


def _waiting(step: Step, *states: OfferState) -> Offer:
    found = Offer.objects.filter(
        provider=step.docket.id, pk=step.data.model_dump()["offer"], state__in=states
    ).first()
    if found is None:
        raise step.refuse(
            _("没有这样一项服务，或者已经处理过。"), possible=_("请刷新页面再看。"), code="offer"
        )
    return found


@PROVIDING.effect("show_offer")
def _show(step: Step) -> None:
    found = _waiting(step, OfferState.CHECKING)
    Offer.objects.filter(pk=found.pk).update(state=OfferState.SHOWN)


@PROVIDING.effect("refuse_offer")
def _refuse_offer(step: Step) -> None:
    found = _waiting(step, OfferState.CHECKING, OfferState.SHOWN)
    reason = step.data.model_dump()["reason"]
    Offer.objects.filter(pk=found.pk).update(state=OfferState.REFUSED, reason=reason)


@PROVIDING.effect("withdraw_offer")
def _withdraw(step: Step) -> None:
    found = _waiting(step, OfferState.CHECKING, OfferState.SHOWN)
    Offer.objects.filter(pk=found.pk).update(state=OfferState.WITHDRAWN)
