"""The report of rows that did not come in: a CSV that opens in a spreadsheet, kept right over a kill."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from tongban.registers.licences.stock.columns import Reject

HEADER = ("行号", "列", "问题")


class Report:
    """Writes rejects as they come. No personal data: row, column and what is wrong, never the value.

    :param path: None writes nothing
    :param after: rows up to here were told by an earlier run; what that run told beyond is told again, once
    """

    def __init__(self, path: Path | None, *, after: int) -> None:
        self.path, self.after = path, after
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        if self.path is not None:
            kept = self._earlier(self.path)
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            csv.writer(self._file).writerows([HEADER, *kept])
        return self

    def _earlier(self, path: Path) -> list[list[str]]:
        if not path.exists():
            return []
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [row for row in csv.reader(file) if row and row[0].isdigit() and int(row[0]) <= self.after]

    def write(self, rejects: Sequence[Reject]) -> None:
        """Tell these; on disk when it returns, before their batch is noted as done."""
        if self._file is not None and rejects:
            csv.writer(self._file).writerows((one.row, one.column, one.problem) for one in rejects)
            self._file.flush()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
