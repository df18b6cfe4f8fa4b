"""Problem details (RFC 9457): the one shape of every refusal of the API.

A REST door raises what its context raises; `explain` says once, beside the door, how an error of that
context reads. `config.api` puts every explained error through `Refusal`, in the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel, Field

MEDIA_TYPE = "application/problem+json"
NAMESPACE = "urn:tongban:"

TITLES = {
    400: gettext_lazy("请求写得不对"),
    401: gettext_lazy("需要登录"),
    403: gettext_lazy("没有权限"),
    404: gettext_lazy("没有找到"),
    405: gettext_lazy("这里不能这样做"),
    409: gettext_lazy("和现在的情况冲突"),
    413: gettext_lazy("内容太大"),
    415: gettext_lazy("不认识这种格式"),
    422: gettext_lazy("内容有要改的地方"),
    429: gettext_lazy("问得太频繁"),
    500: gettext_lazy("系统出错了"),
    503: gettext_lazy("暂时办不了"),
}


class OpenMoveWords(BaseModel):
    """A move that is open instead of the refused one."""

    name: str
    label: str


class Problem(BaseModel):
    """Problem details (RFC 9457): what is wrong, what is possible, which field."""

    type: str = Field(description="urn:tongban:CODE, stable for programs")
    title: str
    status: int
    detail: str
    possible: list[str] = Field(default=[], description="What would be taken, or what to do")
    fields: dict[str, str] = Field(default={}, description="Words by field; materials as material:KEY")
    open_moves: list[OpenMoveWords] = Field(default=[], description="Moves open to the caller now")
    changes: dict[str, Any] = Field(default={}, description="A conflict: who changed what since")
    question: str = Field("", description="A plan: the question it is about")


class Refusal(Exception):  # noqa: N818 - an answer to the caller, not a fault
    """An error as the caller reads it. `code` becomes the type; `headers` go with the answer (Retry-After),
    `more` are further members of the problem.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        possible: Sequence[str] | str = (),
        fields: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.possible = [possible] if isinstance(possible, str) and possible else list(possible)
        self.fields, self.headers, self.more = fields or {}, headers or {}, more

    def problem(self) -> Problem:
        """The body of the answer."""
        return Problem(
            type=NAMESPACE + self.code, title=str(TITLES.get(self.status, "")), status=self.status,
            detail=self.detail, possible=self.possible, fields=self.fields, **self.more,
        )  # fmt: skip


def answer(refusal: Refusal) -> JsonResponse:
    """The refusal as a response; nothing of it is cached."""
    body = refusal.problem().model_dump(mode="json")
    response = JsonResponse(
        body,
        status=refusal.status,
        content_type=MEDIA_TYPE,
        json_dumps_params={"ensure_ascii": False},
        headers={"Cache-Control": "no-store", **refusal.headers},
    )
    if refusal.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


Error = TypeVar("Error", bound=Exception)
EXPLAINED: dict[type[Exception], Callable[[Any], Refusal]] = {}


def explain(kind: type[Error], words: Callable[[Error], Refusal]) -> None:
    """Say how an error of a context reads; called where its REST door is declared."""
    EXPLAINED[kind] = words


def not_found(request: HttpRequest, rest: str = "") -> JsonResponse:  # noqa: ARG001 - a view of any path
    """The view of every address of the API that does not exist."""
    return answer(
        Refusal(404, "no_route", _("接口没有这个地址。"), possible=_("地址见 /api/v1/openapi.json。"))
    )


not_found.access = "everyone"  # type: ignore[attr-defined]  # the mark that the route test reads


def invalid(errors: Sequence[dict[str, Any]]) -> Refusal:
    """Pydantic's errors of a request as one refusal with words for every field."""
    missing_key = any(
        item["type"] == "missing" and _place(item).lower() == "idempotency-key" for item in errors
    )
    if missing_key:
        return Refusal(
            400,
            "key_missing",
            _("请求头里缺Idempotency-Key。"),
            possible=_("给每次提交起一个新键（如UUID），重试时用同一个键。"),
        )
    fields: dict[str, str] = {}
    for item in errors:
        fields.setdefault(_place(item) or "__all__", field_words(item))
    return Refusal(422, "invalid", _("有%d处需要改。") % len(fields), fields=fields)


def _place(item: dict[str, Any]) -> str:
    """Where an error is, without ninja's source and the name of the parameter that takes the body."""
    loc = [str(part) for part in item["loc"]]
    if loc and loc[0] in {"query", "path", "header", "body", "form", "file"}:
        loc = loc[2:] if loc[0] == "body" and len(loc) > 1 else loc[1:]
    return ".".join(loc)[:120]


def field_words(item: dict[str, Any]) -> str:
    """What is wrong with one field, and what would be right."""
    kind, ctx = item["type"], item.get("ctx") or {}
    bound = next(iter(ctx.values()), "")
    sayings: tuple[tuple[tuple[str, ...], str], ...] = (
        (("missing",), _("必须给出。")),
        (("extra_forbidden",), _("这里没有这一项。")),
        (("enum", "literal_error"), _("只能是：%s。")),
        (("string_too_long", "too_long"), _("太长了。")),
        (("string_too_short", "too_short"), _("太短了。")),
        (("string_pattern",), _("格式不对，应符合：%s。")),
        (("string",), _("要是一段文字。")),
        (("bool",), _("要是true或false。")),
        (("int", "float", "decimal", "finite"), _("要是数字。")),
        (("greater_than",), _("太小了，至少%s。")),
        (("less_than",), _("太大了，至多%s。")),
        (("date", "datetime", "timezone"), _("要是日期时间，如2026-12-01T09:00:00+08:00。")),
        (("list", "tuple", "set"), _("要是一个列表。")),
        (("dict", "model", "mapping"), _("要是一个对象。")),
    )
    words = next((text for starts, text in sayings if kind.startswith(starts)), _("填得不对。"))
    return words % bound if "%s" in words else words
