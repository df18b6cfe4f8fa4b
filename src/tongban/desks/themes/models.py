"""Theme files as published: every version is kept, one per code and region is in force."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("已公布")
    WITHDRAWN = "withdrawn", _("已撤回")


class Theme(models.Model):
    """One version of a theme in one region; it holds there and in the divisions below.

    `text` is the file as it was written and never changes once published. `region` is the 12-digit
    division. `adopted_from` says ``region/code/version`` when the theme was piloted elsewhere.
    """

    code = models.CharField(_("编码"), max_length=60)
    region = models.CharField(_("地区"), max_length=12)
    version = models.PositiveIntegerField(_("版本"))
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    name = models.CharField(_("名称"), max_length=120)
    text = models.TextField(_("主题文件"))
    adopted_from = models.CharField(_("采用自"), max_length=90, blank=True)
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    published_by = models.CharField(_("公布人"), max_length=60, blank=True)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    withdrawn_by = models.CharField(_("撤回人"), max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("一件事主题")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "region", "version"], name="themes_version_once"),
            models.UniqueConstraint(
                fields=["code", "region"],
                condition=models.Q(status="published"),
                name="themes_one_in_force",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["region", "status"], name="themes_by_region")]

    def __str__(self) -> str:
        return f"{self.name} {self.region} 第{self.version}版"


# Rooms of this context with tables of their own; Django reads models from here.
from tongban.desks.themes.schools.models import Enrolment, Photo, School  # noqa: E402, F401
