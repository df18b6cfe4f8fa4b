"""Which regulated matter a message is about: by the everyday words of the matters, and by what was learned."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tongban.desks.hotline.sorting.features import Message
from tongban.desks.hotline.sorting.grams import Words, usable
from tongban.desks.hotline.sorting.reading import BODY_MOST, SUBJECT_MOST, plain, written
from tongban.registers.catalogue import api as catalogue
from tongban.registers.catalogue.contracts import MatterSpec

LEAST = 1.0
"""Below this a matter is only a guess and is not suggested."""
IN_SUBJECT = 1.5
SAME_DEPARTMENT = 1.25
LEARNED = 3.0
SURE = 0.8
"""From here on the category is believed: a word of two characters alone does not give the message to another department."""


@dataclass(frozen=True, slots=True)
class Charge:
    """A regulated matter in a region: code, name, law, unit, department."""

    code: str
    name: str
    basis: str
    unit: str
    department: str


class Matcher:
    """The everyday words of all regulated matters of one region."""

    def __init__(self, specs: Sequence[MatterSpec]) -> None:
        self.specs = specs
        self.charges = [_charge(spec) for spec in specs]
        by_word: defaultdict[str, list[int]] = defaultdict(list)
        for number, spec in enumerate(specs):
            said = spec.regulated.words if spec.regulated else ()
            for word in usable(plain(one) for one in (*said, spec.plain_name)):
                by_word[word].append(number)
        self._words = Words(list(by_word))
        self._speaks = [(matters, _weight(word, len(matters))) for word, matters in by_word.items()]
        self._number = {spec.code: number for number, spec in enumerate(specs)}

    def best(
        self, message: Message, *, department: str, learned: Mapping[str, float], sure: float = 0.0
    ) -> Charge | None:
        """The matter most spoken for; None when nothing is more than a guess.

        :param department: whose work the category is: breaks ties
        :param learned: by code, from -1 (not) to 1 (surely)
        :param sure: how sure the category is, from 0 to 1
        """
        found: defaultdict[int, float] = defaultdict(float)
        told: set[int] = set()  # spoken for by more than a word of two characters
        for part, times, most in ((0, IN_SUBJECT, SUBJECT_MOST), (1, 1.0, BODY_MOST)):
            counts = self._words.in_batch(written([message[part]], most=most))
            for thing in counts.things.tolist():
                matters, weight = self._speaks[thing]
                for number in matters:
                    found[number] += weight * times
                if len(self._words.words[thing]) > 2:
                    told.update(matters)
        for code, score in learned.items():
            if score > 0 and code in self._number:
                found[self._number[code]] += LEARNED * score
                told.add(self._number[code])
        for number in found:
            if department and self.charges[number].department == department:
                found[number] *= SAME_DEPARTMENT
            elif department and sure >= SURE and number not in told:
                found[number] = 0.0
        best = max(found, key=lambda number: (found[number], -number), default=None)
        return self.charges[best] if best is not None and found[best] >= LEAST else None


def _weight(word: str, matters: int) -> float:
    """Long words tell more; a word of many matters tells less."""
    return math.log2(len(word)) / math.sqrt(matters)


def _charge(spec: MatterSpec) -> Charge:
    law = "；".join(f"《{one.law}》{one.article}" for one in spec.legal_basis)
    return Charge(spec.code, spec.plain_name or spec.name, law, spec.unit, spec.department)


_matchers: dict[str, Matcher] = {}


def matcher(region: str) -> Matcher:
    """The matcher of a region, made again when the catalogue changes."""
    specs = catalogue.regulated_matters(region)
    held = _matchers.get(region)
    if held is None or held.specs is not specs:
        if len(_matchers) > 200:
            _matchers.clear()
        held = _matchers[region] = Matcher(specs)
    return held
