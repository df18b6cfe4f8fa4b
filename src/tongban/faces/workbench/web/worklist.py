"""The worklist and what is done to many rows at once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from tongban.faces.workbench import bulk as many
from tongban.faces.workbench import listing, searching
from tongban.kernel import api as kernel
from tongban.registers.identity.api import ActorRequest, officer_required
from tongban.web.contracts import Page


@require_GET
@officer_required()
def front(_request: ActorRequest) -> HttpResponseBase:
    """The masthead's brand leads here."""
    return HttpResponseRedirect("/work")


@never_cache
@require_GET
@officer_required()
def worklist(request: ActorRequest) -> HttpResponseBase:
    """Nearest deadline first; view, filters and place in the address."""
    at, actor = timezone.now(), request.actor
    text = request.GET.get("q", "").strip()
    if text:
        return _found(request, text)
    view = listing.chosen_view(actor, request.GET.get("view", ""), at=at)
    filters, active = listing.narrowed(view, request.GET)
    page, problem = _page(actor, filters, request.GET)
    query = {**request.GET.dict(), "view": view.key}
    rows = listing.lines(page, at=at, origin=urlencode(query))
    chosen = request.GET.copy()
    chosen["view"] = view.key
    titles = {line.row.subject: line.row.title for line in rows if line.row.kind == "case"}
    active = [(name, titles.get(words, words) if name == "subject" else words) for name, words in active]
    context = {
        "view": view, "tabs": listing.counted(actor, current=view.key, at=at), "rows": rows, "problem": problem,
        "chips": listing.chips(active, chosen), "clear": f"?view={view.key}",
        "page": Page(previous=page.before, next=page.after),
        "options": listing.open_options(actor, rows, request.GET), "bulk": listing.bulk_moves(rows),
        "origin": urlencode(query), "oversees": bool(actor.regions), **_roles(actor),
    }  # fmt: skip
    return render(request, "workbench/worklist.html", context, status=422 if problem else 200)


def _roles(actor: kernel.Actor) -> dict[str, bool]:
    held = {grant.role for grant in actor.grants}
    return {
        "sees_late": bool(held & {"supervisor", "leader", "head"}),
        "sees_screen": bool(held & {"leader", "supervisor"}),
    }


def _page(actor: kernel.Actor, filters: kernel.Filters, query: QueryDict) -> tuple[kernel.Page, str]:
    try:
        return listing.page_of(actor, filters, query), ""
    except kernel.InvalidInput as error:
        return kernel.page(actor, filters), str(error)


def _found(request: ActorRequest, text: str) -> HttpResponseBase:
    """A whole number opens its docket; a part or a word lists what fits."""
    at = timezone.now()
    exact, rows, hint = searching.find(text, actor=request.actor)
    if exact is not None:
        return HttpResponseRedirect(f"/work/{exact}")
    page = kernel.Page(rows, clocks=kernel.clocks_of([row.id for row in rows]) if rows else {})
    context = {
        "text": text, "hint": hint, "rows": listing.lines(page, at=at, origin=""),
        "tabs": listing.counted(request.actor, current="", at=at), **_roles(request.actor),
    }  # fmt: skip
    return render(request, "workbench/found.html", context)


@never_cache
@require_POST
@officer_required()
def bulk(request: ActorRequest) -> HttpResponse:
    """One move on the selected rows; every row says what came of it."""
    at = timezone.now()
    origin = request.POST.get("from", "")
    name = request.POST.get("move", "")
    asked = many.asked(request.POST.getlist("docket"))
    data = {"reason": request.POST["reason"]} if request.POST.get("reason") else {}
    problem = ""
    if not asked:
        problem = _("没有选中任何一行。先选中要办的，再点按钮。")
    elif name not in many.allowed():
        problem = _("这个动作不能成批做。")
    context: dict[str, Any] = {
        "problem": problem, "back": many.back_to(request.POST.get("to", ""), origin), "results": [], "done": 0,
    }  # fmt: skip
    if not problem:
        results = many.perform(
            asked, name, actor=request.actor, at=at, key=request.POST.get("key", ""), data=data
        )
        context["results"] = sorted(results, key=lambda line: line.done)
        context["done"] = sum(line.done for line in results)
        context["refused"] = len(results) - int(context["done"])
        context["label"] = many.label(name)
    return render(request, "workbench/bulk.html", context, status=422 if problem else 200)
