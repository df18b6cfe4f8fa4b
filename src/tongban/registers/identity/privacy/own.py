"""What identity and actors keep of a party: for the export, and what of it is erased."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.registers.identity import api as identity
from tongban.registers.identity.privacy import consents, registry, unmasking
from tongban.registers.identity.privacy.contracts import Section


def profile(party: str, _at: datetime) -> Iterable[Section]:
    """Name, numbers, address: what the registers gave."""
    facts = actors.party_facts(party)
    record = {
        "name": facts.name, "number": facts.number, "phone": facts.phone, "address": facts.address, "region": facts.region,
        "birth_date": facts.birth_date, "gender": facts.gender, "nation": facts.nation,
    }  # fmt: skip
    yield Section("profile", {"zh": "基本信息", "en": "Profile"}, [{k: v for k, v in record.items() if v}])


def authorities(party: str, at: datetime) -> Iterable[Section]:
    """Whom one lets act, and for whom one acts."""
    rows = [*actors.given_by(party, at=at), *actors.held_by(party, at=at)]
    records = [
        {
            "principal": one.principal_name, "agent": one.agent_name, "matters": list(one.matters), "since": one.since,
            "until": one.until, "standing": one.standing, "basis": one.basis,
        }
        for one in rows
    ]  # fmt: skip
    yield Section("authorities", {"zh": "授权与代办", "en": "Authorities"}, records)


def account(party: str, at: datetime) -> Iterable[Section]:
    """The account and its sign-ins, as the ledger has them."""
    found = identity.account_of_actor(party)
    if found is None:
        return
    seen = kernel.history(f"account:{found.pk}", at=at)[-200:]
    yield Section(
        "account", {"zh": "账号", "en": "Account"},
        [{"username": found.username, "language": found.language, "elder_mode": found.elder_mode}],
    )  # fmt: skip
    yield Section(
        "account-events",
        {"zh": "账号动态", "en": "Account events"},
        [{"at": one.at, "act": one.act} for one in seen],
    )


def privacy(party: str, _at: datetime) -> Iterable[Section]:
    """Consents, and who looked."""
    yield Section(
        "consents", {"zh": "同意记录", "en": "Consents"},
        [
            {"key": one.key, "docket": one.docket, "given_at": one.given_at, "withdrawn_at": one.withdrawn_at}
            for one in consents.given_by(party)
        ],
    )  # fmt: skip
    yield Section(
        "unmaskings", {"zh": "谁看过我的信息", "en": "Who saw my data"},
        [
            {"at": one.at, "who": one.who, "unit": one.unit, "purpose": one.purpose, "reason": one.reason, "docket": one.docket}
            for one in unmasking.seen(party)
        ],
    )  # fmt: skip


for _name, _source in (
    ("1-profile", profile),
    ("2-account", account),
    ("3-authorities", authorities),
    ("9-privacy", privacy),
):
    registry.register_source(_name, _source)
registry.register_eraser("account", identity.erase_account)
registry.register_eraser("profile", actors.erase_profile)
