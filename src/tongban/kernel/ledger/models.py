"""The ledger 台账: append-only, hash-chained entries, personal fields beside the chain, anchors."""

from django.db import models
from django.db.models.functions import Now


class Entry(models.Model):
    """One thing that happened in one stream. Written by `kernel.store` only, never changed.

    `digest` is SHA-256 over the previous entry's digest and the canonical text of this one (see
    `ledger.rules`). `body` is canonical JSON without personal data; `personal_digest` covers the
    personal fields, which lie in `PersonalField`.
    """

    stream = models.CharField(max_length=80)
    sequence = models.IntegerField()
    actor = models.CharField(max_length=64)
    unit = models.CharField(max_length=64, blank=True)
    authority = models.CharField(max_length=64, blank=True)
    act = models.CharField(max_length=64)
    body = models.TextField()
    personal_digest = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField("生效时间")
    recorded_at = models.DateTimeField("入账时间", db_default=Now())
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        app_label = "kernel"
        db_table = "kernel_entry"
        constraints = (models.UniqueConstraint(fields=("stream", "sequence"), name="entry_sequence"),)
        indexes = (models.Index("recorded_at", "id", name="entry_recorded"),)

    def __str__(self) -> str:
        return f"{self.stream}#{self.sequence}"


class PersonalField(models.Model):
    """The personal part of one entry, encrypted under its subject's key."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True)
    subject = models.CharField(max_length=64, db_index=True)
    sealed = models.BinaryField()

    class Meta:
        app_label = "kernel"
        db_table = "kernel_entry_personal"

    def __str__(self) -> str:
        return f"personal fields of entry {self.entry_id}"


class SubjectKey(models.Model):
    """The key of one subject's personal fields, itself encrypted; destroying it is erasure."""

    subject = models.CharField(primary_key=True, max_length=64)
    wrapped = models.BinaryField()
    made_at = models.DateTimeField()
    erased_by = models.CharField("删除凭据", max_length=100, blank=True)

    class Meta:
        app_label = "kernel"
        db_table = "kernel_subject_key"

    def __str__(self) -> str:
        return self.subject


class Anchor(models.Model):
    """A signed daily statement of every stream's head; the full statement is a file outside."""

    recorded_until = models.DateTimeField(unique=True)
    streams = models.IntegerField()
    entries = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    signature = models.CharField(max_length=128)
    sealed_at = models.DateTimeField()

    class Meta:
        app_label = "kernel"
        db_table = "kernel_anchor"

    def __str__(self) -> str:
        return f"{self.recorded_until:%Y-%m-%d %H:%M}"
