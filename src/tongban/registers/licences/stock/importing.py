"""Bring an old stock into the store 存量归集: in batches, row-precise, resumable, never twice.

Each batch is one transaction with the note of how far the file is read (`ImportRun.done`). A run that was killed goes
on after its last batch; a licence of the same kind, number and holder that is in the store already is left alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from tongban.kernel import api as kernel
from tongban.registers.licences import events, kinds, services
from tongban.registers.licences.contracts import KindInfo, LicencesError
from tongban.registers.licences.models import ImportRun, Licence
from tongban.registers.licences.stock import reading
from tongban.registers.licences.stock.columns import Columns, Reject
from tongban.registers.licences.stock.preparing import COLUMNS, HOLDER_AT, NUMBER_AT, Batch, Maker, prepared
from tongban.registers.licences.stock.report import Report

SHOWN = 10
# Below this a child process costs more than it saves.
WORTH_A_CHILD = 10_000
Progress = Callable[[int, int | None], None]


@dataclass(slots=True)
class Outcome:
    """What came of an import. `read` rows in all, of which earlier runs had done `resumed`."""

    read: int = 0
    taken: int = 0
    known: int = 0
    rejected: int = 0
    resumed: int = 0
    rejects: list[Reject] = field(default_factory=list)
    """The first few; all of them are in the report."""


def preview(*, path: Path, kind: str, unit: str, at: datetime) -> Outcome:
    """What `bring_in` would do with a file, without writing anything.

    :raises LicencesError: the file, its columns, the kind or the unit
    """
    form, columns, table = _opened(path, kind, unit)
    maker = Maker(form, columns, services.issuer_of(form, unit), run=0, actor=kernel.SYSTEM, at=at)
    found = Outcome()
    for batch in maker.batches(table.rows):
        _without_known(form.slug, batch)
        _count(found, batch)
    return found


def bring_in(
    *,
    path: Path,
    kind: str,
    unit: str,
    actor: kernel.Actor,
    at: datetime,
    report: Path | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Outcome:
    """Bring in a file of licences of one kind, issued by one unit.

    :param unit: id of the issuing unit, which has a credit code
    :param report: where rows that do not come in are told (CSV); appended to when a run goes on
    :param progress: called after each batch with rows read and rows in all, if known
    :raises LicencesError: the file, its columns, the kind or the unit, and nothing was written; or another process
        imports the same file, or it was interrupted, and what was written stays
    """
    form, columns, table = _opened(path, kind, unit)
    run = _run(path, form, unit, actor, at)
    found = Outcome(run.done, run.taken, run.known, run.rejected, resumed=run.done)
    if run.ended_at is not None:
        return found
    maker = Maker(form, columns, services.issuer_of(form, unit), run=run.pk, actor=actor, at=at)
    rows = islice(table.rows, run.done, None)
    aside = (table.total or 0) - run.done >= WORTH_A_CHILD
    with Report(report, after=_last_row(path, run.done)) as told:
        for batch in prepared(maker, rows, aside=aside):
            _without_known(form.slug, batch)
            told.write(batch.rejects)
            _count(found, batch)
            _write(run, found, batch, kind=form.slug, at=at)
            progress(found.read, table.total)
    ImportRun.objects.filter(pk=run.pk).update(ended_at=at)
    return found


def _opened(path: Path, kind: str, unit: str) -> tuple[KindInfo, Columns, reading.Table]:
    form = kinds.kind(kind)
    issuer = services.issuer_of(form, unit)
    table = reading.table(path)
    return form, Columns(form, table.header, unit_name=issuer.name), table


def _last_row(path: Path, done: int) -> int:
    """The file's number of the last row that is done: tables have a header before it."""
    return done + (0 if path.suffix.lower() == ".jsonl" else 1)


def _run(path: Path, form: KindInfo, unit: str, actor: kernel.Actor, at: datetime) -> ImportRun:
    found, _made = ImportRun.objects.get_or_create(
        digest=reading.digest(path), kind=form.slug, unit=unit,
        defaults={"name": path.name[:200], "actor": actor.id, "started_at": at},
    )  # fmt: skip
    return found


def _without_known(kind: str, batch: Batch) -> None:
    """Leave out what is in the store already: same kind, holder and number."""
    seen = kernel.present("licences_licence", "number_index", [row[NUMBER_AT] for row in batch.licences])
    if not seen:
        return
    rows = Licence.objects.filter(kind=kind, number_index__in=list(seen))
    known = set(rows.values_list("holder_index", "number_index"))
    kept = [
        place for place, row in enumerate(batch.licences) if (row[HOLDER_AT], row[NUMBER_AT]) not in known
    ]
    batch.doubled += len(batch.licences) - len(kept)
    batch.licences = [batch.licences[place] for place in kept]
    batch.entries = [batch.entries[place] for place in kept]


def _count(found: Outcome, batch: Batch) -> None:
    found.read += batch.read
    found.taken += len(batch.licences)
    found.known += batch.doubled
    found.rejected += len(batch.rejects)
    found.rejects += batch.rejects[: max(SHOWN - len(found.rejects), 0)]


def _write(run: ImportRun, found: Outcome, batch: Batch, *, kind: str, at: datetime) -> None:
    with kernel.writing():
        # Of two runs of one file the slower finds the place moved, and stops before it writes anything.
        moved = ImportRun.objects.filter(pk=run.pk, done=run.done).update(
            done=found.read, taken=found.taken, known=found.known, rejected=found.rejected
        )
        if not moved:
            raise LicencesError(_("这个文件正在由另一个进程导入。"), possible=_("等它完成，或先停掉它。"))
        if batch.licences:
            kernel.bulk_rows("licences_licence", COLUMNS, batch.licences)
            kernel.begin_streams(batch.entries)
            said = {"kind": kind, "taken": len(batch.licences), "row": found.read, "unit": run.unit}
            actor = replace(kernel.SYSTEM, id=run.actor)
            place = kernel.record(
                stream=f"licence-import:{run.pk}", act="import", actor=actor, at=at, data=said
            )
            news = events.ImportNews(run=run.pk, kind=kind, taken=len(batch.licences))
            kernel.announce(topic=events.IMPORTED, place=place, at=at, body=dict(news))
    run.done = found.read
