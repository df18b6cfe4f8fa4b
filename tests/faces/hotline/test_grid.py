"""The grid worker's phone: a problem reported in three taps, a ticket passed down to the village signed and answered."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.faces.workbench.office import signed_in
from tests.kernel.files.test_files import picture
from tongban.actors import api as actors
from tongban.desks.hotline import api as hotline
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket
from tongban.registers.identity.models import Account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_city")]
PAGE = "/work/hotline/grid"
VILLAGE, STATION, TOWN, DESK = "421202100236", "421202100236-fwz", "421202100-zf", "421202-dsj"
FOUND = {"finding": "rubbish", "place": "黄荆塘村3组路口", "region": VILLAGE}
DONE = (
    "您好！您反映的垃圾堆积问题，我站保洁员已于今天上午到黄荆塘村3组路口现场清运，并增设一个垃圾桶，每天清运一次。"
    "感谢您的反映，有问题请打0715-8320900。"
)


def who(username: str) -> kernel.Actor:
    return actors.actor(actor_id=Account.objects.get(username=username).actor_id, at=timezone.now())


def test_three_taps_and_a_photo_are_a_ticket_that_its_reporter_follows():
    client = signed_in("grid")
    given = {
        **FOUND,
        "photos": [SimpleUploadedFile("a.jpg", picture())],
        "latitude": "29.77",
        "longitude": "114.19",
        "key": "k1",
    }
    assert client.post(f"{PAGE}/new", given).status_code == 302
    given["photos"] = [SimpleUploadedFile("a.jpg", picture())]
    assert client.post(f"{PAGE}/new", given).status_code == 302, "a second tap"
    row = Docket.objects.get(kind="ticket")
    assert (row.unit, row.channel, row.region, row.title) == (
        DESK,
        "grid",
        VILLAGE,
        "垃圾堆积：黄荆塘村3组路口",
    )
    own = hotline.ticket(row.number, actor=kernel.SYSTEM)
    assert (own.category.split("/")[-1], own.latitude) == ("环境卫生", 29.77)
    kernel.perform(
        row.pk, "dispatch", actor=who("xa-dispatcher"), at=timezone.now(), data={"unit": "421202-cgj"}
    )
    assert row.number in client.get(PAGE).content.decode()
    said = client.get(f"{PAGE}/{row.number}").content.decode()
    assert "已交给承办单位" in said
    assert "a.jpg" in said
    assert client.post(f"{PAGE}/{row.number}", {"act": "urge"}).status_code == 302
    assert hotline.ticket(row.number, actor=kernel.SYSTEM).urged == 1
    assert signed_in("huangjing").get(f"{PAGE}/{row.number}").status_code == 404


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"place": ""}, "请填在哪里"), ({"finding": "others"}, "请写清楚是什么问题"), ({"finding": ""}, "请选：是什么问题"),
        ({"photos": [SimpleUploadedFile("a.jpg", b"MZ\x90 this is a program")]}, "文件"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_and_what_was_typed_stays(more, words):
    answer = signed_in("grid").post(f"{PAGE}/new", {**FOUND, "text": "", **more})
    assert answer.status_code == 422
    said = answer.content.decode()
    assert words in said
    assert more.get("place", FOUND["place"]) in said
    assert not Docket.objects.filter(kind="ticket").exists()


def test_what_is_passed_down_to_the_village_is_signed_and_answered_on_the_phone():
    at = timezone.now()
    new = hotline.NewTicket(
        kind="help",
        channel="phone",
        text="黄荆塘村3组路口的垃圾堆了一周没有人清。",
        region=VILLAGE,
        unit=DESK,
    )
    ticket = hotline.take(new, actor=who("xa-dispatcher"), at=at)
    for move, data in (("dispatch", {"unit": STATION, "opinion": "请到现场看"}),):
        kernel.perform(ticket.docket, move, actor=who("xa-dispatcher"), at=at, data=data)
    client = signed_in("grid")
    assert "请到现场看" in client.get(f"{PAGE}/{ticket.number}").content.decode()
    assert "要本村" in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}/{ticket.number}", {"act": "sign", "key": "s"}).status_code == 302
    short = client.post(f"{PAGE}/{ticket.number}", {"act": "reply", "reply": ""})
    assert short.status_code == 422
    rude = client.post(
        f"{PAGE}/{ticket.number}", {"act": "reply", "reply": "滚，别再打了，身份证421202199003074412。"}
    )
    assert rude.status_code == 422
    assert "别再打了" in rude.content.decode(), "the text stays"
    sent = client.post(
        f"{PAGE}/{ticket.number}", {"act": "reply", "reply": DONE, "result": "yes", "key": "r"}
    )
    assert sent.status_code == 302
    assert Docket.objects.get(pk=ticket.docket).state == "replied"
    assert client.post(f"{PAGE}/{ticket.number}", {"act": "sign"}).status_code == 422
