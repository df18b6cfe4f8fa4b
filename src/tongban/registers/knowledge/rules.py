"""What an entry must be. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from tongban.registers.knowledge.contracts import KEPT

if TYPE_CHECKING:
    from tongban.registers.knowledge.models import Version
    from tongban.registers.knowledge.services import Said

QUESTION, ANSWER, SHORT, LINE, MANY = 200, 5_000, 1_000, 100, 40
_KEY = re.compile(r"[a-z][a-z0-9-]{2,59}")
_PAGES = frozenset({"ask", "asked", "new"})
_PLACE = re.compile(r"[0-9０-９\W_]+")
# A mobile number or a resident id has no place in what everybody reads; service numbers (12345, 0715-…) have.
_PERSONAL = re.compile(r"(?<!\d)(1[3-9]\d{9}|[1-9]\d{5}(?:18|19|20)\d{9}[\dXx])(?!\d)")


def is_key(key: str) -> bool:
    """Whether an entry written here may have the key."""
    return _KEY.fullmatch(key) is not None and key[:2] not in KEPT and key not in _PAGES


def faults(said: Said) -> list[str]:
    """Everything wrong with what a version is to say, as sentences."""
    found = []
    if not 4 <= len(said.question) <= QUESTION:
        found.append(_("问题写4到%d个字。") % QUESTION)
    if not 8 <= len(said.answer) <= ANSWER:
        found.append(_("答案写8到%d个字。") % ANSWER)
    if len(said.question_en) > QUESTION or len(said.short_en) > SHORT:
        found.append(_("英文太长。"))
    if (
        any(len(one) > LINE for one in (*said.ways, *said.keywords))
        or len(said.ways) + len(said.keywords) > 2 * MANY
    ):
        found.append(
            _("别的问法和关键词，每条最多%(long)d个字，一共最多%(many)d条。")
            % {"long": LINE, "many": 2 * MANY}
        )
    if any(not one.get("law") for one in said.laws):
        found.append(_("依据要写明是哪部法。"))
    if said.valid_until is not None and said.valid_until < said.as_of:
        found.append(_("有效期止不能早于核对日期。"))
    if _PERSONAL.search(f"{said.question}{said.answer}{said.question_en}{said.short_en}"):
        found.append(_("里面有手机号或身份证号，请去掉。"))
    return found


def review_day(version: Version, *, after: timedelta) -> date:
    """When an entry is to be looked at again: a year after it was checked, and a month before it ends."""
    day: date = version.as_of + after
    return min(day, version.valid_until - timedelta(days=30)) if version.valid_until else day


def digest(version: Version) -> str:
    """SHA-256 of what a version says, in hex: the ledger can show that it is unchanged."""
    said: dict[str, Any] = {
        name: getattr(version, name)
        for name in ("question", "answer", "question_en", "short_en", "ways", "keywords", "laws", "matters")
    }
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def sign(question: str) -> str:
    """What two askings of the same question have in common."""
    bare = _PLACE.sub("", question).lower()
    return hashlib.sha256(bare.encode()).hexdigest()
