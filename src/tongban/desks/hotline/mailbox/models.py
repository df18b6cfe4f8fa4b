"""Letters whose writers agreed that they may be published."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.desks.hotline.mailbox.contracts import LetterState
from tongban.kernel.models import Docket


class Letter(models.Model):
    """The consent, what was decided, and the published copy; title, text and reply are empty until then."""

    docket = models.OneToOneField(Docket, models.PROTECT, primary_key=True, related_name="letter")
    state = models.CharField(_("公开情况"), max_length=12, choices=LetterState.choices)
    consented_at = models.DateTimeField(_("同意公开"))
    title = models.CharField(_("标题"), max_length=60, blank=True, default="")
    text = models.TextField(_("来信"), blank=True, default="")
    reply = models.TextField(_("答复"), blank=True, default="")
    unit = models.CharField(_("答复单位"), max_length=64, blank=True, default="")
    replied_at = models.DateTimeField(_("答复时间"), null=True)
    published_at = models.DateTimeField(_("公开"), null=True)
    decided_at = models.DateTimeField(_("决定"), null=True)
    decided_by = models.CharField(_("由谁决定"), max_length=64, blank=True, default="")
    reason = models.CharField(_("理由"), max_length=300, blank=True, default="")

    class Meta:
        app_label = "mailbox"
        verbose_name = verbose_name_plural = _("市长信箱来信")
        indexes = (
            models.Index(
                "published_at", "docket", name="letter_published", condition=models.Q(state="published")
            ),
            models.Index("state", "docket", name="letter_state"),
        )

    def __str__(self) -> str:
        return f"letter {self.docket_id}"
