"""What the pages of acting and of privacy show: a visit asked for, a paper that waits, a copy, a request to erase, a list."""

from __future__ import annotations

from datetime import datetime, timedelta

AGENT = "huangjing"


def arranged(at: datetime) -> dict[str, str]:
    """Numbers and ids by name, for the addresses of `test_every_page`."""
    from tongban.actors import api as actors
    from tongban.desks.helping import api as helping
    from tongban.registers.identity.models import Account
    from tongban.registers.identity.privacy import erasing, exporting
    from tongban.registers.identity.privacy.models import Disposal

    elder = Account.objects.get(username="elder").actor_id
    agent = Account.objects.get(username=AGENT).actor_id
    person = actors.actor(actor_id=elder, at=at)
    officer = actors.actor(actor_id=agent, at=at)
    number = helping.ask_for_visit(
        applicant=elder, group="elder", wish="领高龄津贴", address="黄荆塘村4组", phone="13871140098", region=person.region,
        actor=person, at=at,
    )  # fmt: skip
    today = actors.day_of(at)
    matters = ["0703100100", "0103100200"]
    actors.let_act(
        agent=agent, principal=elder, matters=matters, from_date=today, until_date=today + timedelta(days=90),
        actor=person, at=at, tie=actors.Tie.AGENT,
    )  # fmt: skip
    waiting = helping.record_paper(
        agent=agent, principal="person:1", matters=matters, from_date=today, until_date=today + timedelta(days=30),
        tie=actors.Tie.AGENT, document="0" * 64, document_name="授权书.jpg", actor=officer, at=at,
    )  # fmt: skip
    disposal = Disposal.objects.create(
        kind="application", basis="本市政务服务档案保管期限表（示例）", years=2, listed_at=at, dockets=[],
        numbers=["A421202-230601-00001-X"],
    )  # fmt: skip
    return {
        "doorstep": number, "awaiting": waiting.rpartition(":")[2], "disposal": str(disposal.pk),
        "copy": str(exporting.ask(party=elder, actor=person, at=at)), "erasure": erasing.ask(party=elder, actor=person, at=at),
    }  # fmt: skip
