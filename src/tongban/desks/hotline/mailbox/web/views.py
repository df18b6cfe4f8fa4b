"""Letters whose writers agreed to publication: the list, and the decision about one."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongban.desks.hotline.figures.bulletin import unit_name
from tongban.desks.hotline.mailbox import selectors, services
from tongban.desks.hotline.mailbox.contracts import LetterState, LetterView, MailboxRefused
from tongban.desks.hotline.rules import MOST_TEXT, MOST_TITLE, starred
from tongban.kernel import api as kernel
from tongban.registers.identity.api import ActorRequest, officer_required
from tongban.web.contracts import Page
from tongban.web.forms import PlainForm

TABS = (LetterState.WAITING, LetterState.PUBLISHED, LetterState.KEPT, LetterState.TAKEN_DOWN)


class LetterForm(PlainForm):
    """The letter as everybody will read it."""

    title = forms.CharField(label=gettext_lazy("标题"), max_length=MOST_TITLE)
    text = forms.CharField(
        label=gettext_lazy("来信（公开的写法）"), max_length=MOST_TEXT, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("删去能看出是谁写的内容：姓名、单位、门牌、号码。"),
    )  # fmt: skip


@never_cache
@require_safe
@officer_required(*selectors.DECIDERS)
def listed(request: ActorRequest) -> HttpResponse:
    """Letters by what became of them, newest first."""
    state = request.GET.get("state", "")
    state = state if state in {one.value for one in TABS} else LetterState.WAITING.value
    after = request.GET.get("after", "")
    rows, more = selectors.letters(
        actor=request.actor, state=state, before=int(after) if after.isdecimal() else None
    )
    context = {"rows": rows, "state": state, "tabs": TABS, "page": Page(next=more)}
    return render(request, "mailbox/letters.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*selectors.DECIDERS)
def one(request: ActorRequest, number: str) -> HttpResponseBase:
    """One letter: worded for everybody and published, kept, or taken down."""
    found = _found(request, number)
    form = LetterForm(
        request.POST or None, initial={"title": starred(found.title), "text": starred(found.text)}
    )
    trouble = ""
    if request.method == "POST":
        try:
            if _decided(request, found, form):
                return redirect("mailbox:letter", found.number)
        except MailboxRefused as error:
            trouble = error.fields.get("reason", "") or error.fields.get("__all__", "")
            trouble = trouble or ("" if error.fields else error.reason)
            for name in ("title", "text"):
                if name in error.fields and form.is_bound:
                    form.add_error(name, error.fields[name])
    context = {
        "one": found, "form": form, "unit": unit_name(found.unit), "trouble": trouble, "reason": request.POST.get("reason", "")[:300],
        "open": found.state in {LetterState.WAITING, LetterState.KEPT, LetterState.TAKEN_DOWN},
    }  # fmt: skip
    return render(request, "mailbox/letter.html", context, status=422 if request.method == "POST" else 200)


def _found(request: ActorRequest, number: str) -> LetterView:
    try:
        return selectors.letter(kernel.normalise(number), actor=request.actor)
    except (ValueError, kernel.NotFound) as error:
        raise Http404(str(error)) from None


def _decided(request: ActorRequest, found: LetterView, form: LetterForm) -> bool:
    """Whether what was asked for is done; else the form has words. :raises MailboxRefused:"""
    at, reason, act = timezone.now(), request.POST.get("reason", ""), request.POST.get("act", "publish")
    if act == "keep":
        services.keep(found.number, reason=reason, actor=request.actor, at=at)
        messages.success(request, _("已决定不公开，理由记下了。"))
    elif act == "take_down":
        services.take_down(found.number, reason=reason, actor=request.actor, at=at)
        messages.success(request, _("已从公开的来信里撤下。"))
    elif form.is_valid():
        services.publish(found.number, **form.cleaned_data, actor=request.actor, at=at)
        messages.success(request, _("已公开，市民在市长信箱里能看到。"))
    else:
        return False
    return True
