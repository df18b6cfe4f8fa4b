"""The API: /api/v1, OpenAPI 3.1 at /api/v1/openapi.json, every error as problem details.

Contexts bring routers (`rest.py`) and say how their own errors read (`web.problems.explain`). What is
common to all of them is here: parsing, authentication failures, addresses and methods that do not exist.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NoReturn

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.urls import URLPattern, URLResolver, path
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser

from tongban import __version__
from tongban.kernel.web.rest import dockets
from tongban.kernel.web.rest_files import files
from tongban.registers.identity.rest_auth import signed_in
from tongban.web import problems
from tongban.web.problems import Problem, Refusal

logger = logging.getLogger("tongban.config.api")
PREFIX = "/api/v1/"
ROUTERS = (
    "tongban.registers.catalogue.rest",
    "tongban.registers.licences.showing.rest",
    "tongban.registers.payments.rest",
    "tongban.registers.portraits.rest",
    "tongban.desks.themes.rest",
    "tongban.desks.themes.rest_applications",
    "tongban.desks.cases.rest",
    "tongban.desks.hotline.telephony.rest",
    "tongban.desks.hotline.rest",
    "tongban.desks.cases.partners.rest",
    "tongban.desks.policies.rest",
    "tongban.desks.policies.matching.rest",
    "tongban.desks.policies.claims.rest",
    "tongban.desks.bundles.rest",
    "tongban.oversight.appraisal.rest",
    "tongban.oversight.supervision.rest",
    "tongban.oversight.insight.exports.rest",
)


_UNKEEPABLE = re.compile(r"[\x00\ud800-\udfff]")


class StrictParser(Parser):
    """JSON as RFC 8259 has it: UTF-8, no NaN; and no character that a database cannot keep."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        if request.content_type != "application/json":
            raise Refusal(415, "not_json", _("请求体要是JSON。"), possible="Content-Type: application/json")
        parsed: dict[str, Any] = json.loads(request.body.decode("utf-8"), parse_constant=_no_constant)
        _refuse_unkeepable(parsed)
        return parsed

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        found: dict[str, Any] = super().parse_querydict(data, list_fields, request)
        _refuse_unkeepable(found)
        return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _refuse_unkeepable(value: Any) -> None:
    """:raises Refusal: 400 for NUL and lone surrogates anywhere in the value"""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting += [*item.keys(), *item.values()]
        elif isinstance(item, list):
            waiting += item
        elif isinstance(item, str) and _UNKEEPABLE.search(item):
            raise Refusal(400, "bad_text", _("内容里有不能保存的字符。"), possible=_("去掉不可见字符再试。"))


class Api(NinjaAPI):
    """ninja's API with short operation names and problem details as the answer to every error."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Method and path: ``post_dockets_number_moves_move``."""
        words = [word.strip("{}") for word in operation.path.split("/") if word]
        return "_".join([operation.methods[0].lower(), *words])

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The OpenAPI 3.1 document."""
        made = super().get_openapi_schema(path_prefix=path_prefix or PREFIX, path_params=path_params)
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        made["components"]["schemas"].update(problem.pop("$defs", {}))
        made["components"]["schemas"]["Problem"] = problem
        content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        made["components"]["responses"] = {"Refused": {"description": "Refused", "content": content}}
        for operations in made["paths"].values():
            for operation in operations.values():
                told = {str(status): answer for status, answer in operation["responses"].items()}
                operation["responses"] = {**told, "4XX": {"$ref": "#/components/responses/Refused"}}
        return made


api = Api(
    title="通办 Tongban",
    version=__version__,
    description="政务服务一体化平台的接口。每个写操作带 Idempotency-Key；错误一律为 application/problem+json。",
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
    parser=StrictParser(),
)
api.add_router("", dockets(auth=signed_in))
api.add_router("", files(auth=signed_in))
for name in ROUTERS:
    if find_spec(name):
        api.add_router("", import_module(name).router)


# Errors ------------------------------------------------------------------------------------


def _explained(words: Callable[[Any], Refusal]) -> Callable[[HttpRequest, Any], HttpResponse]:
    return lambda _request, error: problems.answer(words(error))


def _http_error(error: HttpError) -> Refusal:
    if isinstance(error.__cause__, Refusal):  # ninja wraps what the parser raises
        return error.__cause__
    return Refusal(
        error.status_code, "bad_request", _("请求体不是正确的JSON。"), possible=_("检查引号、逗号和编码。")
    )


def _unauthenticated(_error: AuthenticationError) -> Refusal:
    return Refusal(
        401,
        "not_signed_in",
        _("令牌缺失、失效或不对。"),
        possible=_("用 Authorization: Bearer 加令牌；令牌在“我的账户”里开设。"),
    )


def _failed(_request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    # Database errors quote values: the log gets the kind and the place only.
    places = [
        f"{frame.f_code.co_filename}:{line}"
        for frame, line in traceback.walk_tb(getattr(error, "__traceback__", None))
    ]
    logger.error("api failed with %s at %s", type(error).__name__, " < ".join(reversed(places)))
    return problems.answer(Refusal(500, "failed", _("没办成，什么都没有改。请稍后用同一个键重试。")))


for kind, words in problems.EXPLAINED.items():
    api.add_exception_handler(kind, _explained(words))
api.add_exception_handler(Refusal, _explained(lambda error: error))
api.add_exception_handler(ValidationError, _explained(lambda error: problems.invalid(error.errors)))
api.add_exception_handler(HttpError, _explained(_http_error))
api.add_exception_handler(AuthenticationError, _explained(_unauthenticated))
api.add_exception_handler(Http404, _explained(lambda _error: Refusal(404, "not_found", _("没有找到。"))))
api.add_exception_handler(
    RequestDataTooBig, _explained(lambda _error: Refusal(413, "too_big", _("内容太大，至多4 MB。")))
)
for broken in (SuspiciousOperation, MultiPartParserError, UnreadablePostError):
    api.add_exception_handler(
        broken, _explained(lambda _error: Refusal(400, "bad_request", _("请求没有收完整或写得不对。")))
    )
api.add_exception_handler(Exception, _failed)


# Addresses ---------------------------------------------------------------------------------


def _speaking(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view, with problem details where ninja answers a wrong method in plain words."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponseNotAllowed):
            told = problems.answer(
                Refusal(
                    405, "no_method", _("这个地址不接受%s。") % request.method, possible=response["Allow"]
                )
            )
            told["Allow"] = response["Allow"]
            return told
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return wrapped


def patterns() -> list[URLPattern | URLResolver]:
    """The addresses below /api/v1/, the last of them for all that do not exist."""
    made: list[URLPattern | URLResolver] = [
        URLPattern(one.pattern, _speaking(one.callback), one.default_args, one.name)
        for one in api.urls[0]
        if isinstance(one, URLPattern) and one.name != "api-root"
    ]
    return [*made, path("<path:rest>", problems.not_found), path("", problems.not_found)]
