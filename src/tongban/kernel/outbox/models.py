"""Events written with the change they tell of, and who has handled them."""

from django.db import models


class Event(models.Model):
    """News of one ledger entry, delivered to every handler at least once, in a docket's order."""

    topic = models.CharField(max_length=64)
    stream = models.CharField(max_length=80)
    sequence = models.IntegerField()
    docket = models.BigIntegerField(null=True)
    body = models.TextField()
    created_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        app_label = "kernel"
        db_table = "kernel_event"
        indexes = (models.Index("id", name="event_undelivered", condition=models.Q(delivered_at=None)),)

    def __str__(self) -> str:
        return f"{self.topic} {self.stream}#{self.sequence}"


class Handled(models.Model):
    """A handler has done its part for an event, recorded in the handler's own transaction."""

    event = models.ForeignKey(Event, models.CASCADE, db_index=False)
    handler = models.CharField(max_length=120)

    class Meta:
        app_label = "kernel"
        db_table = "kernel_event_handled"
        constraints = (models.UniqueConstraint(fields=("event", "handler"), name="handled_once"),)

    def __str__(self) -> str:
        return f"{self.event_id} {self.handler}"
