"""The words of the trade: which words speak for which category, whose work it is, what is urgent."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from tongban.desks.hotline.sorting.grams import LONGEST_WORD, Words
from tongban.desks.hotline.sorting.reading import Numbers, Reals, plain

DEPTHS = (1, 2, 3)
WEAK, STRONG = 0.6, 1.8
"""What a word counts that only says who or where, and one that says what the matter is."""
SHARED_COUNTS_LESS = 1.5
"""A word of n categories speaks for each of them with 1 / n ** this."""


class LexiconError(ValueError):
    """The file cannot be taken; one line per fault."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """Words of one kind of urgency; `but` are sayings that only seem to be one. `call` 110, 119, 120 or empty."""

    level: str
    words: tuple[str, ...]
    but: tuple[str, ...] = ()
    call: str = ""


@dataclass(frozen=True)
class Lexicon:
    """Words by category path (``first/second/third``), departments by path, alarms, weights of some words."""

    categories: Mapping[str, tuple[str, ...]]
    departments: Mapping[str, str] = field(default_factory=dict)
    alarms: tuple[Alarm, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def words(self) -> Words:
        """Every word once, in the order of the file."""
        return Words(list(dict.fromkeys(word for words in self.categories.values() for word in words)))

    @cached_property
    def emphasis(self) -> Reals:
        """What each word counts; usually one."""
        return np.array([self.weights.get(word, 1.0) for word in self.words.words])

    @cached_property
    def paths(self) -> tuple[tuple[str, ...], ...]:
        """The categories of each depth, sorted: first levels, then ``first/second``, then whole paths."""
        return tuple(tuple(sorted({head(path, depth) for path in self.categories})) for depth in DEPTHS)

    @cached_property
    def says(self) -> tuple[tuple[Numbers, Numbers, Reals], ...]:
        """For each depth: word, category and weight, ordered by word: what one occurrence says."""
        number = {word: n for n, word in enumerate(self.words.words)}
        found = []
        for depth, paths in zip(DEPTHS, self.paths, strict=True):
            speaks: defaultdict[int, set[str]] = defaultdict(set)
            for path, words in self.categories.items():
                for word in words:
                    speaks[number[word]].add(head(path, depth))
            place = {path: n for n, path in enumerate(paths)}
            rows = [
                (word, place[path], len(all_paths) ** -SHARED_COUNTS_LESS)
                for word, all_paths in sorted(speaks.items())
                for path in sorted(all_paths)
            ]
            table = np.array(rows, dtype=np.float64).reshape(-1, 3)
            found.append((table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2]))
        return tuple(found)

    @cached_property
    def paths_by_word(self) -> dict[str, tuple[str, ...]]:
        """The categories of each word."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for path, words in self.categories.items():
            for word in words:
                found[word].append(path)
        return {word: tuple(paths) for word, paths in found.items()}

    @cached_property
    def digest(self) -> str:
        """Of what learning takes from it: a model belongs to one digest."""
        lines = [f"{path}:{' '.join(words)}" for path, words in self.categories.items()]
        lines += [f"{word}={weight}" for word, weight in self.weights.items()]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]

    def department(self, path: str) -> str:
        """Whose work a category is: the mapping of the longest beginning of its path; empty when none."""
        for depth in reversed(DEPTHS):
            found = self.departments.get(head(path, depth))
            if found:
                return found
        return ""

    def speaking_for(self, path: str, *, within: Iterable[str]) -> tuple[str, ...]:
        """Those of some words that the lexicon has for a category or anything below it."""
        known = {w for p, words in self.categories.items() if f"{p}/".startswith(f"{path}/") for w in words}
        return tuple(word for word in within if word in known)


def head(path: str, depth: int) -> str:
    """The first levels of a path."""
    return "/".join(path.split("/")[:depth])


def read(path: Path) -> Lexicon:
    """Read and check a lexicon. :raises LexiconError: with every fault"""
    try:
        held = YAML(typ="safe").load(path)
    except (OSError, YAMLError) as error:
        raise LexiconError(f"{path.name}: {error}") from error
    if not isinstance(held, dict):
        raise LexiconError(f"{path.name}: 要写 categories、departments、urgency 三部分。")
    faults: list[str] = []
    categories = _categories(held.get("categories") or {}, faults)
    alarms = tuple(_alarms(held.get("urgency") or {}, faults))
    departments = {str(path): str(slug) for path, slug in (held.get("departments") or {}).items()}
    weights = _weights(held.get("weights") or {}, categories, faults)
    known = {head(one, depth) for one in categories for depth in DEPTHS}
    if not categories:
        faults.append("categories 里没有类别。")
    faults.extend(f"departments: 没有 {one} 这一类。" for one in departments if head(one, 1) not in known)
    if faults:
        raise LexiconError("\n".join(f"{path.name}: {fault}" for fault in faults))
    return Lexicon(categories, departments, alarms, weights)


def _categories(held: Mapping[str, Any], faults: list[str]) -> dict[str, tuple[str, ...]]:
    found = {}
    for path, words in held.items():
        if not 1 <= len(str(path).split("/")) <= len(DEPTHS):
            faults.append(f"{path}: 类别最多三级，用 / 分开。")
        said = [plain(word) for word in str(words or "").split()]
        faults.extend(
            f"{path}: “{word}”要有两到{LONGEST_WORD}个字。"
            for word, own in zip(str(words or "").split(), said, strict=True)
            if not 2 <= len(own) <= LONGEST_WORD
        )
        found[str(path)] = tuple(dict.fromkeys(said))
    return found


def _weights(
    held: Mapping[str, Any], categories: Mapping[str, tuple[str, ...]], faults: list[str]
) -> dict[str, float]:
    known = {word for words in categories.values() for word in words}
    found: dict[str, float] = {}
    for key, weight in (("weak", WEAK), ("strong", STRONG)):
        for word in map(plain, str(held.get(key) or "").split()):
            if word not in known:
                faults.append(f"weights: “{word}”不在任何类别里。")
            if found.get(word, weight) != weight:
                faults.append(f"weights: “{word}”又轻又重。")
            found[word] = weight
    return found


def _alarms(held: Mapping[str, Any], faults: list[str]) -> Iterable[Alarm]:
    for level in ("emergency", "urgent"):
        for row in held.get(level) or ():
            call = str(row.get("call", ""))
            if call not in ("", "110", "119", "120"):
                faults.append(f"urgency: 没有 {call} 这个应急电话。")
            words, but = (tuple(plain(str(one)) for one in row.get(key) or ()) for key in ("words", "but"))
            yield Alarm(level, words, but, call)
