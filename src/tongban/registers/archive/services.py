"""Make packages of closed dockets, keep them, hand them out.

档案法 第三十七条: an electronic record comes from a reliable source, by a set procedure, with all its elements, and has the
force of paper; 第三十九条: what is handed over is checked for being genuine, whole, usable and safe. 国务院令第716号
第十二条: filed in electronic form, in time, and not on paper.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import translation
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.files.services import keep
from tongban.kernel.ledger.rules import canonical, instant
from tongban.kernel.models import Docket
from tongban.kernel.pdf import render_for_seal
from tongban.registers.archive import container, contributors, gathering
from tongban.registers.archive.contracts import (
    COVER,
    FORMAT,
    MANIFEST,
    SIGNATURE,
    ArchiveError,
    ArchiveInfo,
    Contribution,
    Member,
)
from tongban.registers.archive.models import Archive
from tongban.registers.archive.selectors import info, latest
from tongban.registers.seals import api as seals
from tongban.web.formats import long_date
from tongban.web.site import site

logger = logging.getLogger(__name__)
MEDIA_TYPE = "application/zip"
PER_RUN = 500
SHORT = 16


def make(number: str, *, actor: kernel.Actor, at: datetime, again: bool = False) -> ArchiveInfo:
    """The package of a closed docket; the one that is there, if its ledger has not gone on since.

    :param number: of a docket that nobody owns (an application, not its cases)
    :param again: make another version although nothing has changed
    :raises NotFound: there is none that the actor may see
    :raises ArchiveError: it is still open, or belongs to another docket
    """
    row = kernel.docket(number, actor=actor)
    family = _family(row)
    before = latest(row.id)
    if before is not None and not again and json.loads(before.ledger_heads) == _revisions(family):
        return info(before)
    contributors.complete(row, at=at)
    part = contributors.contribution(row, family, at=at)
    version = before.version + 1 if before else 1
    package, manifest = build(row, family, part, version=version, at=at)
    return _keep(row, family, part, package, manifest, version=version, actor=actor, at=at)


def _family(row: kernel.DocketRow) -> list[kernel.DocketRow]:
    """The docket and everything below it, in the order of opening."""
    if row.parent is not None:
        above = kernel.docket_by_id(row.parent, actor=kernel.SYSTEM)
        raise ArchiveError(_("这个案卷属于%(number)s，和它一起归档。") % {"number": above.number})
    family, level = [row], [row.id]
    while level:
        below = [one for kids in kernel.children_of(level, actor=kernel.SYSTEM).values() for one in kids]
        family += below
        level = [one.id for one in below]
    still = [one.number for one in family if one.closed_at is None]
    if still:
        raise ArchiveError(_("还没有办结，不能归档：%(numbers)s。") % {"numbers": "、".join(still)})
    return family


def _revisions(family: Sequence[kernel.DocketRow]) -> dict[str, int]:
    return {one.number: one.revision for one in family}


def build(
    row: kernel.DocketRow,
    family: Sequence[kernel.DocketRow],
    part: Contribution,
    *,
    version: int,
    at: datetime,
) -> tuple[bytes, bytes]:
    """Package and manifest. The same docket at the same instant gives the same bytes but for the SM2 signature."""
    unit = actors.live_unit(row.unit)
    if unit is None:
        raise ArchiveError(_("承办单位已撤销，没有继任单位，不能盖章归档。"))
    gathered = gathering.gather(row, family, part, at=at)
    try:
        cover = _cover(row, part, gathered, unit.id, at=at)
        members = sorted([*gathered.members, cover, *_roots()], key=lambda one: one.path)
        manifest = canonical({
            "format": FORMAT, "number": row.number, "version": version, "unit": unit.id, "made_at": instant(at),
            "members": [{"path": one.path, **gathering.digests(one.content)} for one in members],
            "ledger": gathered.heads,
        }).encode()  # fmt: skip
        digests = gathering.digests(manifest)
        claim = {
            "number": row.number, "version": version,
            "manifest": {"sha256": digests["sha256"], "sm3": digests["sm3"]},
        }  # fmt: skip
        statement = seals.sign_statement(claim, unit=unit.id, at=at)
    except seals.SealsError as fault:
        raise ArchiveError(_("不能盖章归档：%(why)s") % {"why": fault}) from fault
    signature = canonical(statement).encode()
    try:
        package = container.write([Member(MANIFEST, manifest), Member(SIGNATURE, signature), *members])
    except ValueError as fault:
        raise ArchiveError(_("案卷太大，一个档案包最多2 GB。")) from fault
    return package, manifest


def _roots() -> list[Member]:
    names = {seals.ES256: "root-p256", seals.SM2: "root-sm2"}
    return [
        Member(f"certificates/{name}.pem", seals.pem(seals.root_certificate(algorithm)).encode())
        for algorithm, name in names.items()
    ]


def _cover(
    row: kernel.DocketRow, part: Contribution, gathered: gathering.Gathered, unit: str, *, at: datetime
) -> Member:
    """The readable first page, sealed: what the docket was, and what is in the package. In Chinese."""
    with translation.override("zh-hans"):
        facts = [
            (_("档号"), row.number), (_("题名"), row.title), (_("归档单位"), actors.unit(unit).name),
            (_("申请人"), actors.party_name(row.applicant)), (_("受理时间"), long_date(row.opened_at)),
            (_("办结时间"), long_date(row.closed_at)), (_("归档时间"), long_date(at)),
            (_("保管期限"), _("%d年") % part.retention_years if part.retention_years else _("永久")), *part.facts,
        ]  # fmt: skip
        data = {
            "title": _("电子档案"), "issuer": site().name, "lang": "zh", "lead": row.title,
            "foot": _("%(number)s · 台账摘要 %(digest)s") % {"number": row.number, "digest": row.ledger_head[:SHORT]},
            "facts": facts,
            "table": {
                "title": _("卷内文件"), "head": [_("文件"), _("字节"), _("SHA-256（前16位）")],
                "rows": [
                    [one.path, str(len(one.content)), hashlib.sha256(one.content).hexdigest()[:SHORT]]
                    for one in gathered.members
                ],
            },
            "words": [
                _("台账共%(entries)d条，每条覆盖前一条。全部文件的摘要在manifest.json，归档单位的签名在signature.json。")
                % {"entries": sum(head["entries"] for head in gathered.heads)},
            ],
            "unit": actors.unit(unit).name, "day": long_date(at, time=False),
        }  # fmt: skip
        pdf, place = render_for_seal("archive", data, at=at)
        return Member(COVER, seals.seal_pdf(pdf, unit=unit, reason=_("电子归档"), at=at, place=place))


def _keep(
    row: kernel.DocketRow,
    family: Sequence[kernel.DocketRow],
    part: Contribution,
    package: bytes,
    manifest: bytes,
    *,
    version: int,
    actor: kernel.Actor,
    at: datetime,
) -> ArchiveInfo:
    file = keep(content=package, media_type=MEDIA_TYPE, at=at)
    members = json.loads(manifest)["members"]
    digests = gathering.digests(manifest)
    until = _until(row.closed_at or at, part.retention_years)
    unit = json.loads(manifest)["unit"]
    with kernel.writing():
        made = Archive.objects.create(
            docket_id=row.id, number=row.number, version=version, unit=unit, made_at=at, made_by=actor.id,
            members=len(members) + 2, size=file.size, digest=file.digest, manifest_digest=digests["sha256"],
            ledger_heads=canonical(_revisions(family)), retain_until=until,
        )  # fmt: skip
        kernel.record(
            stream=f"archive:{row.number}", act="archive.made", actor=actor, at=at,
            data={
                "version": version, "package": file.digest, "manifest": digests["sha256"], "sm3": digests["sm3"],
                "members": made.members, "bytes": made.size,
            },
        )  # fmt: skip
    return info(made)


def _until(closed: datetime, years: int) -> date | None:
    """The last day of the year in which it may be looked at for disposal; None for ever."""
    return date(actors.day_of(closed).year + years, 12, 31) if years else None


def fetch(number: str, version: int, *, actor: kernel.Actor, at: datetime) -> Archive:
    """A package to be handed out, noted in the ledger: it holds everything of the docket unmasked.

    :raises NotFound: no such docket or package that the actor may see
    """
    row = kernel.docket(number, actor=actor)
    found = Archive.objects.filter(docket_id=row.id, version=version).first()
    if found is None:
        raise kernel.NotFound("no_archive", _("没有这一版档案。"), possible=_("请回到档案页。"))
    kernel.record(
        stream=f"archive:{number}", act="archive.fetched", actor=actor, at=at,
        data={"version": version, "package": found.digest},
    )  # fmt: skip
    return found


def archive_closed(*, at: datetime, limit: int = PER_RUN) -> int:
    """Archive what nobody owns, a desk spoke for, and was closed `settings.ARCHIVE_AFTER_DAYS` ago; gives how many.

    One that cannot be archived yet (something below it is still open) waits for the next day and stops no other.
    """
    closed = at - timedelta(days=settings.ARCHIVE_AFTER_DAYS)
    rows = Docket.objects.filter(parent=None, kind__in=contributors.kinds(), closed_at__lte=closed)
    open_below = Docket.objects.filter(parent=OuterRef("pk"), closed_at=None)
    rows = rows.exclude(Exists(Archive.objects.filter(docket_id=OuterRef("pk")))).exclude(Exists(open_below))
    done = 0
    for number in rows.order_by("closed_at").values_list("number", flat=True)[:limit]:
        try:
            make(number, actor=kernel.SYSTEM, at=at)
        except ArchiveError as fault:
            logger.warning("%s is not archived: %s", number, fault)
        else:
            done += 1
    return done
