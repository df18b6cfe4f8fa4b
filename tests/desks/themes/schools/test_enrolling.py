"""One code per school: a parent scans, confirms, submits; nothing is lost, nothing counted twice."""

import io
import random
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageDraw

from tests.faces.portal.walking import consents_on, key_on, photo, signed_in
from tongban.desks.cases import api as cases
from tongban.desks.cases.models import Draft
from tongban.desks.themes.schools import keeping, looking, selectors, services
from tongban.desks.themes.schools.models import Enrolment, Photo, PhotoState, School
from tongban.kernel import api as kernel
from tongban.kernel.files.selectors import attachments
from tongban.kernel.files.services import store
from tongban.kernel.models import Docket, Event
from tongban.kernel.outbox.relay import relay
from tongban.registers.identity.models import Account
from tongban.registers.messages.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town", "_schools")]
THEME = "/themes/school-enrolment"
KEEPER = kernel.Actor(
    "officer:71", unit="421202-jyj", grants=frozenset({kernel.Grant("handler", "421202-jyj")})
)


@pytest.fixture
def _schools():
    services.load_schools(Path(settings.PACKS) / "demo", timezone.now())


@pytest.fixture
def shiyan():
    return School.objects.get(code="xa-shiyan")


def text(answer):
    return answer.content.decode()


def scanned(client, school="xa-shiyan"):
    """From the code to the open question, and the answer to it."""
    assert "开始报名" in text(client.get(f"/schools/{school}"))
    step = client.post(f"/schools/{school}/begin")
    assert (step.status_code, step["Location"]) == (302, f"{THEME}/notice")
    asked = client.get(f"{THEME}/notice")
    assert asked["Location"] == f"{THEME}/questions/care", "the rest is known"
    assert client.post(asked["Location"], {"answer": "no"})["Location"] == f"{THEME}/notice"


def submitted(client, school="xa-shiyan", *, twice=True):
    """A parent whose family is known confirms and submits; gives the application's docket."""
    scanned(client, school)
    page = client.get(f"{THEME}/check")
    sent = {"key": key_on(page), "consent": consents_on(page)}
    answers = [client.post(f"{THEME}/check", sent) for _turn in range(1 + twice)]
    assert {(one.status_code, one["Location"]) for one in answers} == {(302, answers[0]["Location"])}
    return Docket.objects.get(kind="application", subject="school-enrolment")


def relayed():
    while relay(at=timezone.now()):
        pass


def test_the_page_the_list_and_the_poster_are_for_everybody(shiyan):
    visitor = Client()
    assert "咸安区实验小学" in text(visitor.get("/schools"))
    page = text(visitor.get("/schools/xa-shiyan"))
    assert "270" in page
    assert "/signin?next=/schools/xa-shiyan" in page
    poster = visitor.get("/schools/xa-shiyan/poster.pdf")
    assert (poster["Content-Type"], poster.content[:5]) == ("application/pdf", b"%PDF-")
    assert visitor.get("/schools/nowhere").status_code == 404


def test_a_visitor_begins_with_the_school_and_its_stage_filled_in():
    visitor = Client()
    visitor.post("/schools/xa-wenquan-m/begin")
    begun = visitor.session["tb_begun"]["school-enrolment"]
    assert begun["form"] == {"school.choice": "温泉中学"}
    assert begun["answers"] == {"stage": "junior"}


def test_a_parent_scans_confirms_and_submits_once(shiyan):
    chen = signed_in("chen")
    application = submitted(chen)
    relayed()
    relayed()
    (row,) = Enrolment.objects.all()
    assert (row.docket, row.school, row.child_name, row.category) == (
        application.pk,
        shiyan,
        "郑小宇",
        "户房一致",
    )
    assert (row.photos, row.waiting) == (0, 0)
    assert row.checked >= 2, "papers that offices have were checked at once"
    form = cases.form_of(cases.application_of(application.pk))
    assert form["school.choice"].startswith("咸安区实验小学")


def test_another_school_than_the_zoned_one_keeps_the_parents_choice():
    submitted(signed_in("chen"), "xa-yongan", twice=False)
    relayed()
    assert Enrolment.objects.get().school.code == "xa-yongan"


