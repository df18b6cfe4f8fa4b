"""A licence in seconds, without a human; whoever changes it is told; the holder sees who looked. One town for all."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.stories.people import Citizen, Company
from tests.stories.server import serve

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
CARD = "2002201100"
WINDOW = "咸安区市场监督管理局"


@pytest.fixture(scope="module")
def people(browser: Browser, prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Everybody of these stories, in a town that they share."""
    folder = tmp_path_factory.mktemp("seconds")
    town = serve(prepared, folder / "town")
    company = Company(browser, town, folder)
    yield company
    company.leave()
    town.close()


def to_the_last_page(citizen: Citizen) -> None:
    """From the guide of the library card to the page on which one submits."""
    citizen.opens(f"/apply/{CARD}?region=421202000000")
    citizen.presses("开始")
    citizen.answers({})
    citizen.goes_on()
    citizen.goes_on()
    citizen.fills_in()
    if "/materials" in citizen.page.url:
        citizen.hands_in()
    if "/delivery" in citizen.page.url:
        citizen.wants_it_by("electronic")


def taken_away(citizen: Citizen, words: str) -> bytes:
    """The file behind a link, as the browser saves it."""
    with citizen.page.expect_download() as saved:
        citizen.page.locator("main").get_by_role("link", name=re.compile(f"^{words}")).first.click()
    return Path(saved.value.path()).read_bytes()


def one_licence(citizen: Citizen, name: str) -> None:
    citizen.opens("/licences")
    citizen.follows(name)


def compares(stranger: Citizen, name: str, media: str, content: bytes) -> None:
    """Upload a file on the verify page, which nobody signs in for."""
    stranger.opens("/verify")
    stranger.page.set_input_files("#file", {"name": name, "mimeType": media, "buffer": content})
    stranger.presses("比对文件")


def test_a_licence_seconds_after_submitting(people: Company, record_property):
    zhang = people.citizen("zhang", phone=True)
    to_the_last_page(zhang)
    zhang.is_told("提交后几秒钟批准并发证")
    began = time.perf_counter()
    number = zhang.submits()
    zhang.looks_at(number)
    zhang.is_told("秒批：由规则当场批准")
    decided = time.perf_counter() - began
    sealed = taken_away(zhang, "下载")
    passed = time.perf_counter() - began
    assert sealed.startswith(b"%PDF")
    assert b"/ByteRange" in sealed, "it carries a signature"
    record_property("seconds_to_the_decision", f"{decided:.2f}")
    record_property("seconds_to_the_sealed_licence", f"{passed:.2f}")
    print(
        f"instant approval: decided and shown after {decided:.2f} s, sealed licence saved after {passed:.2f} s"
    )
    compares(people.citizen("stranger", signed_in=False), "读者证.pdf", "application/pdf", sealed)
    people.everybody[-1].is_told("一个字节没动", "印章和签名有效", "有效")


def test_a_forged_licence_is_refused(people: Company):
    li = people.citizen("li")
    one_licence(li, "居民身份证")
    real, said = taken_away(li, "下载PDF"), taken_away(li, "下载数据")
    stranger = people.citizen("stranger", signed_in=False)
    compares(stranger, "证.pdf", "application/pdf", real)
    stranger.is_told("一个字节没动")
    compares(stranger, "证.json", "application/json", said)
    stranger.is_told("签名后没有改动")

    middle = len(real) // 3
    forged = real[:middle] + bytes([real[middle] ^ 1]) + real[middle + 1 :]
    compares(stranger, "证.pdf", "application/pdf", forged)
    stranger.is_told("不能采信")
    stranger.is_not_told("印章和签名有效")
    compares(stranger, "证.pdf", "application/pdf", real + b"\n% one more line\n")
    stranger.is_told("和颁发的不一样", "不能采信")
    compares(stranger, "证.pdf", "application/pdf", real[: len(real) // 2])
    stranger.is_told("文件不完整或读不出来")

    facts = json.loads(said)
    facts["payload"]["holder"]["name"] = "李四雨"
    compares(stranger, "证.json", "application/json", json.dumps(facts, ensure_ascii=False).encode())
    stranger.is_told("不能采信")
    stranger.is_not_told("签名后没有改动", "李四雨")


def test_the_holder_sees_who_looked(people: Company):
    li = people.citizen("li", phone=True)
    li.opens("/licences")
    li.follows("香城码")
    li.page.get_by_label(re.compile("^居民身份证")).check()
    li.page.get_by_label("给哪个单位看").select_option(label=WINDOW)
    li.page.get_by_label("5分钟", exact=True).check()
    li.presses("生成香城码")
    li.is_told(f"只有{WINDOW}能看")
    code = li.page.locator(".lc-digits").inner_text()

    other = people.officer("wlj")
    other.opens("/work/scan")
    other.page.fill("#code", code)
    other.presses("看证照")
    other.is_not_told("李思雨")

    market = people.officer("scjg")
    market.opens("/work/scan")
    market.choose("purpose", "inspection")
    market.page.fill("#code", code)
    market.presses("看证照")
    market.is_told("李思雨出示的1份证照", "居民身份证", "持有人看得到")
    seen = market.page.url
    assert "户口簿" not in market.reads(), "only what she chose"

    li.is_told("已被看过1次")
    li.opens("/licences/uses")
    li.is_told(WINDOW, "居民身份证", "现场检查")
    li.opens("/licences")
    li.follows("打开或收回")
    li.presses("收回，不再出示")
    li.is_told("已经收回")
    answer = market.page.goto(seen)
    assert answer is not None
    assert answer.status == 410
    market.is_not_told("李思雨")
