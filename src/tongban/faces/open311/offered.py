"""Which services there are: `packs/hotline/services.yaml`, categories of the hotline under codes that stay."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ruamel.yaml import YAML

from tongban.faces.open311.contracts import Attribute, Item, Refused, Service, Words

DATATYPES: Final = frozenset({"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"})
PUBLISH: Final = "publish"
"""The attribute by which somebody allows that what they tell is published."""


@cache
def services() -> Mapping[str, Service]:
    """Every service by its code, in the order of the file."""
    told = YAML(typ="safe").load(settings.PACKS / "hotline" / "services.yaml")
    always = tuple(_attribute(one) for one in told["always"])
    return {one["code"]: _service(one, told["groups"], always) for one in told["services"]}


def service(code: str) -> Service:
    """One service. :raises Refused: 404, there is none of that code"""
    found = services().get(code)
    if found is None:
        raise Refused(404, _("没有这个服务代码。可以用的见 services。"))
    return found


def in_words(words: Words) -> str:
    """In the reader's language."""
    return words[1] if (get_language() or "").startswith("en") else words[0]


def listed() -> list[Item]:
    """The services as the specification lists them. Each has attributes: whether one allows publishing is asked by all."""
    return [
        {
            "service_code": one.code, "service_name": in_words(one.name), "description": in_words(one.about),
            "metadata": True, "type": "realtime", "keywords": ",".join(one.keywords), "group": in_words(one.group),
        }
        for one in services().values()
    ]  # fmt: skip


def definition(code: str) -> Item:
    """What a service asks for. :raises Refused: 404"""
    asked = [
        {
            "variable": True, "code": one.code, "datatype": one.datatype, "required": one.required, "order": order,
            "datatype_description": in_words(one.about), "description": in_words(one.ask),
            **(
                {"values": [{"key": key, "name": in_words(words)} for key, words in one.values.items()]}
                if one.values else {}
            ),
        }
        for order, one in enumerate(service(code).attributes, 1)
    ]  # fmt: skip
    return {"service_code": code, "attributes": asked}


def _service(told: Mapping[str, Any], groups: Mapping[str, Any], always: tuple[Attribute, ...]) -> Service:
    own = tuple(_attribute(one) for one in told.get("attributes", ()))
    return Service(
        code=told["code"], name=_words(told["name"]), group=_words(groups[told["group"]]), category=told["category"],
        kind=told["kind"], about=_words(told["about"]), keywords=tuple(told["keywords"]), attributes=(*own, *always),
    )  # fmt: skip


FORMATS: Final[Mapping[str, Words]] = {
    "datetime": (
        "日期时间，如2026-12-01T09:00:00+08:00",
        "A date and time such as 2026-12-01T09:00:00+08:00",
    ),
    "number": ("数字", "A number"),
    "singlevaluelist": ("选一项，给出它的键", "One of the values: its key"),
    "multivaluelist": ("可以选几项，给出它们的键", "Any of the values: their keys"),
}


def _attribute(told: Mapping[str, Any]) -> Attribute:
    datatype = told["datatype"]
    if datatype not in DATATYPES:
        raise ValueError(f"services.yaml: {told['code']} has the datatype {datatype}")
    return Attribute(
        code=told["code"], ask=_words(told["ask"]), datatype=datatype, required=told.get("required", False),
        about=FORMATS.get(datatype, ("文字", "Text")),
        values={key: _words(words) for key, words in told.get("values", {}).items()},
    )  # fmt: skip


def _words(told: Any) -> Words:
    chinese, english = told
    return str(chinese), str(english)
