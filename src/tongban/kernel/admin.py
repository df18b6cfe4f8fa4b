"""The kernel in the admin: everything in progress can be looked at there and changed nowhere."""

from django.contrib import admin

from tongban.kernel.models import (
    Anchor,
    Calendar,
    CalendarDay,
    CalendarYear,
    Clock,
    Docket,
    Entry,
    Event,
    JobState,
)
from tongban.web.read_only import ReadOnly


@admin.register(Docket)
class DocketAdmin(ReadOnly):
    list_display = ("number", "kind", "state", "title", "unit", "opened_at", "due_at", "closed_at")
    list_filter = ("kind", "state")
    search_fields = ("number",)
    ordering = ("-id",)


@admin.register(Clock)
class ClockAdmin(ReadOnly):
    list_display = ("docket_id", "label", "started_at", "due_at", "suspended_at", "stopped_at", "outcome")
    list_filter = ("name", "outcome")
    ordering = ("-id",)


@admin.register(Entry)
class EntryAdmin(ReadOnly):
    list_display = ("stream", "sequence", "act", "actor", "unit", "authority", "at", "recorded_at")
    search_fields = ("=stream",)
    ordering = ("-id",)


@admin.register(Event)
class EventAdmin(ReadOnly):
    list_display = ("topic", "stream", "sequence", "created_at", "delivered_at", "attempts", "error")
    ordering = ("-id",)


@admin.register(JobState)
class JobAdmin(ReadOnly):
    list_display = ("name", "next_at", "holder", "started_at", "finished_at", "error")


@admin.register(Anchor)
class AnchorAdmin(ReadOnly):
    list_display = ("recorded_until", "streams", "entries", "digest", "sealed_at")


@admin.register(Calendar)
class CalendarAdmin(ReadOnly):
    list_display = ("code", "inherits", "revision")


@admin.register(CalendarYear)
class CalendarYearAdmin(ReadOnly):
    list_display = ("calendar", "year", "published_on", "source")


@admin.register(CalendarDay)
class CalendarDayAdmin(ReadOnly):
    list_display = ("calendar", "date", "workday", "name")
    list_filter = ("calendar", "workday")
