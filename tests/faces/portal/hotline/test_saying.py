"""Saying something without signing in: taken whole, once, whatever is in it; what is wrong is said at its field."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.actors.factories import a_person
from tests.desks.hotline.town import COUNTY, NINE, TOWN, who
from tests.registers.identity.factories import an_account
from tongban.actors.models import Region
from tongban.desks.hotline.models import Ticket
from tongban.desks.hotline.places import api as places
from tongban.kernel.files.models import Attachment
from tongban.kernel.files.selectors import content_of
from tongban.kernel.models import Docket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
SAID = "城东小区南门的路灯坏了三天，晚上看不见路，请派人来修。"
PHONE = "138 7101 0007"
FORM = {
    "kind": "help",
    "text": SAID,
    "place": "城东小区南门",
    "caller_name": "陈女士",
    "caller_phone": PHONE,
    "key": "k1",
}


def said(client=None, path="/12345/new", **more):
    form = {name: value for name, value in {**FORM, **more}.items() if value is not None}
    return (client or Client()).post(path, form)


def page(answer):
    return answer.content.decode()


def photo(name="IMG_1.jpg", *, where=None):
    """A photo; `where` writes a place into it, as telephones do."""
    image, kept = Image.new("RGB", (640, 480), "#888888"), io.BytesIO()
    exif = Image.Exif()
    if where:
        exif[0x010E] = where
    image.save(kept, "JPEG", exif=exif)
    return SimpleUploadedFile(name, kept.getvalue(), "image/jpeg")


def only() -> Ticket:
    return Ticket.objects.select_related("docket").get()


def test_anybody_says_something_and_knows_what_comes_next():
    client = Client()
    answer = said(client, region=COUNTY, township=TOWN)
    own = only()
    assert answer["Location"] == f"/12345/sent/{own.docket.number}"
    assert (own.channel, own.text, own.place, own.docket.region, own.docket.applicant) == (
        "web", SAID, "城东小区南门", TOWN, "",
    )  # fmt: skip
    sent = page(client.get(answer["Location"]))
    assert own.docket.number in sent
    assert "5个工作日内答复" in sent
    assert "138****0007" in sent
    assert "13871010007" not in sent
    assert Client().get(answer["Location"])["Location"].startswith("/12345/progress"), "not for others"


def test_a_second_click_is_the_same_ticket_and_the_page_does_not_take_another():
    client = Client()
    assert said(client)["Location"] == said(client)["Location"]
    assert Ticket.objects.count() == 1
    again = said(client, text="换一件事说：公交站牌倒了。")
    assert again.status_code == 422
    assert "已经交过一件" in page(again)
    assert "公交站牌倒了" in page(again)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "请写清楚是什么事"),
        ("  \n ", "请写清楚是什么事"),
        ("😀😀😀", "只有符号或表情"),
        ("长" * 100_000, "最多5000字"),
    ],
)
def test_what_says_nothing_is_told_so_and_nothing_is_lost(text, words):
    answer = said(text=text, place="万年路12号")
    assert answer.status_code == 422
    assert words in page(answer)
    assert "万年路12号" in page(answer)
    assert text.strip()[:100] in page(answer)
    assert Ticket.objects.count() == 0


def test_emoji_markup_and_bad_language_are_taken_as_they_stand():
    for n, text in enumerate(
        [
            "路灯坏了😡😡快修",
            "<script>alert(1)</script>下水道堵了，ＴＥＬ没人接",
            "你们这帮饭桶，垃圾堆了一个月！",
        ]
    ):
        assert said(text=text, key=f"k{n}").status_code == 302
    assert Ticket.objects.count() == 3
    client = Client()
    answer = said(client, text="<b>加粗</b>的诉求，井盖丢了", key="b")
    assert "<b>加粗" not in page(client.get(answer["Location"].replace("sent", "follow")))


def test_a_flood_from_one_number_is_marked_and_never_dropped():
    for n in range(12):
        assert said(text=f"第{n}次说：工地半夜施工，吵得睡不着。", key=f"k{n}").status_code == 302
    marks = list(Ticket.objects.order_by("pk").values_list("flood", flat=True))
    assert len(marks) == 12
    assert marks[0] is False
    assert marks[-1] is True


def test_a_phone_is_needed_for_a_call_back_and_not_for_a_report():
    refused = said(caller_phone="", kind="help")
    assert "请留一个能打通的电话" in page(refused)
    assert "这件事要有人给您回话" in page(said(caller_phone="", anonymous="on"))
    assert "caller_phone" in page(said(caller_phone="12"))
    assert Ticket.objects.count() == 0
    client = Client()
    answer = said(
        client, kind="report", anonymous="on", caller_phone="", key="r", text="某饭店后厨用过期食材，请查。"
    )
    own = only()
    assert (own.caller_name, own.caller_phone) == ("", ""), "a name that was typed is not kept either"
    assert "不回访" in page(client.get(answer["Location"]))


def test_a_confidential_one_is_seen_by_those_named():
    said(confidential="on")
    own = only()
    assert own.confidential
    assert own.docket.title != own.title


def test_danger_is_an_emergency_and_says_whom_to_call():
    client = Client()
    answer = said(client, danger="on", text="楼道着火了，里面有人！")
    assert only().urgency == "emergency"
    assert 'href="tel:119"' in page(client.get(answer["Location"]))


def test_photos_are_kept_without_where_they_were_taken_and_no_photo_is_named():
    fake = SimpleUploadedFile("灯.jpg", b"\x00\x01\x02 this is no photo" * 20, "image/jpeg")
    client = Client()
    answer = said(client, photos=[photo(where="29.84,114.32"), fake])
    assert answer.status_code == 422
    words = page(answer)
    assert "灯.jpg：" in words
    assert "不支持这种文件" in words
    assert SAID in words
    assert "IMG_1.jpg" in words
    kept = answer.context["photos"].kept[0].token
    assert said(client, kept=kept).status_code == 302
    (file,) = Attachment.objects.all()
    assert file.docket_id == only().pk
    assert b"29.84" not in content_of(file.file)
    assert said(kept=kept[:-2] + "xx", key="k2").status_code == 422, "only what was handed in here"


def test_what_was_typed_is_kept_when_a_photo_is_taken_off():
    client = Client()
    shown = said(client, photos=[photo()], text="😀")
    one = shown.context["photos"].kept[0]
    again = said(client, kept=one.token, remove=one.digest)
    assert again.status_code == 200
    assert SAID in page(again)
    assert 'name="kept"' not in page(again)
    assert Ticket.objects.count() == 0


def test_the_division_follows_from_the_township_or_the_point():
    Region.objects.filter(code=TOWN).update(latitude=29.82, longitude=114.30)
    from tongban.actors import api as actors

    actors.forget()
    said(latitude="29.83", longitude="114.31")
    own = only()
    assert (own.docket.region, own.latitude) == (TOWN, 29.83)
    assert said(latitude="99", longitude="114", key="k2").status_code == 422
    said(region="999999999999", key="k3", text="不知道在哪个区：河里有死鱼。")
    assert Docket.objects.order_by("-pk").first().region == "421200000000"


def test_who_is_signed_in_types_neither_name_nor_phone():
    account = an_account("chen", acts_as=a_person(phone="13871010009"))
    client = Client()
    client.force_login(account)
    form = page(client.get("/12345/new"))
    assert 'name="caller_name"' not in form
    assert "138****0009" in form
    answer = said(client, caller_name=None, caller_phone="")
    own = only()
    assert (own.docket.applicant, own.caller_phone) == (account.actor_id, "13871010009")
    assert own.docket.number in page(client.get("/12345/mine"))
    assert own.docket.number in page(client.get("/my"))
    assert client.get(answer["Location"].replace("sent", "follow")).status_code == 200
    said(
        client,
        anonymous="on",
        kind="report",
        caller_name=None,
        caller_phone="",
        key="k2",
        text="有人往河里排污水。",
    )
    assert Docket.objects.order_by("-pk").first().applicant == "", "anonymous means so"


def test_answers_that_are_there_never_stand_in_the_way():
    client = Client()
    assert client.post("/12345/answers", {"text": "短"}).status_code == 200
    shown = client.post("/12345/answers", {"text": "楼道里着火了，有人受伤被困，快来救人"})
    assert 'href="tel:119"' in page(shown)
    looked = said(client, look="1", text=SAID)
    assert looked.status_code == 200
    assert SAID in page(looked)
    assert Ticket.objects.count() == 0


def test_a_code_at_a_place_knows_where_and_a_retired_or_unknown_one_says_so():
    new = places.NewPlace("城东广场公示栏", "城东广场西南角", COUNTY, 29.84, 114.32)
    made = places.make(new, actor=who("dispatcher"), at=NINE)
    path = f"/12345/at/{made.code}"
    shown = page(Client().get(path))
    assert "城东广场公示栏" in shown
    assert 'name="region"' not in shown
    assert said(path=path, place="靠东第二盏灯").status_code == 302
    own = only()
    assert (own.channel, own.place, own.latitude, own.docket.region, own.reference) == (
        "qr", "城东广场西南角，靠东第二盏灯", 29.84, COUNTY, f"qr:{made.code}",
    )  # fmt: skip
    assert places.place(made.code, actor=who("dispatcher")).tickets == 1
    places.retire(made.code, actor=who("dispatcher"), at=NINE)
    gone = Client().get(path)
    assert gone.status_code == 410
    assert "停用" in page(gone)
    assert "城东广场西南角" in page(gone), "offered as text"
    assert said(path=path, key="k2", text="旧码扫出来的：座椅坏了。").status_code == 302
    unknown = Client().get("/12345/at/NOSUCHCO")
    assert unknown.status_code == 404
    assert "没有这个二维码" in page(unknown)
    assert said(path="/12345/at/NOSUCHCO", key="k3", text="码印坏了：地砖翘起来了。").status_code == 302
