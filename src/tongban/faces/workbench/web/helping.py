"""帮办 in the workbench: my people, a case begun in their name, papers with a code, visits at home."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.helping import api as desk
from tongban.desks.themes import api as themes
from tongban.faces.workbench import helping
from tongban.kernel.files.errors import FileGoneError, UploadError
from tongban.kernel.files.models import StoredFile
from tongban.kernel.files.services import clean_name, store
from tongban.kernel.files.serving import serve
from tongban.registers.identity.api import ActorRequest, IdentityError, begin_helping, officer_required

USUAL_DAYS = 180


class PaperForm(forms.Form):
    """Who signed, for whom."""

    principal_name = forms.CharField(
        label=gettext_lazy("委托人姓名或名称"), max_length=150, error_messages={"required": gettext_lazy("请填委托人的姓名。")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    principal_number = forms.CharField(
        label=gettext_lazy("委托人身份证号或统一社会信用代码"), max_length=30,
        error_messages={"required": gettext_lazy("请填委托人的证件号码。")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    to = forms.ChoiceField(
        label=gettext_lazy("委托给谁"), choices=[("me", gettext_lazy("我（帮办代办员）")), ("family", gettext_lazy("委托人的家人，如子女"))],
        widget=forms.RadioSelect, initial="me",
    )  # fmt: skip
    family_name = forms.CharField(
        label=gettext_lazy("家人姓名（委托给家人时填）"), max_length=100, required=False
    )
    family_number = forms.CharField(
        label=gettext_lazy("家人身份证号（委托给家人时填）"), max_length=30, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    until = forms.DateField(
        label=gettext_lazy("授权书写明的最后一日"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("请填最后一日。"), "invalid": gettext_lazy("请填日期，如2027-06-30。")},
    )  # fmt: skip
    paper = forms.FileField(
        label=gettext_lazy("签字授权书的照片或扫描件"), error_messages={"required": gettext_lazy("请附上授权书的照片或扫描件。")},
    )  # fmt: skip


@never_cache
@require_GET
@officer_required()
def people(request: ActorRequest) -> HttpResponse:
    """My people, what I may begin for each, and who waits for a visit."""
    at = timezone.now()
    context = {
        "lines": helping.lines(request.actor, at=at), "queue": helping.queue(request.actor, at=at),
        "is_agent": any(grant.role == Role.AGENT for grant in request.actor.grants),
    }  # fmt: skip
    return render(request, "workbench/helping.html", context)


@never_cache
@require_POST
@officer_required(Role.AGENT)
def begin(request: ActorRequest, mandate: int) -> HttpResponse:
    """Put on the citizen's hat and go where the case begins."""
    at = timezone.now()
    try:
        found = actors.mandate(f"acting:{mandate}", at=at)
        if found.agent != request.actor.id:
            raise Http404(_("没有这项委托。"))
        begin_helping(request, principal=found.principal, at=at)
    except (actors.NotKnownError, IdentityError) as error:
        messages.error(request, str(error))
        return redirect("workbench:helping")
    kind = helping.kind_of(found.principal)
    may = {url for url, _name in themes.covered(found.matters, kind=kind, region=settings.ROOT_REGION)}
    wanted = request.POST.get("what", "")
    messages.info(request, _("现在帮%(name)s办事。") % {"name": found.principal_name})
    return redirect(wanted if wanted in may else "/my")


@never_cache
@require_POST
@officer_required(Role.AGENT)
def lay_down(request: ActorRequest, mandate: int) -> HttpResponse:
    """No longer act for somebody."""
    try:
        actors.revoke_acting(acting=f"acting:{mandate}", actor=request.actor, at=timezone.now())
    except actors.ActorsError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已不再代办。已经提交的照常办理。"))
    return redirect("workbench:helping")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.AGENT, Role.WINDOW)