def test_the_code_of_a_school_elsewhere_takes_the_place_of_what_was_begun():
    chen = signed_in("chen")
    for school, region in (("xa-shiyan", "421202000000"), ("cb-shiyan", "421281000000")):
        assert chen.post(f"/schools/{school}/begin").status_code == 302
        assert [one.region for one in Draft.objects.filter(subject="school-enrolment")] == [region]
    chen.get(f"{THEME}/notice")
    chen.post(f"{THEME}/questions/care", {"answer": "no"})
    assert Draft.objects.get(subject="school-enrolment").region == "421281000000"


def test_the_same_event_twice_puts_nobody_on_the_list_twice():
    application = submitted(signed_in("chen"))
    relayed()
    assert services.note(application.pk) == services.note(application.pk)
    assert Enrolment.objects.count() == 1
    assert not Event.objects.filter(topic="application.opened", delivered_at=None).exists()


# Seats


def enrolled(school, number, *, child=None, category="户房一致", minutes=0):
    return Enrolment.objects.create(
        docket=10_000 + number, number=f"S{number}", school=school, applicant="person:7", child=child or f"c{number}",
        child_name=f"孩子{number}", year=services.school_year(timezone.now()), category=category,
        rank=services.RANKS.get(category, services.LAST_RANK), at=timezone.now() + timedelta(minutes=minutes),
    )  # fmt: skip


def place(school, rows):
    return services.place(school, [one.pk for one in rows], actor=KEEPER, at=timezone.now())


def test_seats_go_by_category_then_time_and_never_beyond_their_number(shiyan):
    School.objects.filter(pk=shiyan.pk).update(seats=2)
    late_local, migrant, early = (
        enrolled(shiyan, 1, minutes=2), enrolled(shiyan, 2, category="随迁子女"), enrolled(shiyan, 3, minutes=1),
    )  # fmt: skip
    assert place(shiyan, [migrant, late_local, early]) == services.Placed(2, 1, 0)
    migrant.refresh_from_db()
    assert migrant.placed_at is None
    assert place(shiyan, [migrant, early]) == services.Placed(0, 1, 0)
    assert services.release(shiyan, [early.pk], actor=KEEPER, at=timezone.now()) == 1
    assert place(shiyan, [migrant]) == services.Placed(1, 0, 0)
    assert [entry.act for entry in kernel.history("school:xa-shiyan", at=timezone.now())] == [
        "place",
        "release",
        "place",
    ]


def test_a_child_gets_one_seat_however_many_apply_for_it(shiyan):
    other = School.objects.get(code="xa-wenquan")
    mother, father = enrolled(shiyan, 1, child="same"), enrolled(other, 2, child="same")
    again = enrolled(shiyan, 3, child="same")
    assert [line.double for line in selectors.lines(shiyan, placed=False, at=timezone.now())] == [True, True]
    assert place(shiyan, [mother, again]) == services.Placed(1, 0, 1)
    assert place(other, [father]) == services.Placed(0, 0, 1)
    assert Message.objects.filter(template="school.placed").count() == 1


def test_names_are_in_the_export_and_forgotten_a_year_later(shiyan):
    row = enrolled(shiyan, 1)
    (section,) = keeping.enrolments("person:7", timezone.now())
    assert [one["child"] for one in section.records] == ["孩子1"]
    assert keeping.forget_names(timezone.now()) == 0
    assert keeping.forget_names(timezone.now() + timedelta(days=800)) == 1
    row.refresh_from_db()
    assert (row.child_name, row.number) == ("", "S1")


# Photos


def page_of_print(seed=1, size=(900, 1200)):
    """A photo with print on it."""
    made = Image.new("L", size, 225)
    pen, dice = ImageDraw.Draw(made), random.Random(seed)
    for y in range(40, size[1] - 40, 24):
        for x in range(40, size[0] - 40, 16):
            pen.rectangle((x, y, x + dice.randint(4, 12), y + 14), fill=dice.randint(10, 70))
    return as_jpeg(made)


