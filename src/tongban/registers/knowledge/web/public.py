"""What everybody reads: search, an answer with who says so, a question to the city, "helped" or "did not"."""

from __future__ import annotations

from django.contrib import messages as banners
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.actors import api as actors
from tongban.registers.identity.api import open_to_all
from tongban.registers.knowledge import api, questions, services
from tongban.registers.knowledge.contracts import Audience, EntryInfo, KnowledgeError, UnknownEntryError

TOP, MOST_ASKED = 6, 10
LONGEST = 200
OFTEN = (
    "social-card-lost", "fund-withdraw-rent", "hukou-newborn", "noise-renovation", "school-enrol-when",
    "medical-remote", "pension-when", "marriage-register",
)  # fmt: skip
"""Asked most often; those that are in force are shown before anybody types."""


def _english() -> bool:
    return (get_language() or "").startswith("en")


@require_safe
@open_to_all
def search(request: HttpRequest) -> HttpResponse:
    """`/knowledge?q=`: answers, best first; without one, a question to the city."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    day = actors.day_of(timezone.now())
    hits = api.search(text, top=TOP, on=day, english=_english()) if text else []
    context = {
        "q": text,
        "best": [hit for hit in hits if hit.sure][:3],
        "near": [hit for hit in hits if not hit.sure][:3],
        "often": [] if text else _often(),
        "longest": questions.LONGEST,
    }
    return render(request, "knowledge/search.html", context)


def _often() -> list[EntryInfo]:
    day, found = actors.day_of(timezone.now()), []
    for key in OFTEN:
        try:
            found.append(api.entry(key, on=day))
        except UnknownEntryError:
            continue
    return found


@never_cache
@require_safe
@open_to_all
def entry(request: HttpRequest, key: str) -> HttpResponse:
    """`/knowledge/KEY`: the whole answer with owner, version, law and day of the last check."""
    found = _found(key)
    given = request.session.get("knowledge_opinions", [])
    context = {
        "one": found,
        "given": f"{found.key}#{found.version}" in given,
        "heading": found.question_en if _english() and found.question_en else found.question,
    }
    return render(request, "knowledge/entry.html", context)


def _found(key: str) -> EntryInfo:
    try:
        return api.entry(key, on=actors.day_of(timezone.now()))
    except UnknownEntryError as error:
        raise Http404(str(error)) from None


@require_POST
@open_to_all
def opinion(request: HttpRequest, key: str) -> HttpResponse:
    """Helped or did not: counted once a visit, nobody named."""
    found = _found(key)
    helped = request.POST.get("helped") == "yes"
    mark = f"{found.key}#{found.version}"
    given = request.session.get("knowledge_opinions", [])
    if mark not in given:
        services.opinion(entry=found.key, version=found.version, helped=helped)
        request.session["knowledge_opinions"] = [*given, mark][-50:]
    if helped:
        banners.success(request, _("谢谢，已记下。"))
        return redirect("knowledge:entry", found.key)
    banners.info(request, _("谢谢，已记下。换个说法再问，或把问题交给我们补上答案。"))
    return redirect("knowledge:search")


@never_cache
@require_http_methods(["POST"])
@open_to_all
def ask(request: HttpRequest) -> HttpResponse:
    """A question that found no answer, without a name."""
    text = request.POST.get("question", "")
    day = actors.day_of(timezone.now())
    given = request.session.get("knowledge_asked", [])
    if len(given) >= MOST_ASKED:
        return _not_asked(request, text, _("您今天已经问了很多。要反映具体的事，请打12345。"))
    try:
        near = api.search(text[:LONGEST], top=1, on=day)
        made = api.ask(text, at=timezone.now(), near=near)
    except KnowledgeError as error:
        return _not_asked(request, text, str(error))
    request.session["knowledge_asked"] = [*given, made.number]
    return redirect("knowledge:asked", made.number)


def _not_asked(request: HttpRequest, text: str, error: str) -> HttpResponse:
    context = {"q": text, "error": error, "best": [], "near": [], "longest": questions.LONGEST}
    return render(request, "knowledge/search.html", context, status=422)


@never_cache
@require_safe
@open_to_all
def asked(request: HttpRequest, number: str) -> HttpResponse:
    """What became of a question; whoever has the number may read it: it says nothing of who asked."""
    try:
        found = api.question(number)
    except UnknownEntryError as error:
        raise Http404(str(error)) from None
    answer = None
    if found.entry:
        try:
            answer = api.entry(found.entry, audience=Audience.PUBLIC, on=actors.day_of(timezone.now()))
        except UnknownEntryError:
            answer = None
    return render(request, "knowledge/asked.html", {"one": found, "answer": answer})
