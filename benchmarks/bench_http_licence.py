"""From submitting to the sealed licence over HTTP: two web processes on PostgreSQL, citizens who each take one.

One way is what a citizen's telephone asks for: submit (API), whose answer names the licence that was issued, and the
sealed PDF behind its link. The floor, taken in the same run, is a plain script that sets and signs the same files and
does nothing else (see `plain_licence`); how much of it the platform's own way to the files costs is told beside it.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from statistics import median

from django.conf import settings
from django.test import Client
from django.utils import timezone
from stdnum.cn import ric
from tests.faces.portal import city as town

from benchmarks import city, floor, place, plain_licence, server
from benchmarks import figures as say
from benchmarks.bench_instant import DISTRICT, LIBRARY_CARD, file_alone
from tongban.actors import api as actors
from tongban.desks.themes import offers
from tongban.desks.themes.contracts import Party
from tongban.kernel.contracts import SYSTEM, Actor
from tongban.registers.identity.models import Account
from tongban.registers.identity.services import issue_token
from tongban.registers.licences import api as licences

ON = ("PostgreSQL",)
CLIENTS, WORKERS, WARM = 4, 2, 48
MOST_MS = 1000


@dataclass(frozen=True, slots=True)
class Citizen:
    person: str
    token: str
    cookie: str


def figures(*, quick: bool) -> Iterator[say.Figure]:
    alone, crowd = (4, 12) if quick else (30, 300)
    place.migrate()
    city.load()
    _collect_static()
    now = timezone.now() - timedelta(minutes=1)
    citizens = [_citizen(number, now) for number in range(WARM + alone + crowd)]
    body = _application(citizens[0], now)
    pid = int(os.environ.get("TONGBAN_POSTGRES_PID", "0"))
    place.close()
    with server.serving("tongban.config.wsgi:application", workers=WORKERS) as one:
        _all(
            one.port, citizens[:WARM], body, clients=16
        )  # every thread has its connection, every process its faces
        waits = _all(one.port, citizens[WARM : WARM + alone], body, clients=1)
        began, used, database = time.perf_counter(), one.cpu(), server.cpu_of(pid)
        loaded = _all(one.port, citizens[WARM + alone :], body)
        passed = time.perf_counter() - began
        used, database = (one.cpu() - used) / crowd, (server.cpu_of(pid) - database) / crowd
    floors, own = _floors(citizens[WARM + alone :][: 6 if quick else 40])
    yield say.below(
        "over HTTP: submit, decided, sealed licence saved; p99 with 4 at once (wall)", _at(loaded, 0.99), most_ms=MOST_MS,
        note=f"p50 {median(loaded) * 1e3:.0f} ms; one after the other p50 {median(waits) * 1e3:.0f} ms, "
        f"p99 {_at(waits, 0.99) * 1e3:.0f} ms; {WORKERS} web processes",
    )  # fmt: skip
    yield say.ratio(
        "over HTTP: the whole way, server CPU", [used] * len(floors), floors, aim=1.5, defect=None,
        against="a plain script that sets and signs the same licence",
        note=f"two requests; the files take {median(own) * 1e3:.1f} ms of it; {database * 1e3:.1f} ms more in the "
        "database server",
    )  # fmt: skip
    yield say.Figure(
        "over HTTP: licences a second", f"{crowd / passed:.1f}/s", f"{WORKERS / median(floors):.1f}/s if all CPU went into files",
        note=f"{crowd} citizens, {CLIENTS} clients on the same {os.cpu_count()} cores",
    )  # fmt: skip


def _collect_static() -> None:
    """Pages name their static files by digest, as served ones do."""
    words = ["from tongban.config.cli import main; main()", "collectstatic", "--noinput", "-v", "0"]
    subprocess.run([sys.executable, "-c", *words], check=True)


def _citizen(number: int, at: datetime) -> Citizen:
    """A grown-up with an identity card, an account, a token and a session."""
    stem = f"42230119880317{number:03d}"
    person = actors.register_person(
        name="测试", resident_id=stem + ric.calc_check_digit(f"{stem}0"), phone="13871010007",
        address="湖北省咸宁市咸安区温泉街道万年路1号", region="421202001002", actor=SYSTEM, at=at,
    )  # fmt: skip
    fields = licences.fill(kind="id-card", form={}, holder=person, on=actors.day_of(at))
    given = {"nation": "汉族", "gender": "男", "birth_date": "1988-03-17", **fields}
    licences.issue(kind="id-card", holder=person, unit="421202-gaj", fields=given, actor=SYSTEM, at=at)
    account = Account(username=f"bench-{number}", kind="person", actor_id=person)
    account.set_unusable_password()
    account.save()
    client = Client()
    client.force_login(account)
    token = issue_token(username=account.username, label="bench", at=at).secret
    return Citizen(person, token, client.cookies[settings.SESSION_COOKIE_NAME].value)


def _application(citizen: Citizen, at: datetime) -> bytes:
    """The library card: everything is known, the identity card stands for its paper."""
    actor = Actor(citizen.person, parties=frozenset({citizen.person}))
    plan = offers.plan_for(f"{offers.PREFIX}{LIBRARY_CARD}", {}, party=Party("person", DISTRICT), at=at)
    held = town.held_by(plan, applicant=citizen.person, by=actor, at=at)
    return json.dumps({
        "matter": LIBRARY_CARD, "region": DISTRICT, "form": town.left_to_fill(plan, held),
        "materials": {}, "delivery": "electronic",
    }).encode()  # fmt: skip


def _all(port: int, citizens: Sequence[Citizen], body: bytes, *, clients: int = CLIENTS) -> list[float]:
    """Everybody takes a licence, so many at once; seconds of each whole way."""
    waits = [0.0] * len(citizens)
    wrong: list[str] = []

    def work(start: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            for index in range(start, len(citizens), clients):
                began = time.perf_counter()
                _one(connection, citizens[index], body)
                waits[index] = time.perf_counter() - began
        except (AssertionError, OSError, TypeError) as error:
            wrong.append(repr(error))
        connection.close()

    threads = [threading.Thread(target=work, args=(start,)) for start in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(wrong[0])
    return waits


def _one(connection: http.client.HTTPConnection, citizen: Citizen, body: bytes) -> None:
    headers = {
        "Authorization": f"Bearer {citizen.token}", "Content-Type": "application/json",
        "Idempotency-Key": citizen.person,
    }  # fmt: skip
    receipt = json.loads(_asked(connection, "POST", "/api/v1/applications", headers, body))
    session = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={citizen.cookie}"}
    assert receipt["licences"], "it was not decided at once"
    assert _asked(connection, "GET", receipt["licences"][0]["link"], session).startswith(b"%PDF")


def _asked(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    headers: dict[str, str],
    body: bytes | None = None,
) -> bytes:
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    said = answer.read()
    assert answer.status < 300, (
        f"{path.partition('?')[0]}: {answer.status} {said[:300].decode(errors='replace')}"
    )
    return said


def _floors(citizens: Sequence[Citizen]) -> tuple[list[float], list[float]]:
    """CPU seconds of the licences that these citizens got: by a plain script, and the platform's own way, in turns."""
    today = actors.day_of(timezone.now())
    made = [licences.held_by(one.person, on=today, kinds=["library-card"])[0] for one in citizens]
    plain_licence.make(made[0])
    file_alone(made[0])
    bare, own = [], []
    for one in made:
        bare.append(floor.cpu(partial(plain_licence.make, one)))
        own.append(floor.cpu(partial(file_alone, one)))
    return bare, own


def _at(waits: Sequence[float], part: float) -> float:
    return sorted(waits)[max(0, round(len(waits) * part) - 1)]
