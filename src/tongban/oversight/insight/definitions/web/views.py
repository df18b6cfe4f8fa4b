"""Reading definitions with their versions, and deciding on a proposal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages as banners
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from tongban.actors import api as actors
from tongban.oversight.insight import names, words
from tongban.oversight.insight.access import READERS
from tongban.oversight.insight.contracts import InsightError
from tongban.oversight.insight.definitions import access, selectors, services
from tongban.oversight.insight.definitions.contracts import DefinitionError, State, Version
from tongban.oversight.insight.definitions.effect import effect
from tongban.oversight.insight.definitions.models import Definition
from tongban.oversight.insight.definitions.web import shown
from tongban.oversight.insight.packs import Indicator
from tongban.registers.catalogue import api as catalogue
from tongban.registers.identity.api import ActorRequest, officer_required
from tongban.web import formats


@never_cache
@require_GET
@officer_required(*READERS)
def listed(request: ActorRequest) -> HttpResponse:
    """Every definition with its version, and what waits to be adopted."""
    today = actors.day_of(timezone.now())
    themes: dict[str, list[dict[str, Any]]] = {}
    for key, found in selectors.indicators(on=today).items():
        row = {
            "key": key,
            "name": words.name(found),
            "one": found,
            "owner": catalogue.department_name(found.owner),
        }
        themes.setdefault(str(found.theme.label), []).append(
            {**row, "how": words.how(found.formula), "target": words.target(found)}
        )
    waiting = [
        {"row": row, "name": _name(row), "who": _who(row.proposed_by)} for row in selectors.proposals()
    ]
    ended = [(words.name(one.indicator), one) for one in selectors.ended(on=today)]
    context = {
        "themes": themes, "waiting": waiting, "ended": ended, "proposes": bool(access.owners(request.actor)),
    }  # fmt: skip
    return render(request, "definitions/list.html", context)


@never_cache
@require_GET
@officer_required(*READERS)
def one(request: ActorRequest, key: str) -> HttpResponse:
    """One definition: how it is counted today, and every version; `?version=` reads an old one."""
    own = selectors.versions(key)
    if not own:
        raise Http404(key)
    today = actors.day_of(timezone.now())
    held = selectors.indicators(on=today).get(key)
    ended = None if held is not None else next(one for one in reversed(own) if one.ended)
    current = held or own[-1].indicator
    asked = request.GET.get("version", "")
    kept = [one for one in own if not one.ended]
    read = next((one for one in kept if str(one.number) == asked), None) or _of(kept, current)
    is_old = held is not None and read.indicator != current
    waiting = selectors.proposal(key)
    context = {
        "key": key, "name": words.name(current), "read": read, "is_old": is_old, "current": current, "ended": ended,
        "lines": shown.compared(current if is_old else None, read.indicator, owner=catalogue.department_name),
        "versions": [_told(one) for one in reversed(own)], "waiting": waiting, "last": _last(ended),
        "proposes": bool(access.proposes_as(request.actor, owner=current.owner)),
        "written": read.indicator.written,
    }  # fmt: skip
    return render(request, "definitions/one.html", context)


def _of(own: list[Version], current: Indicator) -> Version:
    return next((one for one in own if one.number == current.version), own[-1])


def _last(ended: Version | None) -> str:
    """The last month that was counted, of an indicator that has ended."""
    return "" if ended is None else f"{ended.since - timedelta(days=1):%Y-%m}"


def _told(one: Version) -> dict[str, Any]:
    return {"one": one, "by": _who(one.proposed_by), "adopted": _who(one.adopted_by)}


@never_cache
@require_GET
@officer_required(*READERS)
def proposed(request: ActorRequest, pk: int) -> HttpResponse:
    """A proposal: what it changes, what it would have made of the past, and who decides."""
    return _proposed(request, _row(pk))


def _proposed(request: ActorRequest, row: Definition, *, fault: str = "", said: str = "") -> HttpResponse:
    today = actors.day_of(timezone.now())
    own = selectors.versions(row.indicator)
    old = next((one.indicator for one in own if one.number == row.base), None)
    try:
        new = selectors.read(row.record, number=row.number or row.base + 1)
    except InsightError as error:
        raise Http404(str(error)) from error
    counted = None if row.ends else effect(old=old, new=new, until=today, scope=access.counts(request.actor))
    adopts = access.adopts_as(request.actor, owner=new.owner)
    context = {
        "row": row, "name": words.name(new), "lines": [] if row.ends else shown.compared(old, new, owner=catalogue.department_name),
        "effect": counted and shown.effect(counted, old=old, new=new, unit=names.unit), "state": State(row.state),
        "who": _who(row.proposed_by), "as": names.unit(row.proposed_unit), "decider": _who(row.decided_by),
        "open": row.state == State.PROPOSED, "mine": row.proposed_by == request.actor.id, "adopts": bool(adopts),
        "fault": fault, "said": said, "newer": max((one.number for one in own), default=0) > row.base,
    }  # fmt: skip
    return render(request, "definitions/proposal.html", context, status=422 if fault else 200)


@never_cache
@require_POST
@officer_required(*READERS)
def decide(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Adopt, refuse or withdraw a proposal."""
    row, said, act = _row(pk), request.POST.get("said", "").strip()[:2000], request.POST.get("act", "")
    now = timezone.now()
    try:
        if act == "adopt":
            done = services.adopt(pk=pk, actor=request.actor, at=now, said=said)
            told = (
                _("已采纳：从%(day)s起停用。") if done.ends else _("已采纳：第%(number)d版，从%(day)s算起。")
            )
            banners.success(request, told % {"number": done.number, "day": done.since})
        elif act == "refuse":
            services.refuse(pk=pk, actor=request.actor, at=now, said=said)
            banners.success(request, _("已退回，理由记在台账里。"))
        elif act == "withdraw":
            services.withdraw(pk=pk, actor=request.actor, at=now)
            banners.success(request, _("已撤回。"))
        else:
            return _proposed(request, row, fault=_("请选采纳、退回或者撤回。"), said=said)
    except DefinitionError as error:
        return _proposed(request, _row(pk), fault=str(error), said=said)
    return redirect("definitions:proposal", pk)


def _row(pk: int) -> Definition:
    row = Definition.objects.filter(pk=pk).first()
    if row is None:
        raise Http404(pk)
    return row


def _name(row: Definition) -> str:
    return str(row.record["name_en"] if formats.english() else row.record["name"])


def _who(actor: str) -> str:
    return actors.names([actor]).get(actor, actor) if actor else ""
