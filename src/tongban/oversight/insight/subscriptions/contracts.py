"""When a subscriber is told."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class When(models.TextChoices):
    """What sets a message off."""

    PUBLISHED = "published", _("每月公布时")
    TARGET = "target", _("没有达到目标时")
    ABOVE = "above", _("高于一个数时")
    BELOW = "below", _("低于一个数时")
