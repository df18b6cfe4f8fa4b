"""Answers in the two forms of the specification, JSON and XML."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponse

from tongban.faces.open311.contracts import Item, Refused

TYPES: Final = {"json": "application/json; charset=utf-8", "xml": "application/xml; charset=utf-8"}
# What XML 1.0 has no way to write.
_UNWRITABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ONE_OF: Final = {
    "services": "service", "service_requests": "request", "errors": "error", "attributes": "attribute", "values": "value",
    "endpoints": "endpoint", "formats": "format",
}  # fmt: skip


def form_of(request: HttpRequest, suffix: str) -> str:
    """``json`` or ``xml``: as the address ends, else as `Accept` prefers, else JSON."""
    if suffix in TYPES:
        return suffix
    preferred = request.get_preferred_type(["application/json", "application/xml", "text/xml"])
    return "xml" if preferred in {"application/xml", "text/xml"} else "json"


def answer(told: Any, *, root: str, form: str, status: int = 200) -> HttpResponse:
    """An answer. :param root: name of the outermost element in XML; a list's items are named after it"""
    if form == "xml":
        body = f'<?xml version="1.0" encoding="utf-8"?>\n{_element(root, told)}'
    else:
        body = json.dumps(told, ensure_ascii=False)
    return HttpResponse(body, content_type=TYPES[form], status=status)


def refusal(error: Refused, *, form: str) -> HttpResponse:
    """An error as the specification has it: a list of code and description."""
    said: list[Item] = [{"code": error.code, "description": error.description}]
    response = answer(said, root="errors", form=form, status=error.code)
    response["Cache-Control"] = "no-store"
    for name, value in error.headers.items():
        response[name] = value
    return response


def _element(name: str, value: Any) -> str:
    if value is None or value == "":
        return f"<{name}/>"
    return f"<{name}>{_inside(name, value)}</{name}>"


def _inside(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return "".join(_element(key, one) for key, one in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "".join(_element(_ONE_OF[name], one) for one in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(_UNWRITABLE.sub("", str(value)))
