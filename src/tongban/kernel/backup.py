"""One archive of everything but the keys, taken while people work, and the way back.

Order matters: anchors first (one sealed later would name entries that the copy lacks), then the database in one
snapshot, then the files (content-addressed and never changed, so every file that the snapshot names is there).
Keys are never in the archive: with it alone nobody reads personal data. The manifest keeps their fingerprints,
so that a restore under other keys is told.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from tongban import __version__
from tongban.kernel.files.models import StoredFile
from tongban.kernel.ledger.services import public_key

FORMAT = "tongban-backup-1"
DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
BLOCK = 1024 * 1024


class BackupError(Exception):
    """A backup or restore that was not done; nothing was changed. Says what is possible."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a backup holds. Sizes in bytes."""

    path: Path
    files: int
    anchors: int
    size: int


def _digest(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    while block := stream.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()


def _fingerprint(key: str) -> str:
    return hashlib.sha256(b"tongban fingerprint\0" + key.encode()).hexdigest()[:16]


def _keys() -> dict[str, str]:
    return {"master": _fingerprint(settings.MASTER_KEY), "anchor": _fingerprint(public_key())}


def backup(target: Path, *, at: datetime) -> Made:
    """Write one archive.

    :param target: a file ending in ``.tar.gz``, or a folder that gets ``tongban-INSTANT.tar.gz``
    :raises BackupError: the file exists, a stored file's content is gone, or the database refused
    """
    path = target if target.name.endswith(".tar.gz") else target / f"tongban-{at:%Y%m%dT%H%M%S}.tar.gz"
    if path.exists():
        raise BackupError(f"{path.name} exists; name another file.")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    try:
        with tarfile.open(part, "w:gz", compresslevel=3) as archive:
            counts = _write(archive, at=at)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return Made(path, *counts, path.stat().st_size)


def _write(archive: tarfile.TarFile, *, at: datetime) -> tuple[int, int]:
    listed: dict[str, str] = {}
    anchors = sorted((settings.DATA / "anchors").glob("anchor-*.jsonl.gz"))
    for anchor in anchors:
        listed[f"anchors/{anchor.name}"] = _add(archive, f"anchors/{anchor.name}", anchor.read_bytes())
    with tempfile.TemporaryDirectory(dir=settings.DATA) as folder:
        name = DATABASE[connection.vendor]
        copy = Path(folder) / name
        _copy_database(copy)
        with copy.open("rb") as stream:
            listed[name] = _digest(stream)
        archive.add(copy, name, filter=_plain)
    files = 0
    for row in StoredFile.objects.order_by("digest").iterator(chunk_size=500):
        try:
            with default_storage.open(row.path) as stream:
                content = stream.read()
        except FileNotFoundError:
            raise BackupError(f"The content of file {row.digest[:12]} is not in the storage.") from None
        listed[f"files/{row.path}"] = _add(archive, f"files/{row.path}", content)
        files += 1
    manifest = {
        "format": FORMAT, "version": __version__, "made_at": at.isoformat(), "database": connection.vendor,
        "keys": _keys(), "sha256": listed,
    }  # fmt: skip
    _add(archive, "manifest.json", json.dumps(manifest, indent=1).encode())
    return files, len(anchors)


def _plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the names and ids of this machine's users."""
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.mode = 0o600
    return info


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> str:
    info = _plain(tarfile.TarInfo(name))
    info.size = len(content)
    archive.addfile(info, io.BytesIO(content))
    return hashlib.sha256(content).hexdigest()


def _copy_database(copy: Path) -> None:
    if connection.vendor == "sqlite":
        source = Path(str(connection.settings_dict["NAME"]))
        if not source.exists():
            raise BackupError("There is no database yet.")
        # One step reads one snapshot; in WAL mode it stops no writer.
        reading, writing = sqlite3.connect(f"file:{source}?mode=ro", uri=True), sqlite3.connect(copy)
        try:
            reading.backup(writing, pages=-1)
        finally:
            writing.close()
            reading.close()
        return
    _postgres("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={copy}")


def _postgres(program: str, *words: str) -> None:
    """Run one of PostgreSQL's programs against the configured database."""
    own = connection.settings_dict
    named = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    environment = {name: str(own[key]) for name, key in named.items() if own.get(key)}
    found = shutil.which(program)
    if found is None:
        raise BackupError(f"{program} is missing: apt-get install postgresql-client")
    done = subprocess.run(  # noqa: S603 - our own arguments
        [found, f"--dbname={own['NAME']}", *words],
        env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        # Its words may quote rows: the first line names the fault.
        raise BackupError(f"{program} failed: {done.stderr.strip().splitlines()[:1]}")


# Restore -----------------------------------------------------------------------------------


def restore(path: Path, *, replace: bool) -> dict[str, Any]:
    """Bring an archive back into the configured database, storage and data folder; gives its manifest.

    Everything is checked before anything is changed.

    :param replace: overwrite what is there
    :raises BackupError: no such archive, damaged, of the other database, or something is there already
    """
    if not path.exists():
        raise BackupError(f"{path.name}: no such file.")
    if not replace and not _empty():
        raise BackupError("There is data here already; restore into an empty place, or use --replace.")
    settings.DATA.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.DATA) as folder:
        place = Path(folder)
        manifest = _unpack(path, place)
        connection.close()
        if connection.vendor == "sqlite":
            _put_sqlite(place / DATABASE["sqlite"])
        else:
            _postgres(
                "pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction",
                "--exit-on-error", str(place / DATABASE["postgresql"]),
            )  # fmt: skip
        _put_files(place / "files")
        for anchor in sorted((place / "anchors").glob("*")):
            (settings.DATA / "anchors").mkdir(exist_ok=True)
            shutil.copyfile(anchor, settings.DATA / "anchors" / anchor.name)
    return manifest


def other_keys(manifest: dict[str, Any]) -> list[str]:
    """Names of keys that differ from those under which the archive was made."""
    return [name for name, value in _keys().items() if manifest["keys"].get(name) != value]


def _empty() -> bool:
    if connection.vendor == "sqlite":
        source = Path(str(connection.settings_dict["NAME"]))
        return not source.exists() or source.stat().st_size == 0
    return not connection.introspection.table_names()


def _inside(name: str) -> bool:
    """Whether a member's name stays below the folder it is unpacked into."""
    parts = PurePosixPath(name)
    return not parts.is_absolute() and ".." not in parts.parts


def _unpack(path: Path, place: Path) -> dict[str, Any]:
    try:
        with tarfile.open(path, "r:gz") as archive:
            members = archive.getmembers()
            # `extractall(filter="data")` came with a later Python 3.11 than Debian's.
            if not all(one.isfile() and _inside(one.name) for one in members):
                raise BackupError(f"{path.name} holds what a backup never holds; nothing was restored.")
            archive.extractall(place, members)  # noqa: S202 - each member was looked at
        manifest: dict[str, Any] = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    except (tarfile.TarError, OSError, ValueError, EOFError) as fault:
        raise BackupError(f"{path.name} is no complete backup ({type(fault).__name__}).") from None
    if manifest.get("format") != FORMAT:
        raise BackupError(f"{path.name} has a format that this version does not know.")
    if manifest["database"] != connection.vendor:
        raise BackupError(f"The backup is of {manifest['database']}; DATABASE_URL names {connection.vendor}.")
    for name, digest in manifest["sha256"].items():
        found = place / name
        if not found.is_file():
            raise BackupError(f"{path.name} lacks {name}.")
        with found.open("rb") as stream:
            if _digest(stream) != digest:
                raise BackupError(f"{name} in {path.name} was altered.")
    return manifest


def _put_sqlite(copy: Path) -> None:
    target = Path(str(connection.settings_dict["NAME"]))
    target.parent.mkdir(parents=True, exist_ok=True)
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    copy.replace(target)


def _put_files(folder: Path) -> None:
    for found in sorted(folder.rglob("*")):
        name = str(found.relative_to(folder))
        if found.is_file() and not default_storage.exists(name):
            default_storage.save(name, ContentFile(found.read_bytes()))
