"""What crosses from the keeping of definitions to pages: versions of one, and why one cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.oversight.insight.contracts import InsightError
from tongban.oversight.insight.packs import Indicator

PACK = 1
"""Number of the version that comes with the packs."""


class State(models.TextChoices):
    """What became of a proposal."""

    PROPOSED = "proposed", _("待采纳")
    ADOPTED = "adopted", _("已采纳")
    REFUSED = "refused", _("已退回")
    WITHDRAWN = "withdrawn", _("已撤回")


class DefinitionError(InsightError):
    """A definition cannot be proposed or adopted. `faults` by field of the form, where one is at fault."""

    def __init__(self, reason: str, *, possible: str = "", faults: Mapping[str, str] | None = None) -> None:
        super().__init__(reason, possible=possible)
        self.faults = dict(faults or {})


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a definition, as it holds or held; or its end.

    :param since: the first day that is counted by it
    :param until: the first day that is counted by the next one; None for the newest
    :param ended: from `since` on nothing is counted any more; the indicator is that of the version before
    :param proposed_by: empty for the version of the packs, as are `adopted_by` and `reason`
    """

    indicator: Indicator
    number: int
    since: date
    until: date | None = None
    reason: str = ""
    proposed_by: str = ""
    proposed_at: datetime | None = None
    adopted_by: str = ""
    adopted_at: datetime | None = None
    ended: bool = False
