"""Open to everybody: lists while they are published and after, objections to them, and taking money by its code."""

from __future__ import annotations

from django.contrib import messages as banners
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.desks.policies.claims import accounts, confirming, running, selectors
from tongban.desks.policies.claims.contracts import ClaimsError, NewAccount, RunInfo, UnknownError
from tongban.desks.policies.claims.web.forms import AccountForm, CodeForm, ObjectionForm
from tongban.desks.policies.claims.web.words import due_line, run_line
from tongban.kernel import api as kernel
from tongban.registers.identity.api import (
    ActorRequest,
    citizen_required,
    guessed_too_often,
    note_wrong_guess,
    open_to_all,
)

GUESSES = 10


@require_safe
@open_to_all
def lists(request: HttpRequest) -> HttpResponse:
    """Lists that are published now."""
    return render(request, "claims/lists.html", {"lines": [run_line(one) for one in selectors.published()]})


def _run(number: str) -> RunInfo:
    try:
        return selectors.published_run(kernel.normalise(number))
    except (ValueError, UnknownError) as error:
        raise Http404(_("没有这份公示名单。")) from error


@never_cache
@require_safe
@open_to_all
def one(request: HttpRequest, number: str) -> HttpResponse:
    """One list: who, how much, by which order; whoever sees something wrong can say so."""
    return _page(request, _run(number), ObjectionForm())


def _page(request: HttpRequest, run: RunInfo, form: ObjectionForm, *, status: int = 200) -> HttpResponse:
    after = request.GET.get("after", "")
    lines = selectors.public_lines(run.number, after=int(after) if after.isdecimal() else 0)
    actor = getattr(request, "actor", None)
    own = selectors.objections_by(actor.id, run=run.number) if actor and request.user.is_authenticated else []
    context = {
        "line": run_line(run), "run": run, "lines": lines, "form": form, "open": run.state == "published", "own": own,
        "page": {"previous": "", "next": str(lines[-1].place) if len(lines) == selectors.PAGE else "", "size": selectors.PAGE},
    }  # fmt: skip
    return render(request, "claims/list.html", context, status=status)


@never_cache
@require_POST
@citizen_required
def object_to(request: ActorRequest, number: str) -> HttpResponseBase:
    """Object to a line of a published list, under one's own name; only the office knows who did."""
    run, form = _run(number), ObjectionForm(request.POST)
    if not form.is_valid():
        return _page(request, run, form, status=422)
    try:
        running.object_to(
            run=run.number, place=form.cleaned_data["place"], text=form.cleaned_data["text"], actor=request.actor,
            at=timezone.now(),
        )  # fmt: skip
    except ClaimsError as error:
        for name, words in (error.fields or {"": str(error)}).items():
            form.add_error(name or None, words)
        return _page(request, run, form, status=422)
    banners.success(request, _("异议已收到，5个工作日内核查，结果会告诉您。"))
    return redirect("claims:list", run.number)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def code(request: HttpRequest) -> HttpResponseBase:
    """凭码兑现: whoever has the code of the message sees what waits (masked) and takes it to the account of its holder."""
    form, at = CodeForm(request.POST or None), timezone.now()
    if request.method != "POST":
        return render(request, "claims/code.html", {"form": form})
    limits = {f"benefit-code:{request.META.get('REMOTE_ADDR', '')}": GUESSES}
    if guessed_too_often(limits=limits, at=at):
        form.add_error(None, _("输错太多次，请过一刻钟再试，或登录确认。"))
    if not form.is_valid():
        return render(request, "claims/code.html", {"form": form}, status=422)
    try:
        due = confirming.waiting_for(form.cleaned_data["code"])
    except UnknownError as error:
        note_wrong_guess(what=list(limits), at=at)
        form.add_error("code", str(error))
        return render(request, "claims/code.html", {"form": form}, status=422)
    known, into = accounts.known(due.payee), AccountForm(request.POST if "account" in request.POST else None)
    context = {"form": form, "line": due_line(due), "due": due, "account": known, "into": into}
    if "take" not in request.POST:
        return render(request, "claims/code.html", context)
    # Where an account is known, a code takes the money there and nowhere else: a lost message moves nothing.
    account = into.new() if known is None and into.is_valid() else None
    if known is None and account is None:
        return render(request, "claims/code.html", context, status=422)
    return _taken(request, form.cleaned_data["code"], account, context)


def _taken(
    request: HttpRequest, code: str, account: NewAccount | None, context: dict[str, object]
) -> HttpResponse:
    holder = kernel.Actor(id=context["due"].payee)  # type: ignore[attr-defined]  # a `DueInfo`, put there above
    try:
        due = confirming.confirm_by_code(code, actor=holder, at=timezone.now(), account=account)
    except ClaimsError as error:
        into = context["into"]
        assert isinstance(into, AccountForm)
        for name, words in error.fields.items():
            into.add_error(name, words)
        return render(request, "claims/code.html", {**context, "refusal": str(error)}, status=422)
    return render(request, "claims/code.html", {**context, "line": due_line(due), "due": due, "done": True})
