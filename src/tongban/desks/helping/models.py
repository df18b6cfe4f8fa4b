"""What the helping desk keeps beside its dockets."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.desks.helping.contracts import Group
from tongban.kernel.models import Docket
from tongban.kernel.privacy import EncryptedTextField


class Doorstep(models.Model):
    """One visit at somebody's home 上门帮办."""

    docket = models.OneToOneField(Docket, models.PROTECT, primary_key=True, related_name="doorstep")
    group = models.CharField(_("特殊群体"), max_length=10, choices=Group.choices, default=Group.NONE)
    wish = EncryptedTextField(_("想办什么"))
    address = EncryptedTextField(_("上门地址"))
    phone = EncryptedTextField(_("联系电话"))
    visit_at = models.DateTimeField(_("上门时间"), null=True)
    bring = models.CharField(_("请备好"), max_length=300, blank=True)
    served = models.CharField(_("办了什么"), max_length=500, blank=True)

    class Meta:
        app_label = "helping"
        verbose_name = verbose_name_plural = _("上门帮办")

    def __str__(self) -> str:
        return f"doorstep {self.docket_id}"
