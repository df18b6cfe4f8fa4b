"""What the grouping knows of the language: endings of names, words that are never part of one. Data of the city.

The lists live in `packs/hotline/heat.yaml`; a city adds its own endings and its own divisions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

UNITS = 1 << 16
REGION, TITLE, DOCUMENT = "§", "\x01", "\x00"
PUNCTUATION = "，。、；：！？…—·～“”‘’（）《》〈〉【】「」,.;:!?()[]{}<>\"'`~@#$%^&*_+=|\\/-\u200b\ufeff"
BLANK = " \t\r\n\f\v\u00a0\u3000"


@dataclass(frozen=True, slots=True)
class Words:
    """Look-up tables over UTF-16 units.

    :ivar endings: units that end a name by themselves (路, 镇, 苑)
    :ivar pairs: two units that end a name together (小区, 公司), as `first << 16 | second`
    :ivar stops: units that no name contains (的, 在, punctuation)
    :ivar cuts: two units that no name contains together (投诉, 附近)
    :ivar regions: finds the names of divisions, which every second message has and which are no place by themselves
    :ivar districts: finds those of counties and districts: messages that name different ones tell of different places
    :ivar kinds: runs of three and four inside words for a kind of place (幼儿园, 自来水), which name none
    """

    endings: NDArray[np.bool_]
    pairs: NDArray[np.uint32]
    stops: NDArray[np.bool_]
    cuts: NDArray[np.uint32]
    marks: NDArray[np.bool_]
    blanks: NDArray[np.bool_]
    regions: re.Pattern[str]
    districts: re.Pattern[str]
    kinds: NDArray[np.uint64]

    @classmethod
    def of(cls, data: Mapping[str, Any], regions: Iterable[str] = ()) -> Words:
        """From the pack. :param regions: names of further divisions (townships), which by themselves are no place"""
        endings = [str(one) for one in data["endings"]]
        below = [str(data["masked_districts"]), *map(re.escape, map(str, data["districts"]))]
        above = [str(data["masked_regions"]), *map(re.escape, (*regions, *map(str, data["regions"])))]
        return cls(
            endings=table("".join(one for one in endings if len(one) == 1)),
            pairs=pair_codes(one for one in endings if len(one) == 2),
            stops=table(str(data["stops"]) + PUNCTUATION + TITLE + DOCUMENT),
            cuts=pair_codes(str(one) for one in data["cuts"]),
            marks=table(PUNCTUATION + TITLE + DOCUMENT + REGION),
            blanks=table(BLANK),
            regions=re.compile("|".join([*below, *above])),
            districts=re.compile("|".join(below)),
            kinds=run_codes(map(str, data["kinds"])),
        )


def table(units: str) -> NDArray[np.bool_]:
    """Which of the 65,536 units belong to a set."""
    made = np.zeros(UNITS, dtype=np.bool_)
    made[np.frombuffer(units.encode("utf-16-le"), dtype=np.uint16)] = True
    return made


def pair_codes(pairs: Iterable[str]) -> NDArray[np.uint32]:
    """Sorted codes of pairs of units."""
    codes = [ord(pair[0]) << 16 | ord(pair[1]) for pair in pairs]
    return np.unique(np.array(codes, dtype=np.uint32))


def run_codes(phrases: Iterable[str]) -> NDArray[np.uint64]:
    """Sorted codes of the runs of three and four units inside phrases, as `reading.Read.grams` makes them."""
    found = set()
    for phrase in phrases:
        for length in (3, 4):
            for start in range(len(phrase) - length + 1):
                code = 0
                for unit in phrase[start : start + length]:
                    code = code << 16 | ord(unit)
                found.add(code)
    return np.array(sorted(found), dtype=np.uint64)
