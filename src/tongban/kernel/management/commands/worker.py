"""`tongban worker`: the worker as a process of its own."""

import signal
import threading

from django.core.management.base import BaseCommand

from tongban.kernel.jobs import worker


class Command(BaseCommand):
    help = "Deliver events, fire due clocks and run scheduled jobs until stopped."

    def handle(self, *args: object, **options: object) -> None:
        stop = threading.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: stop.set())
        worker.run(stop)
