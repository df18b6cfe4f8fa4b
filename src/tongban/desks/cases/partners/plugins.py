"""How a partner is reached: plugins named in the partner's own row.

A place that runs this platform, or speaks its API, is reached by `Http`. A city with a provincial exchange in between
writes a class with `send` and `collect` (see `contracts.PartnerPlugin`) and names it: ``plugin: province.bus.Partner``.
"""

from __future__ import annotations

import json
import logging
import urllib.error
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLateError
from datetime import datetime
from functools import cache
from time import sleep
from typing import Any

from django.utils.module_loading import import_string

from tongban.desks.cases.partners.contracts import (
    PACKAGE,
    Letter,
    PartnerDownError,
    PartnerInfo,
    PartnerPlugin,
    PartnerRefusedError,
    Taken,
)

logger = logging.getLogger(__name__)
_pool = ThreadPoolExecutor(4, thread_name_prefix="partners")
HERE = "tongban.desks.cases.partners"
MOST_ANSWER = 1024 * 1024


def send(partner: PartnerInfo, letter: Letter) -> Taken:
    """Hand a letter to a partner, for no longer than its seconds.

    :raises PartnerDownError: it is away, too slow, or its plugin fails: nothing is known of the letter
    :raises PartnerRefusedError: it does not take it
    """
    found: Taken = _in_time(partner, lambda: plugin(partner.plugin).send(partner, letter))
    return found


def collect(partner: PartnerInfo, *, at: datetime) -> list[Letter]:
    """What a partner has to tell. :raises PartnerDownError: it is away"""
    found: list[Letter] = _in_time(partner, lambda: plugin(partner.plugin).collect(partner, at=at))
    return found


def _in_time(partner: PartnerInfo, ask: Any) -> Any:
    future = _pool.submit(ask)
    try:
        return future.result(timeout=partner.seconds)
    except TooLateError as error:
        future.cancel()
        raise PartnerDownError("slow") from error
    except (PartnerDownError, PartnerRefusedError):
        raise
    except (
        Exception
    ) as error:  # whatever a plugin raises: nothing is known of the letter, so it is sent again
        # Its words may quote what was sent: only the kind is logged.
        logger.warning("partner %s failed: %s", partner.region, type(error).__name__)
        raise PartnerDownError("failed") from error


@cache
def plugin(path: str) -> PartnerPlugin:
    """The plugin of that dotted path."""
    made: PartnerPlugin = import_string(path)()
    return made


class Http:
    """A partner that offers the same API: ``POST /api/v1/partners/packages`` and ``…/news`` below its address."""

    def send(self, partner: PartnerInfo, letter: Letter) -> Taken:
        kind = "packages" if letter.statement["payload"]["type"] == PACKAGE else "news"
        body, media_type = multipart(letter)
        asked = urllib.request.Request(  # noqa: S310 - the address is the register's, http or https
            f"{partner.address.rstrip('/')}/api/v1/partners/{kind}",
            data=body, headers={"Content-Type": media_type, "Accept": "application/json"}, method="POST",
        )  # fmt: skip
        try:
            with urllib.request.urlopen(asked, timeout=partner.seconds) as answer:  # noqa: S310 - likewise
                told = json.loads(answer.read(MOST_ANSWER))
        except urllib.error.HTTPError as error:
            raise _refusal(error) from error
        except (OSError, ValueError) as error:
            raise PartnerDownError("away") from error
        return Taken(str(told.get("number", ""))[:80])

    def collect(self, partner: PartnerInfo, *, at: datetime) -> list[Letter]:
        """Such a partner brings its news itself."""
        del partner, at
        return []


def _refusal(error: urllib.error.HTTPError) -> Exception:
    """4xx is an answer (but not 408, 425 and 429, which ask to come again); everything else is a partner that is away."""
    if error.code >= 500 or error.code < 400 or error.code in {408, 425, 429}:
        return PartnerDownError(f"http {error.code}")
    try:
        told = json.loads(error.read(MOST_ANSWER))
        possible = told.get("possible", "")
        words = possible if isinstance(possible, str) else "；".join(str(one) for one in possible)
        return PartnerRefusedError(str(told.get("detail") or told.get("title") or error.code), possible=words)
    except (ValueError, AttributeError):
        return PartnerRefusedError(f"HTTP {error.code}")


def multipart(letter: Letter) -> tuple[bytes, str]:
    """A letter as multipart/form-data: the statement as text, then its files, each under its digest."""
    edge = uuid.uuid4().hex
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="statement"\r\n\r\n'.encode()
        + json.dumps(letter.statement, ensure_ascii=False).encode()
        + b"\r\n"
    ]
    for digest, content in letter.files.items():
        head = (
            f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{digest}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        parts.append(head.encode() + content + b"\r\n")
    parts.append(f"--{edge}--\r\n".encode())
    return b"".join(parts), f"multipart/form-data; boundary={edge}"


class FailingDemo:
    """A partner that never works, for trying what happens then. Its `address` says how: down, slow or rejects."""

    def send(self, partner: PartnerInfo, letter: Letter) -> Taken:
        if partner.address == "rejects":
            raise PartnerRefusedError(f"失败演示：{letter.id}不予接收。", possible="请电话联系对方窗口。")
        return self._nothing(partner)

    def collect(self, partner: PartnerInfo, *, at: datetime) -> list[Letter]:
        del at
        if partner.address == "rejects":
            return []
        self._nothing(partner)
        return []

    def _nothing(self, partner: PartnerInfo) -> Taken:
        if partner.address == "slow":
            sleep(partner.seconds + 1)
        raise PartnerDownError(f"the failing demo keeps {partner.region} {partner.address}")
