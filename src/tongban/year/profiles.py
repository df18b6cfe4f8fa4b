"""Profiles and topics as packs/years has them: every fault is named with its file and key."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from tongban.year.contracts import Assumed, Profile, Published, Topic, YearError

HEAD: Final = {"city", "city_en", "first", "last", "published", "assumed"}
LISTS: Final = {"months": 12, "weekdays": 7, "hours": 24, "days": 3}
TABLES: Final[dict[str, tuple[str, ...]]] = {
    "net": ("web", "qr", "mailbox", "message"),
    "unclosed": ("merged", "refused", "withdrawn", "open"),
    "levels": ("city", "county"),
    "topics": (),
}
SHARES: Final = (
    "phone", "line", "closed", "at_once", "returned", "upheld", "delayed", "joint", "urged", "reopened", "unreached",
    "satisfied", "operators_satisfied", "signed_late", "handled_late", "urgent", "decided_late", "rejected", "reviewed", "badly",
)  # fmt: skip
COUNTS: Final = ("applications", "crossings", "uses")
PERCENT: Final = {"satisfied", "operators_satisfied", "signed_on_time", "handled_on_time"}


def folder() -> Path:
    """Where profiles lie."""
    return Path(settings.PACKS) / "years"


def profile(slug: str) -> Profile:
    """A city's year. :raises YearError: there is none of that name, or what is wrong in its file"""
    path = folder() / f"{slug}.yaml"
    if not path.is_file() or path.name == "topics.yaml":
        known = sorted(one.stem for one in folder().glob("*.yaml") if one.name != "topics.yaml")
        raise YearError(_("没有“%s”这份城市年度画像。") % slug, possible=_("可选：%s。") % "、".join(known))
    return read(path)


def read(path: Path) -> Profile:
    """A profile's file. :raises YearError: with its file and key"""
    return _Reader(path).profile()


@lru_cache(maxsize=1)
def topics() -> Mapping[str, Topic]:
    """What people say, by key. :raises YearError: with file and key"""
    path = folder() / "topics.yaml"
    return {one.key: one for one in (_Reader(path).topic(record) for record in _load(path))}


