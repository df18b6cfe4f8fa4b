"""From a file's rows to rows of the tables. Asks no database, so that a child process can do it while the parent
writes what came before.
"""

from __future__ import annotations

import fcntl
import multiprocessing
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from multiprocessing.connection import Connection
from typing import Any, Final

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.privacy import encrypter, keyed_digester, short_indexer
from tongban.registers.licences import identifier, ledger
from tongban.registers.licences.contents import CONTENT, HOLDER, NUMBER, text_of
from tongban.registers.licences.contracts import KindInfo, LicencesError
from tongban.registers.licences.models import SEALED
from tongban.registers.licences.stock import reading
from tongban.registers.licences.stock.columns import Columns, Parsed, Reject

# Short enough that others who write to SQLite wait a fraction of a second, and that a batch (about 950 bytes a row)
# fits into the pipe whole: so the child is one batch ahead and neither waits for the other's turn.
BATCH = 1_000
PIPE_BYTES = 1 << 20
COLUMNS: Final = (
    "base", "identifier", "version", "kind", "unit", "region", "holder", "holder_index", "number_index", "sealed",
    "issued_on", "valid_from", "valid_until", "state", "docket", "replaced_by", "source", "key", "changed_at",
)  # fmt: skip
HOLDER_AT, NUMBER_AT = COLUMNS.index("holder_index"), COLUMNS.index("number_index")


@dataclass(slots=True)
class Batch:
    """Rows ready to be written: `licences` by `COLUMNS`, `entries` the beginning of each one's stream."""

    read: int
    doubled: int = 0
    licences: list[tuple[Any, ...]] = field(default_factory=list)
    entries: list[tuple[Any, ...]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)


class Maker:
    """Prepares batches, with everything that a run has in common looked up once.

    :param run: id of the run: with the row's number it is the serial of an imported licence, so that the same row of
        the same run always has the same identifier
    """

    def __init__(
        self,
        form: KindInfo,
        columns: Columns,
        issuer: actors.UnitInfo,
        *,
        run: int,
        actor: kernel.Actor,
        at: datetime,
    ) -> None:
        self.form, self.columns, self.issuer, self.run, self.actor, self.at = (
            form,
            columns,
            issuer,
            run,
            actor,
            at,
        )
        self.holder, self.number = short_indexer(purpose=HOLDER), short_indexer(purpose=NUMBER)
        self._mark, self._seal = keyed_digester(purpose=CONTENT), encrypter(purpose=SEALED)
        self._check = identifier.checker(form.code, issuer.uscc)
        self._serial = f"{actors.day_of(at).year}R{run}N"
        self._changed = kernel.text_of(at)

    def batches(self, rows: Iterator[reading.Row]) -> Iterator[Batch]:
        """Every batch of a file, in order."""
        while part := list(islice(rows, BATCH)):
            yield self.batch(part)

    def batch(self, part: Sequence[reading.Row]) -> Batch:
        """One batch."""
        made = Batch(len(part))
        fresh: set[tuple[str, str]] = set()
        beginnings: list[kernel.Beginning] = []
        for row, cells in part:
            parsed = Reject(row, "", _("这一行读不了")) if cells is None else self.columns.parse(row, cells)
            if isinstance(parsed, Reject):
                if cells is None or any(cells):  # an empty line is no licence
                    made.rejects.append(parsed)
                continue
            pair = (self.holder(parsed.holder_number), self.number(parsed.number))
            if pair in fresh:
                made.doubled += 1
                continue
            fresh.add(pair)
            made.licences.append(self._row(parsed, *pair, beginnings))
        made.entries = kernel.beginnings(beginnings, actor=self.actor, at=self.at)
        return made

    def _row(
        self, one: Parsed, holder: str, number: str, beginnings: list[kernel.Beginning]
    ) -> tuple[Any, ...]:
        form, issuer = self.form, self.issuer
        serial, state = f"{self._serial}{one.row}", one.state.value
        base = f"{form.code}.{issuer.uscc}.{serial}"
        text = text_of(one.number, one.holder_name, one.holder_number, one.fields)
        body = {"state": state, "run": self.run, "row": one.row, "content": self._mark(text)}
        beginnings.append(kernel.Beginning(ledger.stream(base), "import", body))
        return (
            base, f"{identifier.ROOT}.{base}.001.{self._check(serial, 1)}", 1, form.slug, issuer.id, issuer.region,
            "", holder, number, self._seal(text), one.issued_on.isoformat(), one.valid_from.isoformat(),
            one.valid_until and one.valid_until.isoformat(), state, "", "", self.run, "", self._changed,
        )  # fmt: skip


def prepared(maker: Maker, rows: Iterator[reading.Row], *, aside: bool) -> Iterator[Batch]:
    """The batches of a file; `aside`: made by a child process, one ahead of what is being written.

    :raises LicencesError: the child came to grief; what was written stays, and a rerun goes on after it
    """
    if not aside or "fork" not in multiprocessing.get_all_start_methods():
        yield from maker.batches(rows)
        return
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe(duplex=False)
    _widen(there)
    child = fork.Process(target=_work, args=(maker, rows, here, there), daemon=True)
    child.start()
    there.close()
    with closing(here):
        try:
            while (batch := here.recv()) is not None:
                yield batch
        except EOFError:
            raise LicencesError(_("导入中断了。"), possible=_("再运行一次，会接着导入。")) from None
        finally:
            here.close()  # a child that still sends ends on its broken pipe
            child.join()


def _widen(pipe: Connection) -> None:
    """Let the pipe hold a batch, where the system allows it; a narrow one works too, more slowly."""
    resize = getattr(fcntl, "F_SETPIPE_SZ", None)
    if resize is not None:
        with suppress(OSError):
            fcntl.fcntl(pipe.fileno(), resize, PIPE_BYTES)


def _work(maker: Maker, rows: Iterator[reading.Row], here: Connection, there: Connection) -> None:
    """The child: nothing but reading and computing."""
    here.close()
    try:
        for batch in maker.batches(rows):
            there.send(batch)
        there.send(None)
    except BrokenPipeError:  # the parent stopped, or was stopped
        return
