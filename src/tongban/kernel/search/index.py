"""A disposable index in memory or in a folder: the engine's candidates, then a second look.

The engine (tantivy) answers with the best few dozen by BM25 over terms, readings and initials; `ranking`
orders them. Texts are cut here and handed over separated by spaces, so the engine needs no Chinese.
"""

import json
import math
import shutil
import tempfile
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import tantivy

from tongban.kernel.search import analysis
from tongban.kernel.search.contracts import Document, Field, Hit
from tongban.kernel.search.ranking import Profile, Scorer, profile
from tongban.kernel.search.understanding import Query, understand
from tongban.kernel.search.vocabulary import Vocabulary

CANDIDATES = 48
HEAP_BYTES = 128_000_000  # one thread within this makes one segment of some 100,000 matters
SIDE_FILE = "documents.json"
EVERYBODY = "*"


class Index:
    """See the package. Reading is safe from many threads; `rebuild` replaces everything at once.

    :param name: for messages
    :param fields: in order; the first is the name of a document
    :param folder: where the index lives; None keeps it in memory
    :param vocabulary: everyday words
    """

    def __init__(
        self,
        *,
        name: str,
        fields: Sequence[Field],
        folder: Path | None = None,
        vocabulary: Vocabulary | None = None,
    ) -> None:
        self.name = name
        self.fields = tuple(fields)
        self.folder = folder
        self.vocabulary = vocabulary or Vocabulary()
        self._schema = _schema(self.fields)
        self._live: _Live | None = None
        if folder is not None and (folder / SIDE_FILE).exists():
            self._live = self._open(folder)

    def __len__(self) -> int:
        return len(self._live.keys) if self._live else 0

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Replace the contents; readers see the old ones until the new ones are whole. Returns how many."""
        prepared = list(documents)
        if self.folder is None:
            engine = tantivy.Index(self._schema)
            self._fill(engine, prepared)
            side = [_side(document, self.fields) for document in prepared]
            self._live = _Live(engine, side, self.vocabulary)
            return len(prepared)
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f"{self.folder.name}-", dir=self.folder.parent))
        engine = tantivy.Index(self._schema, path=str(fresh))
        self._fill(engine, prepared)
        side = [_side(document, self.fields) for document in prepared]
        (fresh / SIDE_FILE).write_text(json.dumps(side, ensure_ascii=False), encoding="utf-8")
        shutil.rmtree(self.folder, ignore_errors=True)
        fresh.replace(self.folder)
        self._live = self._open(self.folder)
        return len(prepared)

    def _open(self, folder: Path) -> "_Live":
        side = json.loads((folder / SIDE_FILE).read_text(encoding="utf-8"))
        return _Live(tantivy.Index(self._schema, path=str(folder)), side, self.vocabulary)

    def _fill(self, engine: tantivy.Index, documents: Sequence[Document]) -> None:
        writer = engine.writer(HEAP_BYTES, 1)
        for number, document in enumerate(documents):
            writer.add_document(_row(number, document, self.fields))
        writer.commit()
        writer.wait_merging_threads()
        engine.reload()

    def search(
        self,
        text: str,
        *,
        filters: Mapping[str, Collection[str]] | None = None,
        top: int = 10,
        scope: Collection[str] = (),
    ) -> list[Hit]:
        """Best first.

        :param filters: by filter name the values of which a document must have one
        :param scope: tokens of the reader; documents without scope are for everybody
        """
        live = self._live
        if live is None or not live.keys:
            return []
        query = understand(text, self.vocabulary)
        wanted = self._wanted(query)
        if not wanted:
            return []
        must = [(tantivy.Occur.Must, part) for part in self._limits(filters or {}, scope)]
        must.append((tantivy.Occur.Must, tantivy.Query.boolean_query(wanted)))
        searcher = live.engine.searcher()
        found = searcher.search(tantivy.Query.boolean_query(must), max(CANDIDATES, top), count=False).hits
        if not found:
            return []
        numbers = searcher.fast_field_values("number", [address for _, address in found])
        scorer = Scorer(query, live.rarity, self.vocabulary)
        best = found[0][0] or 1.0
        scored = [
            (scorer.score(live.profile(number), score / best), -len(live.names[number]), -number)
            for (score, _), number in zip(found, numbers, strict=True)
        ]
        scored.sort(reverse=True)
        return [
            Hit(live.keys[-number], round(score, 4), live.payloads[-number]) for score, _, number in scored[:top]
        ]

    def suggest(
        self,
        prefix: str,
        *,
        filters: Mapping[str, Collection[str]] | None = None,
        top: int = 8,
        scope: Collection[str] = (),
    ) -> list[Hit]:
        """What completes the text being typed: names that begin so (in characters, pinyin or initials)
        first, then what a search finds.
        """
        live = self._live
        typed = analysis.normalise(prefix).replace(" ", "")
        if live is None or not typed:
            return []
        allowed = self._allowed(live, filters or {}, scope)
        chosen = [number for number in live.beginning(typed, top * 8) if allowed is None or number in allowed]
        hits = [Hit(live.keys[n], 2.0, live.payloads[n]) for n in dict.fromkeys(chosen)][:top]
        if len(hits) < top:
            seen = {hit.key for hit in hits}
            more = self.search(prefix, filters=filters, top=top, scope=scope)
            hits += [hit for hit in more if hit.key not in seen]
        return hits[:top]

    def values(
        self, name: str, filters: Mapping[str, Collection[str]], scope: Collection[str] = ()
    ) -> list[Any]:
        """A payload value of every document that passes the filters, in the order of indexing."""
        live = self._live
        if live is None or not live.keys:
            return []
        allowed = self._allowed(live, filters, scope)
        numbers = range(len(live.keys)) if allowed is None else sorted(allowed)
        return [live.payloads[number][name] for number in numbers]

    def _allowed(
        self, live: "_Live", filters: Mapping[str, Collection[str]], scope: Collection[str]
    ) -> set[int] | None:
        limits = [(tantivy.Occur.Must, part) for part in self._limits(filters, scope)]
        searcher = live.engine.searcher()
        found = searcher.search(tantivy.Query.boolean_query(limits), max(1, len(live.keys)), count=False).hits
        if len(found) == len(live.keys):
            return None
        return set(searcher.fast_field_values("number", [address for _, address in found]))

    def _limits(self, filters: Mapping[str, Collection[str]], scope: Collection[str]) -> list[tantivy.Query]:
        def one_of(values: list[str]) -> tantivy.Query:
            among = tantivy.Query.term_set_query(self._schema, "filter", values)
            return tantivy.Query.const_score_query(among, 0.0)

        limits = [one_of([f"{name}={value}" for value in values]) for name, values in filters.items() if values]
        limits.append(one_of([f"scope={token}" for token in (EVERYBODY, *scope)]))
        return limits

    def _wanted(self, query: Query) -> list[tuple[tantivy.Occur, tantivy.Query]]:
        """Everything that may speak for a document, weighed."""
        weights: dict[tuple[str, str], float] = {}

        def want(field: str, term: str, weight: float) -> None:
            weights[field, term] = max(weights.get((field, term), 0.0), weight)

        for concept in query.concepts:
            for place, text in enumerate((concept.text, *concept.alternatives[:8])):
                trust = 1.0 if place == 0 else concept.certainty * 0.9
                for term in analysis.terms(text):
                    for field in self.fields:
                        want(field.name, term, field.boost * trust)
            for character in analysis.characters(concept.text):
                want("characters", character, 0.3)
        for term in analysis.sound_terms(query.readings) if query.readings else ():
            want("sounds", term, 0.8 if query.letters else 0.5)
        for letters in query.letters:
            if len(letters) > 1:
                want("initials", letters[-8:], 3.0)
        make, boost = tantivy.Query.term_query, tantivy.Query.boost_query
        return [
            (tantivy.Occur.Should, boost(make(self._schema, field, term, "freq"), weight))
            for (field, term), weight in weights.items()
        ]


@dataclass
class _Live:
    """One opened state of an index."""

    engine: tantivy.Index
    side: list[list[Any]]
    vocabulary: Vocabulary

    def __post_init__(self) -> None:
        self.keys: list[str] = [entry[0] for entry in self.side]
        self.names: list[str] = [entry[1] for entry in self.side]
        self.payloads: list[dict[str, Any]] = [entry[3] for entry in self.side]
        self._profiles: dict[int, Profile] = {}

    def profile(self, number: int) -> Profile:
        known = self._profiles.get(number)
        if known is None:
            entry = self.side[number]
            known = self._profiles[number] = profile(entry[1], entry[2], self.vocabulary)
        return known

    @cached_property
    def rarity(self) -> dict[str, float]:
        """How much a pair of characters tells: its inverse document frequency."""
        counts = Counter(pair for entry in self.side for pair in set(analysis.pairs(entry[2])))
        total = len(self.side)
        return {pair: math.log(1 + total / count) for pair, count in counts.items()}

    @cached_property
    def _beginnings(self) -> list[tuple[str, int]]:
        """Names, everyday names, their pinyin and initials, sorted, each with its document."""
        found: list[tuple[str, int]] = []
        for number, entry in enumerate(self.side):
            for part in dict.fromkeys([entry[1], *entry[2].split()[:2]]):
                readings = analysis.syllables(part)
                found.append((part.replace(" ", ""), number))
                found.append(("".join(readings), number))
                found.append((analysis.initials(readings), number))
        return sorted(found)

    def beginning(self, typed: str, limit: int) -> list[int]:
        """Documents one of whose names begins with what is typed, shortest names first."""
        rows = self._beginnings
        start = bisect_left(rows, (typed, -1))
        found: list[int] = []
        for text, number in rows[start : start + limit * 4]:
            if not text.startswith(typed):
                break
            found.append(number)
        return sorted(set(found), key=lambda number: (len(self.names[number]), number))[:limit]


def _schema(fields: Sequence[Field]) -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", fast=True)
    builder.add_text_field("filter", tokenizer_name="raw", index_option="basic")
    for name in (*(field.name for field in fields), "characters", "sounds", "initials"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _side(document: Document, fields: Sequence[Field]) -> list[Any]:
    name = analysis.normalise(document.texts.get(fields[0].name, ""))
    near = [analysis.normalise(document.texts.get(field.name, "")) for field in fields if field.sound]
    return [document.key, name, " ".join(part for part in near if part), dict(document.payload)]


def _row(number: int, document: Document, fields: Sequence[Field]) -> tantivy.Document:
    row = tantivy.Document()
    row.add_unsigned("number", number)
    for name, values in document.filters.items():
        for value in values:
            row.add_text("filter", f"{name}={value}")
    for token in document.scope or (EVERYBODY,):
        row.add_text("filter", f"scope={token}")
    for field in fields:
        text = analysis.normalise(document.texts.get(field.name, ""))
        if not text:
            continue
        row.add_text(field.name, " ".join(analysis.terms(text)))
        if field.sound:
            _add_sound(row, text)
    return row


def _add_sound(row: tantivy.Document, text: str) -> None:
    row.add_text("characters", " ".join(analysis.characters(text)))
    for part in text.split():
        readings = analysis.syllables(part)
        if readings:
            row.add_text("sounds", " ".join(analysis.sound_terms(readings)))
            row.add_text("initials", " ".join(analysis.initial_terms(analysis.initials(readings))))
