"""Open applications and cases brought in from another system (`tongban dockets import`)."""

from __future__ import annotations

from collections.abc import Sequence

from tongban.actors import api as actors
from tongban.desks.cases.models import Application, Case
from tongban.kernel.contracts import DocketRow
from tongban.kernel.docket.importing import Incoming, importer

LEGAL_DAYS = 20
"""行政许可法 第四十二条, where the other system does not say."""


def _places(row: Incoming) -> list[str]:
    words = []
    if actors.live_unit(row.unit) is None:
        words.append(f"unit：没有“{row.unit}”这个单位，或已撤并")
    if not actors.region_chain(row.region):
        words.append(f"region：没有“{row.region}”这个区划")
    try:
        actors.party(row.applicant)
    except actors.ActorsError:
        words.append("applicant：没有这个申请人，写 person:编号 或 organisation:编号")
    return words


class _Applications:
    def check(self, row: Incoming) -> list[str]:
        return _places(row) + (["parent：申请不属于别的案卷"] if row.parent else [])

    def write(self, rows: Sequence[tuple[Incoming, DocketRow]]) -> None:
        Application.objects.bulk_create(
            Application(docket_id=docket.id, theme="", form="{}", delivery="window", delivery_to="{}")
            for _row, docket in rows
        )


class _Cases:
    def check(self, row: Incoming) -> list[str]:
        return _places(row) + ([] if row.parent else ["parent：办件要写它的申请的 ref"])

    def write(self, rows: Sequence[tuple[Incoming, DocketRow]]) -> None:
        Case.objects.bulk_create(
            Case(
                docket_id=docket.id,
                application_id=docket.parent,
                matter=row.subject,
                case_kind="2",
                promised_days=LEGAL_DAYS,
                legal_days=LEGAL_DAYS,
            )
            for row, docket in rows
        )


importer("application", _Applications())
importer("case", _Cases())
