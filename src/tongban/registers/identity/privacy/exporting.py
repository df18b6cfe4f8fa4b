"""A copy of one's own data 个人信息保护法 第四十五条: asked for on a page, packed by a job, machine-readable and for reading."""

from __future__ import annotations

import base64
import io
import json
import logging
import zipfile
from datetime import datetime, timedelta
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from tongban.kernel import api as kernel
from tongban.registers.identity.privacy import registry
from tongban.registers.identity.privacy.contracts import PrivacyRefused, Section
from tongban.registers.identity.privacy.models import Export

logger = logging.getLogger(__name__)
KEPT_FOR = timedelta(days=7)
FORMAT = "tongban-own-data-1"
STALE = timedelta(minutes=30)


@kernel.writing()
def ask(*, party: str, actor: kernel.Actor, at: datetime) -> int:
    """Ask for a copy; gives the id of the running one when there is one.

    :raises PrivacyRefused: not one's own: neither an agent's nor a staff member's to ask
    """
    by_law = any(one.id == f"representative:{party}" for one in actor.authorities)
    if party != actor.id and not by_law:
        raise PrivacyRefused(_("个人信息的副本只能由本人要。"), possible=_("请本人登录后申请。"))
    running = Export.objects.filter(
        party=party, state__in=[Export.State.WAITING, Export.State.WORKING]
    ).first()
    if running is not None:
        return running.pk
    row = Export.objects.create(party=party, by=actor.id, asked_at=at, total=len(registry.sources()))
    kernel.record(stream=f"export:{party}", act="export-asked", actor=actor, at=at, data={"export": row.pk})
    return row.pk


def work(*, at: datetime, most: int = 20) -> int:
    """Pack what waits; gives how many. One that a worker left half-way is begun again."""
    left = Export.objects.filter(state=Export.State.WAITING) | Export.objects.filter(
        state=Export.State.WORKING, asked_at__lt=at - STALE
    )
    done = 0
    for pk in list(left.order_by("pk").values_list("pk", flat=True)[:most]):
        row = Export.objects.get(pk=pk)
        try:
            _pack(row, at)
        except Exception as error:  # noqa: BLE001  # one person's broken record must not keep others waiting
            logger.error("export %s failed: %s", pk, type(error).__name__)  # noqa: TRY400  # a traceback may quote data
            Export.objects.filter(pk=pk).update(state=Export.State.FAILED)
        else:
            done += 1
    return done


def _pack(row: Export, at: datetime) -> None:
    sections: list[Section] = []
    sources = registry.sources()
    for number, source in enumerate(sources.values(), start=1):
        sections += source(row.party, at)
        Export.objects.filter(pk=row.pk).update(
            state=Export.State.WORKING, done=number, total=len(sources)
        )  # the page shows it
    with kernel.writing():
        row.package = base64.b64encode(packed(row.party, sections, at=at)).decode()
        row.state, row.done, row.total = Export.State.READY, len(sources), len(sources)
        row.ready_at, row.expires_at = at, at + KEPT_FOR
        row.save()


def packed(party: str, sections: list[Section], *, at: datetime) -> bytes:
    """A ZIP of ``data.json`` and, for reading, ``data.zh.html`` and ``data.en.html``."""
    whole: dict[str, Any] = {
        "format": FORMAT, "party": party, "as_of": at.isoformat(),
        "sections": [{"key": one.key, "name": dict(one.name), "records": one.records} for one in sections],
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(whole, ensure_ascii=False, indent=2, default=str))
        for code, language in (("zh", "zh-hans"), ("en", "en")):
            with override(language):
                parts = [(one.name.get(code) or one.name["zh"], one.records) for one in sections]
                page = render_to_string("privacy/package.html", {"parts": parts, "at": at, "lang": language})
            archive.writestr(f"data.{code}.html", page)
    return out.getvalue()


def export_of(pk: int, *, party: str) -> Export | None:
    """One of a party's own exports."""
    return Export.objects.filter(pk=pk, party=party).first()


def content_of(row: Export, *, at: datetime) -> bytes | None:
    """The package, or None when it is not ready or its days are over."""
    over = row.expires_at is None or row.expires_at <= at
    return None if over or not row.package else base64.b64decode(row.package)


def forget(*, at: datetime) -> int:
    """Delete packages whose days are over."""
    return Export.objects.filter(expires_at__lte=at, state=Export.State.READY).update(
        package="", state=Export.State.GONE
    )
