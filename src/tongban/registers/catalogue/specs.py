"""From canonical elements to the frozen values that cross the door. Pure."""

from collections.abc import Mapping
from typing import Any

from tongban.registers.catalogue import instant, regulated
from tongban.registers.catalogue.contracts import (
    ElementSpec,
    Faq,
    Fee,
    HandlingItem,
    LegalBasis,
    LimitSpec,
    Lists,
    MaterialSpec,
    MatterSpec,
    Result,
    Situation,
    Step,
)

TUPLES = ("levels", "applicants", "channels", "conditions", "procedures", "mistakes", "topics", "keywords")
PLAIN = ("name", "kind", "plain_name", "name_en", "case_kind", "depth", "visits")


def element_spec(
    key: str, data: Mapping[str, Any], *, required: bool = True, when: tuple[str, ...] = ()
) -> ElementSpec:
    """A data element from its pack entry."""
    return ElementSpec(
        key=key,
        name=data["name"],
        type=data["type"],
        name_en=data.get("name_en", ""),
        choices=tuple(data.get("choices", ())),
        group=data.get("group", ""),
        max=data.get("max"),
        choices_en=tuple(data.get("choices_en", ())),
        help=data.get("help", ""),
        help_en=data.get("help_en", ""),
        example=data.get("example", ""),
        personal=bool(data.get("personal")),
        required=required,
        when=when,
    )


def material_spec(key: str, data: Mapping[str, Any], use: Mapping[str, Any] | None = None) -> MaterialSpec:
    """A paper from its pack entry and, where a matter lists it, how that matter uses it."""
    use = use or {}
    return MaterialSpec(
        key=key,
        name=data["name"],
        name_en=data.get("name_en", ""),
        necessity=use.get("necessity", "1"),
        form=tuple(data.get("form", ())),
        source=data.get("source", "10"),
        issuer=data.get("issuer", ""),
        licence_kind=data.get("licence_kind", ""),
        sample=data.get("sample", ""),
        mistakes=tuple(data.get("mistakes", ())),
        help=data.get("help", ""),
        commitment=bool(use.get("commitment")),
        when=tuple(use.get("when", ())),
    )


def _limit(data: Mapping[str, Any] | None) -> LimitSpec | None:
    return LimitSpec(**data) if data else None


def _lists(data: Mapping[str, Any]) -> Lists:
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in data.items()
    }
    return Lists(**values)


def matter_spec(
    *,
    data: Mapping[str, Any],
    place: Mapping[str, Any],
    elements: Mapping[str, Mapping[str, Any]],
    materials: Mapping[str, Mapping[str, Any]],
) -> MatterSpec:
    """One matter in one region.

    :param data: canonical elements
    :param place: code, implementation_code, region, unit, unit_name, department, main_item, partner, version
    :param elements: pack entries of data elements by key
    :param materials: pack entries of papers by key
    """
    said: dict[str, Any] = {name: data[name] for name in PLAIN}
    said |= {name: tuple(data[name]) for name in TUPLES}
    return MatterSpec(
        **place,
        **said,
        legal_basis=tuple(LegalBasis(**item) for item in data["legal_basis"]),
        legal_limit=_limit(data["legal_limit"]),
        promised_limit=_limit(data["promised_limit"]),
        fees=tuple(Fee(**item) for item in data["fees"]),
        results=tuple(Result(**item) for item in data["results"]),
        steps=tuple(Step(**item) for item in data["steps"]),
        elements=tuple(
            element_spec(
                use["key"],
                elements[use["key"]],
                required=use["required"],
                when=tuple(use.get("when", ())),
            )
            for use in data["elements"]
        ),
        materials=tuple(material_spec(use["key"], materials[use["key"]], use) for use in data["materials"]),
        situations=tuple(Situation(**item) for item in data["situations"]),
        handling_items=tuple(
            HandlingItem(item["code"], item["name"], tuple(item["situations"]))
            for item in data["handling_items"]
        ),
        faq=tuple(Faq(**item) for item in data["faq"]),
        lists=_lists(data["lists"]),
        instant=instant.spec_of(data["instant"], elements) if data.get("instant") else None,
        regulated=regulated.spec_of(data["regulated"]) if data.get("regulated") else None,
        has_guide=bool(data["conditions"] or data["materials"] or data["steps"]),
    )
