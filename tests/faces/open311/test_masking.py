"""What is starred in a text that everybody reads, and what is left to read."""

import pytest

from tongban.faces.open311.masking import masked, rough


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("请打13907150001找我", "13907150001"), ("电话139 0715 0001", "0715"), ("电话139-0715-0001", "0001"),
        ("微信：abc_12345", "abc_12345"), ("邮箱he.xz@example.org。", "example"), ("身份证422301198803160018", "1988"),
        ("身份证42230119880316001X", "16001"), ("座机0715-8255555", "8255555"), ("卡号6222 0210 0111 6245 702", "6245"),
        ("车牌鄂L12A45挡路", "12A45"), ("电话１３９０７１５０００１", "1390715"), ("住5栋2单元301室", "301"), ("我家在2号楼1203", "1203"),
        ("我叫何秀珍，住附近", "何秀珍"), ("姓名：欧阳娜娜", "欧阳"), ("看https://example.org/me.jpg", "example"), ("+8613907150001", "390715"),
    ],
)  # fmt: skip
def test_what_identifies_somebody_is_starred(text, secret):
    assert secret not in masked(text)
    assert "***" in masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026年11月20日上午，城东小区南门的路灯坏了3天。", "万年路12号对面每天22:30以后施工", "工单T421202-261122-00001-9",
        "井盖宽80厘米，深1.5米", "1栋和2栋之间的下水道堵了", "请问什么时候修，谢谢！",
    ],
)  # fmt: skip
def test_what_identifies_nobody_stays(text):
    assert masked(text) == text


def test_names_that_are_known_are_starred_wherever_they_stand():
    assert "秀珍" not in masked("何秀珍家门口，何秀珍说", names=["何秀珍"])
    assert masked("王某", names=["王"]) == "王某"


def test_a_rough_place_is_a_kilometre_wide():
    assert rough(29.84131) == 29.84
