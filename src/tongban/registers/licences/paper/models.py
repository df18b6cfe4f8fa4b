"""The files of licences, one row for each version that was printed or asked for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.kernel.privacy import EncryptedTextField

TOKEN_LENGTH = 16


class Paper(models.Model):
    """The file of one version of a licence. Without `digest` it is still to be made.

    `token` is what the code on the paper leads to: 80 random bits, so that it cannot be guessed and says nothing.
    """

    licence = models.ForeignKey("licences.Licence", models.PROTECT, related_name="papers")
    identifier = models.CharField(_("电子证照标识"), max_length=85, unique=True)
    version = models.PositiveSmallIntegerField(_("版本"))
    token = models.CharField(max_length=TOKEN_LENGTH, unique=True)
    digest = models.CharField(_("文件摘要"), max_length=64, blank=True, db_index=True)
    statement = EncryptedTextField(purpose="licences.statement", blank=True, editable=False)
    asked_at = models.DateTimeField(_("生成要求时间"))
    made_at = models.DateTimeField(_("生成时间"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=80, blank=True)

    class Meta:
        app_label = "licences"
        verbose_name = verbose_name_plural = _("证照文件")
        indexes = (models.Index("retry_at", name="paper_waiting", condition=models.Q(digest="")),)

    def __str__(self) -> str:
        return self.identifier
