"""The door of sorting: what a message is about, how sure that is, and who decides."""

from tongban.desks.hotline.sorting import selectors, suggesting
from tongban.desks.hotline.sorting.contracts import (
    Proposed,
    Report,
    Ruling,
    SortingError,
    Suggestion,
    Version,
    hundredths,
)
from tongban.desks.hotline.sorting.deciding import entry, ruling
from tongban.desks.hotline.sorting.learning import Lesson
from tongban.desks.hotline.sorting.proposing import propose_waiting
from tongban.desks.hotline.sorting.services import drop_threshold, roll_back, set_threshold, train

__all__ = [
    "Lesson",
    "Proposed",
    "Report",
    "Ruling",
    "SortingError",
    "Suggestion",
    "Version",
    "drop_threshold",
    "entry",
    "hundredths",
    "proposal_of",
    "propose_waiting",
    "roll_back",
    "ruling",
    "set_threshold",
    "suggest",
    "threshold",
    "train",
    "versions",
]


def suggest(text: str, *, region: str = "", place: str = "", title: str = "") -> Suggestion:
    """What a message is about: category, matter with its law, unit at the place, urgency, places. Never raises.

    Some 10 ms. Without a usable model the category, matter and unit are empty and `reason` says why; urgency and
    places come from rules and are there all the same.

    :param text: what the caller says, any length (the first and last 800 characters count)
    :param region: where it came in; the place that the text names goes before it; empty: the city
    :param place: the place in words, when it has a field of its own
    :param title: when there is one; else the first sentence serves
    """
    return suggesting.suggest(text, region=region, place=place, title=title)


def threshold(region: str, *, channel: str = "", category: str = "") -> float | None:
    """From which confidence on tickets of a region may be dispatched without a person; None (the default): never."""
    return selectors.threshold(region, channel=channel, category=category)


def proposal_of(docket: int) -> Proposed | None:
    """What was proposed for a ticket that no operator took, and what became of it; None where nothing was (yet)."""
    return selectors.proposal_of(docket)


def versions(*, most: int = 50) -> list[Version]:
    """The models there are, newest first."""
    return selectors.versions(most=most)
