"""Who and where in the admin: read-only, personal data masked. Changes go through services, which date and record them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tongban.actors.models import (
    Acting,
    Appointment,
    Delegation,
    Officer,
    Organisation,
    Person,
    Region,
    Unit,
    UnitName,
)
from tongban.kernel.privacy import EncryptedTextField, mask_id, mask_name, mask_phone
from tongban.web.read_only import ReadOnly


class Masked(ReadOnly):
    """To be looked at. Encrypted columns are left out; a class that shows one shows it masked."""

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        del request, obj
        plain = [
            one.name
            for one in self.model._meta.fields
            if not isinstance(one, EncryptedTextField)
            and not one.name.endswith("_index")
            and one.name != "name"
        ]
        return [*self.masked, *plain] if self.masked else [*self._named(), *plain]

    masked: tuple[str, ...] = ()

    def _named(self) -> list[str]:
        return ["name"] if any(one.name == "name" for one in self.model._meta.fields) else []

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return self.get_fields(request, obj)


@admin.register(Region)
class RegionAdmin(Masked):
    list_display = ("code", "name", "level", "parent", "ended_on")
    list_filter = ("level",)
    search_fields = ("code", "name")


@admin.register(Unit)
class UnitAdmin(Masked):
    list_display = ("id", "name", "region", "department", "ended_on")
    list_filter = ("department",)
    search_fields = ("id", "name")


@admin.register(UnitName)
class UnitNameAdmin(Masked):
    list_display = ("unit", "name", "from_date")


@admin.register(Officer)
class OfficerAdmin(Masked):
    list_display = ("staff_number", "name", "unit", "position", "ended_on")
    search_fields = ("staff_number", "name")


@admin.register(Appointment)
class AppointmentAdmin(Masked):
    list_display = ("officer", "unit", "role", "from_date", "until_date")
    list_filter = ("role",)


@admin.register(Delegation)
class DelegationAdmin(Masked):
    list_display = ("officer", "unit", "from_date", "until_date", "revoked_at", "document")


@admin.register(Person)
class PersonAdmin(Masked):
    list_display = ("__str__", "shown_name", "shown_number", "region", "ended_on")
    masked = ("shown_name", "shown_number", "shown_phone")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        del request, obj
        return [*self.masked, "gender", "region", "ended_on"]

    @admin.display(description=_("姓名"))
    def shown_name(self, row: Person) -> str:
        return mask_name(row.name)

    @admin.display(description=_("身份证号"))
    def shown_number(self, row: Person) -> str:
        return mask_id(row.resident_id)

    @admin.display(description=_("手机号"))
    def shown_phone(self, row: Person) -> str:
        return mask_phone(row.phone)


@admin.register(Organisation)
class OrganisationAdmin(Masked):
    list_display = ("uscc", "name", "type", "region", "ended_on")
    search_fields = ("uscc", "name")


@admin.register(Acting)
class ActingAdmin(Masked):
    list_display = (
        "__str__",
        "person",
        "officer",
        "for_person",
        "for_organisation",
        "tie",
        "basis",
        "until_date",
        "revoked_at",
    )
    list_filter = ("tie", "basis", "awaiting")
