"""Whether what was drawn up of a policy may be published, and if not, what keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from tongban.desks.policies import checking, packs, places, selectors
from tongban.desks.policies.checking import Finding
from tongban.desks.policies.format import Head, Interpretation
from tongban.desks.policies.models import Policy, Version


def head_of(row: Policy) -> Head:
    """A policy's row as its head; what was kept was checked."""
    said = Interpretation.model_construct(
        form=row.medium,
        text=row.explained,
        text_en=row.explained_en,
    )
    return Head.model_construct(
        key=row.key, title=row.title, title_en=row.title_en, document=row.document, issued_on=row.issued_on,
        valid_from=row.valid_from, valid_until=row.valid_until, summary=row.summary, summary_en=row.summary_en,
        interpretation=said,
    )  # fmt: skip


def findings(version: Version, *, on: date) -> list[Finding]:
    """What is found about one drawn-up version."""
    policy, terms = version.measure.policy, selectors.terms_of(version)
    ours = policy.measures.values_list("key", flat=True)
    world = packs.world_of({*selectors.known_keys(), *ours} - {version.measure.key})
    found = checking.findings(terms, world=world, head=head_of(policy), on=on)
    try:
        places.limits(region=policy.region, party=terms.party)
    except places.NoElementError as error:
        words = _("画像里没有哪一项说明谁在%s，这里的政策分不出给谁。请市级单位来发，或在画像里加上这一项。")
        found.append(Finding(checking.STOP, "region", ("party",), words % error))
    return found


def of_policy(docket: int, *, on: date) -> Mapping[Version, list[Finding]]:
    """The same for every drawn-up version of a policy."""
    return {version: findings(version, on=on) for version in selectors.drafts(docket)}


def obstacle(docket: int) -> str | None:
    """The first thing that keeps the drafts from being published, in words; None: nothing does.

    A guard is given no instant: seen from the day on which the policy begins. Publishing itself refuses one that is over.
    """
    begins = Policy.objects.values_list("valid_from", flat=True).get(docket=docket)
    found = of_policy(docket, on=begins)
    if not found:
        return _("还没有写措施。")
    for version, said in found.items():
        stopping = [one for one in said if one.stops]
        if stopping:
            title = version.terms.get("title", version.measure.key)
            return _("“%(title)s”还不能公布：%(why)s") % {"title": title, "why": stopping[0].words}
    return None
