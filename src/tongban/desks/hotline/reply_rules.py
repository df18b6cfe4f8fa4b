"""What is wrong with a reply, by plain rules that a reviewer can follow: no Django, no clock, no I/O.

Each rule has a key; `checking` says it in words. Hard ones stop the reply: personal data, rude words, what was left
unfilled, an answer that is none. The others are told, and a reviewer may override them with a reason.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from tongban.desks.hotline.rules import personal_in

HARD: Final = frozenset({"short", "personal", "name", "rude", "unfilled"})
LEAST: Final = 15
ALL: Final = (
    "short",
    "personal",
    "name",
    "rude",
    "unfilled",
    "impolite",
    "hollow",
    "no_date",
    "off_topic",
    "no_law",
)

_GREETING = re.compile(r"您好|你好|尊敬的|市民朋友|Hello|Dear", re.IGNORECASE)
_THANKS = re.compile(r"感谢|谢谢|祝您|祝你|欢迎|敬请谅解|请您谅解|理解|致歉|抱歉|Thank|sorry", re.IGNORECASE)
_RUDE = re.compile(
    r"无理取闹|胡搅蛮缠|管不着|与我无关|关我什么|爱信不信|自己看着办|少管闲事|没完没了|刁民|素质低|活该|自找的"
)
_UNFILLED = re.compile(
    r"[XxＸ×✕*]{3,}|_{3,}|【[^】]{0,12}】|\[[^\]]{0,12}(?:姓名|时间|单位|金额|填写)[^\]]{0,12}\]|此处填写|待补充|同上$"
)
_HOLLOW = re.compile(
    r"(?:已?(?:阅|收到|知悉|转办|转交|处理|办结|答复|回复|落实|解决)了?|情况属实|正在(?:处理|办理|核实)中?|我们会?(?:高度重视|尽快处理))"
)
_VAGUE = re.compile(r"尽快|适时|择机|近期|下一步|后续|抓紧|早日|逐步|将会|条件成熟")
_DATE = re.compile(
    r"\d{1,4}\s*[年月日号]|\d+\s*个?(?:工作日|小时|天|周|月)|今[天日]|明[天日]|本周|下周|本月|月底|年底|前完成|上旬|中旬|下旬"
)
_NEEDS_LAW = re.compile(
    r"违法|违规|处罚|罚款|立案|不予|不符合|不属于|不能办理|无法办理|没有依据|依法|按照规定|根据规定|政策规定|有关规定|相关规定"
)
_LAW = re.compile(r"《[^》]{2,60}》|第[一二三四五六七八九十百零\d]{1,6}条|[〔\[]\d{4}[〕\]]\s*\d+\s*号")
_ASKS_WHEN = re.compile(r"什么时候|何时|几时|多久|哪天|多长时间|when", re.IGNORECASE)
_ASKS_MUCH = re.compile(r"多少钱|收费标准|怎么收费|几元|多少元|费用多少")
_MONEY = re.compile(r"\d[\d.,]*\s*(?:元|万|角|%|％)|免费|不收费|不收取")
_COMMON = frozenset(
    [
        "我们",
        "你们",
        "他们",
        "这个",
        "那个",
        "一个",
        "没有",
        "什么",
        "怎么",
        "为什",
        "请问",
        "希望",
        "相关",
        "部门",
        "政府",
        "领导",
        "问题",
        "反映",
        "解决",
        "处理",
        "情况",
        "现在",
        "已经",
        "可以",
        "不能",
        "不是",
        "因为",
        "所以",
        "如果",
        "但是",
        "而且",
        "进行",
        "市民",
        "居民",
        "您好",
        "谢谢",
        "感谢",
        "尊敬",
        "回复",
        "答复",
        "来电",
        "工作",
        "人员",
        "咸宁",
    ]
)
LEAST_SHARED: Final = 2


def broken(reply: str, *, question: str, kind: str, name: str = "", at_once: bool = False) -> tuple[str, ...]:
    """Keys of the rules that a reply breaks, in the order of `ALL`.

    :param question: what the caller said
    :param kind: of `TicketKind`
    :param name: the caller's name, which a reply for all to read must not have
    :param at_once: spoken on the phone and noted down: courtesy and law are not asked of the note
    """
    found = {
        "short": _letters(reply) < (4 if at_once else LEAST),
        "personal": bool(personal_in(reply)),
        "name": len(name) >= 2 and name in reply,
        "rude": bool(_RUDE.search(reply)),
        "unfilled": bool(_UNFILLED.search(reply)),
    }
    if not at_once:
        found |= {
            "impolite": not (_GREETING.search(reply) and _THANKS.search(reply)),
            "hollow": _is_hollow(reply),
            "no_date": bool(_VAGUE.search(reply)) and not _DATE.search(reply),
            "no_law": kind != "praise" and bool(_NEEDS_LAW.search(reply)) and not _LAW.search(reply),
        }
    if kind not in {"praise", "invalid"}:
        found["off_topic"] = not answers(reply, question)
    return tuple(key for key in ALL if found.get(key))


def answers(reply: str, question: str) -> bool:
    """Whether a reply speaks of what was asked: shares words with it, and has a time or a sum where one was asked for."""
    if _ASKS_WHEN.search(question) and not _DATE.search(reply):
        return False
    if _ASKS_MUCH.search(question) and not _MONEY.search(reply):
        return False
    asked = _pairs(question)
    needed = LEAST_SHARED if len(asked) > 4 * LEAST_SHARED else 1
    return len(asked) < 2 or len(asked & _pairs(reply)) >= needed


def _is_hollow(reply: str) -> bool:
    """What is left is next to nothing once courtesies and phrases are taken out."""
    plain = _GREETING.sub("", _THANKS.sub("", _HOLLOW.sub("", reply)))
    return _letters(plain) < LEAST


def _letters(text: str) -> int:
    return sum(1 for c in text if unicodedata.category(c)[0] in "LN")


def _pairs(text: str) -> set[str]:
    """Pairs of neighbouring characters of each run of Han, and Latin words; what everybody says left out."""
    pairs = {run[i : i + 2] for run in re.findall(r"[\u4e00-\u9fff]+", text) for i in range(len(run) - 1)}
    return (pairs | set(re.findall(r"[a-z]{4,}", text.lower()))) - _COMMON
