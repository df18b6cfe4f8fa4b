"""Clients of the OpenID provider, what they were granted, and the keys that sign."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.kernel.privacy import EncryptedTextField


class OidcClient(models.Model):
    """Another system of the city. Without a secret it is a public client (a phone app); PKCE holds for all."""

    id = models.CharField(_("标识"), max_length=60, primary_key=True)
    name = models.CharField(_("名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=150, blank=True)
    secret_digest = models.CharField(max_length=64, blank=True)
    sector = models.CharField(_("主体分区"), max_length=200)
    redirect_uris = models.JSONField(_("回调地址"), default=list)
    logout_uris = models.JSONField(_("退出后回到"), default=list, blank=True)
    scopes = models.JSONField(_("可申请的范围"), default=list)
    created_at = models.DateTimeField(_("登记时间"))
    ended_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("接入系统")

    def __str__(self) -> str:
        return self.id

    @property
    def client_id(self) -> str:
        """What the protocol library calls it."""
        return self.id


class OidcKey(models.Model):
    """A signing key. The newest signs; earlier ones are published until their tokens have run out."""

    kid = models.CharField(max_length=40, unique=True)
    pem = EncryptedTextField()
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("签名密钥")

    def __str__(self) -> str:
        return self.kid


class OidcConsent(models.Model):
    """Somebody let a client see what these scopes say, until taken back."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="oidc_consents")
    client = models.ForeignKey(OidcClient, models.CASCADE, related_name="consents")
    scopes = models.JSONField(default=list)
    given_at = models.DateTimeField(_("同意时间"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("授权同意")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "client"], condition=models.Q(withdrawn_at=None), name="oidc_consent_once"
            )
        ]

    def __str__(self) -> str:
        return f"consent:{self.pk}"


class OidcGrant(models.Model):
    """One authorisation: the code, then the access token that it was changed for. Only digests are kept."""

    client = models.ForeignKey(OidcClient, models.CASCADE, related_name="grants")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="oidc_grants")
    party = models.CharField(max_length=40, blank=True)
    scopes = models.JSONField(default=list)
    redirect_uri = models.CharField(max_length=500)
    nonce = models.CharField(max_length=200, blank=True)
    challenge = models.CharField(max_length=128)
    amr = models.JSONField(default=list)
    signed_in_at = models.DateTimeField()
    code_digest = models.CharField(max_length=64, unique=True)
    code_expires_at = models.DateTimeField()
    code_used_at = models.DateTimeField(null=True)
    access_digest = models.CharField(max_length=64, blank=True, db_index=True)
    access_expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("授权")

    def __str__(self) -> str:
        return f"grant:{self.pk}"
