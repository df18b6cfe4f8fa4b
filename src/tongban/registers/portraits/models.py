"""One row for each company or person of whom something is known; corrections they ask for; runs of imports.

A portrait is read, decided by and changed as a whole: its facts lie in one row, so that a file costs one read and a city
of companies one pass. What is personal lies encrypted; of a person everything does.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.kernel.privacy import EncryptedTextField


class Portrait(models.Model):
    """What is known of one party. `open` and `closed` hold facts by element (`rules`), `closed` the personal ones.

    :ivar agreed: by element, the days on which its holder consented to its use and withdrew that again
    :ivar turn: rises with every change of any portrait of its kind, in the order of commits
    :ivar mark: drawn by lot at every change: the same mark is the same content
    :ivar gone: erased; the row says only that there was one
    """

    party = models.CharField(_("主体"), max_length=40, unique=True)
    kind = models.CharField(max_length=12)
    open = models.TextField(default="{}")
    closed = EncryptedTextField(blank=True)
    agreed = models.JSONField(default=dict)
    turn = models.BigIntegerField()
    mark = models.BigIntegerField()
    revision = models.PositiveIntegerField(default=0)
    gone = models.BooleanField(default=False)
    changed_at = models.DateTimeField(_("更新时间"))
    refreshed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("画像")
        indexes: ClassVar = [models.Index(fields=["kind", "turn", "mark"], name="portrait_turn")]

    def __str__(self) -> str:
        return f"portrait:{self.pk}"


class Correction(models.Model):
    """What a holder says is wrong in the file; its state is its docket's."""

    docket = models.BigIntegerField(unique=True)
    number = models.CharField(max_length=40, unique=True)
    party = models.CharField(max_length=40)
    element = models.CharField(max_length=80)
    said = EncryptedTextField(blank=True)
    right = EncryptedTextField(blank=True)
    why = EncryptedTextField(blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("画像更正")
        indexes: ClassVar = [models.Index(fields=["party", "element"], name="correction_about")]

    def __str__(self) -> str:
        return self.number


class Import(models.Model):
    """One file of one source, taken in batches: how far it is. The same file goes on where it was broken off."""

    digest = models.CharField(max_length=64)
    source = models.CharField(max_length=20)
    as_of = models.DateField()
    rows = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("画像导入")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["digest", "source", "as_of"], name="portrait_import_once")
        ]

    def __str__(self) -> str:
        return f"import:{self.pk}"
