"""What other systems are told about somebody, scope by scope, and under which name they know them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from tongban.actors import api as actors
from tongban.kernel.privacy import blind_index, mask_name
from tongban.registers.identity.contracts import AccountKind
from tongban.registers.identity.models import Account
from tongban.registers.identity.oidc.models import OidcClient, OidcGrant

OPENID, PROFILE, REALNAME, ORGANISATION = "openid", "profile", "realname", "organisation"
# What the consent page says of each scope.
SCOPES = {
    OPENID: _("一个只给该系统用的编号，让它认出下次还是您"),
    PROFILE: _("隐去部分的姓名（如张*明），是办事人还是工作人员"),
    REALNAME: _("完整的姓名和身份证号"),
    ORGANISATION: _("您现在代表的单位：名称和统一社会信用代码"),
}


def subject_of(account: Account, client: OidcClient) -> str:
    """A pairwise subject: the same for all clients of one sector, useless to any other."""
    return blind_index(f"{client.sector}|{account.pk}", purpose="oidc-subject")


def claims_of(grant: OidcGrant) -> dict[str, Any]:
    """The claims that a grant's scopes allow; nothing else."""
    account, scopes = grant.account, set(grant.scopes)
    claims: dict[str, Any] = {"sub": subject_of(account, grant.client)}
    known = bool(account.actor_id)
    if PROFILE in scopes:
        name = actors.party_name(account.actor_id) if known else account.username
        claims |= {
            "name": mask_name(name), "kind": account.kind, "real_name_checked": known,
            "locale": account.language or "zh-hans",
        }  # fmt: skip
    if REALNAME in scopes and known and account.kind == AccountKind.PERSON:
        facts = actors.party_facts(account.actor_id)
        claims |= {"real_name": facts.name, "resident_id": facts.number}
    if ORGANISATION in scopes and grant.party.startswith("organisation:"):
        facts = actors.party_facts(grant.party)
        claims |= {"organisation_name": facts.name, "organisation_code": facts.number}
    return claims
