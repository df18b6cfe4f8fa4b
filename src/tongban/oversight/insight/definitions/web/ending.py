"""Proposing that an indicator ends."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages as banners
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongban.actors import api as actors
from tongban.oversight.insight import words
from tongban.oversight.insight.definitions import access, ending, selectors
from tongban.oversight.insight.definitions.contracts import DefinitionError, Version
from tongban.oversight.insight.definitions.web.forms import possible_months
from tongban.registers.identity.api import ActorRequest, officer_required
from tongban.web.forms import PlainForm


class EndForm(PlainForm):
    since = forms.ChoiceField(label=gettext_lazy("从哪个月起停用"))
    reason = forms.CharField(
        label=gettext_lazy("为什么停用"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("写给采纳的人看，记入台账"),
    )  # fmt: skip

    def __init__(self, *args: Any, newest: Version, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        since = self.fields["since"]
        assert isinstance(since, forms.ChoiceField)
        since.choices = [(f"{one:%Y-%m}", f"{one:%Y-%m}") for one in possible_months(newest, today=today)]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*access.PROPOSING)
def end(request: ActorRequest, key: str) -> HttpResponseBase:
    """The month from which it is counted no more, and why; another officer adopts it."""
    own = selectors.versions(key)
    if not own:
        raise Http404(key)
    newest = max(own, key=lambda one: one.number)
    if not access.proposes_as(request.actor, owner=newest.indicator.owner):
        raise PermissionDenied(_("指标由对它负责的市级部门提出修改，请联系负责部门。"))
    now = timezone.now()
    today = actors.day_of(now)
    form = EndForm(
        request.POST or None, newest=newest, today=today, initial={"since": f"{_next(today):%Y-%m}"}
    )
    if request.method == "POST" and form.is_valid():
        since = date.fromisoformat(f"{form.cleaned_data['since']}-01")
        try:
            row = ending.propose_end(
                key=key, since=since, reason=form.cleaned_data["reason"], actor=request.actor, at=now
            )
        except DefinitionError as error:
            _put(form, error)
        else:
            banners.success(request, _("已提出停用，等另一位负责人采纳。采纳以前，数照旧算。"))
            return redirect("definitions:proposal", row.pk)
    context = {"form": form, "key": key, "name": words.name(newest.indicator)}
    return render(request, "definitions/end.html", context, status=422 if form.errors else 200)


def _next(today: date) -> date:
    return date(today.year + today.month // 12, today.month % 12 + 1, 1)


def _put(form: EndForm, error: DefinitionError) -> None:
    for name, said in error.faults.items():
        form.add_error(name if name in form.fields else None, said)
    if not error.faults:
        form.add_error(None, str(error))
