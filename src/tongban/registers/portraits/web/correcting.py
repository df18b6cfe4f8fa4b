"""A fact is wrong, or missing: say what it should be, with evidence; see what became of it."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages as banners
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.files.errors import UploadError
from tongban.kernel.files.models import StoredFile
from tongban.kernel.files.services import store
from tongban.kernel.web import clocks
from tongban.registers.catalogue import api as catalogue
from tongban.registers.identity.api import ActorRequest, citizen_required
from tongban.registers.portraits import corrections, filing, packs
from tongban.registers.portraits.contracts import CorrectionInfo, PortraitsError
from tongban.registers.portraits.flow import CORRECTION, KIND
from tongban.registers.portraits.selectors import fact_info
from tongban.registers.portraits.showing import value_text
from tongban.registers.portraits.web.citizen import refused, whose
from tongban.registers.portraits.web.forms import CorrectionForm
from tongban.registers.portraits.web.words import fact_line, language
from tongban.web.contracts import TimelineEntry


@never_cache
@sensitive_post_parameters("right", "why")
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def ask(request: ActorRequest, element: str) -> HttpResponseBase:
    """One page: what this fact should be, why, and what proves it."""
    party, at = whose(request), timezone.now()
    if not party:
        return refused(request)
    info = packs.elements(party.partition(":")[0]).get(element)
    if info is None:
        raise Http404(_("画像里没有这项数据。"))
    form = CorrectionForm(info, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        asking = corrections.Asking(party, info.key, form.right(), form.cleaned_data["why"])
        try:
            made = corrections.ask(
                asking, files=_stored(form, at=at), actor=request.actor, at=at,
                key=request.POST.get("key", "")[:60],
            )  # fmt: skip
        except (PortraitsError, UploadError, kernel.Conflict) as error:
            form.add_error(None, f"{error}{getattr(error, 'possible', '')}")
        else:
            banners.success(request, _("已收下（%s），5个工作日内答复您。") % made.number)
            return redirect("portraits:correction", made.number)
    file = filing.read(party)
    fact = file.fact(info) if file else None
    context = {
        "form": form, "name": info.name_in(language()), "keeper": catalogue.department_name(info.source),
        "line": fact_line(fact_info(info, fact, file, at=at)) if file and fact else None,
    }  # fmt: skip
    return render(request, "portraits/correct.html", context, status=422 if form.is_bound else 200)


def _stored(form: CorrectionForm, *, at: datetime) -> list[tuple[StoredFile, str]]:
    """:raises UploadError: a file that is not taken; says which are"""
    return [
        (store(content=one, name=one.name or "", at=at), one.name or _("证明材料")) for one in form.papers()
    ]


@never_cache
@require_safe
@citizen_required
def one(request: ActorRequest, number: str) -> HttpResponse:
    """How far a correction is."""
    row = _row(request, number)
    found = corrections.correction_behind(row.id)
    if found is None:
        raise Http404
    at = timezone.now()
    story = [
        TimelineEntry(
            entry.happening.at, entry.told, who=_who(entry.happening, row, request.actor), note=entry.state
        )
        for entry in kernel.timeline(row, at=at, for_applicant=True)
    ]
    running = kernel.clocks_of([row.id])[row.id]
    state = CORRECTION.states[row.state]
    context = {
        "row": row, "found": found, "story": story, "unit": actors.unit_name(unit_id=row.unit),
        "name": found.info.name_in(language()) if found.info else found.element,
        "state": state.told or state.label, "said": _text(found, found.said), "right": _text(found, found.right),
        "clock": clocks.view_of(clocks.nearest(running), at=at),
    }  # fmt: skip
    return render(request, "portraits/correction.html", context)


def _text(found: CorrectionInfo, value: object) -> str:
    if value is None:
        return ""
    return value_text(found.info, value, language()) if found.info else str(value)


@never_cache
@require_POST
@citizen_required
def withdraw(request: ActorRequest, number: str) -> HttpResponse:
    """Take a correction back."""
    row = _row(request, number)
    try:
        kernel.perform(row.id, "withdraw", actor=request.actor, at=timezone.now())
    except (kernel.MoveRefused, kernel.NotPermitted) as error:
        banners.error(request, str(error))
    return redirect("portraits:correction", row.number)


def _row(request: ActorRequest, number: str) -> kernel.DocketRow:
    try:
        row = kernel.docket(kernel.normalise(number), actor=request.actor)
    except (ValueError, kernel.NotFound) as error:
        raise Http404(str(error)) from None
    if row.kind != KIND:
        raise Http404
    return row


def _who(happening: kernel.Happening, row: kernel.DocketRow, actor: kernel.Actor) -> str:
    if happening.actor in {actor.id, row.applicant}:
        return _("您")
    return (
        actors.unit_name(unit_id=happening.unit or row.unit) if happening.actor.startswith("officer:") else ""
    )
