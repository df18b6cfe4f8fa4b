"""What was received in one place and is decided in another."""

from __future__ import annotations

from django.db import models


class Crossing(models.Model):
    """An application received at a window of another place than the one that decides 异地通办.

    `received_region` is the place of the window, `decided_region` the place applied in.
    """

    application = models.OneToOneField(
        "cases.Application", models.PROTECT, primary_key=True, related_name="crossing"
    )
    received_unit = models.CharField("收件单位", max_length=64)
    received_region = models.CharField("收件地", max_length=12)
    decided_region = models.CharField("办理地", max_length=12)
    received_at = models.DateTimeField("收件时间")

    class Meta:
        app_label = "cases"
        verbose_name = verbose_name_plural = "异地通办"
        indexes = (
            models.Index("received_region", "received_at", name="crossing_received"),
            models.Index("decided_region", "received_at", name="crossing_decided"),
        )

    def __str__(self) -> str:
        return f"crossing {self.application_id}"
