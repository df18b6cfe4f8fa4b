"""A joint survey as its applicant sees it: when it is, and another time."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongban.desks.cases import api as cases
from tongban.faces.portal import things
from tongban.faces.portal.web.mine import application_row, own_row
from tongban.kernel import api as kernel
from tongban.kernel.flow.forms import form_for, posted
from tongban.registers.identity.api import ActorRequest, citizen_required

MOVE = "reschedule"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def survey(request: ActorRequest, number: str, own: str) -> HttpResponse:
    """Put the survey off, or forward; what was typed stays when it is refused."""
    row, docket = application_row(request, number), own_row(request, own)
    if docket.kind != "survey" or docket.parent != row.id:
        raise Http404(_("没有这次勘验，或者您无权查看。"))
    flow, refused = kernel.flow_of(docket.kind), None
    if request.method == "POST":
        try:
            kernel.perform(
                docket.id, MOVE, actor=request.actor, at=timezone.now(),
                data=posted(flow.moves[MOVE].asks, request.POST), key=request.POST.get("key", ""), seen=_seen(request),
            )  # fmt: skip
        except kernel.MoveRefused as error:
            refused = error
        else:
            messages.success(request, _("已改约，承办单位看得到新的时间。"))
            return redirect("portal:application", row.number)
        docket = own_row(request, own)
    is_open = any(
        one.is_open for one in kernel.moves_for(flow, docket, request.actor) if one.move.name == MOVE
    )
    if refused is None and not is_open:
        messages.info(request, _("现在不能改约时间。"))
        return redirect("portal:application", row.number)
    held = cases.survey_of(docket.id)
    form = _form(flow.moves[MOVE].asks, request, held.held_at, refused)
    context = {
        "row": row, "docket": docket, "own": held, "unit": things.unit_name(docket.unit), "form": form,
        "key": request.POST.get("key", ""), "targets": _targets(form, refused),
    }  # fmt: skip
    return render(request, "portal/survey.html", context, status=422 if refused else 200)


def _seen(request: ActorRequest) -> int | None:
    """The revision on which the page was made."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isdecimal() and seen.isascii() else None


def _form(asks: Any, request: ActorRequest, held_at: Any, refused: kernel.MoveRefused | None) -> forms.Form:
    """The move's form with an applicant's words."""
    sent = request.POST if request.method == "POST" else None
    usual = {"held_at": f"{timezone.localtime(held_at):%Y-%m-%dT%H:%M}"} if held_at else None
    fields = dict(refused.fields) if refused else {}
    if refused and refused.code == "past":
        fields["held_at"] = refused.reason
    form = form_for(asks, data=sent, errors=fields or None, initial=usual)
    labels = {"held_at": _("改到什么时候"), "note": _("为什么改，想说明的")}
    for name in form.fields:
        form[name].label = labels.get(name, form[name].label)
    form.label_suffix, form.use_required_attribute = "", False
    return form


def _targets(form: forms.Form, refused: kernel.MoveRefused | None) -> list[dict[str, str]]:
    if refused is None:
        return []
    found = [
        {"text": str(words), "target": form[name].id_for_label} for name, listed in form.errors.items() for words in listed
    ] if form.is_bound else []  # fmt: skip
    return found or [{"text": str(refused), "target": ""}]
