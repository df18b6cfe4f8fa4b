"""Packages in the export of one's own data, and why an erasure leaves them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from tongban.kernel.models import Docket
from tongban.registers.archive.models import Archive
from tongban.registers.identity.privacy import api as privacy

MOST = 1000


def _of(party: str) -> list[Archive]:
    own = Docket.objects.filter(applicant=party, parent=None).values("pk")
    return list(Archive.objects.filter(docket_id__in=own).order_by("-made_at", "-pk")[:MOST])


def packages(party: str, _at: datetime) -> Iterable[privacy.Section]:
    """Which of a party's closed dockets were archived, when and until when. What is in them the dockets say."""
    records = [
        {"number": one.number, "version": one.version, "made_at": one.made_at, "members": one.members,
         "size": one.size, "digest": one.digest, "retain_until": one.retain_until}
        for one in _of(party)
    ]  # fmt: skip
    yield privacy.Section("archives", {"zh": "电子档案", "en": "Archived records"}, records)


def kept(party: str) -> Iterable[privacy.Kept]:
    """Archived records are destroyed after their time and by the procedure for records only."""
    for one in _of(party):
        basis = _("归档后按保管期限保存，期满鉴定后才销毁（档案法第三十七条、第三十九条）")
        yield privacy.Kept(_("电子档案（第%d版）") % one.version, one.number, basis, one.retain_until)


privacy.register_source("9-archives", packages)
privacy.register_keeper("archives", kept)
