"""Which dockets an actor sees, unless a desk narrows or widens it in its own `access.py`.

Citizens: what they or those they act for asked for, as far as the authority goes; once it has ended,
nothing of it, not even what one filed oneself. Officers: the dockets of units
in which they hold a role, the matters delegated to them, and for supervisors and leaders the
regions they oversee. The system sees everything.
"""

from __future__ import annotations

from django.db.models import Q

from tongban.actors.contracts import APPLICANT_ROLE
from tongban.actors.selectors import code_range, region_chain, regions_between, regions_within
from tongban.kernel.contracts import Actor, Authority, DocketRow

NOTHING = Q(pk__in=())


def default_scope(actor: Actor) -> Q:
    """The condition on docket rows; `default_sees` answers the same for one row."""
    if actor.is_system:
        return Q()
    found = Q(unit__in=sorted({grant.unit for grant in actor.grants})) if actor.grants else NOTHING
    if actor.parties:
        found |= Q(applicant__in=sorted(actor.parties))
    for authority in actor.authorities:
        found |= _delegated(authority)
        if APPLICANT_ROLE in authority.roles and authority.matters:
            # What one filed oneself one sees whole, as long as the authority holds.
            found |= Q(applicant=authority.unit, agent=actor.id)
    for region in sorted(actor.regions):
        found |= _region(region)
    return found


def default_sees(actor: Actor, docket: DocketRow) -> bool:
    """Whether the actor sees this docket, answered without the database."""
    if actor.is_system or any(grant.unit == docket.unit for grant in actor.grants):
        return True
    if actor.parties and docket.applicant in actor.parties:
        return True
    if any(_covers(authority, docket, actor.id) for authority in actor.authorities):
        return True
    return not actor.regions.isdisjoint(region_chain(docket.region))


def _delegated(authority: Authority) -> Q:
    ours = Q(applicant=authority.unit) if APPLICANT_ROLE in authority.roles else Q(unit=authority.unit)
    return ours & Q(subject__in=sorted(authority.matters)) if authority.matters else ours


def _covers(authority: Authority, docket: DocketRow, own: str) -> bool:
    whose = docket.applicant if APPLICANT_ROLE in authority.roles else docket.unit
    filed = APPLICANT_ROLE in authority.roles and docket.agent == own
    return authority.unit == whose and (not authority.matters or filed or docket.subject in authority.matters)


def _region(code: str) -> Q:
    """A division as one range of codes, so that a whole city is one index scan and no long list.

    Divisions that belong to it with a code from elsewhere (development zones) are named one by one,
    and so are those with a code of its range that belong elsewhere.
    """
    first, last = code_range(code)
    within = regions_within(code)
    outside = sorted(one for one in within if not first <= one <= last)
    strangers = sorted(set(regions_between(first, last)) - within)
    found = Q(region__gte=first, region__lte=last)
    if strangers:
        found &= ~Q(region__in=strangers)
    return found | Q(region__in=outside) if outside else found
