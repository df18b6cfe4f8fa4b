"""Reports of a month and of a year, written in the active language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from tongban.oversight.insight.api import Period, Scope
from tongban.oversight.insight.reports.contracts import Report, ReportError
from tongban.oversight.insight.reports.definitions import Definition, definitions
from tongban.oversight.insight.reports.gathering import month_of, year_of
from tongban.oversight.insight.reports.papers import foot, pdf
from tongban.oversight.insight.reports.word import docx
from tongban.oversight.insight.reports.writing import write

EVERYTHING: Final = Scope()


def monthly(
    day: date, *, at: datetime, scope: Scope = EVERYTHING, whose: str = "", region: str = ""
) -> Report:
    """The bulletin of the month of a day.

    :param at: until when facts are told of, as the report says
    :param scope: whose facts are counted; `whose` is what the reader calls them, empty for the whole city
    :param region: the division asked for, for the addresses of the figures
    """
    return _write("monthly", month_of(day), at=at, scope=scope, whose=whose, region=region)


def annual(
    year: int, *, at: datetime, scope: Scope = EVERYTHING, whose: str = "", region: str = ""
) -> Report:
    """The report of a year. Parameters as in `monthly`."""
    return _write("annual", year_of(year), at=at, scope=scope, whose=whose, region=region)


def kind(name: str) -> Definition:
    """A kind of report. :raises ReportError: there is none; says which there are"""
    found = definitions().get(name)
    if found is None:
        raise ReportError(
            _("没有报告%(name)s，有：%(known)s。") % {"name": name, "known": "、".join(definitions())}
        )
    return found


def html(report: Report) -> str:
    """The report as one file that any browser opens and prints, with its style inside."""
    found = finders.find("reports/report.css")
    style = Path(str(found)).read_text(encoding="utf-8") if found else ""
    context = {"report": report, "style": style, "foot": foot(report), "base": settings.SITE_ADDRESS}
    return render_to_string("reports/file.html", context)


FORMS: Final[Mapping[str, Callable[[Report], bytes]]] = {
    "html": lambda report: html(report).encode(),
    "pdf": pdf,
    "docx": docx,
}
"""What a report can be written as."""


def _write(name: str, period: Period, *, at: datetime, scope: Scope, whose: str, region: str) -> Report:
    return write(kind(name), period=period, scope=scope, at=at, whose=whose, region=region)
