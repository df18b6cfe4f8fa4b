"""Writing themes: take a file, publish, withdraw, adopt. Each is one transaction and one ledger entry."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Max
from ruamel.yaml import YAML

from tongban.actors import api as actors
from tongban.desks.themes import check, load, selectors
from tongban.desks.themes.contracts import ThemeFaulty, ThemeRefused, Wording
from tongban.desks.themes.days import working_days_of
from tongban.desks.themes.format import Theme as ThemeFile
from tongban.desks.themes.models import Status, Theme
from tongban.kernel import api as kernel
from tongban.kernel.contracts import SYSTEM, Actor
from tongban.registers.catalogue import api as catalogue


def publish_text(
    text: str, *, region: str, actor: Actor, at: datetime, file: str = "theme.yaml", check_region: str = ""
) -> Theme:
    """Publish a theme file in a region; what was in force under its code there is superseded.

    The same text again changes nothing. A version number that is taken is raised to the next.

    :param check_region: where its matters are looked up, if not in `region` (a city's theme may consist of
        matters that only its counties handle)
    :raises ThemeFaulty: the file has findings; nothing is written
    """
    reading = load.read(text, file=file)
    findings = check.check(
        reading,
        catalogue=catalogue,
        region=check_region or region,
        calendar=working_days_of(region),
    )
    if findings or reading.theme is None:
        raise ThemeFaulty(findings)
    return _publish(reading.theme, text, region=region, actor=actor, at=at)


def _publish(theme: ThemeFile, text: str, *, region: str, actor: Actor, at: datetime) -> Theme:
    with kernel.writing():
        current = Theme.objects.filter(code=theme.code, region=region, status=Status.PUBLISHED).first()
        if current is not None and current.text == text:
            return current
        newest = (
            Theme.objects.filter(code=theme.code, region=region).aggregate(top=Max("version"))["top"] or 0
        )
        if current is not None:
            _end(current, actor=actor, at=at)
        source = theme.adopted_from
        row = Theme.objects.create(
            code=theme.code,
            region=region,
            version=max(theme.version, newest + 1),
            status=Status.PUBLISHED,
            name=theme.name,
            text=text,
            adopted_from=f"{source.region}/{source.code}/{source.version}" if source else "",
            published_at=at,
            published_by=actor.id,
        )
        _record("publish", row, actor=actor, at=at)
    return row


def load_packs(*, at: datetime) -> dict[str, int]:
    """Publish every file of ``packs/themes`` for the root region.

    :raises ThemeFaulty: a file has findings; those before it stay published
    """
    region = settings.ROOT_REGION
    before = Theme.objects.count()
    for path in sorted((Path(settings.PACKS) / "themes").glob("*.yaml")):
        publish_text(
            path.read_text(encoding="utf-8"),
            region=region,
            actor=SYSTEM,
            at=at,
            file=str(path),
            check_region=handled_in(region),
        )
    return {"added": Theme.objects.count() - before}


def handled_in(region: str) -> str:
    """Where the matters of a theme for `region` are looked up: a city's are handled by its counties."""
    below = actors.regions_below(region)
    return below[0].code if region == settings.ROOT_REGION and below else region


def withdraw(*, code: str, region: str, actor: Actor, at: datetime) -> Theme:
    """Take the theme in force in exactly this region off; applications under way keep its version.

    :raises UnknownTheme: none is in force there
    """
    with kernel.writing():
        row = selectors.row_of(code, region)
        if row.region != region:
            zh = f"“{code}”由 {row.region} 公布，要到那里撤回。"
            raise ThemeRefused(Wording(zh, f"“{code}” is published by {row.region}; withdraw it there."))
        _end(row, actor=actor, at=at)
        _record("withdraw", row, actor=actor, at=at)
    return row


