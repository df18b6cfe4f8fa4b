"""One story on a phone: a code is scanned, something said with a photo, followed, rated."""

import io
import re

import pytest
from django.conf import settings as configured
from django.utils import timezone
from PIL import Image

from tests.desks.hotline import town as place
from tests.desks.hotline.town import COUNTY, GOOD, URBAN, make, who
from tests.web.checks import check_axe, check_no_csp_reports, check_no_sideways_scroll
from tongban.desks.hotline.models import Ticket
from tongban.desks.hotline.places import api as places
from tongban.kernel.models import Docket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = "13871010007"


def a_photo() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (800, 600), "#4A5565").save(kept, "JPEG")
    return kept.getvalue()


def test_scanned_said_followed_and_rated(open_page, settings, tmp_path):
    storages = {**configured.STORAGES}
    storages["default"] = {**storages["default"], "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = storages
    place.build()
    at = timezone.now()
    code = places.make(
        places.NewPlace("城东广场公示栏", "城东广场西南角", COUNTY), actor=who("dispatcher", at=at), at=at
    ).code

    page = open_page(f"/12345/at/{code}", width=390)
    page.get_by_label("是什么事").fill("广场西南角的路灯坏了三天，晚上看不见路。")
    page.get_by_label("照片").set_input_files(
        [
            {"name": "灯.jpg", "mimeType": "image/jpeg", "buffer": a_photo()},
            {"name": "说明.jpg", "mimeType": "image/jpeg", "buffer": b"\0no photo\1" * 9},
        ]
    )
    page.get_by_role("button", name="提交诉求").last.click()
    summary = page.locator("#tb-errors")
    summary.wait_for()
    assert "说明.jpg" in summary.inner_text()
    assert "请留一个能打通的电话" in summary.inner_text()
    assert page.get_by_label("是什么事").input_value().startswith("广场西南角"), "nothing typed is lost"
    check_axe(page)
    check_no_sideways_scroll(page)
    page.get_by_label("回访电话").fill(PHONE)
    page.get_by_role("button", name="提交诉求").last.click()
    page.wait_for_url(re.compile("/12345/sent/"))
    number = page.locator("[data-copy]").first.inner_text()
    check_axe(page)

    row = Docket.objects.get(number=number)
    assert (row.channel, Ticket.objects.get(pk=row.pk).place) == ("qr", "城东广场西南角")
    ticket = type("Taken", (), {"docket": row.pk})
    for move, by, data in (
        ("dispatch", "dispatcher", {"unit": URBAN}), ("sign", "urban", {}), ("reply", "urban", {"reply": GOOD}), ("review", "dispatcher", {}),
    ):  # fmt: skip
        make(ticket, move, by, at=timezone.now(), **data)

    again = open_page("/12345/progress", width=390)
    again.get_by_label("诉求编号").fill(number.lower())
    again.get_by_label("提交时留的电话").fill("138 7101 0007")
    again.get_by_role("button", name="查进度").click()
    again.wait_for_url(re.compile("/12345/follow/"))
    assert PHONE not in again.url
    assert "更换了损坏的灯具" in again.locator("main").inner_text()
    check_axe(again)
    check_no_sideways_scroll(again)
    again.get_by_label("非常满意").check()
    again.get_by_label("已解决", exact=True).check()
    again.get_by_role("button", name="提交评价").click()
    again.get_by_text("谢谢您的评价").wait_for()
    check_no_csp_reports(again)
    assert Docket.objects.get(number=number).state == "closed"
