"""How long matching keeps what it found, what of it is in the export of one's data, and what an erasure takes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from tongban.desks.policies.matching.contracts import News, RunState
from tongban.desks.policies.matching.models import Changed, Renewed, Result, Run, Told, Topic, Wishes
from tongban.desks.policies.matching.telling.rules import code, topic_of, unpack_codes
from tongban.kernel import api as kernel
from tongban.registers.identity.privacy import api as privacy

RUNS_KEPT = timedelta(days=400)
"""Figures of runs stay for a year and a month, to be compared with the year before; results stay until newer ones."""


@kernel.writing()
def clear(*, at: datetime) -> int:
    """Figures of old runs whose results are gone; gives how many."""
    closed = (RunState.COMPLETE, RunState.SAME, RunState.OVERTAKEN, RunState.FAILED)
    old = Run.objects.filter(state__in=closed, at__lt=at - RUNS_KEPT).exclude(
        pk__in=Result.objects.values("run")
    )
    gone, _per_table = old.delete()
    return gone


def news(party: str, _at: datetime) -> Iterable[privacy.Section]:
    """What somebody was told of measures, and does not want to be told."""
    row = Told.objects.filter(party=party).first()
    told = unpack_codes(bytes(row.packed)) if row else set()
    topics = Topic.objects.filter(pk__in={topic_of(one) for one in told})
    records = [
        {"measure": topic.key, "period": topic.period, "news": kind.value}
        for topic in topics.order_by("key", "period")
        for kind in News
        if code(topic.pk, kind) in told
    ]
    yield privacy.Section("benefit-news", {"zh": "政策提醒", "en": "Alerts about benefits"}, records)
    wish = Wishes.objects.filter(party=party).first()
    said = [{"declined": wish.declined, "muted": wish.muted, "at": wish.said_at}] if wish else []
    yield privacy.Section("benefit-wishes", {"zh": "不要的政策提醒", "en": "Alerts not wanted"}, said)


def erase(party: str, _at: datetime) -> int:
    """All that is kept of one party alone. In packed results it is a bit until the next run, which leaves it out."""
    return sum(table.objects.filter(party=party).delete()[0] for table in (Told, Wishes, Renewed, Changed))


privacy.register_source("7-benefit-news", news)
privacy.register_eraser("matching", erase)
