"""When each scheduled job ran last, and who holds it now."""

from django.db import models


class JobState(models.Model):
    """The state of one declared job; the lease keeps two workers from running it at once."""

    name = models.CharField(primary_key=True, max_length=80)
    next_at = models.DateTimeField()
    holder = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        app_label = "kernel"
        db_table = "kernel_job"

    def __str__(self) -> str:
        return self.name


class WorkerBeat(models.Model):
    """The last sign of life of each worker, read by /healthz."""

    worker = models.CharField(primary_key=True, max_length=64)
    beat_at = models.DateTimeField()

    class Meta:
        app_label = "kernel"
        db_table = "kernel_worker_beat"

    def __str__(self) -> str:
        return self.worker
