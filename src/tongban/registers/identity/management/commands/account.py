"""`tongban account reset USER`: a reset code, for whoever runs the installation and nobody else can help."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tongban.kernel.contracts import SYSTEM
from tongban.registers.identity.factors import recovery
from tongban.registers.identity.models import Account


class Command(BaseCommand):
    help = "重设码 A reset code for an account, used at /recover/officer: tongban account reset USER"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["reset"])
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        account = Account.objects.filter(username=username, is_active=True).first()
        if account is None:
            raise CommandError("没有这个账号 no such account")
        self.stdout.write(recovery.hand_reset(account=account, by=SYSTEM, at=timezone.now()))
