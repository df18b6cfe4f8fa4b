"""The first seal of a process: pyHanko is loaded once, by one thread, however many begin with it."""

import subprocess
import sys

SCRIPT = """
import threading
from tongban.registers.seals import pades
found, ready = [], threading.Barrier(6)
def load():
    ready.wait()
    found.append(pades.writing().Steady.__mro__)
threads = [threading.Thread(target=load) for _turn in range(6)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(found), len(set(found)))
"""


def test_threads_that_seal_first_at_once_all_get_the_whole_of_it():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["6", "1"]
