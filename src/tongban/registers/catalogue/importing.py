"""Bringing in a file: every row is taken or told why not; one bad row and nothing is written."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from tongban.kernel.contracts import Actor
from tongban.registers.catalogue import checks, codes, profiles, regions, selectors, services, tables
from tongban.registers.catalogue.contracts import CatalogueError, ImportRefusedError, ImportReport, Refusal
from tongban.registers.catalogue.drafts import Draft
from tongban.registers.catalogue.elements import EMPTY, OPTIONAL, digest
from tongban.registers.catalogue.models import Implementation

_LIMIT = re.compile(r"(\d+)\s*(个?工作日|天|日|个?自然日|个?工作小时|小时)?")
_LIMIT_UNITS = {
    "天": "natural_days",
    "自然日": "natural_days",
    "工作小时": "working_hours",
    "小时": "working_hours",
}
_NOTHING = {"", "未分类", "无", "-", "—"}


def import_file(
    *,
    content: bytes,
    name: str,
    region: str,
    actor: Actor,
    at: datetime,
    preview: bool = False,
    publish: bool = True,
) -> ImportReport:
    """See `api.import_file`."""
    region = regions.pad(region)
    reader = _Reader(region)
    rows = tables.read(content, name)
    for row in rows:
        reader.take(row)
    if not rows:
        raise ImportRefusedError(f"“{name}”只有表头，没有事项。")
    outcome = _foresee(reader.drafts)
    report = ImportReport(
        rows=len(rows),
        created=outcome.created,
        changed=outcome.changed,
        unchanged=outcome.unchanged + reader.repeated,
        refusals=tuple(reader.refusals),
        notes=tuple(reader.notes),
    )
    if preview:
        return report
    if reader.refusals:
        refused = len({refusal.row for refusal in reader.refusals})
        raise ImportRefusedError(f"{len(rows)}行里有{refused}行有问题，一行都没有写入。", report)
    with transaction.atomic():
        services.bring_in(
            reader.drafts, region=region, actor=actor, at=at, note=f"导入 {name}"[:300], publish=publish
        )
    return ImportReport(
        rows=report.rows,
        created=report.created,
        changed=report.changed,
        unchanged=report.unchanged,
        refusals=(),
        notes=report.notes,
        written=True,
    )


def _foresee(drafts: list[Draft]) -> services.Outcome:
    """What bringing the drafts in would come to."""
    known: dict[tuple[str, str], tuple[str, str]] = {}
    wanted = sorted({draft.code for draft in drafts})
    for start in range(0, len(wanted), 500):
        rows = Implementation.objects.filter(code__in=wanted[start : start + 500])
        for place, code, status, old in rows.values_list("region", "code", "status", "elements__digest"):
            known[place, code] = (status, old)
    created = sum((draft.region, draft.code) not in known for draft in drafts)
    same = sum(
        known.get((draft.region, draft.code)) == (codes.State.PUBLISHED, digest(draft.data))
        for draft in drafts
    )
    return services.Outcome(created, len(drafts) - created - same, same)


class _Reader:
    """Rows to drafts, with what is wrong on the way."""

    def __init__(self, region: str) -> None:
        self.region = region
        self.partner = not regions.is_under(region, settings.ROOT_REGION)
        self.drafts: list[Draft] = []
        self.refusals: list[Refusal] = []
        self.notes: list[Refusal] = []
        self.repeated = 0
        self._seen: dict[tuple[str, str], tuple[int, Draft]] = {}
        self._names: dict[tuple[str, str], int] = {}
        self._elements = selectors.element_entries()
        self._materials = selectors.material_entries()

    def take(self, row: tables.Row) -> None:
        before = len(self.refusals)
        draft = self._draft(row)
        if draft is None or len(self.refusals) > before:
            return
        earlier = self._seen.get((draft.region, draft.code))
        if earlier is not None:
            number, other = earlier
            if other == draft:
                self.repeated += 1
                self._note(row, "code", draft.code, f"与第{number}行完全相同，只取一次。")
            else:
                self._refuse(
                    row, "code", draft.code, f"与第{number}行编码相同而内容不同；请改编码或删去一行。"
                )
            return
        name = (draft.unit_name, draft.data["name"])
        if name in self._names:
            self._note(
                row, "name", name[1], f"与第{self._names[name]}行同单位同名、编码不同，都已收下，请核对。"
            )
        self._names.setdefault(name, row.number)
        self._seen[draft.region, draft.code] = (row.number, draft)
        self.drafts.append(draft)

    def _refuse(self, row: tables.Row, column: str, value: str, reason: str) -> None:
        self.refusals.append(Refusal(row.number, row.headers.get(column, column), value[:200], reason))

    def _note(self, row: tables.Row, column: str, value: str, reason: str) -> None:
        self.notes.append(Refusal(row.number, row.headers.get(column, column), value[:200], reason))

    def _tried(self, row: tables.Row, column: str, make: Callable[[str], Any]) -> Any:
        value = row.cells.get(column, "")
        try:
            return make(value)
        except (ValueError, CatalogueError) as error:
            self._refuse(row, column, value, str(error))
            return None

    def _draft(self, row: tables.Row) -> Draft | None:
        cells = row.cells
        profile = self._tried(row, "code", profiles.recognise)
        region = self._tried(row, "region", self._own_region)
        data = self._data(row)
        if profile is None or region is None or data is None:
            return None
        basic = cells.get("basic_code") or profile.basic(cells["code"])
        ours = profile.name == "demo"
        return Draft(
            basic_code=basic,
            public_code=basic if ours else cells["code"],
            code=cells["code"],
            profile=profile.name,
            region=region,
            level=regions.level(region),
            unit=self._unit(cells, region) if ours else "",
            unit_name=cells.get("unit_name", ""),
            unit_code=cells.get("unit_code", ""),
            department=cells["code"].rpartition("-")[2] if ours else "",
            main_item="" if cells.get("main_item", "") in _NOTHING else cells["main_item"],
            partner=self.partner,
            generated=row.whole is not None and row.whole.get("generated") is True,
            data=data,
        )

    def _unit(self, cells: dict[str, str], region: str) -> str:
        cut = {"3": 6, "4": 6, "5": 9}.get(regions.level(region), 12)
        return f"{region[:cut]}-{cells['code'].rpartition('-')[2]}"

    def _own_region(self, written: str) -> str:
        if not written:
            return self.region
        padded = regions.pad(written)
        if not regions.is_under(padded, self.region):
            raise ValueError(f"区划{padded}不在要导入的{self.region}之内。请核对，或者换 --region。")
        return padded

    def _data(self, row: tables.Row) -> dict[str, Any] | None:
        if row.whole is not None and ("materials" in row.whole or "legal_basis" in row.whole):
            return self._whole(row, row.whole)
        before = len(self.refusals)
        name = row.cells.get("name", "")
        if not name:
            self._refuse(row, "name", name, "没有事项名称。")
        elif len(name) > codes.NAME_MAX:
            self._refuse(row, "name", name, f"名称有{len(name)}个字，最多{codes.NAME_MAX}个。")
        data = {**EMPTY, "name": name, "plain_name": row.cells.get("plain_name", "")}
        data["kind"] = self._tried(row, "kind", codes.kind_code)
        data["depth"] = self._tried(row, "depth", _among(codes.Depth.values))
        data["case_kind"] = self._tried(row, "case_kind", _among(codes.CaseKind.values))
        data["applicants"] = self._tried(row, "applicants", _several(codes.Applicant.values))
        data["channels"] = self._tried(row, "channels", _several(codes.Channel.values))
        data["visits"] = self._tried(row, "visits", _whole_number)
        for limit in ("legal_limit", "promised_limit"):
            data[limit] = self._tried(row, limit, _limit)
        for words in ("keywords", "topics"):
            data[words] = _words(row.cells.get(words, ""))
        return None if len(self.refusals) > before else data

    def _whole(self, row: tables.Row, item: dict[str, Any]) -> dict[str, Any] | None:
        """A JSON entry with all elements, in the form of the packs."""
        known = {key: value for key, value in item.items() if key in {*EMPTY, *OPTIONAL}}
        faults = checks.matter_faults({**known, "code": "0"}, self._elements, self._materials)
        for fault in faults:
            self._refuse(row, "name", str(item.get("name", "")), fault)
        return None if faults else checks.canonical_matter(known)


def _among(possible: list[str]) -> Callable[[str], str]:
    def check(written: str) -> str:
        if written and written not in possible:
            raise ValueError(f"“{written}”无效；可填：{'、'.join(possible)}。")
        return written

    return check


def _several(possible: list[str]) -> Callable[[str], list[str]]:
    one = _among(possible)
    return lambda written: [one(part) for part in _words(written)]


def _words(written: str) -> list[str]:
    return [part for part in re.split(r"[,，、;；\s]+", written) if part]


def _whole_number(written: str) -> int | None:
    if not written:
        return None
    if not written.isdigit():
        raise ValueError(f"“{written}”不是次数；应是0、1、2这样的数字。")
    return int(written)


def _limit(written: str) -> dict[str, Any] | None:
    if not written:
        return None
    if written in {"即办", "当场", "即时办结", "当场办结"}:
        return {"amount": 0, "unit": "working_days"}
    found = _LIMIT.fullmatch(written)
    if not found:
        raise ValueError(f"时限“{written}”看不懂；应写成：5个工作日、3天、4个工作小时或当场。")
    unit = (found[2] or "工作日").removeprefix("个")
    return {"amount": int(found[1]), "unit": _LIMIT_UNITS.get(unit, "working_days")}
