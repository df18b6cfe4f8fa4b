"""请人上门: ask that an agent comes home, and see when."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tongban.actors import api as actors
from tongban.desks.helping import api as helping
from tongban.faces.portal import things
from tongban.faces.portal.web.mine import own_row
from tongban.kernel import api as kernel
from tongban.kernel.web import clocks
from tongban.registers.identity.api import ActorRequest, citizen_required, party_of


class DoorstepForm(forms.Form):
    wish = forms.CharField(
        label=gettext_lazy("想办什么"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("例如：领高龄津贴、换社会保障卡。写一句就行。"),
        error_messages={"required": gettext_lazy("请写想办什么，如：领高龄津贴。")},
    )  # fmt: skip
    address = forms.CharField(
        label=gettext_lazy("上门地址"), max_length=200,
        error_messages={"required": gettext_lazy("请写上门的地址，写到门牌号。")},
    )  # fmt: skip
    phone = forms.CharField(
        label=gettext_lazy("联系电话"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"}),
        error_messages={"required": gettext_lazy("请写联系电话。")},
    )  # fmt: skip
    group = forms.ChoiceField(
        label=gettext_lazy("有没有下面的情况"), choices=helping.Group.choices, widget=forms.RadioSelect,
        help_text=gettext_lazy("有的话优先安排：1个工作日内约时间，其他3个工作日。"),
    )  # fmt: skip


@never_cache
@sensitive_post_parameters("wish", "address", "phone")
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def ask(request: ActorRequest) -> HttpResponse:
    """One page: what, where, which phone, and whether somebody comes first."""
    applicant, at = party_of(request), timezone.now()
    facts = actors.party_facts(applicant)
    initial = {"address": facts.address, "phone": facts.phone, "group": "none"}
    form = DoorstepForm(request.POST or None, initial=initial)
    form.use_required_attribute = False
    if request.method == "POST" and form.is_valid():
        told = {name: str(value) for name, value in form.cleaned_data.items()}
        try:
            number = helping.ask_for_visit(
                applicant=applicant, region=facts.region or request.actor.region, actor=request.actor, at=at,
                key=request.POST.get("key", ""), **told,
            )  # fmt: skip
        except helping.HelpingRefused as refused:
            for name, words in refused.fields.items():
                form.add_error(name, words)
            if not refused.fields:
                form.add_error(None, refused.reason)
        else:
            messages.success(request, _("已收下，服务站会打电话和您约时间。"))
            return redirect("portal:doorstep-asked", number)
    open_ones = kernel.page(request.actor, kernel.Filters(kind="doorstep", applicant=applicant)).rows
    context = {
        "form": form, "key": request.POST.get("key", ""), "applicant": facts.name,
        "asked": [(row, things.state_of(row)) for row in open_ones],
    }  # fmt: skip
    return render(request, "portal/doorstep.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def asked(request: ActorRequest, number: str) -> HttpResponse:
    """One visit: who comes when; it can be called off."""
    row, at = own_row(request, number), timezone.now()
    if row.kind != "doorstep":
        raise Http404(_("没有这个案卷，或者您无权查看。"))
    if request.method == "POST":
        try:
            kernel.perform(row.id, "cancel", actor=request.actor, at=at, key=request.POST.get("key", ""))
        except kernel.MoveRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("这次上门取消了。要办的时候再请。"))
        return redirect("portal:doorstep-asked", row.number)
    clock = clocks.nearest(kernel.clocks_of([row.id])[row.id])
    context = {
        "row": row, "visit": helping.visit_of(row.id), "state": things.state_of(row), "unit": things.unit_name(row.unit),
        "phone": actors.unit(row.unit).phone, "officer": actors.party_name(row.officer) if row.officer else "",
        "clock": clocks.view_of(clock, at=at), "declined": _declined(row),
    }  # fmt: skip
    return render(request, "portal/doorstep_asked.html", context)


def _declined(row: kernel.DocketRow) -> dict[str, str]:
    """Why nobody comes, and what to do instead."""
    if row.state != "declined":
        return {}
    entries = [one for one in kernel.history(row.number, at=timezone.now()) if one.act == "decline"]
    said = entries[-1].body.get("data", {}) if entries else {}
    return {key: str(said.get(key, "")) for key in ("reason", "instead")}
