"""From what a person types to a suggestion: category, matter with its law, unit at the place, urgency."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import replace

from django.conf import settings
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.hotline.contracts import Urgency
from tongban.desks.hotline.sorting import explaining, urgency
from tongban.desks.hotline.sorting.contracts import Suggestion
from tongban.desks.hotline.sorting.current import current, lexicon
from tongban.desks.hotline.sorting.features import Message
from tongban.desks.hotline.sorting.learning import MATTER, Model
from tongban.desks.hotline.sorting.lexicon import LexiconError
from tongban.desks.hotline.sorting.matching import Charge, matcher
from tongban.desks.hotline.sorting.places import REGION_ENDS, Gazetteer, gazetteer, named_places
from tongban.desks.hotline.sorting.reading import BODY_MOST
from tongban.desks.hotline.sorting.urgency import Alarmed

OTHERS = 2
_log = logging.getLogger(__name__)
_SENTENCE = re.compile(r"[。！？!?；;\n]")
_names: tuple[frozenset[str], Gazetteer] | None = None


def suggest(text: str, *, region: str = "", place: str = "", title: str = "") -> Suggestion:
    """See `api.suggest`."""
    try:
        return _suggested(text, region=region or settings.ROOT_REGION, place=place, title=title)
    except Exception:  # noqa: BLE001 - whatever fails here, a person goes on taking the call
        _log.exception("sorting failed on a message of %d characters", len(text))
        return Suggestion(region=region, reason=_("智能分拣暂时不能用，请人工分类派单。"))


def _suggested(text: str, *, region: str, place: str, title: str) -> Suggestion:
    read = text[:BODY_MOST]
    where = f"{place} {title} {read}"
    names, code = gazetteer_of(region).within(where, near=region)
    told = dict.fromkeys([*names, *named_places(_without(names, where))])
    alarmed = _alarmed(f"{title} {text[: 4 * BODY_MOST]}")
    known = Suggestion(
        places=tuple(name for name in told if not any(name != one and name in one for one in told)),
        region=code or region, urgency=Urgency(alarmed.level), alarms=alarmed.words, calls=alarmed.calls,
    )  # fmt: skip
    held = current()
    if held.model is None:
        return replace(known, version=held.version, reason=held.reason)
    if not text.strip():
        return replace(known, version=held.version, reason=_("还没有内容。"))
    return _sorted(held.model, held.version, (title or first_sentence(text), text), known)


def _sorted(model: Model, version: str, message: Message, known: Suggestion) -> Suggestion:
    scores = model.scores(model.reader.rows([message]))
    sure = model.calibration.confidences(scores[:, : len(model.labels)])[0]
    order = sure.argsort()[::-1].tolist()
    label = model.labels[order[0]]
    category = (label, *_deeper(model, message, label, scores[0].tolist()))
    learned = {
        path.removeprefix(MATTER): score
        for path, score in zip(model.deep, scores[0][len(model.labels) :].tolist(), strict=True)
        if path.startswith(MATTER)
    }
    department = lexicon().department("/".join(category))
    charge = matcher(known.region).best(
        message, department=department, learned=learned, sure=float(sure[order[0]])
    )
    return replace(
        known, category=category, confidence=round(float(sure[order[0]]), 4),
        words=explaining.words(model, message, label), matter=charge.code if charge else "",
        matter_name=charge.name if charge else "", matter_basis=charge.basis if charge else "",
        unit=unit_of(charge, department, known.region), version=version,
        others=tuple((model.labels[n], round(float(sure[n]), 4)) for n in order[1 : 1 + OTHERS]),
    )  # fmt: skip


def _deeper(model: Model, message: Message, label: str, scores: Sequence[float]) -> tuple[str, ...]:
    """The second and third level: what was learned of them, and what the lexicon says."""
    said = explaining.said_of(model, message, label)
    for path, score in zip(model.deep, scores[len(model.labels) :], strict=True):
        if path.startswith(f"{label}/"):
            said[path] = said.get(path, 0.0) + (score + 1) / 2
    second = max((path for path in said if path.count("/") == 1), key=lambda one: said[one], default="")
    third = max(
        (path for path in said if second and path.startswith(f"{second}/")),
        key=lambda one: said[one],
        default="",
    )
    return tuple((third or second).split("/")[1:])


def unit_of(charge: Charge | None, department: str, region: str) -> str:
    """The unit in charge: the matter's own; without one that of the category's department at the place."""
    if charge and charge.unit:
        return charge.unit
    found = actors.unit_for(department=department, region=region) if department else None
    return found.id if found else ""


def _without(names: Sequence[str], text: str) -> str:
    """A region before a road or an estate is not part of its name; 咸安大道 keeps its 咸安."""
    for name in names:
        if name.endswith(REGION_ENDS):
            text = text.replace(name, "，")
    return text


def first_sentence(text: str) -> str:
    """What stands for a subject where there is none."""
    begun = text.strip()[:200]
    return _SENTENCE.split(begun, maxsplit=1)[0][:60]


def gazetteer_of(region: str) -> Gazetteer:
    """Names of the regions of the city that a region belongs to; told anew with every reading of the directory."""
    global _names  # noqa: PLW0603 - one reading per process is the point
    chain = actors.region_chain(region)
    within = actors.regions_within(chain[-1] if chain else settings.ROOT_REGION)
    held = _names
    if held is None or held[0] is not within:  # one set for as long as a reading of the directory lasts
        regions = [actors.region(code) for code in sorted(within) if actors.region_chain(code)]
        live = (
            (one.code, one.name, actors.region_chain(one.code)) for one in regions if one.ended_on is None
        )
        held = _names = (within, gazetteer(live))
    return held[1]


def _alarmed(text: str) -> Alarmed:
    try:
        return urgency.judge(text, lexicon().alarms)
    except LexiconError:
        return Alarmed()
