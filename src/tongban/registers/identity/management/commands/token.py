"""`tongban token create USER`: a bearer token of the API, printed once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tongban.registers.identity import services
from tongban.registers.identity.contracts import IdentityError


class Command(BaseCommand):
    help = "接口令牌 Bearer tokens of the API: tongban token create USER [--label TEXT] [--days N]"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["create"])
        parser.add_argument("username")
        parser.add_argument("--label", default="tongban token create")
        parser.add_argument("--days", type=int, default=services.TOKEN_DAYS)

    def handle(self, *args: Any, username: str, label: str, days: int, **options: Any) -> None:
        try:
            issued = services.issue_token(username=username, label=label, at=timezone.now(), days=days)
        except IdentityError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(issued.secret)
