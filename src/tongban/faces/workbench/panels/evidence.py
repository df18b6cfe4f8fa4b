"""What stands in for a paper, beside what the applicant wrote: a licence as it stands today, a shared record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.desks.cases import api as cases
from tongban.faces.workbench.panels import personal
from tongban.registers.catalogue.contracts import ElementSpec
from tongban.registers.exchange import api as exchange
from tongban.registers.licences import api as licences
from tongban.web import formats

STANDINGS = {
    licences.LicenceState.VALID.value: gettext_lazy("有效"),
    licences.EXPIRED: gettext_lazy("已过期"),
    licences.NOT_YET: gettext_lazy("还没生效"),
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One entry of a licence beside the form. `same` is None where the form does not ask for it."""

    label: str
    said: str
    written: str
    same: bool | None


@dataclass(frozen=True, slots=True)
class Shown:
    """One paper's evidence. `well` says whether it holds today."""

    kind: str
    what: str
    unit: str
    reference: str
    check: str
    well: bool
    as_of: date | None = None
    until: date | None = None
    rows: list[Compared] = field(default_factory=list)

    @property
    def differs(self) -> bool:
        return any(row.same is False for row in self.rows)


def shown_for(material: Any, form: Mapping[str, Any], *, on: date, clear: bool) -> Shown | None:
    """The evidence of a material row; None where there is none.

    :param form: as filled in, to compare with
    :param clear: whether personal values are shown unmasked
    """
    if not material.evidence:
        return None
    said = json.loads(material.said or "{}")
    what = (said.get("en") if formats.english() else "") or said.get("zh", "")
    if material.evidence == "licence":
        return _licence(material, what, form, on=on, clear=clear)
    labels = {
        "shared": _("共享数据"),
        "earlier": _("以前交过的材料"),
        "form": _("由申请表生成，提交时电子签名"),
    }
    return Shown(
        kind=labels[material.evidence],
        what="" if material.evidence == "form" else what,
        unit=_keeper(material) if material.evidence == "shared" else "",
        reference=material.reference[:16] if material.evidence == "form" else material.reference,
        check=str(cases.Check(material.check_state).label),
        well=material.check_state in {cases.Check.PASSED, cases.Check.NONE},
        as_of=_day(said.get("as_of", "")),
    )


def _keeper(material: Any) -> str:
    info = exchange.registers().get(material.reference.partition(":")[0])
    return info.text("en" if formats.english() else "zh") if info else ""


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _licence(material: Any, what: str, form: Mapping[str, Any], *, on: date, clear: bool) -> Shown:
    try:
        own = licences.licence(material.reference)
    except licences.LicencesError:
        return Shown(_("电子证照"), what, "", material.reference, _("证照库里没有这份证照"), well=False)
    standing = own.standing(on)
    label = STANDINGS.get(standing) or licences.LicenceState(standing).label
    return Shown(
        kind=_("电子证照"),
        what=own.kind_name[1] if formats.english() else own.kind_name[0],
        unit=own.unit_name,
        reference=own.identifier,
        check=_("今天核对：%s") % label,
        well=standing == licences.LicenceState.VALID,
        as_of=own.issued_on,
        until=own.valid_until,
        rows=_compared(own, form, clear=clear),
    )


def _compared(own: licences.LicenceInfo, form: Mapping[str, Any], *, clear: bool) -> list[Compared]:
    kind = licences.kinds().get(own.kind)
    rows = []
    for entry in kind.fields if kind else ():
        value = own.fields.get(entry.key)
        if value in (None, "", [], ()) or not entry.shown:
            continue
        spec = ElementSpec(key=entry.key, name=entry.name, type=entry.type, personal=entry.personal)
        written = next((form[key] for key in (entry.element, *entry.feeds) if key in form), None)
        rows.append(
            Compared(
                label=entry.name_en if formats.english() else entry.name,
                said=personal.shown(spec, value, clear=clear),
                written="" if written is None else personal.shown(spec, written, clear=clear),
                same=None if written is None else str(written).strip() == str(value).strip(),
            )
        )
    return rows
