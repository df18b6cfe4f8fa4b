"""The wizard from its start to the one notice: open to everybody, kept in the session until signed in."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.actors import api as actors
from tongban.desks.themes import answers as answering
from tongban.desks.themes import api, elsewhere, offers
from tongban.desks.themes.contracts import (
    UNSURE,
    Party,
    PartyKind,
    Plan,
    PlannedMaterial,
    PlanRefused,
    Question,
)
from tongban.desks.themes.submission import unit_of
from tongban.desks.themes.ways import offer_words, usual
from tongban.desks.themes.web import state
from tongban.desks.themes.web.here import (
    Here,
    applicant_of,
    find,
    kind_of,
    name_of,
    offered,
    planned,
    refusal,
    regions,
    usual_region,
)
from tongban.registers.exchange import api as exchange
from tongban.registers.identity.api import ActorRequest, open_to_all, parties_open_to

# Headings in the order of a life, then of a company's; any other comes last.
STAGES = (
    "出生", "上学", "就业", "婚育", "住房", "社保", "医疗", "养老", "出行", "证件", "身后",
    "开办", "变更", "餐饮", "用工", "税费", "建设", "资质", "水电气", "信用", "注销",
)  # fmt: skip


@require_safe
@open_to_all
def index(request: ActorRequest) -> HttpResponse:
    """Every theme offered in a region, by stage of life."""
    region = usual_region(request)
    place = {stage: number for number, stage in enumerate(STAGES)}
    cards = sorted(
        api.published(region),
        key=lambda card: (place.get(card.life_stage, len(place)), card.life_stage, card.code),
    )
    stages = [(stage, list(found)) for stage, found in groupby(cards, key=lambda card: card.life_stage)]
    context = {"stages": stages, "count": len(cards), "regions": regions(), "region": region}
    return render(request, "themes/index.html", context)


@require_safe
@open_to_all
def apply(request: ActorRequest, code: str) -> HttpResponse:
    """网上办 of a guide: the wizard for a single matter."""
    region = request.GET.get("region", "")
    target = redirect("themes:start", offers.PREFIX + code)
    if region:
        target["Location"] += f"?region={region[:12]}" if region.isdecimal() else ""
    return target


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def start(request: ActorRequest, slug: str) -> HttpResponse:
    """What it is, for whom, where and in whose name; a POST begins."""
    at = timezone.now()
    begun = state.load(request, slug, at=at)
    if request.method == "POST":
        return _begin(request, slug)
    region = begun.region if begun and "region" not in request.GET else usual_region(request)
    theme = offered(slug, region).theme
    applicant = applicant_of(request)
    places, language = elsewhere.places(slug, region), get_language() or ""
    context = {
        "places": [(one.region, one.text(language)) for one in places if one.receives],
        "online": [(one.site, one.text(language)) for one in places if one.site and not one.receives],
        "place": begun.place if begun else "",
        "theme": theme, "slug": slug, "name": name_of(theme), "begun": begun, "region": region,
        "regions": regions(), "applicant": actors.party_name(applicant) if applicant else "",
        "others": len(parties_open_to(request.actor)) > 1,
        "fits": not applicant or kind_of(applicant) in theme.parties,
        "officer": request.actor.is_officer and not applicant, "english": (get_language() or "").startswith("en"),
    }  # fmt: skip
    return render(request, "themes/start.html", context)


def _begin(request: ActorRequest, slug: str) -> HttpResponse:
    region, place = request.POST.get("region", ""), ""
    if elsewhere.place(slug, usual_region(request), region):  # handed in where one is, decided there
        region, place = usual_region(request), region
    if region not in {one.code for one in regions()}:
        messages.error(request, _("请选一个地区。"))
        return redirect("themes:start", slug)
    found = offered(slug, region)
    applicant = applicant_of(request)
    party: PartyKind = (
        kind_of(applicant)
        if applicant
        else "organisation" if request.POST.get("party") == "organisation" else "person"
    )  # fmt: skip
    if party not in found.theme.parties and not applicant:
        party = found.theme.parties[0]
    begun = state.Begun(slug=slug, region=region, party=party, place=place)
    here = Here(request, begun, found, Party(party, region), applicant, timezone.now())
    state.start(request, begun, at=here.at)
    return _onward(here)


def _onward(here: Here) -> HttpResponse:
    """To the next open question, or to the notice."""
    try:
        question = here.next_question()
    except PlanRefused as refused:
        return refusal(here, refused)
    if question is not None:
        return redirect("themes:question", here.slug, question.key)
    return redirect("themes:notice", here.slug)


@never_cache
@require_POST
@open_to_all
def discard(request: ActorRequest, slug: str) -> HttpResponse:
    """Forget what was begun."""
    state.drop(request, slug)
    messages.success(request, _("已删掉这次填的内容。"))
    return redirect("/")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def question(request: ActorRequest, slug: str, key: str) -> HttpResponse:
    """One question a page."""
    here = find(request, slug)
    if isinstance(here, HttpResponse):
        return here
    try:
        asked = offers.question_at(here.theme, key, here.begun.answers, party=here.party, at=here.at)
    except PlanRefused as refused:
        if refused.reason in {"not_applicable", "unanswered"}:
            return _onward(here)
        return refusal(here, refused)
    error, given = "", str(_as_given(here.begun.answers.get(key, "")))
    if request.method == "POST":
        given = request.POST.get("answer", "").strip()
        rule = here.theme.question(key)
        try:
            answer = answering.normalised(rule, given) if rule is not None and given else ""
        except PlanRefused:
            answer = ""
        if answer != "":
            here.begun.answers[key] = answer
            here.save()
            return _onward(here)
        error = _what_is_possible(asked, given)
    context = {
        **here.frame(1, _before(here, key)), "question": asked, "given": given, "error": error,
        "can_be_unsure": bool(asked.unsure), "unsure": UNSURE,
    }  # fmt: skip
    return render(request, "themes/question.html", context, status=422 if error else 200)


def _as_given(answer: Any) -> Any:
    return {True: "yes", False: "no"}.get(answer, answer) if isinstance(answer, bool) else answer


def _before(here: Here, key: str) -> str:
    """The question before this one, or the start."""
    earlier = []
    for item in here.theme.questions:
        if item.key == key:
            break
        if item.key in here.begun.answers:
            earlier.append(item.key)
    return here.url("question", earlier[-1]) if earlier else here.url("start")


def _what_is_possible(asked: Question, given: str) -> str:
    if asked.type == "number":
        low = "" if asked.minimum is None else f"{asked.minimum:g}"
        high = "" if asked.maximum is None else f"{asked.maximum:g}"
        if low and high:
            return _("请填%(low)s到%(high)s之间的数字。") % {"low": low, "high": high}
        return _("请填一个数字。")
    if asked.type == "date":
        return _("请填日期，如2026-12-01。")
    return _("请选一个再继续。") if not given else _("没有这个选项，请选一个再继续。")


@never_cache
@require_safe
@open_to_all
def notice(request: ActorRequest, slug: str) -> HttpResponse:
    """The one notice 一次性告知: everything that follows, before anything is submitted."""
    here = find(request, slug)
    if isinstance(here, HttpResponse):
        return here
    plan = planned(here)
    if isinstance(plan, HttpResponse):
        return plan
    if here.begun.version != plan.version or here.begun.answers != dict(plan.answers):
        here.begun.version, here.begun.answers = plan.version, dict(plan.answers)
        here.save()
    known = here.known(plan)
    answered = [item for item in here.theme.questions if item.key in plan.answers]
    back = here.url("question", answered[-1].key) if answered else here.url("start")
    place = here.place()
    context = {
        **here.frame(2, back), "plan": plan, "answers": [_answer(item, plan) for item in answered],
        "to_fill": [item for item in plan.asked if item.key not in known], "known": len(known),
        "counts": here.counts(plan), **papers_in(here, plan), "unavailable": away(here, plan),
        "made": [paper for paper in plan.materials if not paper.brought],
        "stages": _stages(plan), "units": len({row["unit"] for stage in _stages(plan) for row in stage}),
        "names": {matter.code: matter.name for matter in plan.matters},
        "there": elsewhere.limit_there(slug, here.begun.region, place) if place else "",
    }  # fmt: skip
    return render(request, "themes/notice.html", context)


def papers_in(here: Here, plan: Plan) -> dict[str, list[tuple[PlannedMaterial, str]]]:
    """The papers to be brought, with the easier ways there are; and those that are there already, with what stands in."""
    words = {"commit": _("（可以签承诺代替）"), "later": _("（可以稍后补）"), "none": _("（选交）")}
    bring, have = [], []
    for paper in plan.materials:
        own = here.offers(plan)[paper.key]
        taken = usual(own)
        if taken is None:
            bring.append((paper, next((words[one.way] for one in own if one.way in words), "")))
        elif taken.way != "result":
            have.append((paper, offer_words(taken)))
    return {"bring": bring, "have": have}


def away(here: Here, plan: Plan) -> list[str]:
    """Names of the registers that did not answer, in the reader's language."""
    language = get_language() or ""
    return [exchange.register(key).text(language) for key in here.held(plan).unavailable]


