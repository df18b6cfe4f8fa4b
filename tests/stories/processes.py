"""Programs of their own that work on a database in a folder: for crashes and backups."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def environment(data: Path, **more: str) -> dict[str, str]:
    """An installation of its own below `data`, on SQLite."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "TONGBAN_DATA"}}
    return {
        **kept, "TONGBAN_DATA": str(data), "DJANGO_SETTINGS_MODULE": "tongban.config.settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}", "PYTHONUNBUFFERED": "1", **more,
    }  # fmt: skip


def tongban(*words: str, data: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    command = [sys.executable, "-m", "tongban.config.cli", *words]
    code = [
        sys.executable,
        "-c",
        "import sys; sys.argv[0]='tongban'; from tongban.config.cli import main; main()",
    ]
    return subprocess.run(
        [*code, *command[3:]], env=environment(data, **more), capture_output=True, text=True, check=False
    )


def program(name: str, *words: str, data: Path, **more: Any) -> subprocess.Popen[str]:
    """Start a module of this folder."""
    return subprocess.Popen(
        [sys.executable, "-m", f"tests.stories.{name}", *words], env=environment(data), cwd=ROOT,
        stdout=subprocess.PIPE, text=True, **more,
    )  # fmt: skip
