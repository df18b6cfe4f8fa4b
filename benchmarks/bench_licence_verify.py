"""Verifying a licence: server CPU and statements of what a stranger asks, and what making its file costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from statistics import median

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from benchmarks import figures as say
from benchmarks import floor, place
from tongban.kernel import api as kernel
from tongban.registers.identity.contracts import demo_steps
from tongban.registers.identity.models import FailedSignIn
from tongban.registers.licences import api as licences
from tongban.registers.licences.paper import printing, services
from tongban.registers.seals import api as seals

MOST_MS = 20
MOST_RATIO = 1.5


def figures(*, quick: bool) -> Iterator[say.Figure]:
    place.migrate()
    now = timezone.now() - timedelta(minutes=1)
    for step in demo_steps():
        if step.name in {"city", "accounts"}:
            step.loader(settings.PACKS / "demo", now)
    times = 5 if quick else 60
    made = _issue(now, 0)
    content = licences.paper(made.identifier, at=now)
    where = f"/verify/{licences.paper_info(made.identifier, at=now).token}"
    client = Client(SERVER_NAME="localhost")
    yield _page("verify by the code on the paper", lambda: client.get(where), times=times, most_ms=MOST_MS)
    yield _page(
        "verify by number",
        lambda: client.post("/verify", {"number": made.number}),
        times=times,
        most_ms=MOST_MS,
    )
    yield _page(
        "verify the PDF",
        lambda: client.post("/verify", {"file": SimpleUploadedFile("a.pdf", content)}),
        times=times,
        most_ms=50,
    )
    yield _making(now, times=4 if quick else 30)


def _issue(at: datetime, turn: int) -> licences.LicenceInfo:
    fields = {
        "name": f"温泉张记小馆{turn}",
        "legal_rep": "张明远",
        "address": "淦河大道88号",
        "items": "热食类食品制售",
    }
    return licences.issue(
        kind="food-business", holder="person:1", unit="421202-scjg", fields=fields, actor=kernel.SYSTEM, at=at
    )


def _page(name: str, ask: Callable[[], object], *, times: int, most_ms: float) -> say.Figure:
    """Median CPU of one answer; the counts of politeness are reset, as if each asker had an address of its own."""
    for _ in range(3):
        ask()
    said: list[floor.Transaction] = []
    with floor.recording(said) as close:
        ask()
        close()
    used = []
    for _ in range(times):
        FailedSignIn.objects.all().delete()
        began = time.process_time()
        ask()
        used.append(time.process_time() - began)
    return say.below(name, median(used), most_ms=most_ms, note=f"{len(said[0])} statements")


def _making(at: datetime, *, times: int) -> say.Figure:
    """The file of a licence beside the bare cost of setting, sealing and signing the same words, in turns."""
    whole, bare = [], []
    for turn in range(1, times + 1):
        one = _issue(at, turn)
        began = time.process_time()
        licences.paper(one.identifier, at=at)
        whole.append(time.process_time() - began)
        other = _issue(at, times + turn)
        began = time.process_time()
        address = services.address_of("0" * 16)
        sheet, where = printing.pdf(other, address=address, at=at)
        seals.seal_pdf(sheet, unit=other.unit, reason="颁发", at=at, place=where)
        seals.sign_statement(printing.facts(other, token="0" * 16, address=address), unit=other.unit, at=at)
        bare.append(time.process_time() - began)
    return say.ratio(
        "the file of a licence: set, sealed, signed, kept",
        whole,
        bare,
        aim=MOST_RATIO,
        against="set, sealed, signed only",
    )
