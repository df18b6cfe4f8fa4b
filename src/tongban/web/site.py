"""What an installation says about itself in the masthead and the footer."""

from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed

# The bar of a phone's browser; the same red as the rule over the masthead, the page's ground.
THEME_COLOR = "#B3161B"
GROUND_COLOR = "#F4F6F9"


@dataclass(frozen=True, slots=True)
class Site:
    """The face of one city. Every element can be set by ``settings.SITE`` (a mapping)."""

    name: str = "咸宁通办"
    name_en: str = "Xianning One-Stop"
    city: str = "咸宁市"
    sponsor: str = "咸宁市人民政府"
    sponsor_en: str = "Xianning Municipal People's Government"
    operator: str = "咸宁市政务服务和大数据管理局"
    operator_en: str = "Xianning Bureau of Government Services and Big Data"
    # Numbers of a demo city; an installation enters those it was given.
    site_code: str = "0000000000（演示）"
    icp: str = "ICP备案号（演示）"
    police: str = "公网安备号（演示）"
    hotline: str = "12345"
    report_url: str = "/feedback"
    help_url: str = "/help"
    accessibility_url: str = "/accessibility"
    signin_url: str = "/signin"
    signout_url: str = "/signout"
    profile_url: str = "/profile"
    keys_url: str = "/profile/keys"
    search_url: str = "/search"


@cache
def site() -> Site:
    """The site of this deployment."""
    given: dict[str, Any] = getattr(settings, "SITE", {})
    known = {field.name for field in fields(Site)}
    if unknown := set(given) - known:
        raise ValueError(f"settings.SITE: unknown {sorted(unknown)}; possible are {sorted(known)}.")
    return Site(**given)


def _forget(**kwargs: Any) -> None:
    if kwargs.get("setting") == "SITE":
        site.cache_clear()


setting_changed.connect(_forget, dispatch_uid="tongban.web.site")
