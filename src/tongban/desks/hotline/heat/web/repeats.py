"""Repeated messages: what is under review or marked, and proposing one."""

from __future__ import annotations

from django import forms
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongban.actors.api import Role
from tongban.desks.hotline.heat import repeats
from tongban.desks.hotline.heat.contracts import REPEAT, HeatRefused
from tongban.desks.hotline.heat.flow import REPEAT_FLOW
from tongban.desks.hotline.heat.models import Repeat
from tongban.kernel import api as kernel
from tongban.registers.identity.api import ActorRequest, officer_required

READERS = (Role.OPERATOR, Role.DISPATCHER, Role.CALLBACK, Role.SUPERVISOR)


class ProposeForm(forms.Form):
    """Which ticket's caller."""

    number = forms.CharField(
        label=_("其中一张工单的编号"), max_length=40, help_text=_("如 T421200-261122-00001-9")
    )


@never_cache
@require_http_methods(["GET", "POST"])
@officer_required(*READERS)
def listed(request: ActorRequest) -> HttpResponseBase:
    """Newest first; a proposal opens a docket that another officer reviews."""
    form = ProposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            number = repeats.propose(
                kernel.normalise(form.cleaned_data["number"]), actor=request.actor, at=timezone.now(),
                key=request.POST.get("key", "")[:64],
            )  # fmt: skip
        except (HeatRefused, kernel.NotFound) as error:
            form.add_error("number", f"{error.reason}{error.possible}")
        except ValueError as error:
            form.add_error("number", f"{error}。")
        else:
            return redirect(f"/work/{number}")
    page = kernel.page(request.actor, kernel.Filters(kind=REPEAT), after=request.GET.get("after", ""))
    own = Repeat.objects.in_bulk([row.id for row in page.rows])
    rows = [
        {"row": row, "own": own.get(row.id), "state": str(REPEAT_FLOW.states[row.state].label)}
        for row in page.rows
    ]
    context = {"form": form, "rows": rows, "page": page}
    return render(request, "heat/repeats.html", context, status=422 if form.is_bound else 200)
