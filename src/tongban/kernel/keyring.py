"""Keys that an installation makes for itself when the environment names none."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


def key_file(path: Path, size: int) -> str:
    """Read the key kept at `path`, making it on first use.

    :param size: length of a new key in bytes; the file holds it in hex, readable by its owner only
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process was first
            return path.read_text().strip()
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(size))
    return path.read_text().strip()


@dataclass(frozen=True, slots=True)
class MasterKeys:
    """The master keys of personal data, in hex: the current one, earlier ones by version, the one of blind indexes."""

    version: int
    current: str = field(repr=False)
    old: dict[int, str] = field(repr=False)
    index: str = field(repr=False)


def master_keys(folder: Path, environment: Mapping[str, str]) -> MasterKeys:
    """From the environment, else from files: ``master`` (version 1), ``master.2`` …; the highest is current.

    ``TONGBAN_KEY`` with ``TONGBAN_KEY_VERSION``, ``TONGBAN_KEYS_OLD`` (``1:HEX,2:HEX``) and ``TONGBAN_INDEX_KEY``. Blind indexes
    keep the first key for good: ``index`` beside the others, written when the second one is made.
    """
    if given := environment.get("TONGBAN_KEY"):
        old = dict(part.split(":", 1) for part in environment.get("TONGBAN_KEYS_OLD", "").split(",") if part)
        version = int(environment.get("TONGBAN_KEY_VERSION", "1"))
        return MasterKeys(
            version, given, {int(key): value for key, value in old.items()},
            environment.get("TONGBAN_INDEX_KEY") or given,
        )  # fmt: skip
    files = {
        int(path.suffix[1:]): path for path in folder.glob("master.*") if re.fullmatch(r"\.\d+", path.suffix)
    }
    if (folder / "master").exists() or not files:
        files[1] = folder / "master"
    held = {version: key_file(path, 32) for version, path in files.items()}
    newest = max(held)
    index = folder / "index"
    first = index.read_text().strip() if index.exists() else held.get(1, held[newest])
    return MasterKeys(newest, held[newest], {one: key for one, key in held.items() if one != newest}, first)


def next_master_key(folder: Path) -> int:
    """Make the next master key as a file beside the present one; gives its version.

    The key of blind indexes is written down first, so that what was found by them is found on.
    """
    held = master_keys(folder, {})
    index = folder / "index"
    if not index.exists():
        handle = os.open(index, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(held.index)
    version = held.version + 1
    key_file(folder / f"master.{version}", 32)
    return version
