"""Search, guide and lists. Everything a page shows is public, so every view answers everybody."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tongban.actors import api as actors
from tongban.registers.catalogue import charge, codes, finding, listing, regions, selectors
from tongban.registers.catalogue.contracts import CatalogueError, MatterSpec, UnknownMatterError
from tongban.registers.catalogue.models import Implementation
from tongban.registers.catalogue.web import words
from tongban.web.contracts import Chip, Page

PAGE = 50
RESULTS = 20
SURE, WORTH, CERTAIN = 3, 0.55, 0.6
PARTIES = {"person": gettext_lazy("个人"), "organisation": gettext_lazy("企业和单位")}
PERSONAL_TOPICS = ("出生", "上学", "就业", "婚育", "住房", "社保", "医疗", "养老", "身后", "出行", "证件")
COMPANY_TOPICS = ("开办", "变更", "餐饮", "用工", "税费", "建设", "资质", "水电气", "信用", "注销")


@dataclass(frozen=True, slots=True)
class Where:
    """The reader's region and those that may be chosen instead."""

    code: str
    name: str
    choices: tuple[tuple[str, str], ...]


def _where(request: HttpRequest) -> Where:
    root = regions.pad(settings.ROOT_REGION)
    try:
        code = regions.pad(request.GET.get("region") or root)
    except ValueError as error:
        raise Http404(str(error)) from error
    choices = [
        (root, words.place(root)),
        *((one.code, words.named(one)) for one in actors.regions_below(root)),
    ]
    return Where(code, words.place(code), tuple(choices))


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`/search?q=&region=&party=&topic=`: themes of other contexts first, then matters."""
    text = request.GET.get("q", "").strip()
    where = _where(request)
    party, topic = request.GET.get("party", ""), request.GET.get("topic", "")
    filters = {"party": [party]} if party in PARTIES else {}
    if topic:
        filters["topic"] = [topic]
    hits = finding.search(text, region=where.code, filters=filters, top=RESULTS) if text else []
    # What is far behind the best is noise to a reader (a program may ask for it through the API).
    hits = [hit for place, hit in enumerate(hits) if place < SURE or hit.score >= hits[0].score * WORTH]
    provided = finding.provided(text, region=where.code, party=party, top=3) if text else {}
    others = [result for results in provided.values() for result in results]
    context = {
        "q": text,
        "where": where,
        "party": party,
        "parties": PARTIES,
        "topic": topic,
        "topics": [*PERSONAL_TOPICS, *COMPANY_TOPICS],
        "others": others,
        "hits": hits,
        "charged": charge.search(text, region=where.code, top=3) if text else [],
        "unsure": not hits or hits[0].score < CERTAIN,
        "count": len(hits) + len(others),
        "chips": _chips(request, where),
    }
    return render(request, "catalogue/search.html", context)


def _chips(request: HttpRequest, where: Where) -> list[Chip]:
    labels = {
        "region": _("地区：%(name)s") % {"name": where.name} if request.GET.get("region") else "",
        "party": _("对象：%(name)s") % {"name": PARTIES[request.GET["party"]]}
        if request.GET.get("party") in PARTIES
        else "",
        "topic": _("主题：%(name)s") % {"name": _(request.GET["topic"])} if request.GET.get("topic") else "",
        "list": _list_label(request.GET.get("list", "")),
    }
    chips = []
    for name, label in labels.items():
        if label:
            rest = {key: value for key, value in request.GET.items() if key not in {name, "after"} and value}
            chips.append(Chip(label=label, remove_url=f"?{urlencode(rest)}"))
    return chips


def _list_label(key: str) -> str:
    return _("清单：%(name)s") % {"name": listing.LISTS[key].name} if key in listing.LISTS else ""


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Options for the search box while one types."""
    text = request.GET.get("q", "").strip()
    where = _where(request)
    found = finding.suggest(text, region=where.code, top=8) if text else []
    return render(request, "catalogue/_suggestions.html", {"found": found})


