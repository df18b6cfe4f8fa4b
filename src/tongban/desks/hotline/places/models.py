"""Places with a code."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Place(models.Model):
    """A place with the code that hangs there. Lists read it newest first within a division's codes."""

    code = models.CharField(_("编码"), max_length=12, unique=True)
    name = models.CharField(_("点位名称"), max_length=60)
    where = models.CharField(_("地点"), max_length=200)
    region = models.CharField(_("地区"), max_length=12)
    latitude = models.FloatField(_("纬度"), null=True)
    longitude = models.FloatField(_("经度"), null=True)
    unit = models.CharField(_("哪个热线做的"), max_length=64)
    made_at = models.DateTimeField(_("启用"))
    made_by = models.CharField(_("由谁启用"), max_length=64)
    retired_at = models.DateTimeField(_("停用"), null=True)
    retired_by = models.CharField(_("由谁停用"), max_length=64, blank=True, default="")

    class Meta:
        app_label = "places"
        verbose_name = verbose_name_plural = _("现场二维码")
        indexes = (models.Index("region", "id", name="place_region"),)

    def __str__(self) -> str:
        return self.code
