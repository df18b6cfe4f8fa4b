"""The inbox of anybody who is signed in."""

from __future__ import annotations

from django.contrib import messages as banners
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from tongban.registers.identity.api import ActorRequest, signed_in_required
from tongban.registers.messages import selectors, services
from tongban.registers.messages.pack import pack
from tongban.registers.messages.rules import allowed
from tongban.web.contracts import Page

NAMES = {"sms": gettext_lazy("短信"), "email": gettext_lazy("电子邮件")}


@never_cache
@require_GET
@signed_in_required
def inbox(request: ActorRequest) -> HttpResponse:
    """Messages to oneself and to those for whom one acts, newest first."""
    given = request.GET.get("after", "")
    rows = selectors.inbox(
        recipients=selectors.recipients_of(request.actor), before=int(given) if given.isdecimal() else None
    )
    shown = rows[: selectors.PAGE]
    more = str(shown[-1].id) if len(rows) > selectors.PAGE else ""
    return _render(
        request, "messages/inbox.html", {"rows": shown, "page": Page(next=more), "first": not given}
    )


@never_cache
@require_GET
@signed_in_required
def letter(request: ActorRequest, message_id: int) -> HttpResponse:
    """One message; opening it is reading it."""
    row = services.open_message(
        message_id=message_id, recipients=selectors.recipients_of(request.actor), at=timezone.now()
    )
    if row is None:
        raise Http404
    return _render(request, "messages/letter.html", {"letter": selectors.letter_of(row)})


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in_required
def settings_page(request: ActorRequest) -> HttpResponse:
    """Over which channels one wants to be told, besides the inbox."""
    rules = {name: rule for name, rule in pack().channels.items() if rule.consent != "none"}
    if request.method == "POST":
        for name in rules:
            services.set_consent(
                actor_id=request.actor.id, channel=name, wanted=name in request.POST, at=timezone.now()
            )
        banners.success(request, _("接收方式已保存。"))
        return redirect("messaging:inbox")
    said = selectors.consents(request.actor.id)
    channels = [
        {
            "name": name,
            "label": NAMES.get(name, name),
            "wanted": allowed(rule, wanted=said.get(name)),
            "quiet": rule.quiet,
        }
        for name, rule in rules.items()
    ]
    return _render(request, "messages/settings.html", {"channels": channels})


def _render(request: ActorRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """In the frame in which the reader works: the workbench for officers, the portal for everybody else."""
    frame = "web/workbench.html" if request.actor.is_officer else "web/portal.html"
    return render(request, template, {**context, "frame": frame})