@require_safe
def matters(request: HttpRequest) -> HttpResponse:
    """`/matters?list=&topic=&party=&region=&after=`: lists of the catalogue and browsing by topic."""
    where = _where(request)
    key, topic, party = (request.GET.get(name, "") for name in ("list", "topic", "party"))
    context = {
        "where": where,
        "party": party,
        "parties": PARTIES,
        "topic": topic,
        "key": key,
        "personal": PERSONAL_TOPICS,
        "company": COMPANY_TOPICS,
        "lists": listing.counts(where.code),
        "chips": _chips(request, where),
        "browsing": bool(key or topic or party),
    }
    if context["browsing"]:
        try:
            current = listing.list_of(key) if key else None
        except CatalogueError as error:
            raise Http404(str(error)) from error
        condition = current.condition if current else Q()
        if party in PARTIES:
            condition &= (
                Q(elements__for_person=True) if party == "person" else Q(elements__for_organisation=True)
            )
        hits = (
            finding.by_topic(
                topic, condition, region=where.code, top=PAGE + 1, after=request.GET.get("after", "")
            )
            if topic
            else listing.browse(condition, where.code, top=PAGE + 1, after=request.GET.get("after", ""))
        )
        context["current"] = current
        context["page"] = Page(next=hits[PAGE - 1].code if len(hits) > PAGE else "")
        context["hits"] = hits[:PAGE]
    return render(request, "catalogue/matters.html", context)


@require_safe
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """`/matters/CODE?region=`: the guide 办事指南, answers first."""
    where = _where(request)
    try:
        spec = selectors.matter(code, where.code)
    except UnknownMatterError:
        return _elsewhere(request, code, where)
    if spec.regulated is not None:
        return _charge(request, spec, where)
    situation = request.GET.get("situation", "")
    papers = spec.materials_for(situation) if situation else spec.materials
    unit = _unit(spec)
    context = {
        "spec": spec,
        "where": where,
        "region_name": words.place(spec.region),
        "unit_name": words.unit_called(spec.unit_name),
        "situation": situation,
        "own": [paper for paper in papers if not paper.from_government],
        "held": [paper for paper in papers if paper.from_government],
        "facts": words.facts(spec),
        "standard": words.standard(spec),
        "actions": finding.actions(spec),
        "unit": unit,
        "opening": words.opening(unit.opening) if unit else [],
    }
    return render(request, "catalogue/guide.html", context)


def _charge(request: HttpRequest, spec: MatterSpec, where: Where) -> HttpResponse:
    """A regulated matter: who is in charge, by which law, and what becomes of a complaint."""
    unit = _unit(spec)
    context = {
        "spec": spec,
        "where": where,
        "kind": codes.MatterKind(spec.kind).label,
        "region_name": words.place(spec.region),
        "unit_name": words.unit_called(spec.unit_name),
        "standard": words.standard(spec),
        "unit": unit,
        "opening": words.opening(unit.opening) if unit else [],
    }
    return render(request, "catalogue/charge.html", context)


def _unit(spec: MatterSpec) -> actors.UnitInfo | None:
    try:
        return actors.unit(spec.unit) if spec.unit else None
    except actors.NotKnownError:
        return None


def _elsewhere(request: HttpRequest, code: str, where: Where) -> HttpResponse:
    """Not carried out here or above: where below it is, or that there is no such matter."""
    rows: list[Implementation] = list(
        selectors.published(where.code)
        .filter(Q(public_code=code) | Q(code=code))
        .select_related("elements")
        .defer("elements__data")
        .annotate(name_en=KeyTextTransform("name_en", "elements__data"))
        .order_by("region")[:100]
    ) or list(Implementation.objects.filter(code=code, status="published").select_related("elements")[:1])
    if not rows:
        raise Http404(_("没有这个事项，或者它已经撤回。可以按名称搜索，或打12345。"))
    if len(rows) == 1:
        return redirect(f"{request.path}?{urlencode({'region': rows[0].region})}")
    places = [(row.region, words.place(row.region), words.unit_called(row.unit_name)) for row in rows]
    hit = listing.hit_of(rows[0])
    return render(request, "catalogue/elsewhere.html", {"hit": hit, "places": places, "where": where})
