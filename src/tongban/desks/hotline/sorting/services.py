"""Learning anew, taking a model into use or out of it, and setting from when on it is trusted."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.hotline.contracts import Channel
from tongban.desks.hotline.sorting import storing
from tongban.desks.hotline.sorting.contracts import Report, SortingError, Version
from tongban.desks.hotline.sorting.current import current, examples, file_of, forget, lexicon
from tongban.desks.hotline.sorting.judging import Measured, is_touchstone, measure
from tongban.desks.hotline.sorting.learning import Lesson, Model, TooLittleError, learn
from tongban.desks.hotline.sorting.models import ModelVersion, Threshold
from tongban.desks.hotline.sorting.selectors import version_of
from tongban.kernel import api as kernel

STREAM = "sorting:models"
COMPARE_LEAST = 30
"""With fewer touchstones two models cannot be told apart, and the one in use stays."""
LOWEST, HIGHEST = 0.5, 0.999


def train(
    lessons: Sequence[Lesson], *, source: str, actor: kernel.Actor, at: datetime, anyway: bool = False
) -> Report:
    """Learn a new version and take it into use if it does at least as well as the one in use.

    One message in ten is a touchstone: no version learns from it, all are compared on it.

    :param source: where the lessons are from, in words
    :param anyway: take it into use whatever the comparison says: a person's decision
    :raises SortingError: too little to learn from
    """
    stones = [one for one in lessons if is_touchstone(one)]
    learned_from = [one for one in lessons if not is_touchstone(one)]
    try:
        model = learn([*learned_from, *examples()], lexicon=lexicon())
    except TooLittleError as error:
        raise SortingError(str(error)) from error
    if not learned_from:
        raise SortingError(_("没有可学的样本。"))
    old = current()
    new_figures = measure(model, stones) if stones else None
    old_figures = measure(old.model, stones) if stones and old.model else None
    replaces, words = _verdict(new_figures, old_figures, anyway=anyway)
    name = _name(learned_from, at)
    digest = storing.save(model, file_of(name))
    with kernel.writing():
        row = _registered(
            name, model=model, digest=digest, source=source, figures=new_figures, old=old_figures, actor=actor,
            at=at, words=words, texts=len(learned_from),
        )  # fmt: skip
        if replaces:
            _use(row, actor=actor, at=at, why=words)
    forget()
    return Report(
        name, replaces, words, len(learned_from), len(stones),
        new_figures.macro_f1 if new_figures else None, old_figures.macro_f1 if old_figures else None,
        new_figures.off if new_figures else None,
    )  # fmt: skip


def _verdict(new: Measured | None, old: Measured | None, *, anyway: bool) -> tuple[bool, str]:
    if anyway:
        return True, _("由人决定启用。")
    if new is None or new.texts < COMPARE_LEAST:
        return False, _("对照样本不足%(least)s条，分不出好坏，原版本继续用。") % {"least": COMPARE_LEAST}
    if old is None:
        return True, _("原版本不能用，启用新版本。")
    if new.macro_f1 >= old.macro_f1:
        return True, _("不比原版本差，启用新版本。")
    return False, _("比原版本差，原版本继续用。")


def _name(lessons: Sequence[Lesson], at: datetime) -> str:
    said = hashlib.sha256(repr((at, [(one.message, one.category) for one in lessons])).encode()).hexdigest()
    return f"{at:%Y%m%d-%H%M%S}-{said[:8]}"


def _registered(
    name: str, *, model: Model, digest: str, source: str, figures: Measured | None, old: Measured | None,
    actor: kernel.Actor, at: datetime, words: str, texts: int,
) -> ModelVersion:  # fmt: skip
    row = ModelVersion.objects.create(
        name=name, made_at=at, made_by=actor.id, source=source[:120], digest=digest, texts=texts,
        held_out=figures.texts if figures else 0, macro_f1=figures.macro_f1 if figures else None,
        before=old.macro_f1 if old else None, calibration_error=figures.off if figures else None, note=words[:200],
    )  # fmt: skip
    kernel.record(
        stream=STREAM, act="learned", actor=actor, at=at,
        data={
            "version": name, "digest": digest, "texts": texts, "labels": list(model.labels), "source": source,
            "macro_f1": row.macro_f1, "before": row.before,
        },
    )  # fmt: skip
    return row


def _use(row: ModelVersion, *, actor: kernel.Actor, at: datetime, why: str) -> None:
    for other in ModelVersion.objects.select_for_update().filter(in_use=True).exclude(pk=row.pk):
        other.in_use, other.used_until = False, at
        other.save(update_fields=("in_use", "used_until"))
    row.in_use, row.used_from, row.used_until = True, at, None
    row.save(update_fields=("in_use", "used_from", "used_until"))
    kernel.record(stream=STREAM, act="used", actor=actor, at=at, data={"version": row.name, "why": why})


def roll_back(*, actor: kernel.Actor, at: datetime, to: str = "", why: str = "rollback") -> Version | None:
    """Take an earlier version into use again.

    :param to: its name; empty: the one in use before the present one, or the starting model when there was none
    :param why: the reason that the ledger keeps
    :return: the version now in use; None for the starting model
    :raises SortingError: no such version, its file is damaged, or nothing to go back from
    """
    with kernel.writing():
        held = ModelVersion.objects.select_for_update().filter(in_use=True).first()
        if held is None and not to:
            raise SortingError(_("用的已是起步模型，没有更早的版本。"))
        row = _target(held, to)
        if row is None:
            assert held is not None
            held.in_use, held.used_until = False, at
            held.save(update_fields=("in_use", "used_until"))
            kernel.record(
                stream=STREAM, act="used", actor=actor, at=at, data={"version": "start", "why": why}
            )
        else:
            try:
                storing.load(file_of(row.name), departments_of=lexicon(), digest_was=row.digest)
            except storing.BrokenModelError as error:
                raise SortingError(
                    _("版本 %(name)s 的文件不能用：%(why)s") % {"name": row.name, "why": error}
                ) from error
            _use(row, actor=actor, at=at, why=why)
    forget()
    return version_of(row) if row else None


def _target(held: ModelVersion | None, to: str) -> ModelVersion | None:
    if to:
        named = ModelVersion.objects.filter(name=to).first()
        if named is None:
            raise SortingError(_("没有版本 %(name)s。") % {"name": to})
        return named
    if held is None:
        return None
    earlier = ModelVersion.objects.filter(used_until__isnull=False, made_at__lt=held.made_at)
    return earlier.order_by("-used_until", "-pk").first()


def set_threshold(
    *, region: str, confidence: float | None, actor: kernel.Actor, at: datetime, channel: str = "", category: str = ""
) -> None:  # fmt: skip
    """From which confidence on tickets of a region are dispatched without a person; None: never.

    It holds for the regions below too, unless they have their own. Written to the ledger.

    :param channel: only for this channel; `category`: only for this first level. With neither, None takes the region's
        own threshold away, so that the one above holds again
    :raises SortingError: not between 0.5 and 0.999, or no such channel
    :raises actors.NotKnownError: no such region
    """
    actors.region(region)
    if confidence is not None and not LOWEST <= confidence <= HIGHEST:
        raise SortingError(_("门槛要在%(low)s到%(high)s之间。") % {"low": LOWEST, "high": HIGHEST})
    if channel not in {"", *Channel.values} or len(category) > 40:
        raise SortingError(_("没有这个渠道或分类。"))
    where = {"region": region, "channel": channel, "category": category}
    said: dict[str, Any] = {"confidence": confidence}
    said |= {name: value for name, value in where.items() if value and name != "region"}
    with kernel.writing():
        if confidence is None and not (channel or category):
            Threshold.objects.filter(**where).delete()
        else:
            Threshold.objects.update_or_create(
                region=region,
                channel=channel,
                category=category,
                defaults={"confidence": confidence, "set_by": actor.id, "set_at": at},
            )
        kernel.record(stream=f"sorting:{region}", act="threshold", actor=actor, at=at, data=said)


def drop_threshold(*, region: str, channel: str, category: str, actor: kernel.Actor, at: datetime) -> None:
    """Take a threshold away: what is set more widely holds again. Written to the ledger; nothing where there is none."""
    with kernel.writing():
        gone, _each = Threshold.objects.filter(region=region, channel=channel, category=category).delete()
        if gone:
            data = {"channel": channel, "category": category}
            kernel.record(stream=f"sorting:{region}", act="threshold_dropped", actor=actor, at=at, data=data)