def adopt(
    *,
    code: str,
    source: str,
    region: str,
    actor: Actor,
    at: datetime,
    limits: Mapping[str, int] | None = None,
    check_region: str = "",
) -> Theme:
    """Take over a theme that another region piloted (一地创新全市复用) and publish it in `region`.

    The adopting region's own units handle the matters by themselves (units follow from the region asked);
    its limits may be shorter, never longer.

    :param limits: working days by code of matter, where the adopting region promises more
    :raises UnknownTheme: nothing in force in `source`
    :raises ThemeRefused: a limit that is longer, or of a matter that the theme has not
    :raises ThemeFaulty: the theme does not work here (a matter is not handled in the region, …)
    """
    pilot = selectors.row_of(code, source)
    if pilot.region == region:
        zh = f"“{code}”就是 {region} 公布的，不用采用。"
        raise ThemeRefused(Wording(zh, f"“{code}” is {region}'s own."))
    text = _adopted(pilot, limits or {}, check_region or region)
    return publish_text(
        text, region=region, actor=actor, at=at, file=f"{code}@{region}", check_region=check_region
    )


def _adopted(pilot: Theme, limits: Mapping[str, int], region: str) -> str:
    theme = selectors.parsed(pilot.text)
    for code, days in limits.items():
        _refuse_longer(theme, code, days, region)
    yaml = YAML(typ="rt")
    yaml.width = 4096
    document = yaml.load(pilot.text)
    document["adopted_from"] = {"region": pilot.region, "code": pilot.code, "version": pilot.version}
    for use in document["matters"]:
        if use["code"] in limits:
            use["limit_days"] = limits[use["code"]]
    if limits:
        # An example's count of days is the pilot's; with shorter limits it no longer holds here.
        for example in document["examples"]:
            example.pop("days", None)
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def _refuse_longer(theme: ThemeFile, code: str, days: int, region: str) -> None:
    use = next((use for use in theme.matters if use.code == code), None)
    if use is None:
        listed = "、".join(theme.codes)
        zh, en = (
            f"主题里没有事项 {code}。有：{listed}。",
            f"The theme has no matter {code}. It has: {listed}.",
        )
        raise ThemeRefused(Wording(zh, en))
    spec = catalogue.matters([code], region).get(code)
    limit = spec.promised_limit if spec else None
    most = use.limit_days
    if most is None and limit and limit.unit == "working_days":
        most = limit.amount
    if most is not None and days > most:
        zh = f"事项 {code} 的时限只能缩短：现在是 {most} 个工作日，不能改成 {days}。"
        en = f"The limit of {code} may only be shortened: it is {most} working days, not {days}."
        raise ThemeRefused(Wording(zh, en))


def _end(row: Theme, *, actor: Actor, at: datetime) -> None:
    row.status = Status.WITHDRAWN
    row.withdrawn_at, row.withdrawn_by = at, actor.id
    row.save(update_fields=["status", "withdrawn_at", "withdrawn_by"])


def _record(act: str, row: Theme, *, actor: Actor, at: datetime) -> None:
    data = {"code": row.code, "version": row.version, "adopted_from": row.adopted_from}
    stream = f"themes:{row.region}"
    kernel.record_listed(
        stream=stream, act=act, data=data, lists={"stock": [_thing(row)]}, actor=actor, at=at
    )


def _thing(row: Theme) -> dict[str, Any]:
    """A theme as it is counted; of two that are one, in two places, the code is the same."""
    found: dict[str, Any] = {
        "kind": "theme",
        "key": f"{row.region}/{row.code}",
        "region": row.region,
        "code": row.code,
    }
    if row.status == Status.WITHDRAWN:
        return found | {"gone": True}
    theme = selectors.parsed(row.text)
    said = {
        "person": "person" in theme.parties, "organisation": "organisation" in theme.parties, "own": theme.own,
        "adopted": theme.adopted_from is not None, "generated": theme.generated,
    }  # fmt: skip
    found |= {word: True for word, holds in said.items() if holds}
    return found | {"matters": len(theme.matters), "days": theme.limits.days}
