"""授权与代办: give, list and take back the authority to act in one's name; who did what under it."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.actors import api as actors
from tongban.desks.themes import api as themes
from tongban.faces.portal import entrusted
from tongban.faces.portal.things import unit_name
from tongban.kernel.files.errors import FileGoneError
from tongban.kernel.files.models import StoredFile
from tongban.kernel.files.serving import serve
from tongban.registers.identity.api import (
    ActorRequest,
    citizen_required,
    forbidden,
    guessed_too_often,
    is_helping,
    note_wrong_guess,
    party_of,
)

SESSION = "tb_letting"
USUAL_DAYS = 180
WRONG_PEOPLE = 10
"""Wrong pairs of name and number that one account may type in a quarter of an hour."""


class WhoForm(forms.Form):
    """A person whom the giver knows: name and number must be of the same person."""

    tie = forms.ChoiceField(
        label=gettext_lazy("这个人是"),
        choices=[("family", gettext_lazy("我的家人（如子女）")), ("staff", gettext_lazy("本单位的工作人员"))],
        widget=forms.RadioSelect, error_messages={"required": gettext_lazy("请选一项。")},
    )  # fmt: skip
    name = forms.CharField(
        label=gettext_lazy("姓名"), max_length=100, error_messages={"required": gettext_lazy("请填姓名。")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    number = forms.CharField(
        label=gettext_lazy("身份证号"), max_length=30, error_messages={"required": gettext_lazy("请填身份证号。")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text", "spellcheck": "false"}),
    )  # fmt: skip


@never_cache
@require_safe
@citizen_required
def listed(request: ActorRequest) -> HttpResponse:
    """What I gave, what I received, and who acted in my name."""
    at, principal = timezone.now(), entrusted.principal_of(request.actor, party_of(request))
    given = [entrusted.line(one) for one in actors.given_by(principal, at=at)]
    held = [entrusted.line(one) for one in actors.held_by(request.actor.id, at=at)]
    context = {
        "principal": actors.party_name(principal), "own": principal == request.actor.id, "helping": is_helping(request.actor),
        "given": [one for one in given if one.mandate.standing in {"in_force", "awaiting", "not_yet"}],
        "past": [one for one in given if one.mandate.standing in {"ended", "revoked"}][:20],
        "held": [one for one in held if one.mandate.in_force] if not is_helping(request.actor) else [],
        "deeds": entrusted.deeds(principal, actor=request.actor, at=at) if not is_helping(request.actor) else [],
    }  # fmt: skip
    return render(request, "portal/authorities.html", context)


def _not_for_agents(request: ActorRequest) -> HttpResponse | None:
    # 民法典 第一百六十九条: what was entrusted is not passed on.
    if is_helping(request.actor):
        return forbidden(request, _("授权只能由本人给。请对方本人登录，或在服务站签授权书。"))
    return None


@never_cache
@sensitive_post_parameters("name", "number")
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def whom(request: ActorRequest) -> HttpResponse:
    """First: whom. An agent of a service station near, or a person by name and number."""
    if refused := _not_for_agents(request):
        return refused
    at, principal = timezone.now(), entrusted.principal_of(request.actor, party_of(request))
    agents = actors.agents_for(request.actor.region or settings.ROOT_REGION, at=at)
    form, error = WhoForm(initial={"tie": "staff" if principal != request.actor.id else "family"}), ""
    if request.method == "POST":
        agent, tie = request.POST.get("agent", ""), "agent"
        if agent != "person":
            error = (
                "" if agent in {one.id for one in agents} else _("请选一位帮办代办员，或选“家人或单位人员”。")
            )
        else:
            form = WhoForm(request.POST)
            agent, tie = (
                _person(request, form),
                str(form.cleaned_data.get("tie", "")) if form.is_valid() else "",
            )
        if not error and agent and not form.errors:
            request.session[SESSION] = {"agent": agent, "tie": tie, "principal": principal}
            return redirect("portal:authority-what")
    context = {
        "form": form, "agents": [(one, unit_name(one.unit), actors.Level(one.level).label) for one in agents], "error": error,
        "principal": actors.party_name(principal), "chosen": request.POST.get("agent", ""),
        "targets": [{"text": error, "target": "agent-1"}] if error else [],
    }  # fmt: skip
    return render(request, "portal/authority_whom.html", context, status=422 if error or form.errors else 200)


def _person(request: ActorRequest, form: WhoForm) -> str:
    """Id of the person whose name and number were typed; the same words whether either is wrong."""
    if not form.is_valid():
        return ""
    at, guess = timezone.now(), f"person-by:{request.actor.id}"
    if guessed_too_often(limits={guess: WRONG_PEOPLE}, at=at):
        form.add_error("number", _("试得太多了，请过15分钟再来。"))
        return ""
    try:
        number = actors.resident_id(form.cleaned_data["number"])
    except ValidationError as error:
        form.add_error("number", error)
        return ""
    found = actors.find_person(number)
    if not found or actors.party(found).name != form.cleaned_data["name"].strip():
        note_wrong_guess(what=[guess], at=at)
        form.add_error("number", _("姓名和身份证号对不上，请照身份证再核对一遍。"))
        return ""
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def what(request: ActorRequest) -> HttpResponse:
    """Then: what, and until when."""
    if refused := _not_for_agents(request):
        return refused
    at, kept = timezone.now(), request.session.get(SESSION) or {}
    principal = entrusted.principal_of(request.actor, party_of(request))
    if kept.get("principal") != principal:
        return redirect("portal:authority-whom")
    kind, errors = entrusted.kind_of(principal), {}
    sent = request.POST if request.method == "POST" else request.GET
    choice = themes.choice(sent, kind=kind, region=settings.ROOT_REGION)
    today = actors.day_of(at)
    until = sent.get("until", (today + timedelta(days=USUAL_DAYS)).isoformat())
    if request.method == "POST" and "look" not in request.POST:
        errors = _checked(choice, until)
        if not errors:
            try:
                return _given(request, kept, principal, choice, date.fromisoformat(until))
            except actors.ActorsError as error:
                errors = {"until": str(error)}
    agent = str(kept["agent"])
    context = {
        "choice": choice, "agent": actors.party_name(agent), "principal": actors.party_name(principal), "until": until,
        "today": today, "errors": errors, "most": settings.ACTING_MOST_DAYS.get(str(kept["tie"]), 0),
        "targets": [{"text": text, "target": target} for target, text in errors.items()],
    }  # fmt: skip
    return render(request, "portal/authority_what.html", context, status=422 if errors else 200)


def _checked(choice: themes.Choice, until: str) -> dict[str, str]:
    errors = {}
    if not choice.matters:
        errors["theme-1"] = _("请至少选一件事，或查到一个事项并勾选。")
    try:
        date.fromisoformat(until)
    except ValueError:
        errors["until"] = _("请填最后一日，如2027-06-30。")
    return errors


def _given(
    request: ActorRequest, kept: dict[str, str], principal: str, choice: themes.Choice, until: date
) -> HttpResponse:
    at = timezone.now()
    made = actors.let_act(
        agent=kept["agent"], principal=principal, matters=choice.matters, from_date=actors.day_of(at), until_date=until,
        tie=actors.Tie(kept["tie"]), actor=request.actor, at=at,
    )  # fmt: skip
    del request.session[SESSION]
    entrusted.tell(made, template="acting.given", at=at)
    messages.success(request, _("已授权，从现在起对方可以替您办。随时可以在这里撤回。"))
    return redirect("portal:authorities")


@never_cache
@require_POST
@citizen_required
def revoke(request: ActorRequest, mandate: int) -> HttpResponse:
    """Take an authority back, or lay one down, from this instant."""
    if refused := _not_for_agents(request):
        return refused
    at, acting = timezone.now(), f"acting:{mandate}"
    try:
        actors.revoke_acting(acting=acting, actor=request.actor, at=at)
    except actors.ActorsError as error:
        messages.error(request, str(error))
    else:
        entrusted.tell(acting, template="acting.taken-back", at=at)
        messages.success(request, _("已撤回，从这一刻起不能再以这个名义办。已经提交的照常办理。"))
    return redirect("portal:authorities")


@never_cache
@require_safe
@citizen_required
def paper(request: ActorRequest, mandate: int) -> HttpResponseBase:
    """The signed paper, for whom it names as giver."""
    at = timezone.now()
    try:
        found = actors.mandate(f"acting:{mandate}", at=at)
    except actors.NotKnownError as error:
        raise Http404(str(error)) from error
    mine = {request.actor.id, entrusted.principal_of(request.actor, party_of(request))}
    stored = StoredFile.objects.filter(pk=found.document).first() if found.principal in mine else None
    if stored is None:
        raise Http404(_("没有这份授权书，或者您无权查看。"))
    try:
        return serve(file=stored, name=found.document_name)
    except FileGoneError as error:
        raise Http404(_("文件暂时取不到，请稍后再试，或打12345。")) from error
