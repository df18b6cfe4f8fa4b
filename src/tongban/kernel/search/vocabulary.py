"""What people say and what the law calls it: a file that a clerk can extend.

stop: [我要, 怎么办]                  # says nothing about what is wanted
synonyms:
- {say: [开饭馆, 开餐馆], mean: [食品经营许可, 餐饮]}
intents:
- {name: renew, say: [延期, 快到期], mean: [延续, 换证]}    # which of many variants is wanted
usual: [新办, 核发]                  # variants preferred when nobody says which
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from tongban.kernel.search.analysis import initials, normalise, syllables


class VocabularyError(ValueError):
    """The file cannot be used; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Synonym:
    """One thing said, with the official terms for it."""

    say: str
    mean: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Intent:
    """A variant of the same matter: how it is asked for and how names tell it."""

    name: str
    say: tuple[str, ...]
    mean: tuple[str, ...]


@dataclass(frozen=True)
class Vocabulary:
    """Everyday words of one index."""

    synonyms: tuple[Synonym, ...] = ()
    stop: tuple[str, ...] = ()
    intents: tuple[Intent, ...] = ()
    usual: tuple[str, ...] = ()

    @classmethod
    def load(cls, path: Path) -> "Vocabulary":
        """Read one file.

        :raises VocabularyError: not YAML, or an entry without `say` or `mean`
        """
        try:
            data: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8")) or {}
        except YAMLError as error:
            raise VocabularyError(f"{path.name}: {error}") from error
        return cls(
            synonyms=tuple(_synonyms(path.name, data.get("synonyms", []))),
            stop=tuple(normalise(word) for word in data.get("stop", [])),
            intents=tuple(
                Intent(item["name"], _words(item["say"]), _words(item["mean"]))
                for item in data.get("intents", [])
            ),
            usual=_words(data.get("usual", [])),
        )

    @cached_property
    def by_words(self) -> dict[str, tuple[str, ...]]:
        """Official terms by what is said."""
        return {synonym.say: synonym.mean for synonym in self.synonyms}

    @cached_property
    def by_sound(self) -> dict[str, str]:
        """What is said by how it sounds (three syllables or more: shorter ones sound like too much)."""
        return {
            "'".join(readings): synonym.say
            for synonym in self.synonyms
            if len(readings := syllables(synonym.say)) > 2
        }

    @cached_property
    def by_pinyin(self) -> dict[str, str]:
        """What is said by its pinyin written in one, and by its initials from three letters on."""
        found: dict[str, str] = {}
        for synonym in self.synonyms:
            readings = syllables(synonym.say)
            if len(readings) > 2:
                found.setdefault(initials(readings), synonym.say)
        for synonym in self.synonyms:
            readings = syllables(synonym.say)
            if len(readings) > 1:
                found["".join(readings)] = synonym.say
        return found

    @cached_property
    def longest(self) -> int:
        return max((len(synonym.say) for synonym in self.synonyms), default=0)

    @cached_property
    def stop_words(self) -> frozenset[str]:
        return frozenset(self.stop)

    @cached_property
    def longest_stop(self) -> int:
        return max((len(word) for word in self.stop), default=0)


def _words(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(normalise(str(item)) for item in items)


def _synonyms(name: str, items: list[dict[str, Any]]) -> Iterable[Synonym]:
    merged: dict[str, tuple[str, ...]] = {}
    for number, item in enumerate(items, 1):
        if not isinstance(item, dict) or not item.get("say") or not item.get("mean"):
            raise VocabularyError(f"{name}: 第{number}条同义词缺少 say 或 mean。")
        for said in _words(item["say"]):
            merged[said] = tuple(dict.fromkeys([*merged.get(said, ()), *_words(item["mean"])]))
    return (Synonym(said, mean) for said, mean in merged.items())
