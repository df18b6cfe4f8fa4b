"""The published catalogue of a region as a file; a JSON export comes back in as it went out."""

import json
from typing import Any

from tongban.registers.catalogue import regions, selectors, tables
from tongban.registers.catalogue.codes import LIMIT_UNITS
from tongban.registers.catalogue.contracts import CatalogueError
from tongban.registers.catalogue.models import Implementation

FORMATS = ("csv", "xlsx", "json")


def export(region: str, form: str, *, below: bool = False) -> bytes:
    """Published implementations of exactly the region (or, `below`, of everything in it too), by code.

    :raises CatalogueError: another format than csv, xlsx, json
    """
    if form not in FORMATS:
        raise CatalogueError(f"不能导出为“{form}”；可以：{'、'.join(FORMATS)}。")
    rows = list(
        selectors.published(region, below=below)
        .select_related("elements", "matter")
        .order_by("region", "code")
    )
    if form == "json":
        matters = [entry(row) for row in rows]
        text = json.dumps({"region": regions.pad(region), "matters": matters}, ensure_ascii=False, indent=1)
        return text.encode()
    lines = [_line(row) for row in rows]
    return tables.write_csv(lines) if form == "csv" else tables.write_xlsx(lines)


def _place(row: Implementation) -> dict[str, str]:
    return {
        "code": row.code,
        "basic_code": row.matter.code,
        "region": row.region,
        "unit_name": row.unit_name,
        "unit_code": row.unit_code,
        "main_item": row.main_item,
    }


def entry(row: Implementation) -> dict[str, Any]:
    """A published implementation as a file has it."""
    assert row.elements is not None  # published rows have elements
    return {**_place(row), **row.elements.data}


def _line(row: Implementation) -> dict[str, str]:
    assert row.elements is not None  # published rows have elements
    data = row.elements.data
    return {
        **_place(row),
        **{name: str(data[name]) for name in ("name", "plain_name", "kind", "case_kind", "depth")},
        **{name: "、".join(data[name]) for name in ("applicants", "channels", "keywords", "topics")},
        "visits": "" if data["visits"] is None else str(data["visits"]),
        **{name: _limit(data[name]) for name in ("legal_limit", "promised_limit")},
    }


def _limit(limit: dict[str, Any] | None) -> str:
    return f"{limit['amount']}{LIMIT_UNITS[limit['unit']]}" if limit else ""
