"""The policy that an address names, for an officer who sees it."""

from __future__ import annotations

from django.http import Http404
from django.utils.translation import gettext as _

from tongban.desks.policies import selectors
from tongban.desks.policies.contracts import KIND, UnknownMeasureError
from tongban.desks.policies.models import Policy
from tongban.kernel import api as kernel
from tongban.registers.identity.api import ActorRequest


def policy_of(request: ActorRequest, number: str) -> tuple[Policy, kernel.DocketRow]:
    """The policy and its docket. :raises Http404: none that this officer sees"""
    try:
        row = kernel.docket(kernel.normalise(number), actor=request.actor)
        if row.kind != KIND:
            raise Http404(_("没有这个政策。"))
        return selectors.policy_row(row.number), row
    except (ValueError, kernel.NotFound, UnknownMeasureError) as error:
        raise Http404(_("没有这个政策，或者您无权查看。")) from error
