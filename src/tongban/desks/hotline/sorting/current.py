"""The lexicon and the model in use, held in memory; what is broken says so and stops nothing."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from tongban.desks.hotline.sorting import lexicon as lexicons
from tongban.desks.hotline.sorting import storing
from tongban.desks.hotline.sorting.learning import Lesson, Model, learn
from tongban.desks.hotline.sorting.lexicon import Lexicon, LexiconError
from tongban.desks.hotline.sorting.models import ModelVersion

EXAMPLE_TRUST = 0.3
"""What a made-up example counts beside a real message."""
TTL_SECONDS = 10.0

_log = logging.getLogger(__name__)
_lock = threading.Lock()
_held: tuple[float, str, Current] | None = None


@dataclass(frozen=True, slots=True)
class Current:
    """The model in use, or why there is none."""

    model: Model | None
    version: str
    reason: str = ""


@cache
def lexicon() -> Lexicon:
    """The words of this installation. :raises LexiconError: the file is faulty"""
    return lexicons.read(settings.PACKS / "hotline" / "lexicon.yaml")


@cache
def examples() -> tuple[Lesson, ...]:
    """The made-up messages to start from; bodies without a subject. :raises LexiconError: the file is faulty"""
    path = settings.PACKS / "hotline" / "examples.yaml"
    try:
        held: dict[str, Any] = YAML(typ="safe").load(path)
        return tuple(
            Lesson("", str(text), str(category), EXAMPLE_TRUST)
            for category, texts in held.items()
            for text in texts
        )
    except (OSError, YAMLError, AttributeError, TypeError) as error:
        raise LexiconError(f"{path.name}: {error}") from error


def folder() -> Path:
    """Where models are kept."""
    return Path(settings.DATA) / "hotline" / "sorting"


def file_of(name: str) -> Path:
    """The file of a version."""
    return folder() / f"{name}.npz"


def forget() -> None:
    """Look again at the next question; after a change in this process."""
    global _held  # noqa: PLW0603 - one reading per process is the point
    with _lock:
        _held = None


def current() -> Current:
    """The model in use; a change by another process is seen within `TTL_SECONDS`. Raises nothing but database errors."""
    global _held  # noqa: PLW0603 - one reading per process is the point
    held = _held
    if held is not None and time.monotonic() - held[0] < TTL_SECONDS:
        return held[2]
    row = ModelVersion.objects.filter(in_use=True).first()
    name = row.name if row else ""
    if held is not None and held[1] == name and held[2].model is not None:
        found = held[2]
    else:
        with _lock:
            found = _loaded(row) if row else _starting()
    _held = (time.monotonic(), name, found)
    return found


def _loaded(row: ModelVersion) -> Current:
    try:
        model = storing.load(file_of(row.name), departments_of=lexicon(), digest_was=row.digest)
    except (storing.BrokenModelError, LexiconError) as error:
        _log.warning("sorting model %s: %s", row.name, error)
        return Current(None, row.name, _("分类模型不能用（%(why)s），请人工分类派单。") % {"why": error})
    return Current(model, row.name)


def _starting() -> Current:
    """The model of lexicon and examples, made once and kept as a file."""
    try:
        words, lessons = lexicon(), examples()
    except LexiconError as error:
        _log.warning("sorting lexicon: %s", error)
        return Current(None, "", _("分类词表不能用（%(why)s），请人工分类派单。") % {"why": error})
    said = "\n".join(f"{one.category}:{one.body}" for one in lessons)
    name = f"start-{words.digest[:8]}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"
    try:
        return Current(storing.load(file_of(name), departments_of=words), name)
    except storing.BrokenModelError:
        model = learn([replace(one, subject=one.body) for one in lessons], lexicon=words)
    try:
        storing.save(model, file_of(name))
    except OSError as error:  # it is in memory: the next process makes it again
        _log.warning("sorting model %s is not kept: %s", name, error)
    return Current(model, name)
