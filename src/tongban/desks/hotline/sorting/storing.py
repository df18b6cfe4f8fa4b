"""A model as one file: named arrays and a header, with a digest. No pickle: reading a file runs nothing."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tongban.desks.hotline.sorting.calibration import Calibration
from tongban.desks.hotline.sorting.features import Vocabulary
from tongban.desks.hotline.sorting.grams import BITS
from tongban.desks.hotline.sorting.learning import Model
from tongban.desks.hotline.sorting.lexicon import Lexicon

FORMAT = 1
Arrays = dict[str, npt.NDArray[Any]]


class BrokenModelError(Exception):
    """The file is missing, damaged, or not the one that was registered."""


def save(model: Model, path: Path) -> str:
    """Write a model at once or not at all; gives the digest of the file."""
    header = {
        "format": FORMAT, "labels": model.labels, "deep": model.deep, "words": dict(model.lexicon.categories),
        "slope": model.calibration.slope, "learned_from": model.learned_from,
    }  # fmt: skip
    vocabulary = model.vocabulary
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.part")
    with partial.open("wb") as file:
        np.savez_compressed(
            file, header=np.frombuffer(json.dumps(header).encode(), dtype=np.uint8),
            weights=model.weights.astype(np.float16), shift=model.calibration.shift,
            buckets=vocabulary.buckets.astype(np.uint32), gram_rarity=vocabulary.gram_rarity.astype(np.float32),
            word_rarity=vocabulary.word_rarity.astype(np.float32),
        )  # fmt: skip
    digest = hashlib.sha256(partial.read_bytes()).hexdigest()
    partial.replace(path)
    return digest


def load(path: Path, *, departments_of: Lexicon, digest_was: str = "") -> Model:
    """Read a model. It keeps the words it was learned with: editing the lexicon changes the next model.

    :param departments_of: the lexicon in force, for whose work a category is
    :param digest_was: of the file when it was written; empty: not compared
    :raises BrokenModelError: missing, damaged or changed
    """
    try:
        content = path.read_bytes()
        if digest_was and hashlib.sha256(content).hexdigest() != digest_was:
            raise BrokenModelError(f"{path.name}: 文件与登记时不同。")
        with np.load(io.BytesIO(content), allow_pickle=False) as held:
            header = json.loads(held["header"].tobytes())
            arrays = {name: held[name] for name in held.files if name != "header"}
        return _model(header, arrays, departments_of, path.name)
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        EOFError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        raise BrokenModelError(f"{path.name}: {error}") from error


def _model(header: dict[str, Any], arrays: Arrays, now: Lexicon, name: str) -> Model:
    if header["format"] != FORMAT:
        raise BrokenModelError(f"{name}: 格式不认识。")
    words = {str(path): tuple(map(str, own)) for path, own in header["words"].items()}
    lexicon = Lexicon(words, now.departments, now.alarms)
    buckets = arrays["buckets"].astype(np.int64)
    if len(buckets) and int(buckets.max()) >= 1 << BITS:
        raise BrokenModelError(f"{name}: 列号不对。")
    vocabulary = Vocabulary(
        buckets=buckets,
        gram_rarity=arrays["gram_rarity"].astype(np.float64),
        word_rarity=arrays["word_rarity"].astype(np.float64),
    )
    labels, deep = tuple(map(str, header["labels"])), tuple(map(str, header["deep"]))
    model = Model(
        labels, deep, arrays["weights"].astype(np.float32),
        Calibration(float(header["slope"]), arrays["shift"].astype(np.float64)), vocabulary, lexicon,
        int(header["learned_from"]),
    )  # fmt: skip
    dense = 2 * sum(model.reader.depth_widths)
    if model.weights.shape != (model.reader.width + dense, len(labels) + len(deep)):
        raise BrokenModelError(f"{name}: 权重的大小不对。")
    return model
