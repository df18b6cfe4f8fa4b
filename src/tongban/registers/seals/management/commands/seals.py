"""`tongban seals root | list [UNIT] | make UNIT | rotate UNIT | revoke UNIT | uses UNIT`."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.registers.seals import certificates, root, selectors, services
from tongban.registers.seals.contracts import ES256, SM2, SealInfo, SealsError

ACTIONS = ("root", "list", "make", "rotate", "revoke", "uses")


class Command(BaseCommand):
    help = "电子印章 Seals of units: the root's certificate, list, make, rotate, revoke, what they were used for."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=ACTIONS)
        parser.add_argument("unit", nargs="?", default="", help="id of the unit, e.g. 421202-scjg")
        parser.add_argument(
            "--reason", default="", help="why it is replaced or revoked; goes into the ledger"
        )
        parser.add_argument(
            "--since", default="", help="revoke: from when its signatures are in doubt (ISO 8601)"
        )
        parser.add_argument("--serial", default="", help="revoke: which certificate; the newest by default")
        parser.add_argument("--sm2", action="store_true", help="root: the SM2 certificate instead of P-256")
        parser.add_argument("--out", type=Path, default=None, help="root: write the certificate here")

    def handle(self, *args: Any, **options: Any) -> None:
        action, unit = str(options["action"]), str(options["unit"])
        if action not in {"root", "list"} and not unit:
            raise CommandError(f"name the unit: tongban seals {action} 421202-scjg")
        try:
            getattr(self, f"_{action}")(unit, options)
        except (SealsError, actors.NotKnownError) as fault:
            raise CommandError(str(fault)) from fault

    def _root(self, unit: str, options: dict[str, Any]) -> None:
        algorithm = SM2 if options["sm2"] else ES256
        root.ensure(at=timezone.now(), city=actors.region(settings.ROOT_REGION).name)
        der = root.certificate(algorithm)
        text = certificates.pem(der)
        if options["out"]:
            options["out"].write_text(text, encoding="ascii")
            self.stdout.write(f"{options['out']}  SHA-256 {hashlib.sha256(der).hexdigest()}")
        else:
            self.stdout.write(text)

    def _list(self, unit: str, options: dict[str, Any]) -> None:
        for seal in selectors.seals_of(unit):
            self.stdout.write(self._line(seal))

    def _line(self, seal: SealInfo) -> str:
        state = "usable" if seal.usable(timezone.now()) else "expired"
        if seal.revoked_since is not None:
            state = f"revoked since {seal.revoked_since:%Y-%m-%d %H:%M} ({seal.revoked_reason})"
        elif seal.replaced_at is not None:
            state = f"replaced {seal.replaced_at:%Y-%m-%d}"
        span = f"{seal.valid_from:%Y-%m-%d} – {seal.valid_until:%Y-%m-%d}"
        return f"{seal.unit}  {seal.name}  no. {seal.generation}  {seal.serial}  {span}  {state}"

    def _make(self, unit: str, options: dict[str, Any]) -> None:
        self.stdout.write(self._line(services.ensure(unit, at=timezone.now())))

    def _rotate(self, unit: str, options: dict[str, Any]) -> None:
        made = services.rotate(
            unit, actor=kernel.SYSTEM, at=timezone.now(), reason=options["reason"] or "rotation"
        )
        self.stdout.write(self._line(made))

    def _revoke(self, unit: str, options: dict[str, Any]) -> None:
        if not options["reason"]:
            raise CommandError("say why with --reason: it goes into the ledger")
        since = self._instant(options["since"]) if options["since"] else None
        ended = services.revoke(
            unit, actor=kernel.SYSTEM, at=timezone.now(), reason=options["reason"], since=since,
            serial=options["serial"],
        )  # fmt: skip
        self.stdout.write(self._line(ended))

    def _instant(self, text: str) -> datetime:
        try:
            found = parse_datetime(text)
        except ValueError:
            found = None
        if found is None:
            raise CommandError("write --since like 2026-11-20T00:00:00+08:00")
        return found if found.tzinfo else timezone.make_aware(found)

    def _uses(self, unit: str, options: dict[str, Any]) -> None:
        for use in selectors.uses(unit):
            self.stdout.write(
                f"{timezone.localtime(use.at):%Y-%m-%d %H:%M:%S}  {use.kind}  {use.digest}  {use.reason}"
            )
