"""Requests that a program sent to the demo city: one answered, one at the unit, both to be read by everybody; one in confidence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.faces.open311 import applications, posting, reading
from tongban.faces.open311.applications import Sender
from tongban.faces.open311.models import Submission
from tongban.kernel import api as kernel

PROGRAM: Final = "随手拍小程序（示例）"
ACTOR: Final = "organisation:1"
DESK, URBAN = "421202-dsj", "421202-cgj"
REPLY: Final = (
    "您好！您反映的淦河大道公交站路灯不亮的问题，我单位维修人员已到淦河大道公交站现场核实，更换了损坏的灯具和线路，"
    "当晚恢复照明。感谢您的反映，如有问题请打0715-8255555。"
)
SENT: Final = (
    {"service_code": "street-light", "description": "淦河大道公交站旁边的路灯不亮，晚上等车看不见路。",
     "address_string": "淦河大道公交站", "lat": "29.8468", "long": "114.3239", "attribute[lamps]": "few", "attribute[publish]": "yes"},
    {"service_code": "road-surface", "description": "永安大道辅路有一个大坑，下雨积水看不见，骑车容易摔。",
     "address_string": "永安大道辅路", "lat": "29.8541", "long": "114.3062", "attribute[publish]": "yes"},
    {"service_code": "drainage", "description": "楼下的下水道堵了，污水流到路上。", "address_string": "浮山街道",
     "lat": "29.8411", "long": "114.3188", "attribute[publish]": "no"},
)  # fmt: skip


def load(_folder: Path, at: datetime) -> Mapping[str, int]:
    """Register the program and send its requests; gives how many. A second time changes nothing."""
    people = _people(at)
    if people is None or Submission.objects.exists():
        return {"open311": 0}
    row = applications.register(
        name=PROGRAM, actor=ACTOR, per_minute=30, per_day=2000, until=at.date() + timedelta(days=365), at=at
    )
    sender = Sender(row.pk, actors.actor(actor_id=ACTOR, at=at))
    numbers = []
    for place, told in enumerate(SENT):
        form = QueryDict(urlencode(told))
        sent = at - timedelta(days=5 - 2 * place)
        numbers.append(
            posting.send(reading.request_of(form, MultiValueDict()), sender=sender, key="", at=sent).number
        )
    _answered(numbers[0], people, at=at - timedelta(days=5))
    _move(numbers[1], "dispatch", people["dispatcher"], at - timedelta(days=3, hours=-1), unit=URBAN)
    return {"open311": len(numbers)}


def _people(at: datetime) -> dict[str, kernel.Actor] | None:
    found = {}
    for name, (unit, role) in {
        "dispatcher": (DESK, Role.DISPATCHER),
        "urban": (URBAN, Role.HANDLER),
    }.items():
        officers = actors.officers_with(role=role.value, unit_id=unit, at=at)
        if not officers:
            return None
        found[name] = actors.actor(actor_id=officers[0], at=at, unit_id=unit)
    return found


def _answered(number: str, people: Mapping[str, kernel.Actor], *, at: datetime) -> None:
    """From the desk to the unit and back, the answer shown."""
    _move(number, "dispatch", people["dispatcher"], at + timedelta(hours=1), unit=URBAN)
    _move(number, "sign", people["urban"], at + timedelta(hours=2))
    _move(number, "reply", people["urban"], at + timedelta(days=1), reply=REPLY, result="yes")
    _move(number, "review", people["dispatcher"], at + timedelta(days=1, hours=2))
    _move(
        number, "call_back", people["dispatcher"], at + timedelta(days=2), satisfaction="very", solved="yes"
    )


def _move(number: str, move: str, actor: kernel.Actor, at: datetime, **data: object) -> None:
    row = kernel.docket(number, actor=kernel.SYSTEM)
    kernel.perform(row.id, move, actor=actor, at=at, data=data)
