"""Portraits in the export of one's own data, what an erasure takes away, and what goes when a docket's time is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tongban.kernel import api as kernel
from tongban.kernel.files.destroying import destroy_attachments
from tongban.registers.identity.privacy import api as privacy
from tongban.registers.portraits import corrections, filing, looking, packs, selectors
from tongban.registers.portraits.flow import KIND
from tongban.registers.portraits.models import Correction


def portraits(party: str, at: datetime) -> Iterable[privacy.Section]:
    """Every fact with its source, day and consent; tags with why; who looked; what was asked to be corrected."""
    found = selectors.portrait(party, at=at)
    known = packs.elements(found.kind)
    facts = [
        {
            "element": one.element, "name": known[one.element].name, "value": one.value, "source": one.source_name,
            "as_of": one.as_of, "via": one.via, "consent": one.standing.value,
        }
        for one in found.facts
    ]  # fmt: skip
    yield privacy.Section("portrait", {"zh": "画像数据", "en": "Portrait"}, facts)
    tags = [{"name": one.name, "standing": one.standing, "reason": one.reason["zh"]} for one in found.tags]
    yield privacy.Section("portrait-tags", {"zh": "画像标签", "en": "Tags"}, tags)
    seen = [
        {"at": one.at, "unit": one.unit, "purpose": one.purpose, "reason": one.reason}
        for one in looking.looks(party, at=at)
    ]
    yield privacy.Section("portrait-looks", {"zh": "谁看过画像", "en": "Who looked at the portrait"}, seen)
    asked = [
        {"number": one.number, "element": one.element, "right": one.right, "why": one.why}
        for one in corrections.corrections_of(party)
    ]
    yield privacy.Section("portrait-corrections", {"zh": "画像更正", "en": "Corrections"}, asked)


@kernel.writing()
def erase(party: str, at: datetime) -> int:
    """Facts and consents go; that there was a portrait stays, so that columns lose its row. What the departments keep in
    their own registers is theirs to keep (个人信息保护法 第四十七条).
    """
    if filing.read(party) is None:
        return 0
    file = filing.open_files([party], at=at)[party]
    file.facts.clear()
    file.row.agreed, file.row.gone = {}, True
    filing.save([file], at=at)
    return 1


def destroy(dockets: list[int], _at: datetime) -> int:
    """What was said to be wrong and right, and the evidence."""
    rows = Correction.objects.filter(docket__in=dockets)
    return rows.update(said="", right="", why="") + destroy_attachments(dockets)


privacy.register_source("7-portraits", portraits)
privacy.register_eraser("portraits", erase)
privacy.register_destroyer(KIND, destroy)
