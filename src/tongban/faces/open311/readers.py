"""How often one address may read. Reading needs no key, so that the address is all there is to count by."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tongban.faces.open311.contracts import Refused
from tongban.registers.identity.api import guessed_too_often, note_wrong_guess

MOST: Final = 600
"""Reads of requests in a quarter of an hour from one address, counted for all processes together: many people sit behind one."""
QUARTER_SECONDS: Final = 15 * 60


def count(request: HttpRequest, *, at: datetime) -> None:
    """One more read from this address. :raises Refused: 429 with Retry-After, too many in the last quarter of an hour"""
    subject = f"open311-read:{request.META.get('REMOTE_ADDR', '')}"
    if guessed_too_often(limits={subject: MOST}, at=at):
        raise Refused(
            429,
            _("查得太频繁：每个网络地址15分钟最多%(most)d次。请%(wait)d秒后再试；要大批数据，请用page_size和Link里的下一页。")
            % {"most": MOST, "wait": QUARTER_SECONDS},
            headers={"Retry-After": str(QUARTER_SECONDS)},
        )  # fmt: skip
    note_wrong_guess(what=[subject], at=at)
