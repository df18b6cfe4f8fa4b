"""`/api/v1/partners/…`: packages and news of places outside the city. Who sends is told by the signature alone."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, File, Form, Header, Query, Router, Schema
from ninja.files import UploadedFile

from tongban.desks.cases.partners import checking, hearing, receiving
from tongban.desks.cases.partners.contracts import LetterRefused, Received
from tongban.kernel.web.rest import Key
from tongban.registers.catalogue import api as catalogue
from tongban.web.problems import Refusal, explain

router = Router(tags=["partners"])
MOST_STATEMENT = 1024 * 1024
MOST_FILES = 60
PAGE = 100

explain(
    LetterRefused,
    lambda error: Refusal(error.status, f"letter_{error.code}", error.reason, possible=error.possible),
)

Statement = Annotated[str, Form(description="signed statement as JSON, at most 1 MB")]
Files = Annotated[list[UploadedFile] | None, File(description="every file of the manifest, in any order")]
OwnKey = Annotated[
    Key | None, Header(alias="Idempotency-Key", description="not needed: the letter's id is its key")
]


class ReceivedOut(Schema):
    """The receipt. The same letter again gets the same one."""

    number: str = Field(description="our number of the case")
    replayed: bool = Field(description="it had been taken before; nothing was done again")
    promised_on: date | None


class MatterOut(Schema):
    """One matter of the list; `code` is that of the national basic catalogue."""

    code: str
    name: str


class MatterList(Schema):
    items: list[MatterOut]
    after: str = Field(description="ask for the next page with it; empty on the last one")


def _statement(text: str) -> dict[str, Any]:
    """:raises LetterRefused: cut off, too long, a name twice, or no JSON"""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            raise ValueError("a name stands twice")
        return made

    if len(text) > MOST_STATEMENT or "\x00" in text or "\\u0000" in text:
        raise checking.unreadable()
    try:
        found = json.loads(text, object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise checking.unreadable() from error
    if not isinstance(found, dict):
        raise checking.unreadable()
    return found


def _contents(files: list[UploadedFile] | None) -> dict[str, bytes]:
    """:raises LetterRefused: more or larger than is taken"""
    given = files or []
    if len(given) > MOST_FILES or any((one.size or 0) > settings.UPLOAD_MAX_BYTES for one in given):
        raise checking.unreadable()
    return {str(place): one.read() for place, one in enumerate(given)}


def _out(receipt: Received) -> dict[str, Any]:
    return {"number": receipt.number, "replayed": receipt.replayed, "promised_on": receipt.promised_on}


@router.post(
    "/partners/packages",
    response=ReceivedOut,
    auth=None,
    summary="外地代收的件移交本市 · hand a case over to this city",
)
def package(
    request: HttpRequest, statement: Statement, files: Files = None, key: OwnKey = None
) -> dict[str, Any]:
    """A signed package becomes an application, wholly or not at all. No token: the signature says who sends."""
    del request, key
    return _out(receiving.receive(_statement(statement), _contents(files), at=timezone.now()))


@router.post(
    "/partners/news",
    response=ReceivedOut,
    auth=None,
    summary="办理进展和结果 · progress and result of a package",
)
def news(
    request: HttpRequest, statement: Statement, files: Files = None, key: OwnKey = None
) -> dict[str, Any]:
    """Acknowledged, progress, a question and its answer, returned with a reason, result; or: the applicant withdraws."""
    del request, key
    return _out(hearing.hear(_statement(statement), _contents(files), at=timezone.now()))


@router.get(
    "/partners/matters",
    response=MatterList,
    auth=None,
    summary="跨域通办清单 · what may be received elsewhere",
)
def matters(
    request: HttpRequest, scope: Literal["cross_province", "cross_city"] = "cross_province",
    after: Annotated[str, Query(max_length=40)] = "",
) -> dict[str, Any]:  # fmt: skip
    """The matters of this city that a window elsewhere may receive: in another province, or another city of ours."""
    del request
    found = catalogue.on_list(scope, settings.ROOT_REGION, top=PAGE, after=after)
    return {
        "items": [{"code": one.code, "name": one.name} for one in found],
        "after": found[-1].code if len(found) == PAGE else "",
    }
