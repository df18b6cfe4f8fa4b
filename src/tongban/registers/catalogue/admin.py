"""Reference data for repair. What versions said is shown, never changed."""

from django.contrib import admin

from tongban.registers.catalogue import models
from tongban.web.read_only import ReadOnly


@admin.register(models.DataElement)
class DataElementAdmin(ReadOnly):
    list_display = ("key", "name", "type", "group", "personal")
    list_filter = ("type", "personal")
    search_fields = ("key", "name")


@admin.register(models.MaterialKind)
class MaterialKindAdmin(ReadOnly):
    list_display = ("key", "name", "source", "issuer", "licence_kind")
    list_filter = ("source",)
    search_fields = ("key", "name")


@admin.register(models.Matter)
class MatterAdmin(ReadOnly):
    list_display = ("code", "name", "kind", "generated")
    list_filter = ("kind", "generated")
    search_fields = ("code", "name")


@admin.register(models.Implementation)
class ImplementationAdmin(ReadOnly):
    list_display = ("code", "region", "unit_name", "status", "version")
    list_filter = ("status", "level", "partner", "generated")
    search_fields = ("code", "public_code", "unit_name")


@admin.register(models.CatalogueVersion)
class CatalogueVersionAdmin(ReadOnly):
    list_display = ("id", "region", "act", "actor", "at", "count", "note")
    list_filter = ("act",)
