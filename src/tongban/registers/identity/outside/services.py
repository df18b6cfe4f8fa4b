"""Signing in by an outside provider: a verified identity finds its person, and the person's account."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.contracts import Actor
from tongban.kernel.privacy import blind_index
from tongban.registers.identity import ledger, selectors
from tongban.registers.identity.contracts import AccountKind, IdentityError
from tongban.registers.identity.factors.privileged import needs_second
from tongban.registers.identity.models import Account
from tongban.registers.identity.outside.contracts import (
    OutsideIdentity,
    OutsideProvider,
    ProviderDownError,
    ProviderRefusedError,
)
from tongban.registers.identity.outside.models import OutsideLink
from tongban.registers.identity.outside.providers import providers

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Offered:
    """A provider as the sign-in page names it."""

    slug: str
    name: str
    demo: bool


def offered() -> list[Offered]:
    """The providers of this installation."""
    english = (get_language() or "").startswith("en")
    return [
        Offered(slug, one.name_en if english else one.name, one.demo) for slug, one in providers().items()
    ]


def begin(*, slug: str, return_to: str) -> tuple[str, dict[str, str]]:
    """Where the browser goes, and what must be remembered until it is back.

    :raises IdentityError: no such provider, or it is down; says what is still possible
    """
    kept = {"provider": slug, "state": secrets.token_urlsafe(24), "nonce": secrets.token_urlsafe(24)}
    try:
        return _provider(slug).begin(state=kept["state"], nonce=kept["nonce"], return_to=return_to), kept
    except ProviderDownError as error:
        raise IdentityError(_down(slug)) from error


def finish(
    *, slug: str, answer: Mapping[str, str], kept: Mapping[str, str], return_to: str, at: datetime
) -> Account:
    """The account of whoever came back; opened at the first time, linked by the verified identity.

    :raises IdentityError: down, refused, not verified, or an account that signs in by itself only
    """
    if kept.get("provider") != slug or not secrets.compare_digest(
        kept.get("state", ""), answer.get("state", "")
    ):
        raise IdentityError(_("这次认证不是从本页开始的。请回登录页再点一次。"))
    try:
        told = _provider(slug).finish(answer=answer, nonce=kept["nonce"], return_to=return_to)
    except ProviderDownError as error:
        raise IdentityError(_down(slug)) from error
    except ProviderRefusedError as error:
        raise IdentityError(_("那边没有完成认证。可以再试一次，或用账号和密码登录。")) from error
    if not told.verified:
        raise IdentityError(_("您在那边还没有实名。请先在那边实名，或在这里用手机注册。"))
    return _linked(slug, told, at)


@kernel.writing()
def _linked(slug: str, told: OutsideIdentity, at: datetime) -> Account:
    subject = blind_index(f"{slug}:{told.subject}", purpose="outside-subject")
    link = OutsideLink.objects.select_related("account").filter(provider=slug, subject=subject).first()
    account = link.account if link else _account_for(told, at)
    if not account.is_active or needs_second(account):
        raise IdentityError(_("这个账号不能用外部认证登录。请用账号和密码登录。"))
    if link is None:
        OutsideLink.objects.create(account=account, provider=slug, subject=subject, linked_at=at)
        ledger.note_own(account=account, act="outside-linked", at=at, data={"provider": slug})
    return account


def _account_for(told: OutsideIdentity, at: datetime) -> Account:
    """The account of the person with this number; person and account are made where they are not known."""
    person = actors.find_person(told.number)
    if person and actors.party_facts(person).name != told.name:
        raise IdentityError(_("那边登记的姓名和这里的不一致。请带身份证到任一综合窗口核对。"))
    known = selectors.account_of_actor(person) if person else None
    if known is not None:
        return known
    try:
        person = person or actors.register_person(
            name=told.name, resident_id=told.number, phone=told.phone, address="", region="",
            actor=Actor(id="system"), at=at,
        )  # fmt: skip
    except ValidationError as error:
        raise IdentityError(_("那边给的证件号码不对，请联系那边的客服。")) from error
    account = Account(username=f"tb{secrets.randbelow(10**8):08}", kind=AccountKind.PERSON, actor_id=person)
    account.set_unusable_password()
    account.save()
    ledger.note_own(account=account, act="registered", at=at)
    return account


def _provider(slug: str) -> OutsideProvider:
    found = providers().get(slug)
    if found is None:
        raise IdentityError(_("没有接入这个认证。请用账号和密码登录。"))
    return found


def _down(slug: str) -> str:
    logger.warning("outside provider %s is down", slug)
    return _("那边的认证现在连不上。请用账号和密码登录，或过几分钟再试。")
