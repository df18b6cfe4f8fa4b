"""`tongban privacy keys | newkey | rotate | retire`: the master key of personal data, replaced while people work."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tongban.kernel import rekeying
from tongban.kernel.keyring import next_master_key
from tongban.kernel.privacy import PrivacyError, current_prefix, key_version

SAY_EVERY = 2.0


class Command(BaseCommand):
    help = (
        "个人信息的主密钥 The master key of personal data: keys (what lies under which), newkey (make the next), "
        "rotate (rewrite everything under it, resumable), retire VERSION (delete an old one)"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["keys", "newkey", "rotate", "retire"])
        parser.add_argument("version", nargs="?", type=int, help="retire: which master key")
        parser.add_argument("--batch", type=int, default=rekeying.BATCH, help="rows in one transaction")
        parser.add_argument("--only", default="", help="rotate: names that begin so, such as actors.")

    def handle(
        self, *args: Any, action: str, version: int | None, batch: int, only: str, **options: Any
    ) -> None:
        if action == "keys":
            self._keys()
        elif action == "newkey":
            self._new_key()
        elif action == "rotate":
            self._rotate(batch, only)
        else:
            self._retire(version)

    def _keys(self) -> None:
        self.stdout.write(f"now 现用: {current_prefix()[:-1]}; old 旧密钥: {rekeying.old_versions() or '—'}")
        for name, held in rekeying.standing().items():
            told = ", ".join(f"{one} {n:,}" for one, n in sorted(held.items())) or "—"
            self.stdout.write(f"{name}: {told}")

    def _new_key(self) -> None:
        folder = self._folder()
        made = next_master_key(folder)
        self.stdout.write(
            f"version {made} is made. Restart every process, then `tongban privacy rotate`. "
            f"新主密钥第{made}版已生成：先重启全部进程，再运行 tongban privacy rotate。"
        )

    def _rotate(self, batch: int, only: str) -> None:
        if batch < 1:
            raise CommandError("--batch: at least 1 至少为1")
        began, said, done = time.monotonic(), 0.0, 0
        last: rekeying.Progress | None = None
        try:
            for step in rekeying.rewrite_all(batch=batch, only=only):
                if last is not None and last.name != step.name:
                    done += last.done
                    self.stdout.write(f"{last.name}: {last.done:,} ✓")
                if time.monotonic() - said >= SAY_EVERY:
                    self.stdout.write(f"{step.name}: {step.done:,}/{step.total:,}")
                    said = time.monotonic()
                last = step
        except PrivacyError as error:
            raise CommandError(
                f"{error}. What is done is done; run it again when the key is at hand. 已改写的有效，补齐密钥后再运行即可。"
            ) from error
        if last is not None:
            done += last.done
            self.stdout.write(f"{last.name}: {last.done:,} ✓")
        self.stdout.write(f"{done:,} rewritten 已改写 ({time.monotonic() - began:.1f} s)")
        self._tell_what_is_left()

    def _tell_what_is_left(self) -> None:
        for version in rekeying.old_versions():
            left = rekeying.stale(str(version))
            if left:
                self.stdout.write(f"version {version}: {left:,} values still need it 还有数据要用")
            else:
                self.stdout.write(
                    f"version {version} may be retired 可以停用: tongban privacy retire {version}"
                )

    def _retire(self, version: int | None) -> None:
        if version is None or version == key_version():
            raise CommandError(f"Which old one? 请写旧密钥的版本: {rekeying.old_versions()}")
        if version not in rekeying.old_versions():
            raise CommandError(f"version {version} is not at hand 没有第{version}版")
        left = rekeying.stale(str(version))
        if left:
            raise CommandError(
                f"{left:,} values still lie under version {version}: run `tongban privacy rotate` first. "
                f"还有{left:,}个值要用第{version}版，先运行 tongban privacy rotate。"
            )
        folder = self._folder()
        path = folder / ("master" if version == 1 else f"master.{version}")
        if not (folder / "index").exists():
            raise CommandError("keys/index is missing: blind indexes would be lost 缺少keys/index，不能停用")
        path.unlink(missing_ok=True)
        self.stdout.write(
            f"version {version} is retired; old backups need it: keep a copy with them until they are gone. "
            f"第{version}版已停用；旧备份还要用它，请随旧备份另存一份。"
        )

    def _folder(self) -> Path:
        if os.environ.get("TONGBAN_KEY"):
            raise CommandError(
                "The key comes from TONGBAN_KEY: set TONGBAN_KEY, TONGBAN_KEY_VERSION, TONGBAN_KEYS_OLD and "
                "TONGBAN_INDEX_KEY there (docs/operator-guide.md, Keys). 密钥来自环境变量，请在那里更换。"
            )
        folder: Path = settings.DATA / "keys"
        return folder
