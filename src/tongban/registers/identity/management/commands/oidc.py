"""`tongban oidc client …`: which systems may use the platform's sign-in; `tongban oidc key rotate`: its keys."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tongban.registers.identity.contracts import IdentityError
from tongban.registers.identity.models import OidcClient
from tongban.registers.identity.oidc import keys, services


class Command(BaseCommand):
    help = (
        "统一身份认证 Sign-in for other systems: "
        "tongban oidc client add ID --name NAME --redirect URI [--scope S]… | client list|secret|end ID | key rotate"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["client", "key"])
        parser.add_argument("action", choices=["add", "list", "secret", "end", "rotate"])
        parser.add_argument("client", nargs="?", default="")
        parser.add_argument("--name", default="", help="名称")
        parser.add_argument("--name-en", default="", help="English name")
        parser.add_argument("--redirect", action="append", default=[], help="回调地址，可多次 redirect URI")
        parser.add_argument("--logout", action="append", default=[], help="退出后回到 post-logout URI")
        parser.add_argument("--scope", action="append", default=[], help="profile, realname, organisation")
        parser.add_argument("--sector", default="", help="主体分区，默认为回调地址的主机")
        parser.add_argument("--public", action="store_true", help="没有密钥的客户端，如手机应用")

    def handle(self, *args: Any, what: str, action: str, client: str, **options: Any) -> None:
        try:
            if what == "key":
                self._key(action)
            else:
                self._client(action, client, options)
        except IdentityError as error:
            raise CommandError(str(error)) from error

    def _key(self, action: str) -> None:
        if action != "rotate":
            raise CommandError("tongban oidc key rotate")
        self.stdout.write(keys.rotate(at=timezone.now()).kid)

    def _client(self, action: str, client: str, options: dict[str, Any]) -> None:
        now = timezone.now()
        if action == "list":
            for row in OidcClient.objects.order_by("id"):
                state = "ended 已停用" if row.ended_at else "public" if not row.secret_digest else "secret"
                self.stdout.write(f"{row.id}\t{row.name}\t{state}\t{' '.join(row.scopes)}")
        elif action == "add":
            secret = services.register_client(
                client_id=client, name=options["name"] or client, name_en=options["name_en"],
                redirect_uris=options["redirect"], logout_uris=options["logout"], scopes=options["scope"],
                public=options["public"], sector=options["sector"], at=now,
            )  # fmt: skip
            self.stdout.write(secret or "public")
        elif action == "secret":
            self.stdout.write(services.renew_secret(client_id=client, at=now))
        elif action == "end":
            services.end_client(client_id=client, at=now)
        else:
            raise CommandError("tongban oidc client add|list|secret|end")
