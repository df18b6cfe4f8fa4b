"""Licences in the export of one's own data; what an erasure takes away, and what the law leaves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.registers.identity.privacy import api as privacy
from tongban.registers.licences import selectors
from tongban.registers.licences.contracts import LicenceInfo, LicenceUse
from tongban.registers.licences.models import Objection
from tongban.registers.licences.showing.models import Code, Showing
from tongban.web.formats import english

USES = 1000


def licences(party: str, at: datetime) -> Iterable[privacy.Section]:
    """Every licence of a party with its entries and earlier versions, who used it, and what was objected to."""
    held = selectors.held_by(party, on=actors.day_of(at), all_states=True)
    yield privacy.Section("licences", {"zh": "电子证照", "en": "E-licences"}, [_licence(one) for one in held])
    used = [_use(one) for one in selectors.uses_of(party, limit=USES)]
    yield privacy.Section("licence-uses", {"zh": "谁用过我的证照", "en": "Who used my licences"}, used)
    objections = Objection.objects.filter(licence__in=[one.id for one in held]).order_by("-pk")
    records = [
        {"identifier": one.identifier, "entry": one.entry, "right": one.right, "why": one.why}
        for one in objections
    ]
    yield privacy.Section(
        "licence-objections", {"zh": "对证照的异议", "en": "Objections to licences"}, records
    )


def _licence(one: LicenceInfo) -> dict[str, Any]:
    past = [
        {
            "version": old.version,
            "act": old.act,
            "reason": old.reason,
            "at": old.at,
            "fields": dict(old.fields),
        }
        for old in selectors.past_versions(one.identifier)
    ]
    return {
        "identifier": one.identifier, "number": one.number, "kind": one.kind, "name": one.kind_name[0],
        "state": one.state, "unit": one.unit_name, "issued_on": one.issued_on, "valid_from": one.valid_from,
        "valid_until": one.valid_until, "case": one.docket, "fields": dict(one.fields), "earlier": past,
    }  # fmt: skip


def _use(one: LicenceUse) -> dict[str, Any]:
    by = actors.unit_name(unit_id=one.unit) if one.unit else ""
    return {
        "identifier": one.identifier,
        "unit": by,
        "purpose": one.purpose,
        "docket": one.docket,
        "at": one.at,
    }


def end_showings(party: str, at: datetime) -> int:
    """Codes with which licences could still be seen: ended, and their secrets forgotten. Who looked stays."""
    rows = Showing.objects.filter(holder=party)
    Code.objects.filter(showing__in=rows, scan=None).delete()
    rows.filter(revoked_at=None, ends_at__gt=at).update(revoked_at=at)
    return rows.update(secret="")


def kept(party: str) -> Iterable[privacy.Kept]:
    """A licence is a public act, not a possession of the account: it stands until its authority ends it.

    行政许可法 第三十九条、第六十九条、第七十条 say who makes, revokes and cancels one; 档案法 第十四条 that what an office made in
    its duties is kept.
    """
    basis = _("证照由颁发机关依法存续、撤销或注销，不随账号删除（行政许可法第七十条、档案法第十四条）")
    for one in selectors.held_by(party, on=date.max, all_states=True):
        yield privacy.Kept(one.kind_name[1] if english() else one.kind_name[0], one.number, basis, None)


privacy.register_source("6-licences", licences)
privacy.register_eraser("licences", end_showings)
privacy.register_keeper("licences", kept)
