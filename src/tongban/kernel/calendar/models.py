"""Published holidays and make-up workdays, and the opening hours of units."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

NATIONAL = "national"


class Calendar(models.Model):
    """One body of published days: the national one, or that of a region with holidays of its own.

    `code` is ``national`` or the code of a region. What a calendar does not say, the one it inherits from says.
    `revision` rises with every load, so that other processes notice.
    """

    code = models.CharField(max_length=40, unique=True)
    inherits = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="heirs"
    )
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "kernel"
        db_table = "kernel_calendar"
        verbose_name = "日历"
        verbose_name_plural = "日历"

    def __str__(self) -> str:
        return self.code


class CalendarYear(models.Model):
    """A year that has been published: without it, limits that reach into the year are provisional."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField()
    published_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        app_label = "kernel"
        db_table = "kernel_calendar_year"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["calendar", "year"], name="kernel_calendar_year_once")
        ]

    def __str__(self) -> str:
        return f"{self.calendar_id} {self.year}"


class CalendarDay(models.Model):
    """A day that differs from the week: a holiday, or a weekend day worked to make up for one."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="days")
    date = models.DateField()
    workday = models.BooleanField()
    name = models.CharField(max_length=60, blank=True)

    class Meta:
        app_label = "kernel"
        db_table = "kernel_calendar_day"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["calendar", "date"], name="kernel_calendar_day_once")
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class Timetable(models.Model):
    """The opening hours of a unit, for limits in working hours and for its closing hour.

    `unit` is an opaque unit id, "" the default of the city. `spans` maps a weekday ("1" Monday … "7" Sunday) to
    spans ``[["09:00", "12:00"], ["13:30", "17:00"]]``; a make-up workday keeps Monday's hours. `closing` is the
    hour at which a limit in days ends, where the unit declares one; null means 24:00.
    """

    unit = models.CharField(max_length=40, unique=True, blank=True)
    spans = models.JSONField(default=dict)
    closing = models.TimeField(null=True, blank=True)

    class Meta:
        app_label = "kernel"
        db_table = "kernel_timetable"
        verbose_name = "作息时间"
        verbose_name_plural = "作息时间"

    def __str__(self) -> str:
        return self.unit or "（默认）"

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        _touch()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        gone = super().delete(*args, **kwargs)
        _touch()
        return gone


def _touch() -> None:
    """Let every process read calendars and timetables anew."""
    Calendar.objects.filter(code=NATIONAL).update(revision=models.F("revision") + 1)