def _load(path: Path) -> Any:
    try:
        return YAML(typ="safe").load(path)
    except (OSError, YAMLError) as error:
        raise YearError(f"{path.name}: {error}") from error


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path

    def wrong(self, key: str, says: str, possible: str = "") -> YearError:
        return YearError(f"{self.path.name}: {key}: {says}", possible=possible)

    def profile(self) -> Profile:
        given = _load(self.path)
        self.keys("", given, needed=HEAD, allowed=HEAD | {"made_up"})
        first, last = self.day(given, "first"), self.day(given, "last")
        if not 0 <= (last - first).days < 366:
            raise self.wrong("last", _("要在first之后，不超过一年。"))
        published = {
            str(key): self.figure(str(key), said) for key, said in self.table(given, "published").items()
        }
        if "requests" not in published:
            raise self.wrong("published.requests", _("少了诉求总量，没有它排不出一年。"))
        self.agree(published)
        return Profile(
            self.path.stem, str(given["city"]), str(given["city_en"]), first, last, bool(given.get("made_up", False)),
            published, self.assumed(self.table(given, "assumed")),
        )  # fmt: skip

    def keys(self, at: str, given: Any, *, needed: Collection[str], allowed: Collection[str]) -> None:
        if not isinstance(given, Mapping):
            raise self.wrong(at or "·", _("要写成“键: 值”。"))
        for key in sorted(set(needed) - set(given)):
            raise self.wrong(f"{at}{key}", _("少了这一项。"))
        for key in sorted(set(map(str, given)) - set(allowed)):
            raise self.wrong(f"{at}{key}", _("没有这一项。"), _("可以写：%s。") % "、".join(sorted(allowed)))

    def table(self, given: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        if not isinstance(given[key], Mapping):
            raise self.wrong(key, _("要写成“键: 值”。"))
        found: Mapping[str, Any] = given[key]
        return found

    def day(self, given: Mapping[str, Any], key: str) -> date:
        found = given[key]
        if not isinstance(found, date):
            raise self.wrong(key, _("要写日期，例如2023-01-01。"))
        return found

    def number(self, key: str, said: Any, *, most: int | None = None) -> Fraction:
        if isinstance(said, bool) or not isinstance(said, int | float) or said < 0:
            raise self.wrong(key, _("要写不小于0的数，现在是%r。") % (said,))
        if most is not None and said > most:
            raise self.wrong(key, _("最大是%(most)d，现在是%(said)s。") % {"most": most, "said": said})
        return Fraction(str(said))

    def figure(self, key: str, said: Any) -> Published:
        at = f"published.{key}."
        self.keys(at, said, needed={"value", "row"}, allowed={"value", "row", "indicator", "stock"})
        value = self.number(f"{at}value", said["value"], most=100 if key in PERCENT else None)
        return Published(
            key, value, str(said["row"]), str(said.get("indicator", "")), bool(said.get("stock", False))
        )

    def agree(self, published: Mapping[str, Published]) -> None:
        """What is a part is no more than the whole."""
        parts = {"by_phone": "requests", "by_net": "requests", "closed": "requests", "answered": "calls"}
        for part, whole in parts.items():
            if part in published and whole not in published:
                raise self.wrong(f"published.{whole}", _("少了这一项，%s是它的一部分。") % part)
            if part in published and published[part].value > published[whole].value:
                raise self.wrong(f"published.{part}.value", _("不能大于%s。") % whole)
        both = [published[key].value for key in ("by_phone", "by_net") if key in published]
        if len(both) == 2 and sum(both) != published["requests"].value:
            raise self.wrong("published.by_net.value", _("电话和网络相加要等于requests。"))

    def assumed(self, given: Mapping[str, Any]) -> Assumed:
        named = {*LISTS, *TABLES, *SHARES, *COUNTS}
        self.keys("assumed.", given, needed=named, allowed=named)
        counts = {key: self.number(f"assumed.{key}", given[key]) for key in COUNTS}
        shares = {key: self.number(f"assumed.{key}", given[key], most=1) for key in SHARES}
        lists = {key: self.weights(key, given[key], length) for key, length in LISTS.items()}
        tables = {key: self.named(key, given[key], names or tuple(topics())) for key, names in TABLES.items()}
        return Assumed(**counts, **shares, **lists, **tables)  # type: ignore[arg-type]  # by name, each of its kind

    def weights(self, key: str, said: Any, length: int) -> tuple[Fraction, ...]:
        if not isinstance(said, list) or len(said) != length:
            raise self.wrong(f"assumed.{key}", _("要写%d个数。") % length)
        found = tuple(self.number(f"assumed.{key}", one) for one in said)
        if not sum(found):
            raise self.wrong(f"assumed.{key}", _("不能全是0。"))
        return found

    def named(self, key: str, said: Any, names: tuple[str, ...]) -> dict[str, Fraction]:
        self.keys(f"assumed.{key}.", said, needed=(), allowed=names)
        found = {str(name): self.number(f"assumed.{key}.{name}", one) for name, one in said.items()}
        if not sum(found.values()):
            raise self.wrong(f"assumed.{key}", _("不能全是0。"))
        return found

    def topic(self, record: Any) -> Topic:
        names = {"key", "department", "category", "kind", "text", "reply"}
        at = str(record.get("key", "?")) if isinstance(record, Mapping) else "?"
        self.keys(f"{at}.", record, needed=names, allowed=names | {"helper", "matter", "asks"})
        return Topic(
            at, record["department"], str(record.get("helper", "")), record["category"], record["kind"],
            str(record.get("matter", "")), record["text"], record["reply"], bool(record.get("asks", False)),
        )  # fmt: skip
