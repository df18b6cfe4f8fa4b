"""`/work/policies`: what is collected, split, checked and in force; one policy with its measures and moves."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages as banners
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongban.actors import api as actors
from tongban.desks.policies import access, checking, media, readiness, reading, selectors, services
from tongban.desks.policies.contracts import KIND, PoliciesError, VersionState
from tongban.desks.policies.flow import POLICY
from tongban.desks.policies.format import Head, Interpretation
from tongban.desks.policies.models import Measure, Policy, Version
from tongban.desks.policies.services import Collected
from tongban.desks.policies.web import words
from tongban.desks.policies.web.finding import policy_of
from tongban.desks.policies.web.forms import CollectForm, HeadForm, InterpretationForm, head_initial
from tongban.kernel import api as kernel
from tongban.kernel.files.errors import FileGoneError, UploadError
from tongban.kernel.files.selectors import attachments
from tongban.kernel.files.services import attach, store
from tongban.kernel.files.serving import serve
from tongban.kernel.web import clocks
from tongban.registers.identity.api import ActorRequest, officer_required

ORIGINAL = "original"
LISTS = ("collected", "split", "proposed", "checked", "published", "changing", "reproposed", "rechecked")


@never_cache
@require_safe
@officer_required(*access.CHECKERS)
def listed(request: ActorRequest) -> HttpResponse:
    """`?state=`, `?closed=1`: policies of this officer's units, nearest deadline first."""
    state, closed, at = request.GET.get("state", ""), request.GET.get("closed") == "1", timezone.now()
    if state and state not in LISTS:
        raise Http404
    wanted = kernel.Filters(kind=KIND, state=state, open_only=not closed, closed_only=closed)
    try:
        page = kernel.page(
            request.actor, wanted, after=request.GET.get("after", ""), before=request.GET.get("before", "")
        )
    except kernel.InvalidInput as error:
        raise Http404(str(error)) from None
    rows = Policy.objects.in_bulk([row.id for row in page.rows])
    counts = selectors.counts(rows)
    lines = [
        {
            "row": row, "policy": rows.get(row.id), "state": POLICY.states[row.state].label, "count": counts.get(row.id, 0),
            "unit": words.unit_name(row.unit),
            "clock": clocks.view_of(clocks.nearest(page.clocks.get(row.id, [])), at=at),
        }
        for row in page.rows
    ]  # fmt: skip
    context = {
        "lines": lines, "state": state, "closed": closed, "may_collect": bool(access.edits_for(request.actor)),
        "states": [(name, POLICY.states[name].label) for name in LISTS],
        "page": {"previous": page.before, "next": page.after, "size": 50},
        "expiring": selectors.expiring(actors.day_of(at)),
    }  # fmt: skip
    return render(request, "policies/work.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*access.EDITORS)
def collect(request: ActorRequest) -> HttpResponseBase:
    """Take a policy in: paste its text and what it says of itself is proposed, or fill the form; the file is kept."""
    units = access.edits_for(request.actor)
    data = request.POST or None
    if data is not None and data.get("act") == "read":
        form = CollectForm(units, initial={**data.dict(), **_read(data.get("text", ""))})
        return render(request, "policies/collect.html", {"form": form, "was_read": True})
    form = CollectForm(units, data, request.FILES or None, initial={"unit": request.actor.unit})
    if form.is_bound and form.is_valid():
        try:
            policy = _collect(request, form)
        except (PoliciesError, UploadError, kernel.MoveRefused) as error:
            form.add_error("original" if isinstance(error, UploadError) else None, str(error))
        else:
            banners.success(request, _("已收下。下一步：拆成措施。"))
            return redirect("policies:work-policy", policy.number)
    return render(request, "policies/collect.html", {"form": form}, status=422 if form.is_bound else 200)


def _read(text: str) -> dict[str, Any]:
    """What the text says of itself; what it does not say stays as it was typed."""
    found = reading.read(text)
    said = {
        "title": found.title, "document": found.document, "issued_on": found.issued_on, "valid_from": found.valid_from,
        "valid_until": found.valid_until,
    }  # fmt: skip
    return {name: value for name, value in said.items() if value}


def _collect(request: ActorRequest, form: CollectForm) -> Policy:
    at, cleaned = timezone.now(), form.cleaned_data
    upload = cleaned.get("original")
    # The file is looked at first: a policy without the file that was handed in with it would be half a thing.
    named = str(upload.name) if isinstance(upload, UploadedFile) else ""
    kept = store(content=upload, name=named, at=at) if isinstance(upload, UploadedFile) else None
    policy = services.collect(
        head=_head(cleaned), unit=cleaned["unit"], come_from=Collected(cleaned["source"], cleaned["text"]),
        actor=request.actor, at=at,
    )  # fmt: skip
    if kept is not None:
        attach(docket_id=policy.pk, slot=ORIGINAL, file=kept, name=named, by=request.actor.id, at=at)
    return policy


def _head(cleaned: dict[str, Any], *, key: str = "", said: Interpretation | None = None) -> Head:
    names = set(HeadForm.base_fields)
    fields = {name: value for name, value in cleaned.items() if name in names}
    return Head.model_construct(key=key, interpretation=said or Interpretation(), **fields)


@never_cache
@require_safe
@officer_required(*access.CHECKERS)
def policy(request: ActorRequest, number: str) -> HttpResponse:
    """One policy: what it says, its measures with what is wrong with them, what may be done."""
    row, docket = policy_of(request, number)
    at = timezone.now()
    today = actors.day_of(at)
    drafts = {version.measure_id: version for version in selectors.drafts(row)}
    measures = [
        _line(one, drafts.get(one.pk), today)
        for one in row.measures.prefetch_related("versions").order_by("key")
    ]
    editable = docket.state in services.WRITING and access.editor(request.actor, docket) is not None
    context = {
        "policy": row, "docket": docket, "state": POLICY.states[docket.state].label, "measures": measures, "editable": editable,
        "edits": access.editor(request.actor, docket) is not None and docket.closed_at is None,
        "moves": [one for one in kernel.moves_for(POLICY, docket, request.actor) if one.move.name not in _INSIDE],
        "articles": reading.articles(row.text), "files": attachments(docket.id, slot=ORIGINAL),
        "unit": words.unit_name(row.unit),
    }  # fmt: skip
    return render(request, "policies/work_policy.html", context)


def _line(one: Measure, draft: Version | None, today: date) -> dict[str, Any]:
    held = _held(one.versions.all())
    found = readiness.findings(draft, on=today) if draft is not None else []
    return {
        "measure": one, "draft": draft, "held": held, "shown": draft or held or one.versions.first(),
        "findings": [finding for finding in found if finding.level != checking.HINT],
    }  # fmt: skip


_INSIDE = {"draft", "redraft", "forget", "note", "urge", "stop_measure"}
"""Moves that the pages of measures make, or that the docket's own page has."""


def _held(versions: Any) -> Version | None:
    held = [one for one in versions if one.state == VersionState.PUBLISHED]
    return max(held, key=lambda one: one.number) if held else None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*access.EDITORS)
