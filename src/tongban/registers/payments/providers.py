"""Who moves the money: a plugin named in `settings.PAYMENT_PROVIDER`.

A city writes a class with the methods of `contracts.Provider` and names it there. Without one the demonstration's bank
answers where demonstration data is allowed; elsewhere there is none, and nothing can be paid on line.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from tongban.kernel.privacy import derive_key
from tongban.registers.payments import rules
from tongban.registers.payments.contracts import (
    Answer,
    Collect,
    ForgedError,
    Line,
    Notice,
    Outcome,
    Provider,
    ProviderDownError,
    Send,
    Way,
)

_HERE = "tongban.registers.payments.providers"
SHORT = {"demo": f"{_HERE}.DemoBank", "failing": f"{_HERE}.FailingDemo"}
FRESH: Final = timedelta(minutes=5)
WRONG_ACCOUNT: Final = "0000"
"""The demonstration's bank knows no account that ends so."""
_SAFE = re.compile(r"[A-Za-z0-9\-]{1,64}")


class DemoBank:
    """A bank in a folder (`TONGBAN_DATA/bank`): one file per reference, written once, so it pays nothing twice."""

    name = "demo"
    demo = True

    def checkout(self, order: Collect, *, at: datetime) -> str:
        del at
        self._keep(
            "orders", order.reference, {"amount": order.amount_fen, "what": order.what, "back": order.back}
        )
        return f"/payments/demo/{order.reference}"

    def order(self, reference: str) -> dict[str, Any] | None:
        """What the bank was asked to collect under a reference."""
        return self._read("orders", reference)

    def pay(
        self, reference: str, *, at: datetime, amount_fen: int | None = None, again: bool = False
    ) -> tuple[bytes, dict[str, str]]:
        """Somebody pays on the bank's page; gives the notification and its headers, as they would be posted.

        Paying again gives the same notification again. For trying what goes wrong: `amount_fen` pays another amount,
        `again` pays a second time under the same reference.
        """
        asked = self._read("orders", reference) or {"amount": amount_fen}
        sign, name = ("E", f"{reference}-again") if again else ("D", reference)
        record = {
            "transaction": f"{sign}{reference}", "reference": reference, "amount_fen": amount_fen or asked["amount"],
            "paid_at": at.isoformat(),
        }  # fmt: skip
        kept = self._keep("in", name, record)
        return self.notification(kept, at=at)

    def notification(self, record: Mapping[str, Any], *, at: datetime) -> tuple[bytes, dict[str, str]]:
        """Body and headers of a signed notification."""
        body, stamp = json.dumps(dict(record)).encode(), str(int(at.timestamp()))
        headers = {
            "X-Tongban-Timestamp": stamp,
            "X-Tongban-Signature": rules.signature(_secret(self.name), stamp, body),
        }
        return body, headers

    def read(self, body: bytes, headers: Mapping[str, str], *, at: datetime) -> Notice:
        return signed_notice(self.name, body, headers, at=at)

    def asked(self, reference: str, *, at: datetime) -> list[Notice]:
        del at
        record = self._read("in", reference)
        return [_notice(record)] if record else []

    def give_back(self, send: Send, *, at: datetime) -> Answer:
        return self._moved("back", send, at)

    def send(self, items: Sequence[Send], *, at: datetime) -> Mapping[str, Answer]:
        return {one.reference: self._moved("out", one, at) for one in items}

    def fate(self, reference: str, *, at: datetime) -> Answer:
        del at
        record = self._read("out", reference) or self._read("back", reference)
        return _answer(record) if record else Answer(Outcome.UNHEARD)

    def statement(self, day: date, *, at: datetime) -> list[Line]:
        del at
        return list(self._lines(day))

    def _moved(self, way: str, send: Send, at: datetime) -> Answer:
        good = not send.account.endswith(WRONG_ACCOUNT)
        record = {
            "transaction": f"D{send.reference}", "reference": send.reference, "amount_fen": send.amount_fen,
            "paid_at": at.isoformat(), "outcome": "paid" if good else "returned",
        }  # fmt: skip
        return _answer(self._keep(way, send.reference, record))

    def _lines(self, day: date) -> Iterator[Line]:
        from tongban.actors import api as actors

        for way in Way:
            for path in sorted(self._folder(way.value).glob("*.json")):
                record = json.loads(path.read_text("utf-8"))
                moved = actors.day_of(datetime.fromisoformat(record["paid_at"])) == day
                if moved and record.get("outcome", "paid") == "paid":
                    yield Line(way, record["transaction"], record["reference"], record["amount_fen"])

    def _folder(self, kind: str) -> Path:
        found: Path = settings.DATA / "bank" / kind
        return found

    def _read(self, kind: str, reference: str) -> dict[str, Any] | None:
        if not _SAFE.fullmatch(reference):
            return None
        try:
            found: dict[str, Any] = json.loads((self._folder(kind) / f"{reference}.json").read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return found

    def _keep(self, kind: str, reference: str, record: dict[str, Any]) -> dict[str, Any]:
        """Write a record unless there is one; gives the one that is there."""
        folder = self._folder(kind)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with (folder / f"{reference}.json").open("x", encoding="utf-8") as file:
                file.write(json.dumps(record, ensure_ascii=False))
        except FileExistsError:
            return self._read(kind, reference) or record
        return record


class FailingDemo:
    """A provider that never answers: for trying what happens then."""

    name = "failing"
    demo = True

    def checkout(self, order: Collect, *, at: datetime) -> str:
        raise ProviderDownError(f"checkout {order.reference} at {at.isoformat()}")

    def read(self, body: bytes, headers: Mapping[str, str], *, at: datetime) -> Notice:
        return signed_notice(self.name, body, headers, at=at)

    def asked(self, reference: str, *, at: datetime) -> list[Notice]:
        raise ProviderDownError(f"asked {reference} at {at.isoformat()}")

    def give_back(self, send: Send, *, at: datetime) -> Answer:
        raise ProviderDownError(f"give back {send.reference} at {at.isoformat()}")

    def send(self, items: Sequence[Send], *, at: datetime) -> Mapping[str, Answer]:
        raise ProviderDownError(f"send {len(items)} at {at.isoformat()}")

    def fate(self, reference: str, *, at: datetime) -> Answer:
        raise ProviderDownError(f"fate {reference} at {at.isoformat()}")

    def statement(self, day: date, *, at: datetime) -> list[Line]:
        raise ProviderDownError(f"statement {day.isoformat()} at {at.isoformat()}")


class Nothing(FailingDemo):
    """No provider is connected."""

    name = "none"
    demo = False


def signed_notice(name: str, body: bytes, headers: Mapping[str, str], *, at: datetime) -> Notice:
    """A notification in the platform's own form: JSON, signed with the secret that both sides hold.

    :raises ForgedError: the signature does not fit, is older than five minutes, or the body says something else
    """
    secret = _secret(name)
    stamp, given = headers.get("X-Tongban-Timestamp", ""), headers.get("X-Tongban-Signature", "")
    wanted = rules.signature(secret, stamp, body)
    fits = bool(secret) and hmac.compare_digest(wanted.encode(), given.lower().encode())
    fresh = stamp.isascii() and stamp.isdigit() and abs(int(stamp) - at.timestamp()) <= FRESH.total_seconds()
    if not (fits and fresh):
        raise ForgedError(name)
    try:
        return _notice(json.loads(body))
    except (ValueError, KeyError, TypeError) as error:
        raise ForgedError(name) from error


def _notice(record: Mapping[str, Any]) -> Notice:
    transaction, reference, amount = (
        str(record["transaction"]),
        str(record["reference"]),
        record["amount_fen"],
    )
    paid_at = datetime.fromisoformat(record["paid_at"])
    if not (_SAFE.fullmatch(transaction) and _SAFE.fullmatch(reference)) or not rules.is_amount(amount):
        raise ValueError("a notification needs transaction, reference and a whole amount in fen")
    if paid_at.tzinfo is None:
        raise ValueError("paid_at needs its time zone")
    return Notice(transaction, reference, amount, paid_at)


def _answer(record: Mapping[str, Any]) -> Answer:
    good = record["outcome"] == "paid"
    return Answer(
        Outcome.PAID if good else Outcome.RETURNED, record["transaction"] if good else "",
        "" if good else "账号与户名不符或账号不存在",
    )  # fmt: skip


def _secret(name: str) -> str:
    """What both sides sign with; the demonstration's comes from the master key. Empty when none is agreed on."""
    kept: dict[str, str] = settings.PAYMENT_KEYS
    if name in kept:
        return kept[name]
    return derive_key(settings.MASTER_KEY, "payments/demo").hex() if name in ("demo", "failing") else ""


@cache
def provider() -> Provider:
    """The plugin of this installation."""
    named = settings.PAYMENT_PROVIDER
    if not named:
        return DemoBank() if settings.DEMO else Nothing()
    made: Provider = import_string(SHORT.get(named, named))()
    return made


def demo_bank() -> DemoBank | None:
    """The demonstration's bank where it is the provider."""
    found = provider()
    return found if isinstance(found, DemoBank) else None


def _forget(**kwargs: object) -> None:
    if kwargs.get("setting") in {"PAYMENT_PROVIDER", "DEMO"}:
        provider.cache_clear()


setting_changed.connect(_forget, dispatch_uid=_HERE)
