"""Whoever waits for the write lock gets it in turn, whatever its holder does next."""

from __future__ import annotations

import fcntl
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tongban.kernel.turns import Between, Turns

PATIENCE = 10


def waiting(turns: Turns, many: int) -> None:
    """Until so many threads wait for their turn."""
    until = time.monotonic() + PATIENCE
    while len(turns._waiting) < many:
        assert time.monotonic() < until
        time.sleep(0.001)


def test_the_longest_waiting_is_next() -> None:
    turns, seen = Turns(), []
    with turns:
        threads = []
        for number in range(4):
            threads.append(threading.Thread(target=lambda number=number: take(turns, seen, number)))
            threads[-1].start()
            waiting(turns, number + 1)
        assert seen == []
    for thread in threads:
        thread.join(PATIENCE)
    assert seen == [0, 1, 2, 3]


def take(turns: Turns, seen: list[int], number: int) -> None:
    with turns:
        seen.append(number)


def test_who_lets_go_and_takes_it_again_at_once_passes_nobody() -> None:
    turns, seen = Turns(), []
    with turns:
        other = threading.Thread(target=lambda: take(turns, seen, 1))
        other.start()
        waiting(turns, 1)
    with turns:
        assert seen == [1]
    other.join(PATIENCE)


def test_a_thread_may_take_it_again_while_it_has_it() -> None:
    turns, seen = Turns(), []
    with turns, turns:
        other = threading.Thread(target=lambda: take(turns, seen, 1))
        other.start()
        waiting(turns, 1)
        with turns:
            pass
        assert seen == []
    other.join(PATIENCE)
    assert seen == [1]


def test_an_error_inside_gives_it_back() -> None:
    turns, seen = Turns(), []
    with pytest.raises(ValueError, match="no"), turns:
        raise ValueError("no")
    other = threading.Thread(target=lambda: take(turns, seen, 1))
    other.start()
    other.join(PATIENCE)
    assert seen == [1]


OTHER = """
import sys
from pathlib import Path
from tongban.kernel.turns import Between
with Between(sys.argv[1]):
    Path(sys.argv[2]).write_text("was here")
"""


def test_a_process_that_waits_comes_before_who_takes_it_again_at_once(tmp_path: Path) -> None:
    path, mark = tmp_path / "database", tmp_path / "mark"
    turns = Between(str(path))
    with turns:
        other = subprocess.Popen([sys.executable, "-c", OTHER, str(path), str(mark)])
        until = time.monotonic() + PATIENCE
        while free(Path(f"{path}-turn")):  # until it waits
            assert time.monotonic() < until
            time.sleep(0.005)
        with turns:  # what a commit does afterwards may write again
            assert not mark.exists()
    with turns:
        assert mark.read_text() == "was here"
    assert other.wait(PATIENCE) == 0


def free(path: Path) -> bool:
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
