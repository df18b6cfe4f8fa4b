"""Asking for a recording with purpose and reason, and listening to it for ten minutes."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.hotline.telephony import recordings
from tongban.desks.hotline.telephony.contracts import HearingPurpose, TelephonyError
from tongban.registers.identity.api import ActorRequest, forbidden, officer_required
from tongban.web.forms import PlainForm

HEARERS = (Role.OPERATOR, *recordings.HEARERS)
SESSION = "tb_heard"
RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")


class AskForm(PlainForm):
    """What for, and why."""

    purpose = forms.ChoiceField(label=_("用途"), choices=[("", _("请选用途")), *HearingPurpose.choices])
    reason = forms.CharField(
        label=_("为什么要听（记入台账）"), max_length=recordings.MOST_REASON, min_length=recordings.LEAST_REASON,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
@officer_required(*HEARERS)
def recording(request: ActorRequest, call: int) -> HttpResponseBase:
    """One call: asked for here, heard here, and who heard it before."""
    at = timezone.now()
    try:
        found = recordings.may_listen(call, actor=request.actor)
    except TelephonyError as error:
        if error.code == "not_allowed":
            return forbidden(request, f"{error.reason}{error.possible}")
        raise Http404(error.reason) from None
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            until = recordings.ask(call, actor=request.actor, at=at, **form.cleaned_data)
        except TelephonyError as error:
            form.add_error(error.code if error.code in form.fields else None, error.reason)
        else:
            request.session[SESSION] = {str(call): until.isoformat()}  # one call at a time
            return redirect("telephony:recording", call)
    past = recordings.heard(call, at=at)
    names = actors.names(sorted({one.actor for one in past}))
    purposes = {value: str(label) for value, label in HearingPurpose.choices}
    context = {
        "call": found, "form": form, "until": _until(request, call), "trouble": _trouble(request, call),
        "past": [
            {"at": one.at, "who": names.get(one.actor, ""), "purpose": purposes.get(one.body["purpose"], ""), "reason": one.body["reason"]}
            for one in past
        ],
    }  # fmt: skip
    return render(request, "telephony/recording.html", context, status=422 if form.is_bound else 200)


def _until(request: ActorRequest, call: int) -> Any:
    """Until when this reader may hear this call; None: not (any more)."""
    given = request.session.get(SESSION, {}).get(str(call), "")
    until = parse_datetime(given) if given else None
    return until if until and until > timezone.now() else None


def _trouble(request: ActorRequest, call: int) -> TelephonyError | None:
    """Why it cannot be heard now, asked once before the player is shown."""
    if not _until(request, call):
        return None
    try:
        recordings.sound(call)
    except TelephonyError as error:
        return error
    return None


@never_cache
@require_safe
@officer_required(*HEARERS)
def sound(request: ActorRequest, call: int) -> HttpResponseBase:
    """The sound itself, for who asked for it less than ten minutes ago."""
    try:
        recordings.may_listen(call, actor=request.actor)
        if not _until(request, call):
            return forbidden(request, str(_("请先写用途和理由，再听录音。")))
        found = recordings.sound(call)
    except TelephonyError as error:
        return HttpResponse(
            f"{error.reason}{error.possible}", status=503 if error.code == "down" else 404,
            content_type="text/plain; charset=utf-8",
        )  # fmt: skip
    return _part(found.content, found.media_type, request.headers.get("Range", ""))


def _part(content: bytes, media_type: str, wanted: str) -> HttpResponse:
    """Players ask for parts; some play nothing when they get the whole (RFC 9110, 14)."""
    asked = RANGE.fullmatch(wanted.strip())
    first = int(asked[1]) if asked else 0
    if not asked or first >= len(content):
        answer = HttpResponse(content, content_type=media_type)
    else:
        last = min(int(asked[2]) if asked[2] else len(content) - 1, len(content) - 1)
        answer = HttpResponse(content[first : last + 1], status=206, content_type=media_type)
        answer["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    answer["Accept-Ranges"] = "bytes"
    answer["Content-Disposition"] = "inline"
    return answer
