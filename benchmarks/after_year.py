"""`python -m benchmarks.after_year` with TONGBAN_DATA at a finished year: how long its pages take.

The process has begun as `tongban serve` begins, and was asked for none of the pages: what is measured is its first view of each.
Its clock stands at noon of a day before the year's end.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from unittest.mock import patch

from benchmarks.child import set_up

FIRST = "/about"
PAGES = (
    ("leader", "/screen"), ("leader", "/work/insight"), ("leader", "/work/insight?month={month}"),
    ("leader", "/work/insight/hotline.calls"), ("leader", "/work/insight/hotline.satisfied?month={month}"),
    ("leader", "/work/insight/departments?month={month}"), ("leader", "/work/insight/foresight"),
    ("leader", "/work/insight/anomalies?month={month}"), ("leader", "/work/insight/reports/monthly/{month}"),
    ("leader", "/work/insight/reports/annual/{year}"), ("dispatcher", "/work"), ("dispatcher", "/work?view=unit"),
    ("dispatcher", "/work/hotline"), ("dispatcher", "/work/hotline/heat"),
    ("dispatcher", "/work/hotline/map"), ("dispatcher", "/work/{ticket}"),
    ("operator", "/work/hotline/new"), ("xa-supervisor", "/work/late"), ("xa-supervisor", "/work/supervision"), ("scjg", "/work?view=unit"),
    ("", "/"), ("", "/search?q=开饭馆"),
)  # fmt: skip


def main() -> int:
    """Prints one line of JSON for each thing that was measured."""
    set_up()
    from django.core.management import call_command

    from tongban.config import warming
    from tongban.kernel.models import Docket
    from tongban.year.models import Run

    run = Run.objects.filter(finished=True).first()
    if run is None:
        print("no finished year in TONGBAN_DATA", file=sys.stderr)
        return 1
    call_command("demo", "load", only="city,accounts", verbosity=0, stdout=sys.stderr)
    noon = datetime(run.last.year, run.last.month, run.last.day - 2, 4, tzinfo=UTC)
    ticket = Docket.objects.filter(kind="ticket", closed_at=None).order_by("-id")[0].number
    words = {"month": f"{run.last:%Y-%m}", "year": f"{run.last:%Y}", "ticket": ticket}
    warming.warm()  # as `tongban serve` does when it begins
    with patch("django.utils.timezone.now", lambda: noon):
        for line in _measured(words):
            print(json.dumps(line, ensure_ascii=False), flush=True)
    return 0


def _measured(words: dict[str, str]) -> Iterator[dict[str, object]]:
    from benchmarks.visitor import visitor

    clients = {user: visitor(user) for user in {user for user, _path in PAGES}}
    for client in clients.values():
        client.get(FIRST)  # the process has begun: templates, texts, rooms
    for user, path in PAGES:
        address = path.format(**words)
        times = []
        for _view in range(3):
            began = time.perf_counter()
            answer = clients[user].get(address)
            times.append(time.perf_counter() - began)
        yield {
            "page": re.sub(r"T\d{6}[-\w]+", "…", address),
            "by": user, "status": answer.status_code, "first": times[0], "again": min(times[1:]),
        }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