def as_jpeg(picture):
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (page_of_print(), []),
        (page_of_print(size=(300, 400)), [looking.SMALL]),
        (as_jpeg(Image.new("L", (900, 900), 255)), [looking.TOO_BRIGHT, looking.EMPTY_PAGE]),
        (as_jpeg(Image.new("L", (900, 900), 3)), [looking.TOO_DARK, looking.EMPTY_PAGE]),
        (as_jpeg(Image.linear_gradient("L").resize((900, 900))), [looking.BLUR]),
        (b"\xff\xd8\xffnothing", [looking.UNREADABLE]),
    ],
)
def test_what_a_program_can_say_of_a_photo(content, found):
    assert looking.findings(content, "image/jpeg") == found
    assert looking.findings(content, "application/pdf") == [looking.PDF]


def handed_in(row, content, paper="户口簿", number=1):
    kept = store(content=content, name="a.jpg", at=timezone.now())
    return Photo.objects.create(
        enrolment=row, attachment=row.pk * 100 + number, digest=kept.digest, paper=paper
    )


def test_the_job_sorts_photos_and_no_photo_is_accepted_without_a_human(shiyan):
    one, two = enrolled(shiyan, 1), enrolled(shiyan, 2)
    good = handed_in(one, page_of_print(1))
    same, copied = handed_in(one, page_of_print(2), number=2), handed_in(two, page_of_print(2))
    twice = handed_in(one, page_of_print(1), paper="房产证", number=3)
    gone = Photo.objects.create(enrolment=two, attachment=9, digest="0" * 64, paper="户口簿")
    assert services.look_at_photos(timezone.now()) == 5
    assert services.look_at_photos(timezone.now()) == 0
    found = {row.pk: (row.state, row.findings) for row in Photo.objects.all()}
    assert found[good.pk] == found[twice.pk] == ("doubtful", looking.TWICE)
    assert found[same.pk] == found[copied.pk] == ("doubtful", looking.OTHERS)
    assert found[gone.pk] == ("doubtful", looking.UNREADABLE)
    assert not Photo.objects.filter(state=PhotoState.ACCEPTED).exists()


def test_a_photo_of_a_real_submission_waits_for_the_job():
    chen = signed_in("chen")
    scanned(chen)
    answer = chen.post(
        f"{THEME}/materials", {"way-residence-proof": "upload", "residence-proof": photo("a.jpg")}
    )
    assert answer.status_code in {302, 422}, "other papers stand as they are"
    page = chen.get(f"{THEME}/check")
    sent = chen.post(f"{THEME}/check", {"key": key_on(page), "consent": consents_on(page)})
    assert sent.status_code == 302
    relayed()
    (row,) = Photo.objects.all()
    assert (row.state, row.enrolment.photos) == ("queued", 1)
    services.look_at_photos(timezone.now())
    row.refresh_from_db()
    assert row.state == "doubtful", "40 by 30 pixels"


def test_a_refused_photo_is_told_taken_again_and_looked_at(shiyan):
    """The parent reads why and until when, takes it again on the phone, and the school has the new one."""
    chen = signed_in("chen")
    scanned(chen)
    chen.post(f"{THEME}/materials", {"way-residence-proof": "upload", "residence-proof": photo("a.jpg")})
    page = chen.get(f"{THEME}/check")
    chen.post(f"{THEME}/check", {"key": key_on(page), "consent": consents_on(page)})
    relayed()
    services.look_at_photos(timezone.now())
    old = Photo.objects.get()
    services.decide_photos(shiyan, [old.pk], accept=False, actor=KEEPER, at=timezone.now())
    old.refresh_from_db()
    day = f"{old.due_on:%Y}年{old.due_on.month}月{old.due_on.day}日"
    letter = Message.objects.get(template="school.photo")
    assert day in letter.body
    assert f"/schools/photos/{old.pk}" in text(chen.get("/my"))
    shown = text(chen.get(f"/schools/photos/{old.pk}"))
    assert "太小，看不清字" in shown
    assert f"{old.due_on.month}月{old.due_on.day}日" in shown
    assert signed_in("li").get(f"/schools/photos/{old.pk}").status_code == 404
    empty = chen.post(f"/schools/photos/{old.pk}")
    assert (empty.status_code, "请先拍照或选一张照片" in text(empty)) == (422, True)
    for _click in range(2):
        sharp = SimpleUploadedFile("b.jpg", page_of_print(), "image/jpeg")
        sent = chen.post(f"/schools/photos/{old.pk}", {"photo": sharp})
        assert sent["Location"] == f"/my/{old.enrolment.number}"
    new = old.followed_by
    assert (Photo.objects.count(), new.state, new.paper) == (2, "queued", old.paper)
    (kept,) = attachments(old.enrolment.docket, slot="residence-proof")
    assert kept.pk == new.attachment, "the old one was taken away"
    assert f"/schools/photos/{old.pk}" not in text(chen.get("/my"))
    services.look_at_photos(timezone.now())
    assert services.decide_photos(shiyan, [new.pk], accept=True, actor=KEEPER, at=timezone.now()) == 1
    assert "不用再拍" in text(chen.get(f"/schools/photos/{old.pk}"))


