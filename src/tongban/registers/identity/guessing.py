"""Wrong guesses, counted for all processes together, and the pause that too many of them bring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import Count
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tongban.kernel import api as kernel
from tongban.kernel.privacy import blind_index
from tongban.registers.identity.contracts import LockedError
from tongban.registers.identity.models import FailedSignIn

LOCK_FOR = timedelta(minutes=15)
ACCOUNT_LIMIT = 5
# A service hall has one address for many people: its own limit is wider.
ADDRESS_LIMIT = 20


def subject(kind: str, value: str) -> str:
    """Under what a guess is counted; people type passwords and numbers into names, so only a blind index."""
    return blind_index(f"{kind}:{value}", purpose="sign-in")


@kernel.writing()
def count(subjects: Iterable[str], at: datetime) -> None:
    """Count a wrong guess against each of these."""
    FailedSignIn.objects.bulk_create(FailedSignIn(subject=one, at=at) for one in subjects)


@kernel.writing()
def forget(what: str) -> None:
    """A right one: earlier wrong ones no longer count."""
    FailedSignIn.objects.filter(subject=what).delete()


def refuse_locked(what: str, limit: int, at: datetime) -> None:
    """:raises LockedError: `limit` wrong ones within a quarter of an hour"""
    recent = FailedSignIn.objects.filter(subject=what, at__gt=at - LOCK_FOR, at__lte=at).order_by("-at")
    failures = list(recent.values_list("at", flat=True)[:limit])
    if len(failures) < limit:
        return
    until = failures[0] + LOCK_FOR
    when = localtime(until).strftime("%H:%M")
    raise LockedError(
        _("输错太多次，为了您的安全暂停登录，%(when)s后可以再试。") % {"when": when}, until=until
    )


def guessed_too_often(*, limits: Mapping[str, int], at: datetime) -> bool:
    """Whether one of these things has been guessed at too often in the last quarter of an hour.

    For pages without sign-in that answer to who knows a secret; counted for all processes together.

    :param limits: wrong guesses allowed, by what is counted: ``progress-number:A42…``; kept as a blind index
    """
    since, subjects = at - LOCK_FOR, {subject("guess", what): most for what, most in limits.items()}
    counted = (
        FailedSignIn.objects.filter(subject__in=subjects, at__gt=since, at__lte=at)
        .values_list("subject")
        .annotate(n=Count("pk"))
    )
    return any(n >= subjects[found] for found, n in counted)


def note_wrong_guess(*, what: Iterable[str], at: datetime) -> None:
    """Count a wrong guess against each of these things; see `guessed_too_often`."""
    count((subject("guess", one) for one in what), at)


def forget_failures(*, before: datetime) -> int:
    """Delete failed sign-ins that no longer count; tells how many."""
    deleted, _per_table = FailedSignIn.objects.filter(at__lt=before - LOCK_FOR).delete()
    return deleted
