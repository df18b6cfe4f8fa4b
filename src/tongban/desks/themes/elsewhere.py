"""Handed in here, decided in a place outside the city: which places, what is agreed to, and handing it over."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.desks.cases.partners import api as partners
from tongban.desks.themes import submission
from tongban.desks.themes.contracts import Plan
from tongban.desks.themes.offers import matter_of
from tongban.kernel.contracts import Actor
from tongban.registers.catalogue import api as catalogue
from tongban.registers.catalogue.api import limit_text

CONSENT = "partner"
"""Key of the consent among those of the check page."""


def places(slug: str, region: str) -> list[partners.PartnerInfo]:
    """Partners that decide a single matter which may be handed in here; none for a theme, which is the city's own."""
    code = matter_of(slug)
    return partners.offered(code, region) if code else []


def place(slug: str, region: str, chosen: str) -> partners.PartnerInfo | None:
    """The place that was chosen, while it is still offered and takes packages."""
    return next((one for one in places(slug, region) if one.region == chosen and one.receives), None)


def limit_there(slug: str, region: str, where: partners.PartnerInfo) -> str:
    """By when the place decides, in the reader's words: what it has published to us, else what the law says.

    Never the city's own promise: it does not bind another place.

    :param region: where the matter is handed in
    """
    code = matter_of(slug)
    there = catalogue.matters([code], where.region).get(code)
    limit = (there.promised_limit or there.legal_limit) if there is not None and there.partner else None
    if limit is not None:
        return _("当地公布的期限：收到后%s") % limit_text(limit.amount, limit.unit)
    own = catalogue.matters([code], region).get(code)
    if own is not None and own.legal_limit is not None:
        return _("法定期限：受理后%s（当地没有向本市公布更短的）") % limit_text(
            own.legal_limit.amount, own.legal_limit.unit
        )
    return _("期限以当地的答复为准")


def consent(where: partners.PartnerInfo, plan: Plan, *, given: bool) -> dict[str, object]:
    """The separate consent to the hand-over (个人信息保护法 第二十三条), as the check page shows it."""
    language = get_language() or ""
    return {
        "key": CONSENT, "receiver": f"{where.text(language)} · {where.unit}",
        "what": _("这次填写的信息和提交的材料"), "why": _("由当地办理“%s”") % plan.name.text(language),
        "without": _("不能转交；可以改在本市办，或直接向当地申请。"), "basis": "个人信息保护法 第二十三条", "given": given,
    }  # fmt: skip


def submit(
    plan: Plan,
    asked: submission.Asked,
    *,
    to: str,
    applicant: str,
    actor: Actor,
    at: datetime,
    key: str,
    draft: str,
) -> partners.Handed:
    """Hand a filled-in single matter over to a place outside.

    :param to: region of the place; the applicant has consented
    :raises SubmissionRefused: as `submission.submit`, or it cannot be handed over; says what is possible
    :raises kernel.Conflict: the key was used for something else
    """
    made = submission.prepare(plan, asked, applicant=applicant, actor=actor, at=at, draft=draft)
    return partners.hand_over(made, to=to, consented=True, actor=actor, at=at, key=key)


def page_of(number: str) -> str:
    """Where a hand-over is followed; empty for the number of anything else."""
    return f"/my/handovers/{number}" if number.startswith(partners.PREFIX) else ""
