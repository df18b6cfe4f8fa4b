"""Messages of citizens, written for the tests: several affairs, some of them at one and the same estate."""

from __future__ import annotations

from datetime import datetime, timedelta

from tongban.desks.hotline.heat.hotspots import Message

BEGIN = datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001 - files of messages have no zone

PLANT = (  # noise and dust of a plant beside an estate
    (
        "咸安区清水湾小区旁边的水泥厂噪音太大",
        "清水湾小区后面的水泥厂每天晚上机器轰鸣，灰尘满天，全家睡不着，请环保局管一管。",
    ),
    ("投诉清水湾水泥厂半夜生产", "我住清水湾小区三栋，水泥厂半夜还在生产，机器噪音和粉尘让人受不了。"),
    (
        "清水湾小区的孩子被水泥厂粉尘呛得咳嗽",
        "水泥厂离清水湾小区不到一百米，粉尘飘进家里，窗户都不敢开，孩子老是咳嗽。",
    ),
    ("水泥厂什么时候搬走", "清水湾小区的居民被水泥厂的噪音、粉尘折磨了半年，什么时候能搬走？"),
    ("咸安区清水湾灰尘太大", "清水湾小区阳台一天不擦就是一层灰，都是旁边水泥厂的粉尘，晚上机器声音也大。"),
    (
        "再次反映清水湾水泥厂扰民",
        "上次反映以后水泥厂停了两天又开工，清水湾小区照样是粉尘和噪音，请给个说法。",
    ),
)
PARKING = (  # the same estate, another matter
    ("清水湾小区物业停车费乱涨价", "清水湾小区物业没有经过业主大会，停车费从一百五涨到三百，不交就锁车。"),
    ("清水湾停车费凭什么翻倍", "物业公司单方面把停车费翻倍，清水湾小区的车主都不同意，收费标准也没有公示。"),
    (
        "清水湾小区物业不交停车费不让进",
        "今天回家被拦在门口，说不按新标准交停车费不让进，清水湾小区物业这样收费合法吗？",
    ),
)
LAMPS = (  # the same matter as nobody else's, another place
    ("金桂路路灯不亮", "咸安区金桂路从学校到桥头一段路灯全部不亮，晚上走路看不见，老人摔了一跤。"),
    ("金桂路晚上一片漆黑", "金桂路的路灯坏了一个多月没人修，晚上接孩子一片漆黑，很不安全。"),
    ("请维修金桂路路灯", "金桂路路灯不亮，已经打过电话，还没有人来维修，晚上骑车很危险。"),
)
OTHER_LAMPS = (
    ("赤壁市河滨大道路灯不亮", "赤壁市河滨大道的路灯坏了好几盏，晚上散步看不清路，请尽快维修。"),
    ("河滨大道路灯坏了没人修", "河滨大道靠近码头的路灯不亮两个星期了，晚上很黑，请派人维修。"),
)
LONE = (
    ("咨询异地医保报销", "我父亲在外地住院，出院以后在本地怎么报销，要带哪些材料？"),
    ("公交12路能不能早一点发车", "我在工业园上早班，六点前没有车，希望12路提前到五点半发车。"),
    ("退休金这个月没有到账", "往常每月十号到账，这个月到现在还没有收到，请帮忙查一下。"),
    ("我家门前的梧桐树枝压到电线", "长安大道三十二号门前的梧桐树长得太高，树枝压着电线，刮风时冒火花。"),
)


def stream(*affairs: tuple[tuple[str, str], ...], every: timedelta = timedelta(days=2)) -> list[Message]:
    """The messages of several affairs, taken in turn; the id is the affair's place in the call and a number."""
    rows = [
        (number, which, title, text)
        for which, affair in enumerate(affairs)
        for number, (title, text) in enumerate(affair)
    ]
    rows.sort()
    return [
        Message(f"{which}-{number}", title, text, BEGIN + every * place)
        for place, (number, which, title, text) in enumerate(rows)
    ]
