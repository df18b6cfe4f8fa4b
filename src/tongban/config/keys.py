"""Keys that an installation makes for itself when the environment names none."""

import os
import secrets
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