def head(request: ActorRequest, number: str) -> HttpResponseBase:
    """Mend what a policy says of itself."""
    row, _docket = policy_of(request, number)
    form = HeadForm(request.POST or None, initial=head_initial(row))
    if form.is_bound and form.is_valid():
        said = readiness.head_of(row).interpretation
        try:
            services.describe(
                policy=row,
                head=_head(form.cleaned_data, key=row.key, said=said),
                actor=request.actor,
                at=timezone.now(),
            )
        except kernel.MoveRefused as error:
            form.add_error(None, str(error))
        else:
            banners.success(request, _("已保存。"))
            return redirect("policies:work-policy", row.number)
    return render(
        request, "policies/head.html", {"form": form, "policy": row}, status=422 if form.is_bound else 200
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*access.EDITORS)
def interpretation(request: ActorRequest, number: str) -> HttpResponseBase:
    """Write how a policy is explained, and hand in the picture, recording or film."""
    row, _docket = policy_of(request, number)
    initial = {"explained": row.explained, "explained_en": row.explained_en, "medium": row.medium}
    form = InterpretationForm(request.POST or None, request.FILES or None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            _explain(request, row, form.cleaned_data)
        except (PoliciesError, kernel.MoveRefused) as error:
            form.add_error("file" if isinstance(error, PoliciesError) else None, str(error))
        else:
            banners.success(request, _("已保存。"))
            return redirect("policies:work-policy", row.number)
    context = {"form": form, "policy": row}
    return render(request, "policies/interpretation.html", context, status=422 if form.is_bound else 200)


def _explain(request: ActorRequest, row: Policy, cleaned: dict[str, Any]) -> None:
    at, upload, medium = timezone.now(), cleaned.get("file"), cleaned["medium"]
    digest = row.file
    if isinstance(upload, UploadedFile):
        digest = media.take(content=upload, name=str(upload.name), medium=medium, at=at)
    elif cleaned["take_away"] or medium == "text":
        digest = ""
    elif medium != row.medium and not digest:
        raise PoliciesError(
            _("请选一个解读附件。"), possible=_("只用文字的，解读形式选“文字”。"), code="file"
        )
    said = Interpretation(form=medium, text=cleaned["explained"], text_en=cleaned["explained_en"])
    head_now = readiness.head_of(row).model_copy(update={"interpretation": said})
    with kernel.writing():
        services.describe(policy=row, head=head_now, actor=request.actor, at=at)
        if digest != row.file:
            services.explain_with(policy=row, medium=medium, file=digest, actor=request.actor, at=at)


@never_cache
@require_safe
@officer_required(*access.CHECKERS)
def file(request: ActorRequest, number: str, attachment: int) -> HttpResponseBase:
    """The file that a policy was collected from."""
    _row, docket = policy_of(request, number)
    found = next((one for one in attachments(docket.id, slot=ORIGINAL) if one.pk == attachment), None)
    if found is None:
        raise Http404
    try:
        return serve(file=found.file, name=found.name)
    except FileGoneError as error:
        raise Http404(_("这个文件已经不在了。")) from error
