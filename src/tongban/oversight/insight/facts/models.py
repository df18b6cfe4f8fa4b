"""What waits to become facts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Sighting(models.Model):
    """An entry of the ledger that the outbox told of and that is not in the facts yet."""

    stream = models.CharField(max_length=80)
    sequence = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream", "sequence"], name="facts_sighting_once")
        ]

    def __str__(self) -> str:
        return f"{self.stream}#{self.sequence}"