def paper(request: ActorRequest) -> HttpResponse:
    """Record an authority signed on paper: who, what, until when, the scan; then a code goes out."""
    at = timezone.now()
    today = actors.day_of(at)
    sent = request.POST if request.method == "POST" else None
    looking = sent is not None and "look" in sent
    usual = {"until": today + timedelta(days=USUAL_DAYS), "to": "me"}
    if sent is not None and looking:  # only the list of matters changes; what was typed stays
        usual = {name: sent.get(name, "") for name in PaperForm.base_fields if name != "paper"}
    form = PaperForm(None if looking else sent, None if looking else request.FILES or None, initial=usual)
    form.use_required_attribute = False
    number = sent.get("principal_number", "") if sent is not None else ""
    kind = "organisation" if actors.find_organisation(number or "-") else "person"
    choice = themes.choice(sent or request.GET, kind=kind, region=settings.ROOT_REGION)  # type: ignore[arg-type]  # one of the two kinds
    errors: dict[str, str] = {}
    if sent is not None and not looking and form.is_valid():
        if not choice.matters:
            errors["theme-1"] = _("请至少选一件事，或查到一个事项并勾选。")
        else:
            made = _recorded(request, form, choice)
            if made:
                messages.success(request, _("授权书已登记，验证码已发到委托人手机。"))
                return redirect("workbench:helping-code", int(made.rpartition(":")[2]))
    context = {
        "form": form, "choice": choice, "errors": errors,
        "targets": [{"text": text, "target": target} for target, text in errors.items()],
    }  # fmt: skip
    return render(
        request, "workbench/helping_paper.html", context, status=422 if errors or form.errors else 200
    )


def _recorded(request: ActorRequest, form: PaperForm, choice: themes.Choice) -> str:
    """Id of the authority; empty when something was wrong, which the form then says."""
    at, told = timezone.now(), form.cleaned_data
    agent, tie = request.actor.id, actors.Tie.AGENT
    try:
        principal = helping.known_party(
            told["principal_name"], told["principal_number"], actor=request.actor, at=at
        )
    except ValidationError as error:
        form.add_error("principal_number", error)
        return ""
    if told["to"] == "family":
        try:
            agent = helping.known_party(
                told["family_name"], told["family_number"], actor=request.actor, at=at
            )
        except ValidationError as error:
            form.add_error("family_number", error)
            return ""
        tie = actors.Tie.FAMILY
    upload: UploadedFile[bytes] = told["paper"]
    try:
        kept = store(content=upload, name=upload.name or "", at=at)
        return desk.record_paper(
            agent=agent, principal=principal, matters=choice.matters, from_date=actors.day_of(at),
            until_date=told["until"], tie=tie, document=kept.digest, document_name=clean_name(upload.name or ""),
            actor=request.actor, at=at,
        )  # fmt: skip
    except UploadError as error:
        form.add_error("paper", error.message)
    except actors.ActorsError as error:
        form.add_error(None, str(error))
    return ""


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.AGENT, Role.WINDOW)
def code(request: ActorRequest, mandate: int) -> HttpResponse:
    """Type the code that the citizen reads out; or send another."""
    at, acting, error = timezone.now(), f"acting:{mandate}", ""
    try:
        found = actors.mandate(acting, at=at)
    except actors.NotKnownError as unknown:
        raise Http404(str(unknown)) from unknown
    if found.recorded_by != request.actor.id:
        raise Http404(_("没有这项委托，或者不是您登记的。"))
    if found.standing != actors.Standing.AWAITING:
        return redirect("workbench:helping")
    if request.method == "POST":
        try:
            if "again" in request.POST:
                desk.send_code_again(mandate=acting, actor=request.actor, at=at)
                messages.success(request, _("已重发一个验证码，前一个作废。"))
                return redirect("workbench:helping-code", mandate)
            actors.confirm_paper(
                mandate=acting, code="".join(request.POST.get("code", "").split()), actor=request.actor, at=at
            )
        except actors.ActorsError as refused:
            error = str(refused)
        else:
            messages.success(request, _("委托人已确认，授权生效。"))
            return redirect("workbench:helping")
    context = {
        "mandate": found, "number": mandate, "error": error, "phone": actors.party(found.principal).phone_masked,
        "targets": [{"text": error, "target": "code"}] if error else [],
    }  # fmt: skip
    return render(request, "workbench/helping_code.html", context, status=422 if error else 200)


@never_cache
@require_GET
@officer_required(Role.AGENT, Role.WINDOW)
def scan(request: ActorRequest, mandate: int) -> HttpResponseBase:
    """The signed paper, for the agent it names and for who recorded it."""
    try:
        found = actors.mandate(f"acting:{mandate}", at=timezone.now())
    except actors.NotKnownError as error:
        raise Http404(str(error)) from error
    mine = request.actor.id in {found.agent, found.recorded_by}
    stored = StoredFile.objects.filter(pk=found.document).first() if mine else None
    if stored is None:
        raise Http404(_("没有这份授权书，或者您无权查看。"))
    try:
        return serve(file=stored, name=found.document_name)
    except FileGoneError as error:
        raise Http404(_("文件暂时取不到，请稍后再试，或打12345。")) from error
