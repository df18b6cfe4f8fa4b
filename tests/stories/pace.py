"""How long a person takes: seconds as data, summed beside the story instead of slept."""

from __future__ import annotations

from collections import Counter

from playwright.sync_api import Frame, Page

READING = {"notice": 15.0, "check": 15.0, "receipts": 8.0}
"""Seconds on a page by the word in its address; what one has to read takes longer."""
A_PAGE = 4.0
A_CHOICE = 2.0
A_FIELD = 3.0
"""Finding a field and thinking what belongs into it."""
A_SIGN = 0.4
"""One sign typed with a thumb."""


class Pace:
    """Counts what a person does on a page that is driven by a story, and says how long it takes a person."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pages: list[str] = []
        self.done: Counter[str] = Counter()
        self.typed: dict[str, str] = {}
        page.on("framenavigated", self._came)

    def _came(self, frame: Frame) -> None:
        if frame == self.page.main_frame:
            self.pages.append(frame.url)

    def chose(self, times: int = 1) -> None:
        self.done["choice"] += times

    def wrote(self, name: str, value: str) -> None:
        """A field that was typed; the same again is counted once."""
        self.typed[name] = value

    @property
    def seconds(self) -> float:
        reading = sum(_reading(url) for url in self.pages)
        typing = sum(A_FIELD + A_SIGN * len(value) for value in self.typed.values())
        return reading + typing + A_CHOICE * self.done["choice"]

    def __str__(self) -> str:
        return (
            f"{self.seconds:.0f} s at a human pace: {len(self.pages)} pages, {self.done['choice']} choices, "
            f"{len(self.typed)} fields typed"
        )


def _reading(url: str) -> float:
    return next((seconds for word, seconds in READING.items() if f"/{word}" in url), A_PAGE)