def test_after_the_last_day_the_page_says_what_is_still_possible(shiyan):
    row = enrolled(shiyan, 1)
    late = handed_in(row, page_of_print())
    at = timezone.now()
    services.look_at_photos(at)
    services.decide_photos(shiyan, [late.pk], accept=False, actor=KEEPER, at=at - timedelta(days=30))
    Enrolment.objects.filter(pk=row.pk).update(applicant=Account.objects.get(username="chen").actor_id)
    chen = signed_in("chen")
    assert "带原件到学校" in text(chen.get(f"/schools/photos/{late.pk}"))
    assert f"/schools/photos/{late.pk}" not in text(chen.get("/my"))
    answer = chen.post(f"/schools/photos/{late.pk}", {"photo": SimpleUploadedFile("b.jpg", page_of_print())})
    assert answer.status_code == 422
    assert Photo.objects.count() == 1


# The lists


def test_who_keeps_the_list_gives_seats_and_accepts_photos_at_once(shiyan):
    desk = signed_in("jyj")
    rows = [enrolled(shiyan, number) for number in range(3)]
    photos = [handed_in(row, page_of_print(row.pk)) for row in rows]
    services.look_at_photos(timezone.now())
    listed = text(desk.get("/work/schools"))
    assert "咸安区实验小学" in listed
    assert "赤壁市实验小学" not in listed
    page = text(desk.get("/work/schools/xa-shiyan"))
    assert page.count(">没看出问题<") == 3
    shown = re.search(r'href="(/work/schools/xa-shiyan/photos/\d+)"', page)[1]
    with_file = desk.get(shown)
    assert with_file["Content-Type"] == "image/jpeg"
    b"".join(with_file.streaming_content)
    told = desk.post(
        "/work/schools/xa-shiyan", {"act": "accept", "mark": [one.pk for one in photos[:2]]}, follow=True
    )
    assert "已采用2张照片" in text(told)
    desk.post("/work/schools/xa-shiyan", {"act": "refuse", "mark": [one.pk for one in photos]})
    assert [row.state for row in Photo.objects.order_by("pk")] == ["accepted", "accepted", "refused"]
    assert Message.objects.filter(template="school.photo").count() == 1
    told = desk.post(
        "/work/schools/xa-shiyan", {"act": "place", "mark": [one.pk for one in rows]}, follow=True
    )
    assert "已安排3个学位" in text(told)
    assert "请先勾选" in text(desk.post("/work/schools/xa-shiyan", {"act": "place"}, follow=True))


def test_nobody_else_sees_a_list(shiyan):
    assert signed_in("jyj").get("/work/schools/cb-shiyan").status_code == 403
    assert signed_in("scjg").get("/work/schools/xa-shiyan").status_code == 403
    assert signed_in("chen").get("/work/schools").status_code in {302, 403}
    assert signed_in("jyj").get("/work/schools/nowhere").status_code == 404


def test_who_has_such_a_page_finds_it_in_the_masthead():
    assert 'href="/work/schools"' in text(signed_in("jyj").get("/work"))
    assert 'href="/work/schools"' not in text(signed_in("scjg").get("/work"))
    assert 'href="/work/instant"' in text(signed_in("editor").get("/work"))
    assert 'href="/work/instant"' not in text(signed_in("scjg").get("/work"))


def test_a_list_costs_the_same_however_long_it_is(shiyan, django_assert_max_num_queries):
    for number in range(30):
        enrolled(shiyan, number)
    with django_assert_max_num_queries(2):
        assert len(selectors.lines(shiyan, placed=False, at=timezone.now())) == 30
    with django_assert_max_num_queries(3):
        selectors.counts(selectors.schools(), at=timezone.now())
