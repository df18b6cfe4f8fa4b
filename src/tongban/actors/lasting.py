"""Rows that end with a date and are never deleted."""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from tongban.actors.contracts import UndeletableError

ModelT = TypeVar("ModelT", bound=models.Model)


def _refuse() -> NoReturn:
    raise UndeletableError(_("机构、人员和主体只能注明终止日期，不能删除：案卷和台账还要用到它们。"))


class LastingQuerySet(models.QuerySet[ModelT]):
    """A query set that refuses to delete."""

    def delete(self) -> NoReturn:
        _refuse()


class LastingManager(models.Manager[ModelT]):
    """Gives query sets that refuse to delete."""

    def get_queryset(self) -> LastingQuerySet[ModelT]:
        return LastingQuerySet(self.model, using=self._db)


class Lasting(models.Model):
    """Base of everything that a docket or the ledger may name by id."""

    class Meta:
        abstract = True
        default_permissions = ("add", "change", "view")

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Never.

        :raises UndeletableError: always
        """
        _refuse()
