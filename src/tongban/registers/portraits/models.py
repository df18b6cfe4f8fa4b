"""One row for each company or person of whom something is known.

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
