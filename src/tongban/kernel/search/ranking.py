"""How close a document is to an understood query: the second look at the engine's best candidates. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from tongban.kernel.search.analysis import pairs, sound_terms, syllables
from tongban.kernel.search.understanding import Concept, Query
from tongban.kernel.search.vocabulary import Vocabulary

# Chosen on queries of our own (benchmarks/queries); what matters is their order, not the third digit.
ALTERNATIVES = 5  # official terms looked at for one everyday word
WHOLE = 1.0  # the words asked for stand in the name as they are
PARTLY = 0.8  # at most, when only some pairs of them do
OTHER_WORDS = 0.96  # an official term for an everyday word
SOUND = 0.75  # only the sound agrees
ENGINE = 0.35  # share of the engine's own score
CLOSE_NAME = 0.25  # a name that says little more than what was asked
RIGHT_VARIANT = 0.22
WRONG_VARIANT = -0.2
USUAL_VARIANT = 0.08
LONE = 0.25
FIRST_MEANING = 0.04  # official terms are listed best first


@dataclass(frozen=True, slots=True)
class Profile:
    """What the second look needs to know of a document."""

    text: str  # everything that decides closeness, normalised, parts separated by spaces
    name: str
    pairs: frozenset[str]
    sounds: frozenset[str]
    variants: frozenset[str]
    usual: bool


def profile(name: str, text: str, vocabulary: Vocabulary) -> Profile:
    """The profile of a document with normalised `name` and `text` (which contains the name)."""
    return Profile(
        text=text,
        name=name,
        pairs=frozenset(pairs(text)),
        sounds=frozenset(sound_terms(syllables(name))),
        variants=frozenset(
            intent.name for intent in vocabulary.intents if any(word in name for word in intent.mean)
        ),
        usual=any(word in name for word in vocabulary.usual),
    )


@dataclass(frozen=True, slots=True)
class Rarity:
    """A weight per pair of characters, and the greatest of them for pairs never seen."""

    weights: Mapping[str, float]
    greatest: float


class Scorer:
    """Scores documents for one query."""

    def __init__(self, query: Query, rarity: Rarity) -> None:
        self.query = query
        self.weights = rarity.weights
        self.rare = rarity.greatest
        self.concepts = [self._prepared(concept) for concept in query.concepts]
        self.total = sum(weight for weight, _ in self.concepts) or 1.0
        self.sounds = sound_terms(query.readings) if query.readings else []

    def _weight(self, pair: str) -> float:
        return self.weights.get(pair, self.rare)

    def _prepared(self, concept: Concept) -> tuple[float, list[tuple[str, dict[str, float], float, float]]]:
        options = [(concept.text, 1.0)]
        options += [
            (text, concept.certainty * OTHER_WORDS - FIRST_MEANING * min(place, 6))
            for place, text in enumerate(concept.alternatives[:ALTERNATIVES])
        ]
        prepared = []
        for text, certainty in options:
            weighted = {pair: self._weight(pair) for pair in pairs(text)}
            prepared.append((text, weighted, sum(weighted.values()) or 1.0, certainty))
        own = prepared[0][2]
        if len(concept.text) == 1:  # a lone character is mostly what stop words left over
            own *= LONE
        if concept.alternatives:  # an understood word weighs at least like a rare pair
            own = max(own, self.rare)
        return own, prepared

    def score(self, document: Profile, engine: float) -> float:
        """Closeness from 0 to about 2; `engine` is the engine's score as a share of its best."""
        covered = sum(weight * self._concept(options, document) for weight, options in self.concepts)
        score = covered / self.total
        if self.sounds:
            agree = sum(1 for sound in self.sounds if sound in document.sounds) / len(self.sounds)
            score = max(score, SOUND * agree) if not self.concepts else score + 0.15 * agree
        score += ENGINE * engine
        score += CLOSE_NAME * self._closeness(document)
        return score + self._variant(document)

    def _concept(self, options: list[tuple[str, dict[str, float], float, float]], document: Profile) -> float:
        best = 0.0
        for text, weighted, total, certainty in options:
            if certainty <= best:
                continue
            if text in document.name:
                best = certainty * WHOLE
                continue
            if text in document.text:
                got = certainty * WHOLE * 0.95
            else:
                common = weighted.keys() & document.pairs
                shared = sum(map(weighted.__getitem__, common)) / total if common else 0.0
                got = certainty * PARTLY * shared * shared
            best = max(best, got)
        return best

    def _closeness(self, document: Profile) -> float:
        """Short names that hold what was asked before long ones that also do."""
        return 1.0 / (1.0 + len(document.name) / 12.0)

    def _variant(self, document: Profile) -> float:
        if not self.query.intents:
            if not document.variants:
                return USUAL_VARIANT
            return USUAL_VARIANT if document.usual else WRONG_VARIANT
        if self.query.intents & document.variants:
            return RIGHT_VARIANT
        return WRONG_VARIANT / 2 if document.variants else 0.0
