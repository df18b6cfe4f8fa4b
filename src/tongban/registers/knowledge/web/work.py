"""Where officers search and owners keep their entries: edit, propose, publish, history, review."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages as banners
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.registers.identity.api import ActorRequest, officer_required
from tongban.registers.knowledge import api, searching, selectors, services
from tongban.registers.knowledge.contracts import (
    Audience,
    KnowledgeError,
    QuestionInfo,
    UnknownEntryError,
    VersionState,
)
from tongban.registers.knowledge.models import Entry, Version
from tongban.registers.knowledge.web.forms import EntryForm, initial

TOP, LONGEST = 10, 200


@never_cache
@require_safe
@officer_required()
def listed(request: ActorRequest) -> HttpResponse:
    """`/work/knowledge?q=`: search over everything, and what waits for this officer's units."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    today = actors.day_of(timezone.now())
    english = (get_language() or "").startswith("en")
    writes, publishes = services.writes_for(request.actor), services.publishes_for(request.actor)
    hits = api.search(text, top=TOP, audience=Audience.OFFICER, on=today, english=english) if text else []
    asked = kernel.Filters(kind="question", units=tuple(sorted(writes)))
    context = {
        "q": text,
        "questions": kernel.page(request.actor, asked).rows if writes and not text else [],
        "hits": hits,
        "writes": bool(writes),
        "proposed": selectors.of_units(writes | publishes, state=VersionState.PROPOSED, today=today),
        "drafts": selectors.of_units(writes, state=VersionState.DRAFT, today=today),
        "due": selectors.of_units(writes, state="due", today=today),
        "ours": [] if text else selectors.of_units(writes, state=VersionState.PUBLISHED, today=today),
    }
    return render(request, "knowledge/work.html", context)


@never_cache
@require_safe
@officer_required()
def entry(request: ActorRequest, key: str) -> HttpResponse:
    """One entry for the house: what it says, its versions, what readers say of it, what may be done."""
    today = actors.day_of(timezone.now())
    row = Entry.objects.filter(key=key).select_related("current").first()
    if row is None:
        return _kept(request, key)
    open_one = selectors.open_version(row)
    shown = row.current or open_one
    mine = row.unit in services.writes_for(request.actor)
    if shown is None or (
        row.current is None and not mine and row.unit not in services.publishes_for(request.actor)
    ):
        shown = row.versions.exclude(state__in=(VersionState.DRAFT, VersionState.PROPOSED)).first()
    if shown is None:
        raise Http404
    context = {
        "row": row, "one": selectors.info(row, shown), "shown": shown, "open": open_one if mine or _publishes(request, row) else None,
        "versions": selectors.history(row) if mine else list(row.versions.exclude(state__in=("draft", "proposed"))),
        "mine": mine, "publishes": _publishes(request, row), "due": bool(row.review_on and row.review_on <= today),
        "opinion": selectors.feedback(row.key, shown.number), "names": _names(row),
        "own": open_one is not None and open_one.written_by == request.actor.id,
    }  # fmt: skip
    return render(request, "knowledge/work_entry.html", context)


def _publishes(request: ActorRequest, row: Entry) -> bool:
    return row.unit in services.publishes_for(request.actor)


def _names(row: Entry) -> dict[str, str]:
    people = {
        one for version in row.versions.all() for one in (version.written_by, version.published_by) if one
    }
    return actors.names(sorted(people))


def _kept(request: ActorRequest, key: str) -> HttpResponse:
    """An entry that the catalogue or a theme keeps: read only."""
    try:
        found = api.entry(key, audience=Audience.OFFICER, on=actors.day_of(timezone.now()))
    except UnknownEntryError as error:
        raise Http404(str(error)) from None
    counted = selectors.feedback(found.key, found.version)
    return render(request, "knowledge/work_entry.html", {"one": found, "opinion": counted})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*services.WRITERS)
