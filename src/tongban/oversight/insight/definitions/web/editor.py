"""The form of a definition: its formula row by row, tried on the past before it is proposed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as banners
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongban.actors import api as actors
from tongban.oversight.insight import names, words
from tongban.oversight.insight.contracts import Period
from tongban.oversight.insight.definitions import access, editing, selectors, services
from tongban.oversight.insight.definitions.contracts import DefinitionError, Version
from tongban.oversight.insight.definitions.effect import MONTHS, effect
from tongban.oversight.insight.definitions.web import forms, posted, shown
from tongban.oversight.insight.definitions.web.posted import Typed
from tongban.oversight.insight.packs import Indicator
from tongban.oversight.insight.selectors import month
from tongban.registers.identity.api import ActorRequest, officer_required
from tongban.web import fields

CHECK, PROPOSE = "check", "propose"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*access.PROPOSING)
def edit(request: ActorRequest, key: str = "") -> HttpResponseBase:
    """A new definition, or the next version of one; `?from=` begins from an old version."""
    own = selectors.versions(key) if key else []
    if key and not own:
        raise Http404(key)
    newest = max(own, key=lambda one: one.number) if own else None
    if not (
        access.proposes_as(request.actor, owner=newest.indicator.owner)
        if newest
        else access.owners(request.actor)
    ):
        raise PermissionDenied(_("指标由对它负责的市级部门提出修改，请联系负责部门。"))
    if request.method == "POST":
        return _posted(request, key, newest)
    begun = next((one for one in own if str(one.number) == request.GET.get("from", "")), newest)
    today = actors.day_of(timezone.now())
    first = forms.initial(begun.indicator if begun else None, today=today)
    form = forms.DefinitionForm(actor=request.actor, newest=newest, today=today, initial=first)
    typed = posted.of(begun.indicator.written) if begun else Typed(editing.Shape())
    return _page(request, form, typed, newest, {"begun": begun if begun != newest else None})


def _posted(request: ActorRequest, key: str, newest: Version | None) -> HttpResponseBase:
    act = request.POST.get("act", CHECK)
    today = actors.day_of(timezone.now())
    typed = posted.typed(request.POST)
    if act not in {CHECK, PROPOSE}:
        return _changed(request, typed, act, newest)
    form = forms.DefinitionForm(request.POST, actor=request.actor, newest=newest, today=today)
    try:
        formula = typed.formula()
    except editing.FaultsError as error:
        return _page(request, form, typed, newest, {"faults": error.faults})
    except DefinitionError as error:
        return _page(request, form, typed, newest, {"faults": {"": str(error)}})
    if not form.is_valid():
        return _page(request, form, typed, newest, {"faults": _formula_fault(formula)})
    record = forms.record(form.cleaned_data, key=key, formula=formula)
    try:
        return _said(request, form, typed, newest, record)
    except DefinitionError as error:
        return _page(request, form, typed, newest, {"faults": _put(form, error)})


def _changed(request: ActorRequest, typed: Typed, act: str, newest: Version | None) -> HttpResponse:
    """The form after one of its buttons."""
    kept = {name: request.POST.get(name, "") for name in forms.DefinitionForm.base_fields}
    today = actors.day_of(timezone.now())
    form = forms.DefinitionForm(actor=request.actor, newest=newest, today=today, initial=kept)
    try:
        return _page(request, form, posted.changed(typed, act), newest, {})
    except DefinitionError as error:
        return _page(request, form, typed, newest, {"faults": {"": str(error)}})


def _said(
    request: ActorRequest,
    form: forms.DefinitionForm,
    typed: Typed,
    newest: Version | None,
    record: dict[str, Any],
) -> HttpResponseBase:
    """Propose it, or show what it would have made of the past."""
    base = newest.number if newest else 0
    if (seen := request.POST.get("base", str(base))) != str(base):
        raise DefinitionError(_came_between(newest, seen))
    if request.POST.get("act") == PROPOSE:
        reason, now = form.cleaned_data["reason"], timezone.now()
        row = services.propose(record=record, reason=reason, base=base, actor=request.actor, at=now)
        banners.success(request, _("已提出，等另一位负责人采纳。采纳以前，数照旧算。"))
        return redirect("definitions:proposal", row.pk)
    found = services.checked(record, base=base)
    return _page(request, form, typed, newest, {"tried": _tried(request, newest, found)})


def _came_between(newest: Version | None, seen: str) -> str:
    """What was adopted after the form had been filled; what was typed stays, and goes with the next version from now on."""
    number = newest.number if newest else 0
    said = _("您打开这张表以后，这项指标有了第%(number)d版（您照着改的是第%(seen)s版）。") % {
        "number": number, "seen": seen if seen.isdecimal() else "?",
    }  # fmt: skip
    return said + _("请先看它改了什么；您填的都还在，再提交一次就是在新的一版上改。")


def _formula_fault(formula: Any) -> dict[str, str]:
    """What is wrong with the formula, told together with what else is missing."""
    try:
        services.formula(formula)
    except DefinitionError as error:
        return {"": str(error)}
    return {}


def _put(form: forms.DefinitionForm, error: DefinitionError) -> dict[str, str]:
    """Errors to the fields they belong to; gives those of the formula."""
    faults = dict(error.faults)
    found = {"": faults.pop("formula")} if "formula" in faults else {}
    for name, said in faults.items():
        form.add_error(name if name in form.fields else None, said)
    if not error.faults:
        form.add_error(None, str(error))
    return found


def _tried(request: ActorRequest, newest: Version | None, found: Indicator) -> dict[str, Any]:
    old = newest.indicator if newest else None
    today = actors.day_of(timezone.now())
    counted = effect(old=old, new=found, until=today, scope=access.counts(request.actor))
    return {
        "effect": shown.effect(counted, old=old, new=found, unit=names.unit), "said": shown.formula(found),
        "parts": list(words.parts(found)),
    }  # fmt: skip


def _page(
    request: ActorRequest,
    form: forms.DefinitionForm,
    typed: Typed,
    newest: Version | None,
    more: dict[str, Any],
) -> HttpResponse:
    today = actors.day_of(timezone.now())
    faults: dict[str, str] = more.get("faults", {})
    lately = Period(month(today, back=MONTHS - 1).first, month(today).last)
    context = {
        "form": form, "newest": newest, "base": newest.number if newest else 0, "name": words.name(newest.indicator) if newest else "", "typed": typed,
        "sides": shown.sides(typed, faults, period=lately), "kinds": shown.kinds(), "tables": shown.tables(), "hows": shown.hows(),
        "spare": list(shown.spare(typed)), "formula_fault": faults.get("", ""), "summary": _summary(form, faults), "share": typed.shape.how == editing.SHARE,
        "example": posted.as_text({"share": [_EXAMPLE, _EXAMPLE]}), **more,
    }  # fmt: skip
    wrong = bool(faults) or (form.is_bound and bool(form.errors))
    return render(request, "definitions/edit.html", context, status=422 if wrong else 200)


_EXAMPLE = {
    "count": {"of": "clocks", "where": {"kind": "ticket", "ended": True, "outcome": ["kept", "missed"]}}
}


def _summary(form: forms.DefinitionForm, faults: dict[str, str]) -> list[dict[str, str]]:
    return [
        *fields.errors(form),
        *({"text": said, "target": f"f-{path}" if path else "formula"} for path, said in faults.items()),
    ]
