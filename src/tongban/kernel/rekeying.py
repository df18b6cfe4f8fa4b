"""Replacing the master key: everything that lies encrypted is rewritten under the current key and cipher.

What there is comes from the models themselves: every `EncryptedTextField` of every app, and the keys of the ledger's
subjects. Whoever keeps ciphertexts elsewhere (in JSON, in files) says so with `register_sealed`. Rows are locked and
rewritten in short batches while people work; a run that was stopped goes on where rows are left, since a ciphertext
names its key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models.functions import Cast, Substr

from tongban.kernel import store
from tongban.kernel.ledger import personal
from tongban.kernel.ledger.models import SubjectKey
from tongban.kernel.privacy import EncryptedTextField, current_prefix, key_version

BATCH = 500
_SUBJECTS = "kernel.SubjectKey.wrapped"

# Rewrites a batch of values kept elsewhere; gives how many were rewritten, 0 when nothing is left.
Rewriter = Callable[[int], int]
# Tells how many values lie under a version, by version.
Counter = Callable[[], dict[str, int]]
_elsewhere: dict[str, tuple[Counter, Rewriter]] = {}


@dataclass(frozen=True, slots=True)
class Column:
    """One encrypted column."""

    model: type[models.Model]
    field: EncryptedTextField

    @property
    def name(self) -> str:
        return f"{self.model._meta.label}.{self.field.name}"


@dataclass(frozen=True, slots=True)
class Progress:
    """After one batch: what is being rewritten, how many are done and how many there were to do."""

    name: str
    done: int
    total: int


def register_sealed(name: str, *, count: Counter, rewrite: Rewriter) -> None:
    """Declare ciphertexts of :func:`kernel.privacy.encrypt` that no encrypted column holds; in ``ready()``."""
    _elsewhere[name] = (count, rewrite)


def columns() -> list[Column]:
    """Every encrypted column of the platform, by name."""
    found = [
        Column(model, field)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
        for field in model._meta.local_fields
        if isinstance(field, EncryptedTextField)
    ]
    return sorted(found, key=lambda one: one.name)


def names() -> list[str]:
    """Everything that is rewritten, by name."""
    return [*(one.name for one in columns()), _SUBJECTS, *sorted(_elsewhere)]


def standing() -> dict[str, dict[str, int]]:
    """How many values lie under which key: by name, then by version (``v1``, ``v2s`` for SM4). Reads everything once."""
    found = {one.name: _by_version(one) for one in columns()}
    found[_SUBJECTS] = {}
    for wrapped in SubjectKey.objects.filter(erased_by="").values_list("wrapped", flat=True).iterator():
        version = f"v{personal.version_of(bytes(wrapped))}"
        found[_SUBJECTS][version] = found[_SUBJECTS].get(version, 0) + 1
    return found | {name: count() for name, (count, _rewrite) in sorted(_elsewhere.items())}


def _by_version(column: Column) -> dict[str, int]:
    # A ciphertext is base64 behind its version: five characters hold every version, and hardly repeat by chance.
    rows = _raw(column).annotate(head=Substr("raw", 1, 6)).values_list("head").annotate(n=models.Count("pk"))
    found: dict[str, int] = {}
    for head, n in rows.order_by():
        version = head.partition(":")[0]
        found[version] = found.get(version, 0) + n
    return found


def _raw(column: Column) -> models.QuerySet[Any]:
    """Rows with the stored text, as it is, in `raw`; empty ones are left out."""
    rows = column.model._base_manager.annotate(raw=Cast(column.field.name, models.TextField()))  # noqa: SLF001  # Django's public name
    return rows.filter(raw__gt="")


def stale(version: str) -> int:
    """How many values still need the master key of a version (a number as text)."""
    return sum(
        n for held in standing().values() for name, n in held.items() if name.rstrip("s") == f"v{version}"
    )


def rewrite_all(*, batch: int = BATCH, only: str = "") -> Iterator[Progress]:
    """Rewrite everything that is not under the current key and cipher; tells each batch.

    :param only: names that begin so
    :raises PrivacyError: a value cannot be read: its key is not at hand, or it was changed
    """
    for column in columns():
        if column.name.startswith(only):
            yield from _rewrite_column(column, batch)
    if _SUBJECTS.startswith(only):
        yield from _rewrite_subjects(batch)
    for name, (_count, rewrite) in sorted(_elsewhere.items()):
        done = 0
        while name.startswith(only) and (n := rewrite(batch)):
            done += n
            yield Progress(name, done, done)


def _rewrite_column(column: Column, batch: int) -> Iterator[Progress]:
    left = _raw(column).exclude(raw__startswith=current_prefix())
    total, done, last = left.count(), 0, None
    while True:
        following = left.order_by("pk") if last is None else left.filter(pk__gt=last).order_by("pk")
        keys = list(following.values_list("pk", flat=True)[:batch])
        if not keys:
            return
        with store.writing():
            # Read under the lock: what somebody changes meanwhile is never overwritten with an earlier value.
            rows = column.model._base_manager.filter(pk__in=keys).only("pk", column.field.name)  # noqa: SLF001
            found = list(rows.select_for_update().order_by("pk"))
            column.model._base_manager.bulk_update(found, [column.field.name])  # noqa: SLF001
        done, last = done + len(keys), keys[-1]
        yield Progress(column.name, done, total)


def _rewrite_subjects(batch: int) -> Iterator[Progress]:
    version, last, done = key_version(), "", 0
    total = sum(n for name, n in standing()[_SUBJECTS].items() if name != f"v{version}")
    while total:
        with store.writing():
            rows = SubjectKey.objects.filter(subject__gt=last, erased_by="").order_by("subject")
            found = list(rows.select_for_update()[:batch])
            if not found:
                return
            last = found[-1].subject
            stale_ones = [row for row in found if personal.version_of(bytes(row.wrapped)) != version]
            for row in stale_ones:
                row.wrapped = personal.rewrap(bytes(row.wrapped), subject=row.subject)
            SubjectKey.objects.bulk_update(stale_ones, ["wrapped"])
        done += len(stale_ones)
        yield Progress(_SUBJECTS, done, total)


def old_versions() -> list[int]:
    """Versions of master keys that are at hand besides the current one."""
    return sorted(getattr(settings, "MASTER_KEYS_OLD", {}))
