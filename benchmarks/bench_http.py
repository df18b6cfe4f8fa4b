"""Over HTTP: one move against a plain view running the same SQL, and submissions a second."""

from __future__ import annotations

import json
import os
import pickle
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.faces.portal import city as town

from benchmarks import city, floor, place, server
from benchmarks import figures as say
from tongban.desks.cases.api import submit
from tongban.kernel import api as kernel
from tongban.registers.identity.services import issue_token

ON = ("SQLite", "PostgreSQL")
UNIT, HANDLER = "421202-cgj", "cgj"
SECONDS = 20


def figures(*, quick: bool) -> Iterator[say.Figure]:
    rounds, each = (2, 10) if quick else (6, 50)
    place.migrate()
    city.load()
    plan = city.plan()
    asked = city.submission(plan)
    numbers = []
    for turn in range(rounds * each + 1):
        receipt = submit(asked, actor=city.APPLICANT, at=city.AT, key=f"k{turn}")
        opened = kernel.children_of([receipt.docket], actor=kernel.SYSTEM)[receipt.docket]
        numbers.append(next(row.number for row in opened if row.unit == UNIT and row.state == "received"))
    officer = issue_token(username=HANDLER, label="bench", at=city.AT, days=3650).secret
    citizen = issue_token(username="zhang", label="bench", at=city.AT, days=3650).secret
    yield _moves(numbers, officer, each)
    yield _submissions(plan, citizen, seconds=4 if quick else SECONDS)


def _headers(token: str, key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": key}


def _moves(numbers: list[str], token: str, each: int) -> say.Figure:
    calls: list[server.Call] = [
        ("POST", f"/api/v1/dockets/{number}/moves/accept", b"{}", _headers(token, f"key-{number}"))
        for number in numbers
    ]
    by_hand: list[server.Call] = [
        ("POST", "/by-hand", b"{}", headers) for _method, _path, _body, headers in calls
    ]
    place.copy_as("before")
    place.copy_as("floor")
    statements = _record(calls)
    place.put_back("before")
    place.close()
    ours: list[float] = []
    theirs: list[float] = []
    peer = {
        "DATABASE_URL": place.url("floor"), "DJANGO_SETTINGS_MODULE": "benchmarks.plain_settings",
        "TONGBAN_BENCH_STATEMENTS": str(statements),
    }  # fmt: skip
    with (
        server.serving("tongban.config.wsgi:application") as mine,
        server.serving("benchmarks.plain:application", **peer) as plain,
    ):
        for one, sent in ((mine, calls), (plain, by_hand)):
            _good(server.send(one.port, sent[:1]))
        for start in range(1, len(calls), each):
            part = slice(start, start + each)
            for one, sent, used in ((mine, calls, ours), (plain, by_hand, theirs)):
                began = one.cpu()
                _good(server.send(one.port, sent[part]))
                used.append((one.cpu() - began) / each)
    return say.ratio(
        "one move over HTTP (API, bearer token)", ours, theirs, aim=2, defect=None,
        against="plain Django view, the same SQL by hand", note="server CPU; accept of a case",
    )  # fmt: skip


def _record(calls: list[server.Call]) -> Path:
    """The statements of each call, by its key, from answers of this process on the same database."""
    recorded: list[floor.Transaction] = []
    client = Client(SERVER_NAME="localhost")
    with floor.recording(recorded) as close:
        for _method, path, body, headers in calls:
            answer = client.post(path, body, content_type="application/json", headers=headers)
            assert answer.status_code == 200, answer.content[:500]
            close()
    path_ = Path(settings.DATA) / "statements.pickle"
    keys = [headers["Idempotency-Key"] for *_rest, headers in calls]
    with_marks = [[(sql.replace("?", "%s"), values) for sql, values in one] for one in recorded]
    path_.write_bytes(pickle.dumps(dict(zip(keys, with_marks, strict=True))))
    return path_


def _submissions(plan: Any, token: str, *, seconds: float) -> say.Figure:
    """As many one-thing submissions as fit into the time, by four clients beside the server."""
    workers = 2 if connection.vendor == "postgresql" else 1
    body = _application(plan, token)
    pid = int(os.environ.get("TONGBAN_POSTGRES_PID", "0"))
    place.close()
    with server.serving("tongban.config.wsgi:application", workers=workers) as one:
        _good(server.send(one.port, [_call(body, token, f"warm-{turn}") for turn in range(8)], clients=4))
        began, used, database, sent = time.perf_counter(), one.cpu(), server.cpu_of(pid) if pid else 0.0, 0
        while time.perf_counter() - began < seconds:
            _good(
                server.send(
                    one.port, [_call(body, token, f"k-{sent + turn}") for turn in range(40)], clients=4
                )
            )
            sent += 40
        passed = time.perf_counter() - began
        used = (one.cpu() - used) / sent * 1e3
        database = (server.cpu_of(pid) - database) / sent * 1e3 if pid else 0.0
    beside = f", {database:.1f} ms in the database server" if pid else ""
    return say.Figure(
        "one-thing submissions over HTTP (API)", f"{sent / passed:.0f}/s",
        note=f"{workers} web process{'es' if workers > 1 else ''}, 4 clients on the same cores; "
        f"{used:.1f} ms of server CPU each{beside}",
    )  # fmt: skip


def _call(body: bytes, token: str, key: str) -> server.Call:
    return ("POST", "/api/v1/applications", body, _headers(token, key))


def _application(plan: Any, token: str) -> bytes:
    held = town.held_by(plan, applicant=city.APPLICANT.id, by=city.APPLICANT, at=timezone.now())
    papers, digest = town.handed_in(plan, held=held), _upload(token)
    return json.dumps({
        "theme": plan.theme, "region": plan.party.region, "answers": dict(plan.answers),
        "form": town.left_to_fill(plan, held),
        "materials": {
            key: {"way": paper.way, "files": [{"digest": digest, "name": f"{key}.jpg"}] if paper.way == "upload" else []}
            for key, paper in papers.items()
        },
        "delivery": plan.delivery.ways[0], "undertaken": True,
    }).encode()  # fmt: skip


def _upload(token: str) -> str:
    """Digest of a file that the citizen hands in."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "file"}
    file = SimpleUploadedFile("a.jpg", town.picture(), "image/jpeg")
    answer = Client(SERVER_NAME="localhost").post("/api/v1/files", {"file": file}, headers=headers)
    assert answer.status_code < 300, answer.content
    return str(answer.json()["digest"])


def _good(statuses: list[int]) -> None:
    assert all(status < 400 for status in statuses), sorted(set(statuses))
