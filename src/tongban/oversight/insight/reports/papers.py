"""A report on paper: the words and pictures of its PDF."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from tongban.kernel.pdf import render_pdf
from tongban.oversight.insight.reports.contracts import Cell, Chart, Paragraph, Part, Report, Run
from tongban.web import formats


def pdf(report: Report) -> bytes:
    """The report as PDF/A, A4; the same report gives the same bytes."""
    return render_pdf("report", data(report), at=report.at)


def foot(report: Report) -> str:
    """What stands at the foot of every page."""
    return _("数据截至%s；口径和来源见文末") % formats.long_date(report.at)


def data(report: Report) -> dict[str, Any]:
    """What the template takes: words, numbers of notes, and pictures."""
    return {
        "lang": report.lang, "title": report.title, "issuer": report.issuer, "issue": report.issue, "foot": foot(report),
        "missed": _("未达标"), "stop": _("。"), "lead": [_run(run) for run in report.lead.runs],
        "chapters": [
            {"title": one.title, "parts": [_part(part) for part in one.parts]} for one in report.chapters
        ],
        "notes": {
            "title": _("口径和来源"),
            "rows": [
                {"number": note.number, "text": note.text, "url": f"{settings.SITE_ADDRESS}{note.url}"} for note in report.notes
            ],
        },
    }  # fmt: skip


def _part(part: Part) -> dict[str, Any]:
    if isinstance(part, Paragraph):
        return {"kind": "text", "runs": [_run(run) for run in part.runs]}
    if isinstance(part, Chart):
        return {"kind": "chart", "title": part.title, "finding": part.finding, "svg": part.svg}
    return {
        "kind": "table", "title": part.title, "head": [_cell(cell) for cell in part.head], "none": part.none,
        "rows": [[_cell(cell) for cell in row] for row in part.rows], "remark": part.remark, "wide": part.wide,
        "even": not part.placed,
    }  # fmt: skip


def _run(run: Run) -> dict[str, Any]:
    return {"text": run.text, "note": run.note}


def _cell(cell: Cell) -> dict[str, Any]:
    return {"text": cell.text, "note": cell.note, "missed": cell.missed}
