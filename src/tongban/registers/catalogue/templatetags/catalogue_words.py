"""A matter and its parts in the reader's language."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tongban.registers.catalogue import english
from tongban.registers.catalogue.contracts import LegalBasis
from tongban.registers.catalogue.web import words
from tongban.web.formats import english as reads_english

register = template.Library()
register.filter("pack_said", english.said)
register.filter("matter_title", words.title)
register.filter("hit_title", words.hit_title)
register.filter("who", words.who)
register.filter("result_said", words.result)


@register.filter
def pack_list(texts: list[str] | tuple[str, ...]) -> str:
    """``{{ paper.form|pack_list }}`` several words of the packs in one line."""
    return words.listed(texts)


@register.filter
def law(basis: LegalBasis) -> SafeString:
    """A legal basis: the law by its title, the article and what it says; in English the title of record follows."""
    if not reads_english():
        said = f"：{basis.says}" if basis.says else ""
        return format_html("《{}》{}{}", basis.law, basis.article, said)
    says = f": {english.said(basis.says)}" if basis.says else ""
    record = format_html('<span lang="zh-Hans">《{}》</span>', basis.law)
    known = english.of(basis.law)
    title = format_html("{} {}", known, record) if known else record
    return (
        format_html("{}, {}{}", title, english.article(basis.article), says)
        if basis.article
        else format_html("{}{}", title, says)
    )
