"""The papers of a plan as somebody hands them in: which way each is met, what is wrong, what is kept of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import cast

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.desks.cases import api as cases
from tongban.desks.cases.contracts import Way
from tongban.desks.themes.contracts import Plan, PlannedMaterial
from tongban.desks.themes.holdings import Holdings, evidence_of
from tongban.desks.themes.planning import SHANGHAI
from tongban.desks.themes.ways import OF_ITSELF, Offer, not_known, usual, ways_for

PROMISES = frozenset({"later", "commit"})


@dataclass(frozen=True, slots=True)
class Paper:
    """How the applicant meets one paper. `files` are (digest, name) of files already stored; `reference` may name
    the licence meant by ``known``.
    """

    way: str
    files: tuple[tuple[str, str], ...] = ()
    reference: str = ""


def is_trusted(applicant: str) -> bool:
    """Whether papers may follow or a declaration stand in for them: no broken undertaking; one query."""
    return not applicant or not cases.open_breaches(applicant)


def offers_of(plan: Plan, *, applicant: str, held: Holdings) -> dict[str, tuple[Offer, ...]]:
    """The ways in which each paper of the plan may be met, by key."""
    trusted = is_trusted(applicant)
    return {material.key: ways_for(material, trusted=trusted, held=held) for material in plan.materials}


def errors_of(
    plan: Plan,
    given: Mapping[str, Paper],
    *,
    offers: Mapping[str, tuple[Offer, ...]],
    held: Holdings,
    undertaken: bool,
    at: datetime,
) -> dict[str, str]:
    """What is wrong with the papers, by ``material:KEY``; empty when all are met.

    What was not chosen is taken in the way that asks nothing of the applicant, if there is one.
    """
    errors: dict[str, str] = {}
    for key in given:
        if key not in offers:
            errors[f"material:{key[:60]}"] = _("这次不用交这份材料。")
    day, promised = at.astimezone(SHANGHAI).date(), False
    for material in plan.materials:
        chosen = given.get(material.key)
        words = _wrong(material, chosen, offers[material.key], held, day)
        if words:
            errors[f"material:{material.key}"] = words
        promised = promised or (chosen is not None and chosen.way in PROMISES)
    if promised and not undertaken:
        errors["undertaken"] = _("选了稍后补或签承诺，请读过承诺内容并勾选同意。")
    return errors


def _wrong(
    material: PlannedMaterial, chosen: Paper | None, offers: tuple[Offer, ...], held: Holdings, day: date
) -> str:
    name = material.name.text(get_language() or "")
    ways = [one.way for one in offers]
    if chosen is None:
        if usual(offers) is not None or "none" in ways:
            return ""
        return _("请上传%s。") % name if ways == ["upload"] else _("%s怎么交，请选一种。") % name
    if chosen.way == "known" and (chosen.reference or "known" not in ways):
        return not_known(material, chosen.reference, held=held, on=day)
    if chosen.way not in ways:
        return _("%s不能这样交，请换一种方式。") % name
    if chosen.way == "upload" and not chosen.files:
        return _("请上传%s。") % name
    return ""


def handed_in(
    plan: Plan,
    given: Mapping[str, Paper],
    *,
    offers: Mapping[str, tuple[Offer, ...]],
    held: Holdings,
    until: date,
    form_digest: str,
) -> Iterable[cases.MaterialGiven]:
    """The papers as the cases desk keeps them, each with what stands in for it. They have been found right.

    :param until: last day of papers that follow
    :param form_digest: of the form, which submitting signs
    """
    for material in plan.materials:
        chosen, own = given.get(material.key), offers[material.key]
        offer = _taken(chosen, own)
        if offer is None:
            continue
        evidence = _evidence(chosen, offer, held, form_digest)
        yield cases.MaterialGiven(
            key=material.key,
            name=material.name.zh,
            way=cast("Way", offer.way),
            matters=material.used_by,
            files=chosen.files if chosen and offer.way == "upload" else offer.files,
            due_on=until if offer.way == "later" else None,
            given_by=material.given_by,
            evidence=evidence,
        )


def _taken(chosen: Paper | None, offers: tuple[Offer, ...]) -> Offer | None:
    """The way in which a paper is met; None when it is left out, as one that is not required may be."""
    if chosen is None:
        return usual(offers)
    if chosen.way == "none":
        return None
    return next((one for one in offers if one.way == chosen.way), Offer(chosen.way))


def _evidence(chosen: Paper | None, offer: Offer, held: Holdings, form_digest: str) -> cases.Evidence | None:
    if chosen is not None and chosen.reference and offer.way == "known":
        named = next(one for one in held.licences if one.identifier == chosen.reference)
        return evidence_of(named)
    if offer.evidence is not None and offer.way == "form":
        return replace(offer.evidence, reference=form_digest)
    return offer.evidence if offer.way in OF_ITSELF else None