def _stages(plan: Plan) -> list[list[dict[str, Any]]]:
    """The order of steps: those of one stage run side by side."""
    names = {matter.code: matter.name for matter in plan.matters}
    found = []
    for stage in plan.stages:
        rows = []
        for matter in stage:
            unit = unit_of(matter.slot)
            rows.append(
                {
                    "matter": matter, "unit": unit_words(unit), "phone": unit.phone if unit else "",
                    "after": [names[code] for code in matter.after],
                }
            )  # fmt: skip
        found.append(rows)
    return found


def unit_words(unit: actors.UnitInfo | None) -> str:
    if unit is None:
        return _("承办单位待定")
    return (unit.name_en or unit.name) if (get_language() or "").startswith("en") else unit.name


def _answer(item: Any, plan: Plan) -> dict[str, Any]:
    """A question with its answer in words."""
    value, english = plan.answers[item.key], (get_language() or "").startswith("en")
    if value == UNSURE:
        words = _("不清楚")
    elif isinstance(value, bool):
        words = next((_label(one, english) for one in item.options if one.value == _as_given(value)), "")
        words = words or (_("是") if value else _("否"))
    elif item.type == "choice":
        words = next((_label(one, english) for one in item.options if one.value == value), str(value))
    else:
        words = f"{value} {item.unit_en or item.unit if english else item.unit}".strip()
    return {"key": item.key, "ask": item.ask_en if english and item.ask_en else item.ask, "words": words}


def _label(option: Any, english: bool) -> str:  # noqa: FBT001
    return str(option.label_en if english and option.label_en else option.label)
