"""授权: the delegations of chief service officers 首席服务员, given and taken back by heads of units (行政许可法 第二十四条)."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.faces.workbench import delegating, words
from tongban.registers.identity.api import ActorRequest, officer_required
from tongban.registers.messages import api as messaging

USUAL_DAYS = 365


class DelegationForm(forms.Form):
    staff_number = forms.CharField(
        label=gettext_lazy("被授权人的工号"), max_length=20, error_messages={"required": gettext_lazy("请填工号。")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("可行使的角色"), choices=[(role.value, role.label) for role in delegating.ROLES],
        widget=forms.CheckboxSelectMultiple, error_messages={"required": gettext_lazy("请至少选一个角色。")},
    )  # fmt: skip
    matters = forms.MultipleChoiceField(
        label=gettext_lazy("事项"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("请至少选一个事项。")},
    )  # fmt: skip
    from_date = forms.DateField(
        label=gettext_lazy("起始日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until_date = forms.DateField(
        label=gettext_lazy("最后一日"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    document = forms.CharField(
        label=gettext_lazy("授权文书"), max_length=200, help_text=gettext_lazy("如：咸安城管授〔2026〕2号"),
        error_messages={"required": gettext_lazy("请填授权文书的文号。")},
    )  # fmt: skip


@never_cache
@require_GET
@officer_required()
def listed(request: ActorRequest) -> HttpResponse:
    """Authority that my units gave, or that I was given, with dates and document."""
    context = {
        "rows": delegating.of_concern(request.actor, at=timezone.now()), "gives": delegating.units_to_give(request.actor),
    }  # fmt: skip
    return render(request, "workbench/delegations.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.HEAD, Role.ADMIN)
def grant(request: ActorRequest) -> HttpResponse:
    """Delegate named matters of one's own unit to an officer of any unit."""
    units = delegating.units_to_give(request.actor)
    if not units:  # head by delegation only: what was delegated is not passed on
        messages.error(request, _("只有单位负责人或管理员可以授权。"))
        return redirect("workbench:delegations")
    asked = request.POST.get("unit") or request.GET.get("unit", "")
    unit = asked if asked in units else units[0]
    today = actors.day_of(timezone.now())
    initial = {"from_date": today, "until_date": today + timedelta(days=USUAL_DAYS), "roles": ["handler"]}
    form = DelegationForm(request.POST or None, initial=initial)
    form.use_required_attribute = False
    field = form.fields["matters"]
    assert isinstance(field, forms.MultipleChoiceField)
    field.choices = delegating.matters_of(unit)
    if request.method == "POST" and form.is_valid() and _given(request, form, unit):
        return redirect("workbench:delegations")
    context = {
        "form": form,
        "unit": unit,
        "units": [(one, words.unit_name(one)) for one in units],
        "unit_name": words.unit_name(unit),
    }
    return render(request, "workbench/delegation_new.html", context, status=422 if form.errors else 200)


def _given(request: ActorRequest, form: DelegationForm, unit: str) -> bool:
    at, told = timezone.now(), form.cleaned_data
    to = actors.colleague(told["staff_number"], at=at)
    if to is None:
        form.add_error("staff_number", _("没有这个工号，请核对通讯录。"))
        return False
    try:
        made = actors.delegate(
            officer_id=to.id, unit_id=unit, roles=[Role(one) for one in told["roles"]], matters=told["matters"],
            from_date=told["from_date"], until_date=told["until_date"], document=told["document"], actor=request.actor, at=at,
        )  # fmt: skip
    except actors.ActorsError as error:
        form.add_error(None, str(error))
        return False
    names = dict(delegating.matters_of(unit))
    messaging.send(
        to=f"officer:{to.id}", template="delegation.granted", at=at, key=made,
        context={
            "unit": actors.unit_name(unit_id=unit), "matters": "、".join(names[code] for code in told["matters"]),
            "from": told["from_date"], "until": told["until_date"], "document": told["document"],
        },
    )  # fmt: skip
    messages.success(request, _("已授权给%(name)s，从起始日起生效。") % {"name": to.name})
    return True


@never_cache
@require_POST
@officer_required(Role.HEAD, Role.ADMIN)
def revoke(request: ActorRequest, delegation: int) -> HttpResponse:
    """Take a delegation back from this instant; what was decided under it stands."""
    try:
        actors.revoke_delegation(
            delegation=f"delegation:{delegation}", actor=request.actor, at=timezone.now()
        )
    except actors.ActorsError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已撤回授权。之前作出的决定仍然有效。"))
    return redirect("workbench:delegations")
