"""Officers look for a company or person, say what for, and read its file. No number is ever in an address."""

from __future__ import annotations

import re

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tongban.actors import api as actors
from tongban.kernel.privacy import mask_name
from tongban.registers.identity.api import ActorRequest, officer_required
from tongban.registers.portraits import looking
from tongban.registers.portraits.contracts import PERSON, PortraitInfo, PortraitsError
from tongban.registers.portraits.web.forms import LookForm, SearchForm
from tongban.registers.portraits.web.words import grouped, tag_lines

_REF = re.compile(r"(organisation|person)-(\d{1,18})")


@never_cache
@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*looking.ROLES)
def search(request: ActorRequest) -> HttpResponse:
    """Find whose file it is; nothing of it is shown yet."""
    form = SearchForm(request.POST or None)
    found, asked = [], request.method == "POST" and form.is_valid()
    if asked:
        found = [
            {
                "ref": one.id.replace(":", "-"), "number": one.number_masked, "ended_on": one.ended_on,
                "name": mask_name(one.name) if one.kind == PERSON else one.name,
            }
            for one in looking.found(form.cleaned_data["text"], actor=request.actor)
        ]  # fmt: skip
    status = 422 if form.is_bound and not asked else 200
    return render(
        request, "portraits/search.html", {"form": form, "found": found, "asked": asked}, status=status
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*looking.ROLES)
def one(request: ActorRequest, ref: str) -> HttpResponse:
    """What for? Then the file, once that is in the ledger; asked again, it is asked again."""
    match = _REF.fullmatch(ref)
    if match is None:
        raise Http404
    party = f"{match[1]}:{match[2]}"
    try:
        known = actors.party(party)
    except actors.NotKnownError as error:
        raise Http404(str(error)) from None
    form = LookForm(request.POST or None)
    portrait: PortraitInfo | None = None
    if request.method == "POST" and form.is_valid():
        try:
            portrait = looking.look(
                party, purpose=form.cleaned_data["purpose"], reason=form.cleaned_data["reason"],
                actor=request.actor, at=timezone.now(),
            )  # fmt: skip
        except PortraitsError as error:
            form.add_error(None, f"{error.reason}{error.possible}")
    context = {
        "form": form, "known": known, "portrait": portrait,
        "name": mask_name(known.name) if known.kind == PERSON else known.name,
    }  # fmt: skip
    if portrait is not None:
        kind = portrait.kind
        context["groups"] = grouped(portrait, shown=lambda fact: looking.sees(request.actor, fact, kind=kind))
        if kind != PERSON:  # what a tag says of a person, it says out of personal facts
            context |= tag_lines(portrait)
    return render(
        request, "portraits/one.html", context, status=422 if form.is_bound and portrait is None else 200
    )
