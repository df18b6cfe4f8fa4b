"""The ways in which a paper may be met, the easiest first, each with what concretely stands in for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.cases import api as cases
from tongban.desks.themes import sources
from tongban.desks.themes.contracts import PlannedMaterial
from tongban.desks.themes.holdings import NOTHING, Holdings, Trouble, stands_for
from tongban.registers.catalogue.contracts import LATER, OPTIONAL
from tongban.registers.licences import api as licences
from tongban.web import formats

OF_ITSELF = frozenset({"known", "form", "earlier"})
"""Ways that are taken unless the applicant chooses another: they ask nothing of anybody."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One way of meeting a paper.

    :param evidence: the licence, shared record, signed form or earlier paper that it points to
    :param files: (digest, name) that come with it
    """

    way: str
    evidence: cases.Evidence | None = None
    files: tuple[tuple[str, str], ...] = ()

    @property
    def queued(self) -> bool:
        """Whether a register has still to be asked."""
        return self.evidence is not None and self.evidence.check == cases.Check.QUEUED


def ways_for(material: PlannedMaterial, *, trusted: bool, held: Holdings = NOTHING) -> tuple[Offer, ...]:
    """The ways in which a paper may be met, the easiest first.

    ``result`` alone where an earlier matter of the plan produces it; else ``known`` (a valid licence, a shared
    record, or one whose register is away and is asked later), ``form`` (made of the form, signed by submitting it),
    ``earlier`` (it came with an earlier application), ``commit`` (告知承诺) and ``later`` (容缺) where the plan allows it
    and the applicant is trusted, ``upload``; and ``none`` where it is not required.

    :param trusted: whether the applicant has no broken undertaking, asked once for all papers
    """
    if material.given_by:
        return (Offer("result"),)
    found = []
    evidence = held.papers.get(material.key) or held.queued.get(material.key)
    if evidence is not None:
        found.append(Offer("known", evidence))
    if material.key in sources.papers().from_form:
        found.append(Offer("form", cases.Evidence("form", "", _("由填好的表生成，提交时电子签名"))))
    before = held.earlier.get(material.key)
    if before is not None:
        found.append(Offer("earlier", _before(before), before.files))
    if material.commitment and trusted:
        found.append(Offer("commit"))
    if material.necessity == LATER and trusted:
        found.append(Offer("later"))
    found.append(Offer("upload"))
    if material.necessity == OPTIONAL:
        found.append(Offer("none"))
    return tuple(found)


def _before(one: cases.PaperBefore) -> cases.Evidence:
    return cases.Evidence(
        "earlier",
        one.number,
        f"{one.title}（{one.number}）",
        f"application {one.number}",
        as_of=one.handed_in.date(),
    )


def offer_words(offer: Offer) -> str:
    """What stands in for a paper, in words that say who vouches and until when."""
    shown = offer.evidence
    if shown is None:
        return ""
    kind = (
        "queued" if offer.queued else "endless" if shown.kind == "licence" and not shown.until else shown.kind
    )
    words = {
        "form": "%(what)s",
        "earlier": _("您以前交过：%(what)s，%(day)s"),
        "queued": _("%(what)s现在查不到，先收下，标“待核对”"),
        "shared": _("共享数据：%(what)s（截至%(day)s）"),
        "endless": _("电子证照：%(what)s，%(unit)s，长期有效"),
        "licence": _("电子证照：%(what)s，%(unit)s，有效至%(until)s"),
    }
    return words[kind] % {
        "what": shown.text(get_language() or ""), "unit": _unit(shown.unit), "day": formats.iso(shown.as_of),
        "until": formats.iso(shown.until),
    }  # fmt: skip


def _unit(name: str) -> str:
    return actors.english_unit_name(name) if formats.english() else name


def usual(offers: tuple[Offer, ...]) -> Offer | None:
    """The way that is taken when nothing is chosen: one that asks nothing; None when there is none."""
    return offers[0] if offers[0].way in OF_ITSELF or offers[0].way == "result" else None


def is_brought(offers: tuple[Offer, ...]) -> bool:
    """Whether the applicant has to get and hand in something, now or later."""
    return usual(offers) is None and offers[0].way != "commit" and offers[-1].way != "none"


def trouble_words(trouble: Trouble, name: str) -> str:
    """Why a licence does not stand in for a paper, and what to do."""
    own = trouble.licence
    kind = own.kind_name[1] if (get_language() or "").startswith("en") else own.kind_name[0]
    day = formats.long_date(own.valid_until) if isinstance(own.valid_until, date) else ""
    words = {
        licences.EXPIRED: _("您的%(kind)s%(day)s到期了，不能用来免交“%(paper)s”。请先换领新证，或直接上传。"),
        licences.NOT_YET: _("您的%(kind)s还没到生效日期，不能用来免交“%(paper)s”。请直接上传。"),
        licences.LicenceState.SUSPENDED.value: _(
            "您的%(kind)s被暂扣，不能用来免交“%(paper)s”。请联系发证单位，或直接上传别的证明。"
        ),
    }
    other = _("您的%(kind)s已经失效（撤销、注销或换发），不能用来免交“%(paper)s”。请换领新证，或直接上传。")
    return words.get(trouble.standing, other) % {"kind": kind, "day": day, "paper": name}


def not_known(material: PlannedMaterial, identifier: str, *, held: Holdings, on: date) -> str:
    """Why a paper is not known to the government, or why the licence named for it does not stand in; and what to do.

    :param identifier: of the licence that was named; empty where none was
    :return: empty when it does stand in
    """
    name = material.name.text(get_language() or "")
    if not identifier:
        trouble = held.troubles.get(material.key)
        if trouble is not None:
            return trouble_words(trouble, name)
        return _("没有查到能代替“%s”的电子证照或共享数据，请换一种方式。") % name
    own = next((one for one in held.licences if one.identifier == identifier), None)
    if own is None:
        return _("您名下没有这份电子证照，不能用来免交“%s”。请核对标识，或直接上传。") % name
    if not stands_for(own.kind, material.key):
        return _("这份电子证照不能代替“%s”，请换一份，或直接上传。") % name
    standing = own.standing(on)
    return "" if standing == licences.LicenceState.VALID else trouble_words(Trouble(own, standing), name)
