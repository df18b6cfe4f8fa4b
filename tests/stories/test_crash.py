"""Killed at any instant, the platform keeps every acknowledged submission whole and no half one."""

import random
import shutil
import sqlite3
import time

import pytest

from tests.stories.processes import program, tongban

CASES, UNDERTAKINGS = 4, 1


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A migrated database with a calendar and the city's units, to be copied."""
    data = tmp_path_factory.mktemp("prepared")
    for words in (("migrate", "--verbosity=0"), ("calendar", "seed"), ("demo", "load", "--only", "city")):
        done = tongban(*words, data=data)
        assert done.returncode == 0, done.stderr
    return data


def copied(prepared, place):
    shutil.copytree(prepared, place)
    return place


def wholeness(database):
    """Numbers of all applications; every one must have all that belongs to it."""
    with sqlite3.connect(database) as rows:
        applications = rows.execute(
            "SELECT id, number FROM kernel_docket WHERE kind='application'"
        ).fetchall()
        for key, number in applications:
            counts = dict(
                rows.execute(
                    "SELECT kind, count(*) FROM kernel_docket WHERE parent_id=? GROUP BY kind", (key,)
                )
            )
            assert counts == {"case": CASES, "undertaking": UNDERTAKINGS}, number
            for table, wanted in (
                ("cases_application", 1),
                ("cases_case", CASES),
                ("cases_material", 2),
                ("cases_undertaking", 1),
            ):
                column = "docket_id" if table == "cases_application" else "application_id"
                (found,) = rows.execute(f"SELECT count(*) FROM {table} WHERE {column}=?", (key,)).fetchone()
                assert found == wanted, (number, table)
            (events,) = rows.execute("SELECT count(*) FROM kernel_event WHERE docket=?", (key,)).fetchone()
            assert events >= 1, number
        (orphans,) = rows.execute(
            "SELECT count(*) FROM kernel_docket WHERE kind<>'application' AND parent_id NOT IN "
            "(SELECT id FROM kernel_docket WHERE kind='application')"
        ).fetchone()
        assert orphans == 0
        return {number for _key, number in applications}


def test_killed_at_random_moments_nothing_acknowledged_is_lost_and_nothing_is_half(prepared, tmp_path):
    data = copied(prepared, tmp_path / "data")
    chance = random.Random(20261122)
    acknowledged = set()
    for _round in range(4):
        running = program("submitter", "100000", data=data)
        try:
            acknowledged.add(running.stdout.readline().strip())
            time.sleep(chance.uniform(0.02, 0.5))
        finally:
            running.kill()  # SIGKILL: no handler, no goodbye
        *whole, _cut = running.stdout.read().split("\n")
        running.stdout.close()
        running.wait()
        acknowledged.update(whole)
    acknowledged.discard("")
    assert len(acknowledged) >= 20
    kept = wholeness(data / "tongban.sqlite3")
    assert acknowledged <= kept
    # At most one a round was taken and could not be told any more.
    assert len(kept - acknowledged) <= 4
    verified = tongban("ledger", "verify", data=data)
    assert verified.returncode == 0, verified.stderr


def test_a_backup_under_load_comes_back_whole_elsewhere(prepared, tmp_path):
    data = copied(prepared, tmp_path / "data")
    running = program("submitter", "100000", "moves", data=data)
    try:
        first = running.stdout.readline().strip()
        time.sleep(0.2)
        made = tongban("backup", str(tmp_path / "kept.tar.gz"), data=data)
        assert made.returncode == 0, made.stderr
        assert running.poll() is None, "the writer went on"
        after = running.stdout.readline()
        assert after
    finally:
        running.kill()
        running.wait()
        running.stdout.close()
    other = tmp_path / "elsewhere"
    shutil.copytree(data / "keys", other / "keys")
    back = tongban("restore", str(tmp_path / "kept.tar.gz"), data=other)
    assert back.returncode == 0, back.stderr + back.stdout
    assert "0 faults" in back.stdout
    assert first in wholeness(other / "tongban.sqlite3")
    again = tongban("restore", str(tmp_path / "kept.tar.gz"), data=other)
    assert again.returncode != 0
    assert "--replace" in again.stderr
    assert tongban("restore", str(tmp_path / "kept.tar.gz"), "--replace", data=other).returncode == 0


def test_a_damaged_backup_changes_nothing_and_keys_are_not_in_it(prepared, tmp_path):
    import tarfile

    data = copied(prepared, tmp_path / "data")
    kept = tmp_path / "kept.tar.gz"
    assert tongban("backup", str(kept), data=data).returncode == 0
    with tarfile.open(kept) as archive:
        names = archive.getnames()
        everything = b"".join(archive.extractfile(name).read() for name in names)
    assert not [name for name in names if "key" in name]
    for key in (data / "keys").iterdir():
        assert key.read_bytes().strip() not in everything
    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(kept.read_bytes()[:-2000])
    target = tmp_path / "target"
    done = tongban("restore", str(broken), data=target)
    assert done.returncode != 0
    assert not (target / "tongban.sqlite3").exists()
    elsewhere = tongban("restore", str(kept), data=tmp_path / "new-keys")
    assert "master key" in elsewhere.stderr
