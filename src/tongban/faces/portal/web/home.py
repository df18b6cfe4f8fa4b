"""The portal's home by stage of life, and service points near somebody."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from tongban.actors import api as actors
from tongban.desks.cases import api as cases
from tongban.desks.themes import api as themes
from tongban.desks.themes.offers import matter_of
from tongban.faces.portal import near, things
from tongban.registers.catalogue import api as catalogue
from tongban.registers.identity.api import ActorRequest, draft_owner, open_to_all

# (heading of the catalogue, its name here, sign)
PERSON = (
    ("出生", gettext_lazy("出生"), "person-plus"), ("上学", gettext_lazy("上学"), "mortarboard"),
    ("就业", gettext_lazy("就业"), "person-badge"), ("婚育", gettext_lazy("婚育"), "person-heart"),
    ("住房", gettext_lazy("住房"), "house-door"), ("社保", gettext_lazy("社保"), "shield-check"),
    ("医疗", gettext_lazy("看病"), "clipboard"), ("养老", gettext_lazy("退休养老"), "people"),
    ("出行", gettext_lazy("出行"), "geo-alt"), ("证件", gettext_lazy("证件"), "wallet2"),
    ("身后", gettext_lazy("身后"), "journal-text"),
)  # fmt: skip
COMPANY = (
    ("开办", gettext_lazy("开办"), "shop"), ("变更", gettext_lazy("变更"), "pencil"),
    ("餐饮", gettext_lazy("餐饮"), "cup-hot"), ("用工", gettext_lazy("用工"), "person-badge"),
    ("税费", gettext_lazy("税费"), "files"), ("建设", gettext_lazy("建设"), "building"),
    ("资质", gettext_lazy("资质"), "star"), ("水电气", gettext_lazy("水电气"), "plug"),
    ("注销", gettext_lazy("注销"), "x-circle"),
)  # fmt: skip
ELDER_STAGES = ("社保", "医疗", "养老", "证件")
FREQUENT = 8
POINTS = 20
SERVICE_POINTS = frozenset({"bmfw", "fwz", "dsj"})
# Pages of other contexts, shown once they are there.
LINKS = (
    ("/progress", gettext_lazy("查进度"), "list-task"), ("/booking", gettext_lazy("预约"), "calendar-event"),
    ("/12345", gettext_lazy("12345提诉求"), "megaphone"), ("/licences", gettext_lazy("亮证"), "wallet2"), ("/verify", gettext_lazy("核验证照"), "shield-check"),
    ("/nearby", gettext_lazy("附近能办的地方"), "geo-alt"),
    ("/matters?list=high_frequency", gettext_lazy("高频事项"), "star"),
)  # fmt: skip


def exists(url: str) -> bool:
    """Whether a page of ours answers here."""
    try:
        resolve(url.partition("?")[0])
    except Resolver404:
        return False
    return True


@require_safe
@vary_on_cookie
@open_to_all
def home(request: ActorRequest) -> HttpResponse:
    """What do you want done; what was begun; stages of life of a person and of a company."""
    at = timezone.now()
    elder = request.COOKIES.get("tb_mode") == "elder"
    citizen = bool(request.actor.parties)
    begun = _begun(draft_owner(request)) if citizen else []
    mine = things.mine(request.actor, at=at) if citizen else things.Mine()
    order = [topic for topic, _name, _sign in (*PERSON, *COMPANY)]
    cards = sorted(
        themes.published(settings.ROOT_REGION),
        key=lambda card: order.index(card.life_stage) if card.life_stage in order else len(order),
    )
    context = {
        "citizen": citizen, "begun": begun, "waiting": mine.waiting, "in_progress": len(mine.open),
        "person": [one for one in PERSON if not elder or one[0] in ELDER_STAGES],
        "company": () if elder else COMPANY,
        "themes": [] if elder else [(f"/themes/{card.code}", card.name.text(get_language() or ""), card) for card in cards],
        "links": [one for one in LINKS if exists(one[0])][: 2 if elder else None],
        "frequent": [] if elder else catalogue.on_list("high_frequency", settings.ROOT_REGION, top=FREQUENT),
    }  # fmt: skip
    return render(request, "portal/home.html", context)


def _begun(owner: str) -> list[dict[str, Any]]:
    """Unfinished applications of somebody, by the name under which they began."""
    found = []
    for draft in cases.drafts_of(owner):
        if draft.subject.startswith("supply:"):
            continue
        name = _offer_name(draft.subject, draft.region)
        if name:
            found.append({"name": name, "url": f"/themes/{draft.subject}/notice", "at": draft.updated_at})
    return found[:5]


def _offer_name(subject: str, region: str) -> str:
    code = matter_of(subject)
    try:
        if code:
            return catalogue.matter(code, region).title
        theme = themes.theme(subject, region)
    except LookupError:
        return ""
    return theme.name_en if (get_language() or "").startswith("en") and theme.name_en else theme.name


@require_safe
@open_to_all
def nearby(request: ActorRequest) -> HttpResponse:
    """Places to go, nearest first: from a township, or from a position in the URL."""
    townships = _townships()
    chosen, wrong = request.GET.get("township", ""), ""
    place: tuple[float, float] | None = None
    try:
        place = near.position(request.GET.get("lat", ""), request.GET.get("lon", ""))
    except ValueError:
        wrong = _("这个位置不在地球上。请从下面选一个乡镇街道。")
    if place is None:
        known = {one.code: one for _county, group in townships for one in group}
        region = known.get(chosen) or (known.get(_own_township(request)) if not chosen else None)
        if chosen and region is None:
            wrong = _("没有这个乡镇街道，请重新选。")
        if region is not None and region.latitude is not None and region.longitude is not None:
            place, chosen = (region.latitude, region.longitude), region.code
    everything = request.GET.get("all") == "1"
    units = actors.units_in(region=settings.ROOT_REGION, below=True)
    wanted = [one for one in units if everything or one.department in SERVICE_POINTS]
    found = near.nearest(wanted, latitude=place[0], longitude=place[1], most=POINTS) if place else []
    context = {
        "townships": townships, "chosen": chosen, "wrong": wrong, "everything": everything,
        "found": [
            {"unit": one.unit, "name": things.unit_name(one.unit.id), "km": f"{one.km:.1f}", "hours": [hours(line) for line in one.unit.opening]}
            for one in found
        ],
    }  # fmt: skip
    return render(request, "portal/nearby.html", context, status=422 if wrong else 200)


def _townships() -> list[tuple[actors.RegionInfo, list[actors.RegionInfo]]]:
    return [
        (county, below)
        for county in actors.regions_below(settings.ROOT_REGION)
        if (below := actors.regions_below(county.code))
    ]


def _own_township(request: ActorRequest) -> str:
    """The township in which a signed-in citizen is registered."""
    chain = actors.region_chain(request.actor.region) if request.actor.parties else ()
    return next((code for code in chain if actors.region(code).level == actors.Level.TOWNSHIP), "")


def hours(line: str) -> str:
    """``1-5 08:30-12:00`` as people say it; any other writing as it stands."""
    days, _space, spans = line.partition(" ")
    first, _dash, last = days.partition("-")
    names = [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")]
    if not (
        first.isdecimal()
        and 1 <= int(first) <= 7
        and (not last or (last.isdecimal() and 1 <= int(last) <= 7))
    ):
        return line
    shown = names[int(first) - 1]
    if last:
        shown = _("%(first)s至%(last)s") % {"first": shown, "last": names[int(last) - 1]}
    return f"{shown} {spans}"
