"""Where one benchmark runs: a database of its own that can be copied and put back.

`benchmarks.child` sets TONGBAN_DATA and DATABASE_URL to a temporary place before Django loads.
"""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from tongban.config.database import SQLITE_PRAGMAS

if TYPE_CHECKING:
    from benchmarks.floor import Bare


def migrate() -> None:
    """Make the tables."""
    call_command("migrate", verbosity=0)


def close() -> None:
    """Let go of the database, so that its files or its template can be copied."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()


def copy_as(name: str) -> None:
    """Keep a copy of the database as it stands."""
    close()
    if connection.vendor == "sqlite":
        _checkpoint()
        shutil.copy(_file(), _file(name))
    else:
        _admin(f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}" TEMPLATE "{_database()}"')


def put_back(name: str) -> None:
    """Make the copy `name` the database again; the copy stays."""
    close()
    if connection.vendor == "sqlite":
        for tail in ("", "-wal", "-shm"):
            Path(f"{_file()}{tail}").unlink(missing_ok=True)
        shutil.copy(_file(name), _file())
    else:
        _admin(
            f'DROP DATABASE IF EXISTS "{_database()}" WITH (FORCE)',
            f'CREATE DATABASE "{_database()}" TEMPLATE "{name}"',
        )


def rename_to(name: str) -> None:
    """Make the database the copy `name`; afterwards there is none until one is put back."""
    close()
    if connection.vendor == "sqlite":
        _checkpoint()
        _file().rename(_file(name))
    else:
        _admin(f'ALTER DATABASE "{_database()}" RENAME TO "{name}"')


def use(name: str) -> None:
    """Let Django's connection speak to the copy `name` itself."""
    close()
    connection.settings_dict["NAME"] = str(_file(name)) if connection.vendor == "sqlite" else name


def bare(name: str) -> Bare:
    """The bare driver on the copy `name`."""
    from benchmarks.floor import BarePostgres, BareSqlite

    if connection.vendor == "sqlite":
        return BareSqlite(str(_file(name)), SQLITE_PRAGMAS)
    return BarePostgres(url(name))


def url(name: str) -> str:
    """DATABASE_URL of the copy `name`."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{_file(name)}"
    return urlunsplit(urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}"))


_OWN = str(settings.DATABASES["default"]["NAME"])  # as it was before `use`


def _file(name: str = "") -> Path:
    own = Path(_OWN)
    return own.with_name(f"{name}.sqlite3") if name else own


def _database() -> str:
    return _OWN


def _checkpoint() -> None:
    database = sqlite3.connect(_file())
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def _admin(*statements: str) -> None:
    import psycopg

    with psycopg.connect(url("postgres"), autocommit=True) as database:
        for sql in statements:
            database.execute(sql)
