"""What the demo city's companies are due: a list that is published, one that waits for a tap, one paid, a claim.

Made by the moves that officers and holders make, on days of the last weeks, so that every page has its history.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from tongban.actors import api as actors
from tongban.actors.api import Role, read_pack
from tongban.desks.policies.claims import (
    accounts,
    claiming,
    confirming,
    drawing,
    paying,
    selectors,
    sources,
    telling,
)
from tongban.desks.policies.claims.contracts import DueState, NewAccount
from tongban.desks.policies.claims.models import Due, Run
from tongban.desks.policies.contracts import Claimway, Standing
from tongban.kernel import api as kernel
from tongban.registers.payments import api as payments

COMPANY = "yuncheng"
ACCOUNT = NewAccount("云程数据有限公司", "42050170360800001288", "建设银行咸宁分行营业部")
PAID, WAITING, PUBLISHED = "kjj-platform", "kjj-hightech-first", "kjj-rd-subsidy"


def load(folder: Path, at: datetime) -> Mapping[str, int]:
    """Draw, publish, confirm and pay once; a second time changes nothing."""
    done: Counter[str] = Counter()
    found = {
        row.get("key"): f"organisation:{row['id']}"
        for row in read_pack(folder, "people.yaml")["organisations"]
    }
    company = found.get(COMPANY)
    if company is None or Due.objects.exists():
        return done
    accounts.note(
        company, NewAccount(actors.party_name(company), ACCOUNT.account, ACCOUNT.bank), source="税务登记的对公账户",
        actor=kernel.SYSTEM, at=at - timedelta(days=60),
    )  # fmt: skip
    _paid(company, at)
    for key, days in ((WAITING, 12), (PUBLISHED, 1)):
        run = _drawn(key, at - timedelta(days=days))
        if run is not None:
            _published(run, at - timedelta(days=days))
        if run is not None and key == WAITING:
            _concluded(run)
    telling.tell_due(at=at)
    _claimed(company, at)
    done["added"] = Due.objects.count()
    return done


def _drawn(key: str, at: datetime) -> Run | None:
    number = drawing.draw(key, at=at)
    return Run.objects.get(number=number) if number else None


def _one(role: Role, unit: str, at: datetime, *, but: str = "") -> kernel.Actor:
    held = [one for one in actors.officers_with(role=role, unit_id=unit, at=at) if one != but]
    return actors.actor(actor_id=held[0], at=at)


def _published(run: Run, at: datetime) -> None:
    kernel.perform(run.docket, "publish", actor=_one(Role.HEAD, run.unit, at), at=at)


def _concluded(run: Run) -> datetime:
    """When its days are over, to the instant: as the worker would have done."""
    over = selectors.clocks([run.docket], "publicity")[run.docket]
    kernel.perform(run.docket, "conclude", actor=kernel.SYSTEM, at=over)
    return over


def _paid(company: str, at: datetime) -> None:
    """One whole run, from the list to the company's account."""
    began = at - timedelta(days=25)
    run = _drawn(PAID, began)
    if run is None:
        return
    _published(run, began)
    over = _concluded(run)
    mine = Due.objects.filter(run=run, party=company, state=DueState.WAITING).first()
    if mine is None:
        return
    tap = over + timedelta(days=1)
    confirming.confirm(
        number=mine.number, party=company, actor=actors.actor(actor_id=company, at=tap), at=tap
    )
    paying.bundle_runs(at=tap)
    mine.refresh_from_db()
    batch = payments.batch(mine.batch)
    clerk = _one(Role.FINANCE, _treasury(run.region), tap)
    kernel.perform(batch.docket, "check", actor=clerk, at=tap + timedelta(hours=1))
    treasurer = _one(Role.TREASURER, _treasury(run.region), tap, but=clerk.id)
    kernel.perform(batch.docket, "approve", actor=treasurer, at=tap + timedelta(hours=2))
    payments.send_due(at=tap + timedelta(hours=3))
    paying.settle_open(at=tap + timedelta(hours=3))


def _treasury(region: str) -> str:
    found = actors.unit_for(department="czj", region=region)
    assert found is not None  # every division of the demo city has a finance bureau
    return found.id


def _claimed(company: str, at: datetime) -> None:
    """A quick claim that waits for its decision."""
    quick = [
        one
        for one in sources.standings(company, at=at)
        if one.measure.way == Claimway.QUICK and one.standing is Standing.ENTITLED and one.amount_fen
    ]
    if quick:
        holder = actors.actor(actor_id=company, at=at)
        claiming.claim(
            claiming.NewClaim(quick[0].key, company, "demo"), actor=holder, at=at - timedelta(hours=2)
        )
