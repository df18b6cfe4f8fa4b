"""The door of reports."""

from tongban.oversight.insight.reports.contracts import (
    Cell,
    Chart,
    Note,
    Paragraph,
    Report,
    ReportError,
    Run,
    Table,
)
from tongban.oversight.insight.reports.papers import pdf
from tongban.oversight.insight.reports.proving import Proved, prove
from tongban.oversight.insight.reports.services import FORMS, annual, html, monthly
from tongban.oversight.insight.reports.word import docx
from tongban.oversight.insight.words import missed, target

__all__ = [
    "FORMS",
    "Cell",
    "Chart",
    "Note",
    "Paragraph",
    "Proved",
    "Report",
    "ReportError",
    "Run",
    "Table",
    "annual",
    "docx",
    "html",
    "missed",
    "monthly",
    "pdf",
    "prove",
    "target",
]
