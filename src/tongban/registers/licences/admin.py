"""Licences to look at, never to change: what is decided of them goes through the desks."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from tongban.registers.licences import models
from tongban.registers.licences.contents import holder_index, number_index
from tongban.web.read_only import ReadOnly


@admin.register(models.Licence)
class LicenceAdmin(ReadOnly):
    """Found by the printed number, the holder's number or the identifier, each whole: what is on a licence lies
    encrypted and is not shown here.
    """

    list_display = ("identifier", "kind", "unit", "issued_on", "valid_until", "state", "version")
    list_filter = ("state", "kind")
    fields = (
        "identifier", "kind", "unit", "region", "holder", "issued_on", "valid_from", "valid_until", "state", "version",
        "docket", "replaced_by", "source", "changed_at",
    )  # fmt: skip
    search_fields = ("identifier",)
    search_help_text = "证照编号、持有人证件号码或电子证照标识，写全"
    show_full_result_count = False
    ordering = ("-id",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Whole numbers only, over their indexes."""
        del request
        if not (term := search_term.strip()):
            return queryset, False
        base = ".".join(term.split(".")[6:9])
        return queryset.filter(
            Q(number_index=number_index(term)) | Q(holder_index=holder_index(term)) | Q(base=base)
        ), False


@admin.register(models.ImportRun)
class ImportRunAdmin(ReadOnly):
    list_display = ("name", "kind", "unit", "done", "taken", "known", "rejected", "started_at", "ended_at")
    ordering = ("-id",)
