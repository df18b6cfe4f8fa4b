"""Evaluations in the export of one's own data, and their words when a mending's time is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tongban.kernel.files.destroying import destroy_attachments
from tongban.oversight.appraisal.models import Evaluation
from tongban.registers.identity.privacy import api as privacy


def evaluations(party: str, _at: datetime) -> Iterable[privacy.Section]:
    """What somebody said of us."""
    rows = Evaluation.objects.filter(by=party).order_by("-pk")
    records = [{"number": one.number, "level": one.level, "text": one.text, "at": one.at} for one in rows]
    yield privacy.Section("evaluations", {"zh": "我的评价", "en": "Evaluations"}, records)


def destroy_mendings(dockets: list[int], _at: datetime) -> int:
    """The words of the bad evaluations behind them; levels stay for the figures."""
    return Evaluation.objects.filter(mending__in=dockets).update(text="") + destroy_attachments(dockets)


privacy.register_source("6-evaluations", evaluations)
privacy.register_destroyer("mending", destroy_mendings)