def edit(request: ActorRequest, key: str = "") -> HttpResponseBase:
    """Write a new entry or the next version of one; `?question=NUMBER` begins from a question."""
    row = _row(key) if key else None
    base = (selectors.open_version(row) or row.current or row.versions.first()) if row else None
    units = [(one, actors.unit_name(unit_id=one)) for one in sorted(services.writes_for(request.actor))]
    asked = _question(request.POST.get("answers") or request.GET.get("question", ""))
    form = EntryForm(
        units, request.POST or None, fixed=row is not None, initial=_initial(request, row, base, asked)
    )
    if request.method == "POST" and form.is_valid():
        try:
            version = services.draft(
                key=row.key if row else form.cleaned_data["key"], said=form.said(), unit=form.cleaned_data["unit"],
                audience=Audience(form.cleaned_data["audience"]), actor=request.actor, at=timezone.now(),
            )  # fmt: skip
            if request.POST.get("act") == "propose":
                services.propose(key=version.entry.key, actor=request.actor, at=timezone.now())
                banners.success(request, _("已提请发布，等本单位另一位负责人或审批人看过。"))
            else:
                banners.success(request, _("草稿已存。"))
        except KnowledgeError as error:
            form.add_error(None, str(error))
        else:
            return redirect("knowledge:work-entry", version.entry.key)
    text = str(form["question"].value() or "")
    near = _near(text, besides=[row.key] if row else []) if text else []
    context = {"form": form, "row": row, "asked": asked, "near": near}
    return render(request, "knowledge/edit.html", context, status=422 if form.is_bound else 200)


def _near(text: str, *, besides: list[str]) -> list[Any]:
    day = actors.day_of(timezone.now())
    return list(searching.near_titles(text, audience=Audience.OFFICER, on=day, besides=besides))


def _initial(
    request: ActorRequest, row: Entry | None, base: Version | None, asked: QuestionInfo | None
) -> dict[str, Any]:
    found = initial(base, today=actors.day_of(timezone.now()))
    found["unit"] = row.unit if row else request.actor.unit
    if row is not None:
        found["audience"] = row.audience
    if asked is not None:
        found |= {"answers": asked.number}
        if base is None:
            found["question"] = asked.text[:200]
        else:
            found["ways"] = f"{found['ways']}\n{asked.text[:100]}".strip()
    return found


def _question(number: str) -> QuestionInfo | None:
    try:
        return api.question(number) if number else None
    except UnknownEntryError:
        return None


def _row(key: str) -> Entry:
    try:
        return selectors.row_of(key)
    except UnknownEntryError as error:
        raise Http404(str(error)) from None


@never_cache
@require_POST
@officer_required(*services.WRITERS)
def act(request: ActorRequest, key: str) -> HttpResponse:
    """Propose, publish, send back or withdraw, with the reason where one is asked."""
    at, reason = timezone.now(), request.POST.get("reason", "")
    acts: dict[str, Callable[[], object]] = {
        "propose": lambda: services.propose(key=key, actor=request.actor, at=at),
        "publish": lambda: services.publish(key=key, actor=request.actor, at=at),
        "send_back": lambda: services.send_back(key=key, reason=reason, actor=request.actor, at=at),
        "withdraw": lambda: services.withdraw(key=key, reason=reason, actor=request.actor, at=at),
    }
    said = {
        "propose": _("已提请发布。"), "publish": _("已发布，马上能搜到。"), "send_back": _("已退回给撰写人。"), "withdraw": _("已撤下。"),
    }  # fmt: skip
    wanted = request.POST.get("act", "")
    if wanted not in acts:
        raise Http404
    try:
        acts[wanted]()
    except KnowledgeError as error:
        banners.error(request, str(error))
    else:
        banners.success(request, said[wanted])
    return redirect("knowledge:work-entry", key)


@never_cache
@require_safe
@officer_required()
def diff(request: ActorRequest, key: str) -> HttpResponse:
    """`?after=N`: what version N changed against the one before it."""
    row = _row(key)
    versions = {one.number: one for one in selectors.history(row)}
    try:
        after = versions[int(request.GET.get("after", ""))]
    except (ValueError, KeyError):
        raise Http404 from None
    hidden = after.state in (VersionState.DRAFT, VersionState.PROPOSED)
    if hidden and row.unit not in services.writes_for(request.actor) | services.publishes_for(request.actor):
        raise Http404
    earlier = [number for number in versions if number < after.number]
    before = versions[max(earlier)] if earlier else None
    changes = selectors.difference(before, after) if before else []
    context = {"row": row, "before": before, "after": after, "changes": changes}
    return render(request, "knowledge/diff.html", context)
