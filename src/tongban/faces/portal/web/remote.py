"""请远程窗口帮我填: who fills in a draft asks the deciding unit to look at it together, and answers what it proposes."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.desks.remote import api as desk
from tongban.desks.themes import sharing as drafts
from tongban.faces.portal import sharing, things
from tongban.faces.portal.web.mine import own_row
from tongban.kernel import api as kernel
from tongban.registers.identity.api import ActorRequest, citizen_required, draft_owner, party_of

MOVES = {"call_off", "remark", "accept", "refuse", "end"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def begin(request: ActorRequest, slug: str) -> HttpResponse:
    """Whom to ask, and the consent."""
    owner, at = draft_owner(request), timezone.now()
    key = drafts.key_of(owner, slug) if owner else ""
    for docket in desk.open_on(key):
        return redirect("portal:remote", kernel.docket_by_id(docket, actor=request.actor).number)
    try:
        draft = drafts.look(owner=owner, subject=slug, key=key, at=at)
    except drafts.DraftGone as gone:
        messages.info(request, str(gone))
        return redirect("themes:start", slug)
    refused, far = None, request.POST.get("far", draft.units[0] if draft.units else "")
    if request.method == "POST":
        try:
            number = desk.begin_on_draft(
                draft=desk.DraftRef(owner, slug, key), title=draft.title, applicant=party_of(request),
                region=draft.region, far_unit=far if far in draft.units else "", place=request.POST.get("place", ""),
                consent=request.POST.get("consent", ""), actor=request.actor, at=at, key=request.POST.get("key", "")[:100],
            )  # fmt: skip
        except desk.RemoteRefused as error:
            refused = error
        else:
            messages.success(request, _("已请远程窗口，10分钟内有人接就一起看。"))
            return redirect("portal:remote", number)
    fields = refused.fields if refused else {}
    context = {
        "draft": draft, "slug": slug, "units": [(one, things.unit_name(one)) for one in draft.units], "far": far,
        "consents": desk.consents_for(request.actor), "consent": request.POST.get("consent", ""), "helping": request.actor.is_officer,
        "place": request.POST.get("place", ""), "refused": refused, "errors": fields, "key": request.POST.get("key", ""),
        "targets": [{"text": text, "target": f"{name}-1" if name == "consent" else name} for name, text in fields.items()],
    }  # fmt: skip
    status = 200 if refused is None else 503 if refused.down else 422
    return render(request, "portal/remote_new.html", context, status=status)


def _row(request: ActorRequest, number: str) -> kernel.DocketRow:
    """:raises Http404: no session that this person began"""
    row = own_row(request, number)
    if row.kind != "remote" or desk.side_of(row, request.actor) != desk.Side.NEAR:
        raise Http404(_("没有这个远程窗口，或者您无权查看。"))
    return row


@never_cache
@require_safe
@citizen_required
def session(request: ActorRequest, number: str) -> HttpResponse:
    """Who looks, what was said, what is proposed."""
    return render(request, "portal/remote.html", _context(request, _row(request, number)))


def _context(request: ActorRequest, row: kernel.DocketRow) -> dict[str, Any]:
    at, found = timezone.now(), desk.session_of(row, request.actor)
    draft, gone = sharing.draft_of(found.draft, at) if found.draft else (None, "")
    sent = kernel.docket_by_id(found.shared, actor=request.actor) if found.shared else None
    moves = {
        one.move.name for one in kernel.moves_for(kernel.flow_of(row.kind), row, request.actor) if one.is_open
    }
    return {
        "row": row, "found": found, "state": things.state_of(row), "moves": moves, "over": row.closed_at is not None,
        "far": things.unit_name(found.far_unit), "gone": gone, "sent": sent, "draft": draft,
        "proposals": sharing.proposals(row.id, draft), "remarks": desk.remarks_of(row, at=at),
    }  # fmt: skip


@require_safe
@citizen_required
def view(request: ActorRequest, number: str) -> HttpResponse:
    """The same without its frame, for polling; 304 while nothing has changed, the whole page anew when the state has."""
    row = _row(request, number)
    if request.GET.get("state", row.state) != row.state:
        return HttpResponse(headers={"HX-Refresh": "true"})
    text = render_to_string("portal/_remote.html", _context(request, row), request=request)
    bare = "\n".join(line for line in text.splitlines() if "csrfmiddlewaretoken" not in line)
    seed = f"{translation.get_language()}{request.actor.id}{bare}"
    tag = f'"{hashlib.sha256(seed.encode()).hexdigest()[:32]}"'
    known = parse_etags(request.headers.get("If-None-Match", ""))
    answer: HttpResponse = HttpResponseNotModified() if tag in known else HttpResponse(text)
    answer["ETag"], answer["Cache-Control"], answer["Vary"] = tag, "private, no-cache", "Cookie"
    return answer


@never_cache
@sensitive_post_parameters("text", "said")
@require_POST
@citizen_required
def move(request: ActorRequest, number: str, name: str) -> HttpResponse:
    """Say something, take a proposal or not, end."""
    row = _row(request, number)
    if name not in MOVES:
        raise Http404(_("没有这个动作。"))
    asks = kernel.flow_of(row.kind).moves[name].asks.model_fields
    data = {field: request.POST[field] for field in asks if field in request.POST}
    key = request.POST.get("key", "")[:100]
    try:
        kernel.perform(row.id, name, actor=request.actor, at=timezone.now(), data=data, key=key)
    except kernel.MoveRefused as error:
        messages.error(request, " ".join([str(error), *error.fields.values()]))
    else:
        if name == "accept":
            messages.success(request, _("已写进草稿。"))
    return redirect("portal:remote", row.number)
