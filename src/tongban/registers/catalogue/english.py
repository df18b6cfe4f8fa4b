"""What the packs say, in English: one vocabulary for all of them, each sentence translated once.

The packs write their sentences in Chinese, and many stand in dozens of matters. Their English is kept beside
them in `packs/english/*.yaml` (the Chinese sentence: its English). A city's own packs bring their own files.
What has a name of its own (matters, materials, situations, licence kinds) carries `name_en` where it is defined.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from ruamel.yaml import YAML

from tongban.web.formats import english

Names = Callable[[], Mapping[str, str]]
_names: dict[str, Names] = {}
_ARTICLE = re.compile(r"第([零一二三四五六七八九十百千]+)条")
_DIGITS = {word: value for value, word in enumerate("零一二三四五六七八九")}
_PLACES = {"十": 10, "百": 100, "千": 1000}


def register(name: str, names: Names) -> None:
    """See `api.register_english`."""
    _names[name] = names


@cache
def vocabulary() -> Mapping[str, str]:
    """Every sentence of packs/english, read once per process."""
    return read(Path(settings.PACKS))


def read(folder: Path) -> dict[str, str]:
    """The vocabulary of a folder of packs."""
    found: dict[str, str] = {}
    for path in sorted((folder / "english").glob("*.yaml")):
        found.update(YAML(typ="safe").load(path) or {})
    return found


def said(text: str) -> str:
    """See `api.pack_said`."""
    return (of(text) or text) if english() else text


def of(text: str) -> str:
    """The English of a pack's sentence or name, or nothing."""
    known = vocabulary().get(text, "")
    return known or next((found for names in _names.values() if (found := names().get(text))), "")


def of_result(name: str, *, name_en: str = "", kind: str = "") -> str:
    """See `api.result_english`."""
    return name_en or of(kind) or of(name)


def article(words: str) -> str:
    """``第三十三条`` is article 33 in English; what is written otherwise stays."""
    found = _ARTICLE.fullmatch(words)
    return f"art. {_number(found[1])}" if found else words


def _number(words: str) -> int:
    total, digit = 0, 0
    for word in words:
        if word in _PLACES:
            total += (digit or 1) * _PLACES[word]
            digit = 0
        else:
            digit = _DIGITS[word]
    return total + digit


def sentences(matter: Mapping[str, Any]) -> Iterator[str]:
    """Everything a guide says of a matter of the packs that has no name of its own."""
    yield from matter.get("conditions", ())
    yield from matter.get("mistakes", ())
    yield from (matter.get("lists") or {}).get("abolished_proofs", ())
    yield from (matter.get("lists") or {}).get("cross_region", ())
    for name, keys in (("fees", ("name", "basis")), ("faq", ("q", "a")), ("legal_basis", ("law", "says"))):
        yield from (one.get(key, "") for one in matter.get(name, ()) for key in keys)
    yield from (one["link"] for one in matter.get("steps", ()))


def sentences_of_paper(paper: Mapping[str, Any]) -> Iterator[str]:
    """Everything said of a material of the packs."""
    yield from (paper.get("help", ""), paper.get("sample", ""))
    yield from paper.get("mistakes", ())
    form = paper.get("form", ())
    yield from (form,) if isinstance(form, str) else form


def missing(texts: Iterable[str]) -> list[str]:
    """Those of them that an English page would show in Chinese, each once."""
    return [text for text in dict.fromkeys(texts) if text and not of(text)]
