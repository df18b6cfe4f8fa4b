"""Erasing an account and a profile where the law allows it; what has to be kept is told with its reason."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.flow.step import Step
from tongban.kernel.models import Docket
from tongban.registers.identity.privacy import registry, retention
from tongban.registers.identity.privacy.contracts import ErasureInfo, Kept, PrivacyRefused
from tongban.registers.identity.privacy.flow import ERASURE
from tongban.registers.identity.privacy.models import Consent, Erasure, Export

KEEPER = "dsj"
"""Department that answers for the platform's personal data (个人信息保护法 第五十二条)."""
MOST_KEPT = 200


def open_dockets(party: str, *, except_for: int = 0) -> int:
    """How many dockets of a party are open."""
    return (
        Docket.objects.filter(applicant=party, closed_at=None)
        .exclude(pk=except_for)
        .exclude(kind="erasure")
        .count()
    )


def kept_of(party: str) -> list[Kept]:
    """What is kept in spite of an erasure, why, and until when: closed dockets, and what other registers must keep."""
    rows = Docket.objects.filter(applicant=party, parent=None).exclude(closed_at=None).exclude(kind="erasure")
    found = []
    for row in rows.order_by("-closed_at")[:MOST_KEPT]:
        rule = retention.rule_for(row.kind, row.outcome)
        until = retention.kept_until(row.closed_at, rule) if row.closed_at else None
        found.append(Kept(row.title, row.number, rule.basis if rule else _("没有规定年限，长期保管"), until))
    for keeper in registry.keepers().values():
        found += keeper(party)
    return found


def erasure_of(docket: int) -> ErasureInfo | None:
    """A request to erase, for who decides on it."""
    row = Erasure.objects.filter(docket_id=docket).first()
    if row is None:
        return None
    return ErasureInfo(
        open=open_dockets(row.party, except_for=docket), kept=kept_of(row.party), entry=row.entry
    )


@kernel.writing()
def ask(*, party: str, actor: kernel.Actor, at: datetime, key: str = "") -> str:
    """Ask that one's account and profile be erased; gives the docket's number.

    :raises PrivacyRefused: for a company (its entry is public), by an agent, or asked already
    """
    if party != actor.id or not party.startswith("person:"):
        raise PrivacyRefused(
            _("删除个人信息只能由本人提出。"), possible=_("请本人登录后申请；监护人请带证件到市民中心。")
        )
    if Docket.objects.filter(kind="erasure", applicant=party, closed_at=None).exists():
        raise PrivacyRefused(_("您已经提过，正在核对。"), possible=_("在“我的个人信息”里可以看进度。"))
    region = settings.ROOT_REGION
    unit = actors.unit_for(department=KEEPER, region=region)
    if unit is None:
        raise PrivacyRefused(_("还没有负责的单位，请打12345。"))
    opening = kernel.Opening(
        kind="erasure", way="ask", title=_("注销账号、删除个人信息"), unit=unit.id, applicant=party, region=region,
        channel="web", subject="erasure",
    )  # fmt: skip
    (row,), replayed = kernel.open_dockets([opening], actor=actor, at=at, key=key)
    if not replayed:
        Erasure.objects.create(docket_id=row.id, party=party, kept=[_plain(one) for one in kept_of(party)])
    return row.number


def _plain(kept: Kept) -> dict[str, str]:
    return {
        "what": kept.what, "number": kept.number, "basis": kept.basis,
        "until": kept.until.isoformat() if kept.until else "",
    }  # fmt: skip


@ERASURE.effect("erase")
def _erase(step: Step) -> None:
    row = Erasure.objects.select_for_update().get(docket_id=step.docket.id)
    row.kept = [_plain(one) for one in kept_of(row.party)]
    row.erased = {name: eraser(row.party, step.at) for name, eraser in registry.erasers().items()}
    # Last: nothing after it may be sealed for this person.
    row.entry = kernel.erase_subject(row.party, actor=step.actor, at=step.at, reason=step.docket.number)
    row.save()
    step.note(erased=row.erased, kept=len(row.kept), entry=row.entry)


def own_rows(party: str, _at: datetime) -> int:
    """What privacy itself keeps of a party: packages of data. Consents and who looked stay, as proof (第五十五条)."""
    Consent.objects.filter(party=party, withdrawn_at__isnull=True).update(withdrawn_at=_at)
    return Export.objects.filter(party=party).update(package="", state=Export.State.GONE)


registry.register_eraser("privacy", own_rows)
