"""What the remote window keeps beside its dockets."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.desks.remote.contracts import Answer, Consent
from tongban.kernel.models import Docket
from tongban.kernel.privacy import EncryptedTextField


class RemoteSession(models.Model):
    """One session. `shared` is what both look at; `active_at` when anybody last did anything.

    While it is about an unfinished application, `shared` is empty and `draft_…` name it; they stay when it is submitted.
    """

    docket = models.OneToOneField(Docket, models.PROTECT, primary_key=True, related_name="remote")
    shared = models.ForeignKey(
        Docket, models.PROTECT, null=True, related_name="remote_sessions", verbose_name=_("共享的案卷")
    )
    draft_owner = models.CharField(_("谁的草稿"), max_length=64, default="", blank=True)
    draft_subject = models.CharField(_("什么的草稿"), max_length=64, default="", blank=True)
    draft_key = models.CharField(_("哪份草稿"), max_length=64, default="", blank=True)
    near_unit = models.CharField(_("窗口单位"), max_length=64, blank=True)
    place = models.CharField(_("在哪里"), max_length=100, blank=True)
    consent = models.CharField(_("申请人怎么同意的"), max_length=8, choices=Consent.choices)
    consented_at = models.DateTimeField(_("同意时间"))
    near_link = EncryptedTextField(_("窗口的视频地址"), default="")
    far_link = EncryptedTextField(_("远程的视频地址"), default="")
    joined_at = models.DateTimeField(_("接通时间"), null=True)
    active_at = models.DateTimeField(_("最后动作"))
    pointed = models.CharField(_("正在看哪一项"), max_length=80, blank=True)
    turns = models.PositiveIntegerField(default=0)
    said = EncryptedTextField(_("商定了什么"), default="")

    class Meta:
        app_label = "remote"
        verbose_name = verbose_name_plural = _("远程窗口")
        indexes = (
            models.Index("active_at", name="remote_active"),
            models.Index("draft_key", name="remote_draft", condition=~models.Q(draft_key="")),
        )

    def __str__(self) -> str:
        return f"remote {self.docket_id}"


class Proposal(models.Model):
    """A value proposed for one field of a draft; `before` is what stood there then."""

    session = models.ForeignKey(RemoteSession, models.CASCADE, related_name="proposals")
    element = models.CharField(_("哪一项"), max_length=80)
    value = EncryptedTextField(_("建议填"))
    before = EncryptedTextField(_("原来填的"), default="")
    by = models.CharField(_("谁建议的"), max_length=64)
    proposed_at = models.DateTimeField(_("什么时候建议的"))
    answer = models.CharField(_("申请人的答复"), max_length=8, choices=Answer.choices, default=Answer.OPEN)
    answered_at = models.DateTimeField(_("什么时候答复的"), null=True)

    class Meta:
        app_label = "remote"
        verbose_name = verbose_name_plural = _("建议")

    def __str__(self) -> str:
        return f"proposal {self.pk}"
