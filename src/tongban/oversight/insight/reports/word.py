"""A report as DOCX: real headings, paragraphs and tables, charts as pictures with their findings beside them."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from tongban.kernel.pdf import render_png
from tongban.oversight.insight.reports.contracts import Cell, Chart, Paragraph, Report, Run, Table
from tongban.oversight.insight.reports.papers import foot

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph as Written

HAN, LATIN = "Microsoft YaHei", "Arial"  # on every office machine; a document does not carry 30 MB of a face
WIDE = 6
PICTURE_CM = 16.0


def docx(report: Report) -> bytes:
    """The report as a document of Word, WPS and LibreOffice, to be worked on further."""
    import docx as word

    document = word.Document()
    _prepare(document, report)
    _say(document, (Run(report.issuer),))
    document.add_heading(report.title, level=0)
    _say(document, (Run(report.issue),))
    _say(document, report.lead.runs)
    for chapter in report.chapters:
        document.add_heading(chapter.title, level=1)
        for part in chapter.parts:
            if isinstance(part, Paragraph):
                _say(document, part.runs)
            elif isinstance(part, Table):
                _table(document, part)
            else:
                _chart(document, part)
    document.add_heading(_("口径和来源"), level=1)
    for note in report.notes:
        _say(document, (Run(f"[{note.number}] {note.text} {settings.SITE_ADDRESS}{note.url}"),), small=True)
    _say(document, (Run(foot(report)),), small=True)
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


def _prepare(document: Document, report: Report) -> None:
    """A4, faces for both scripts, and who wrote what when."""
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2.4)
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Caption"):
        style: Any = document.styles[name]
        style.font.name = LATIN
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), HAN)
        style.font.color.rgb = RGBColor(0x1A, 0x22, 0x30)
    normal: Any = document.styles["Normal"]
    normal.font.size = Pt(11)
    normal.paragraph_format.line_spacing = 1.5
    language = normal.element.get_or_add_rPr()
    told = language.makeelement(qn("w:lang"), {qn("w:val"): "en-GB", qn("w:eastAsia"): "zh-CN"})
    language.append(told)
    about = document.core_properties
    about.title, about.author, about.subject = report.title, report.issuer, report.issue
    about.comments, about.language = "", "zh-CN" if report.lang == "zh" else "en-GB"
    about.created = about.modified = report.at.replace(tzinfo=None)


def _say(document: Document, runs: tuple[Run, ...], *, small: bool = False) -> None:
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    for run in runs:
        written = paragraph.add_run(run.text)
        if small:
            written.font.size = Pt(8.5)
        _mark(paragraph, run.note)


def _mark(paragraph: Written, note: int) -> None:
    if note:
        paragraph.add_run(f"[{note}]").font.superscript = True


def _table(document: Document, part: Table) -> None:
    """A table whose head is repeated on every page that it runs over."""
    from docx.oxml.ns import qn

    document.add_heading(part.title, level=2)
    if not part.rows:
        _say(document, (Run(part.none),))
        return
    table = document.add_table(rows=1, cols=len(part.head), style="Table Grid")
    for place, cell in enumerate(part.head):
        _fill(table.rows[0].cells[place], cell, part, place, bold=True)
    above = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no word for a repeated head
    above.append(above.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))
    for row in part.rows:
        cells = table.add_row().cells
        for place, cell in enumerate(row):
            _fill(cells[place], cell, part, place)
    _say(document, (Run(part.remark),), small=True)


def _fill(found: Any, cell: Cell, part: Table, place: int, *, bold: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt, RGBColor

    paragraph = found.paragraphs[0]
    paragraph.paragraph_format.line_spacing = 1.1
    if place >= part.wide:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    written = paragraph.add_run(cell.text)
    written.bold, written.font.size = bold, Pt(8 if len(part.head) > WIDE else 9)
    if cell.missed:
        told = paragraph.add_run("\n" + _("未达标"))
        told.font.size, told.font.color.rgb = Pt(7.5), RGBColor(0xA6, 0x1B, 0x1B)
    _mark(paragraph, cell.note)


def _chart(document: Document, part: Chart) -> None:
    from docx.shared import Cm

    document.add_heading(part.title, level=2)
    _say(document, (Run(part.finding),))
    if not part.svg:
        return
    shape = document.add_picture(BytesIO(render_png(part.svg)), width=Cm(PICTURE_CM))
    about = shape._inline.docPr  # noqa: SLF001 - python-docx has no word for what a picture shows
    about.set("descr", part.title + _("：") + part.finding)
