"""远程窗口: who waits, beginning a session, and the page that both sides look at."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongban.desks.remote import api as desk
from tongban.faces.workbench import remote, words
from tongban.faces.workbench.web.docket import row_or_404
from tongban.kernel import api as kernel
from tongban.kernel.files.errors import FileGoneError
from tongban.kernel.files.models import Attachment, StoredFile
from tongban.kernel.files.serving import serve
from tongban.registers.identity.api import ActorRequest, officer_required

RECENT = 20
MOVES = {"join", "decline", "call_off", "remark", "propose", "end"}


def _row(request: ActorRequest, number: str) -> kernel.DocketRow:
    """:raises Http404: no session that the officer sees"""
    row = row_or_404(request, number)
    if row.kind != "remote":
        raise Http404(_("没有这个远程窗口，或者您无权查看。"))
    return row


@never_cache
@require_GET
@officer_required()
def listed(request: ActorRequest) -> HttpResponse:
    """Who waits for my unit, what I share now, and what is over."""
    rows = desk.sessions(request.actor, open_only=False, size=RECENT)
    near = desk.places_of([row.id for row in rows])
    lines = [
        {
            "row": row, "near": remote.near_name(near.get(row.id, "")), "far": words.unit_name(row.unit),
            "state": words.state_label(row), "mine": bool(desk.side_of(row, request.actor)),
        }
        for row in rows
    ]  # fmt: skip
    context = {
        "open": [line for line in lines if line["row"].closed_at is None],  # type: ignore[attr-defined]  # a row
        "over": [line for line in lines if line["row"].closed_at is not None],  # type: ignore[attr-defined]  # a row
    }
    return render(request, "workbench/remote.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required()
def begin(request: ActorRequest) -> HttpResponse:
    """Invite the unit that decides to look at a docket together."""
    number = request.POST.get("number") or request.GET.get("number", "")
    shared = row_or_404(request, number[:60])
    units = remote.units_for(shared)
    if not units:
        messages.info(request, _("这件没有别的承办单位可以请。"))
        return redirect(f"/work/{shared.number}")
    refused = None
    if request.method == "POST":
        try:
            made = desk.begin(
                shared=shared, far_unit=request.POST.get("far", ""), place=request.POST.get("place", ""),
                consent=request.POST.get("consent", ""), actor=request.actor, at=timezone.now(),
                key=request.POST.get("key", "")[:100],
            )  # fmt: skip
        except desk.RemoteRefused as error:
            refused = error
        else:
            messages.success(request, _("已请远程窗口，10分钟内有人接就一起看。"))
            return redirect("workbench:remote-session", made)
    fields = refused.fields if refused else {}
    context = {
        "row": shared, "units": units, "far": request.POST.get("far", units[0][0]), "consents": desk.consents_for(request.actor).items(),
        "place": request.POST.get("place", ""), "consent": request.POST.get("consent", ""), "refused": refused,
        "errors": fields, "key": request.POST.get("key", ""),
        "targets": [{"text": text, "target": f"{name}-1" if name == "consent" else name} for name, text in fields.items()],
    }  # fmt: skip
    status = 200 if refused is None else 503 if refused.down else 422
    return render(request, "workbench/remote_new.html", context, status=status)


@never_cache
@require_GET
@officer_required()
def session(request: ActorRequest, number: str) -> HttpResponse:
    """The page that both sides look at."""
    return render(request, "workbench/remote_session.html", _context(request, _row(request, number)))


def _context(request: ActorRequest, row: kernel.DocketRow) -> dict[str, Any]:
    at = timezone.now()
    found = desk.session_of(row, request.actor)
    flow = kernel.flow_of(row.kind)
    open_ones = {one.move.name for one in kernel.moves_for(flow, row, request.actor) if one.is_open}
    return {
        "row": row, "found": found, "state": words.state_label(row), "moves": open_ones,
        "near": remote.near_name(found.near_unit), "far": words.unit_name(found.far_unit),
        "near_name": words.Names((found.near_officer,))(found.near_officer) if found.near_unit else "",
        "far_name": words.Names((found.far_officer,))(found.far_officer) if found.far_officer else "",
        "shown": remote.shown(found, at=at) if found.state == "live" and found.side else None,
        "proposals": remote.proposals(row.id) if found.side else [], "remarks": remote.remarks(row, at=at), "over": row.closed_at is not None,
    }  # fmt: skip


@require_GET
@officer_required()
def view(request: ActorRequest, number: str) -> HttpResponse:
    """What both look at, alone, for polling; 304 while nothing has changed, the whole page anew when it begins or ends."""
    row = _row(request, number)
    if request.GET.get("state", row.state) != row.state:
        return HttpResponse(headers={"HX-Refresh": "true"})
    text = render_to_string("workbench/_remote.html", _context(request, row), request=request)
    seed = f"{translation.get_language()}{request.actor.id}{_bare(text)}"
    tag = f'"{hashlib.sha256(seed.encode()).hexdigest()[:32]}"'
    known = parse_etags(request.headers.get("If-None-Match", ""))
    answer: HttpResponse = HttpResponseNotModified() if tag in known else HttpResponse(text)
    answer["ETag"], answer["Cache-Control"], answer["Vary"] = tag, "private, no-cache", "Cookie"
    return answer


def _bare(text: str) -> str:
    """Without the form tokens, which differ each time."""
    return "\n".join(line for line in text.splitlines() if "csrfmiddlewaretoken" not in line)


@never_cache
@require_POST
@officer_required()
def point(request: ActorRequest, number: str) -> HttpResponse:
    """Point at a field for the other side."""
    row = _row(request, number)
    if not desk.point(docket=row, key=request.POST.get("key", ""), actor=request.actor, at=timezone.now()):
        messages.info(request, _("这个远程窗口不在共享。"))
    return redirect("workbench:remote-session", row.number)


@never_cache
@require_POST
@officer_required()
def move(request: ActorRequest, number: str, name: str) -> HttpResponse:
    """Join, decline, say something, end."""
    row = _row(request, number)
    if name not in MOVES:
        raise Http404(_("没有这个动作。"))
    asks = kernel.flow_of(row.kind).moves[name].asks.model_fields
    data = {field: request.POST.get(field, "") for field in asks}
    try:
        kernel.perform(
            row.id,
            name,
            actor=request.actor,
            at=timezone.now(),
            data=data,
            key=request.POST.get("key", "")[:100],
        )
    except kernel.MoveRefused as error:
        said = " ".join([str(error), *error.fields.values()])
        if name == "propose":  # what was typed stays
            context = _context(request, row) | {"typed": data, "wrong": said}
            return render(request, "workbench/remote_session.html", context, status=422)
        messages.error(request, said)
    return redirect("workbench:remote-session", row.number)


@never_cache
@require_GET
@officer_required()
def paper(request: ActorRequest, number: str, key: str, digest: str) -> HttpResponseBase:
    """A paper of the shared draft, likewise."""
    found = desk.session_of(_row(request, number), request.actor)
    name = ""
    if found.state == "live" and found.side and found.draft:
        draft = remote.shown(found, at=timezone.now()).draft
        papers = draft.papers if draft else ()
        name = next(
            (label for one in papers if one.key == key for own, label in one.files if own == digest), ""
        )
    one = StoredFile.objects.filter(digest=digest).first() if name else None
    if one is None:
        raise Http404(_("这份材料现在没有共享。"))
    try:
        return serve(file=one, name=name, download=False)
    except FileGoneError:
        raise Http404(_("文件不在存储里，请联系管理员。")) from None


@require_GET
@officer_required()
def file(request: ActorRequest, number: str, attachment: int) -> HttpResponseBase:
    """A paper of the shared docket, for the two sides and only while it is shared."""
    row = _row(request, number)
    found = desk.session_of(row, request.actor)
    if found.state != "live" or not found.side or attachment not in remote.files_of(found):
        raise Http404(_("这份材料现在没有共享。"))
    one = Attachment.objects.select_related("file").get(pk=attachment)
    try:
        return serve(file=one.file, name=one.name, download=False)
    except FileGoneError:
        raise Http404(_("文件不在存储里，请联系管理员。")) from None
