"""A ticket's life over HTTP: taken, dispatched, answered by the unit, found by its number; empty and with a million there.

Two web processes on PostgreSQL, the load generator beside them on the same cores. The floor is the very same statements of
the four calls in a bare psycopg loop, taken in the same run. The lists are those of the workbench, each filter by itself.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from statistics import median

from django.conf import settings
from django.test import Client
from django.utils import timezone

from benchmarks import figures as say
from benchmarks import floor, hotline_stock, place, server
from tongban.actors import api as actors
from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.figures import reckoning
from tongban.desks.hotline.models import Turn
from tongban.kernel import api as kernel
from tongban.registers.identity.contracts import demo_steps
from tongban.registers.identity.models import Account
from tongban.registers.identity.services import issue_token

ON = ("PostgreSQL",)
CENTRE, UNIT, REGION = "421200-dsj", "421202-cgj", "421202000000"
WORKERS = 2
LEAST_A_SECOND, AIM_A_SECOND, MOST_MS = 60, 100, 100
REPLY = (
    "您好！您反映的路灯不亮问题，我局维修人员已于11月20日到城东小区现场核实，更换了损坏的灯具和线路，当晚恢复照明。"
    "感谢您的来电，有问题请打0715-8255555。"
)


class Life:
    """The four calls of one ticket, each with its token."""

    def __init__(self, dispatcher: str, unit: str) -> None:
        self.dispatcher, self.unit = dispatcher, unit

    def run(self, ask: Callable[[str, str, str, str, bytes | None], bytes], index: str) -> list[float]:
        """Seconds of each call. `ask` gets method, path, token, key and body."""
        waits = []

        def timed(*call: object) -> bytes:
            began = time.perf_counter()
            said = ask(*call)  # type: ignore[arg-type]  # as given below
            waits.append(time.perf_counter() - began)
            return said

        made = json.loads(timed("POST", "/tickets", self.dispatcher, f"take-{index}", _message(index)))
        path = f"/tickets/{made['number']}"
        sent = json.dumps({"unit": UNIT, "opinion": "请派人维修并答复"}).encode()
        timed("POST", f"{path}/moves/dispatch", self.dispatcher, "dispatch", sent)
        timed(
            "POST",
            f"{path}/moves/reply",
            self.unit,
            "reply",
            json.dumps({"reply": REPLY, "result": "yes"}).encode(),
        )
        found = json.loads(timed("GET", path, self.dispatcher, "", None))
        assert found["reply"] == REPLY
        return waits


def _message(index: str) -> bytes:
    number = sum(ord(char) * 131**place for place, char in enumerate(index)) % 10**8
    return json.dumps({
        "kind": "help", "channel": "phone", "region": REGION, "place": "城东小区南门", "category": "城市管理/照明",
        "text": f"城东小区南门第{index}号灯杆的路灯坏了三天，晚上看不见路，老人孩子都不敢出门，请派人来修。",
        "caller_name": "何秀珍", "caller_phone": f"139{number:08d}", "latitude": 29.84, "longitude": 114.32,
    }).encode()  # fmt: skip


def figures(*, quick: bool) -> Iterator[say.Figure]:
    place.migrate()
    for step in demo_steps():
        if step.name in {"city", "accounts"}:
            step.loader(settings.PACKS / "demo", timezone.now())
    life = Life(
        *(
            issue_token(username=name, label="bench", at=timezone.now(), days=30).secret
            for name in ("dispatcher", "cgj")
        )
    )
    place.copy_as("before")
    bare = _bare(life, 10 if quick else 60)
    place.put_back("before")
    seconds = 3 if quick else 20
    small, cpu = yield from _served(life, bare, seconds, "")
    count = 20_000 if quick else 1_000_000
    began = time.perf_counter()
    hotline_stock.load(count)
    print(f"{count:,} tickets loaded in {time.perf_counter() - began:.0f} s", flush=True)
    large, _cpu = yield from _served(life, bare, seconds, f", {count:,} tickets there")
    yield say.Figure(
        "hotline: lifecycles a second with a million tickets there, against few", f"{large:.0f}/s", f"{small:.0f}/s",
        f"{(large / small - 1) * 100:+.0f} %", "within 10 %", (1 - large / small) * 100, 10, 20, note=f"{cpu:.1f} ms of web CPU",
    )  # fmt: skip
    yield from _lists(count)


def _bare(life: Life, rounds: int) -> list[float]:
    """CPU seconds of the same statements of a whole life on psycopg alone, each life by itself."""
    recorded: list[floor.Transaction] = []
    client = Client(SERVER_NAME="localhost")
    with floor.recording(recorded) as close:

        def ask(method: str, path: str, token: str, key: str, body: bytes | None) -> bytes:
            answer = client.generic(
                method, f"/api/v1/hotline{path}", body or b"", content_type="application/json",
                headers={"Authorization": f"Bearer {token}", **({"Idempotency-Key": key} if key else {})},
            )  # fmt: skip
            assert answer.status_code == 200, answer.content[:500]
            close()
            return bytes(answer.content)

        for turn in range(5 + rounds):
            life.run(ask, f"bare-{turn}")
    place.put_back("before")
    place.copy_as("floor")
    loop = place.bare("floor")
    lives = [recorded[start : start + 4] for start in range(0, len(recorded), 4)]
    loop.run([call for one in lives[:5] for call in one])
    used = [loop.run(one) for one in lives[5:]]
    loop.close()
    return used


def _served(life: Life, bare: Sequence[float], seconds: float, there: str) -> Iterator[say.Figure]:
    """Lives over HTTP at 12 and at 50 connections; gives the rate at 12 and the CPU of a life."""
    pid = int(os.environ.get("TONGBAN_POSTGRES_PID", "0"))
    place.close()
    rates = {}
    with server.serving("tongban.config.wsgi:application", workers=WORKERS) as one:
        _crowd(one.port, life, 4, 2.0, f"warm{len(there)}")
        for clients in (12, 50):
            began, used, database = time.perf_counter(), one.cpu(), server.cpu_of(pid)
            waits, lives = _crowd(one.port, life, clients, seconds, f"c{clients}-{len(there)}")
            passed = time.perf_counter() - began
            used, database = (one.cpu() - used) / lives, (server.cpu_of(pid) - database) / lives
            rates[clients] = lives / passed, used
            p95 = sorted(waits)[int(len(waits) * 0.95)]
            yield say.Figure(
                f"hotline: take → dispatch → answer → find over HTTP, {clients} connections{there}", f"{lives / passed:.0f} lives/s",
                aim_says=f"≥ {AIM_A_SECOND}/s, defect < {LEAST_A_SECOND}/s", measured=lives / passed, aim=AIM_A_SECOND,
                defect=LEAST_A_SECOND, more_is_better=True,
                note=f"{lives} lives, no error; {used * 1e3:.1f} ms of web CPU and {database * 1e3:.1f} ms in the database each; "
                f"call p50 {median(waits) * 1e3:.0f} ms, p95 {p95 * 1e3:.0f} ms; {WORKERS} web processes",
            )  # fmt: skip
            if clients == 12:
                yield say.below(f"hotline: p95 of a call, 12 connections (wall){there}", p95, most_ms=MOST_MS)
    yield say.ratio(
        f"hotline: web CPU of a life{there}", [rates[12][1]] * len(bare), list(bare), aim=5, defect=None,
        against="bare psycopg loop of the same statements", note="four calls, tokens checked, JSON in and out",
    )  # fmt: skip
    return rates[12][0], rates[12][1] * 1e3


def _crowd(port: int, life: Life, clients: int, seconds: float, label: str) -> tuple[list[float], int]:
    """So many connections at once, each living one life after the other; seconds of every call, and how many lives."""
    until, waits, lives = time.perf_counter() + seconds, [], []
    wrong: list[str] = []

    def work(own: int) -> None:
        wire = server.Wire(port)

        def ask(method: str, path: str, token: str, key: str, body: bytes | None) -> bytes:
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            headers |= {"Idempotency-Key": key} if key else {}
            status, said = wire.ask(method, f"/api/v1/hotline{path}", body or b"", headers)
            assert status == 200, f"{path}: {status} {said[:300].decode(errors='replace')}"
            return said

        turn = 0
        try:
            while time.perf_counter() < until:
                waits.extend(life.run(ask, f"{label}-{own}-{turn}"))
                lives.append(own)
                turn += 1
        except (AssertionError, OSError) as error:
            wrong.append(repr(error))
        wire.close()

    threads = [threading.Thread(target=work, args=(own,)) for own in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(wrong[0])
    return waits, len(lives)


# Lists ---------------------------------------------------------------------------------------


def _lists(count: int) -> Iterator[say.Figure]:
    """Every filter of the list by itself, first page and the one behind; the slowest is the figure."""
    now = timezone.now()
    officer = Account.objects.get(username="dispatcher").actor_id
    dispatcher = actors.actor(actor_id=officer, at=now)
    unit = actors.actor(actor_id=Account.objects.get(username="cgj").actor_id, at=now)
    asked = hotline.Asked
    wanted: dict[str, tuple[kernel.Actor, hotline.Asked]] = {
        "all": (dispatcher, asked()), "a unit's own and what it had": (unit, asked()),
        **{f"waiting {name}": (dispatcher, asked(waiting=name, unit=CENTRE)) for name in ("dispatch", "review", "call_back", "returns")},
        "waiting sign, whole city": (dispatcher, asked(waiting="sign")), "near": (dispatcher, asked(near_at=now)),
        "late": (dispatcher, asked(late_at=now)), "unit's work": (unit, asked(waiting="work", unit=UNIT)),
        **{f"state {name}": (dispatcher, asked(state=name)) for name in ("taken", "closed", "refused", "merged", "returning")},
        "kind": (dispatcher, asked(kind="report")), "channel": (dispatcher, asked(channel="mailbox")),
        "urgency": (dispatcher, asked(urgency="emergency")), "category": (dispatcher, asked(category="城市管理/7")),
        "category, open": (dispatcher, asked(category="城市管理/7", open_only=True)), "line": (dispatcher, asked(line="line-6")),
        "lead": (dispatcher, asked(lead=UNIT)), "region": (dispatcher, asked(region="421224000000")),
        "satisfaction": (dispatcher, asked(satisfaction="unsatisfied")), "phone": (dispatcher, asked(phone="13907150001")),
        "days": (dispatcher, asked(opened_from=now - timedelta(days=400), opened_before=now - timedelta(days=390))),
        "category and channel": (dispatcher, asked(category="城市管理/7", channel="qr", urgency="urgent")),
        "matter": (dispatcher, asked(matter="0200000001")), "reference": (dispatcher, asked(reference="none")),
        "solved": (dispatcher, asked(solved="no")), "flood": (dispatcher, asked(flood=True)),
        "officer": (dispatcher, asked(officer=officer)), "a unit's, by kind": (unit, asked(kind="report")),
        "nothing found": (dispatcher, asked(category="没有", kind="praise")),
    }  # fmt: skip
    times = {name: _listed(*one) for name, one in wanted.items()}
    for name, seconds in sorted(times.items(), key=lambda one: -one[1])[:6]:
        print(f"{name}: {seconds * 1e3:.0f} ms", file=sys.stderr)
    slowest = max(times, key=lambda name: times[name])
    yield say.below(
        f"hotline: a page of tickets, every filter by itself, {count:,} there (wall)", times[slowest], most_ms=MOST_MS,
        note=f"{len(times)} filters, two pages each, the slowest: {slowest}; median {median(times.values()) * 1e3:.0f} ms",
    )  # fmt: skip
    found = _best(lambda: hotline.counts(CENTRE, at=now))
    yield say.below("hotline: what waits at the centre, counted (wall)", found, most_ms=MOST_MS)
    yield from _worklists(unit, dispatcher, now)
    month = _best(lambda: reckoning.reckon(reckoning.month_of(2026, 10), at=now))
    yield say.Figure(
        f"hotline: all figures of a month, {count:,} tickets there (wall)", f"{month * 1e3:.0f} ms",
        note="the leader's screen and the bulletin; a month of it by index, no longer as more months come",
    )  # fmt: skip


def _worklists(unit: kernel.Actor, dispatcher: kernel.Actor, now: datetime) -> Iterator[say.Figure]:
    """The general worklist of every kind of docket: what a unit sees that has had very many tickets."""
    filters = {
        "open": kernel.Filters(), "open tickets": kernel.Filters(kind="ticket"), "late": kernel.Filters(due_before=now),
        "tickets, closed too": kernel.Filters(kind="ticket", open_only=False),
        "closed": kernel.Filters(closed_only=True, open_only=False),
    }  # fmt: skip
    times = {
        f"{who}: {name}": _best(partial(kernel.page, actor, one))
        for who, actor in (("the unit", unit), ("the centre", dispatcher)) for name, one in filters.items()
    }  # fmt: skip
    slowest = max(times, key=lambda name: times[name])
    turns = Turn.objects.filter(unit=UNIT).count()
    yield say.below(
        f"a page of the general worklist, {turns:,} turns of the unit there (wall)", times[slowest], most_ms=MOST_MS,
        note=f"{len(times)} lists, the slowest: {slowest}; median {median(times.values()) * 1e3:.0f} ms",
    )  # fmt: skip


def _listed(actor: kernel.Actor, asked: hotline.Asked) -> float:
    """Seconds of the dearer of the first two pages."""
    first = hotline.page(actor, asked)
    return max(
        _best(partial(hotline.page, actor, asked, after=after)) for after in dict.fromkeys(("", first.after))
    )


def _best(work: Callable[[], object]) -> float:
    times = []
    for _turn in range(5):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return median(times)
