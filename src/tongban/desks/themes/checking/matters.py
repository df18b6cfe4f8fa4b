"""Matters that exist, can occur, and wait for each other without going in circles."""

from __future__ import annotations

from collections.abc import Iterator

from tongban.desks.themes import order
from tongban.desks.themes.checking.context import Context, nearest
from tongban.desks.themes.checking.questions import impossible
from tongban.desks.themes.conditions import Condition
from tongban.desks.themes.contracts import Finding
from tongban.desks.themes.format import MatterUse, Path
from tongban.registers.catalogue.contracts import LimitSpec


def known(context: Context) -> Iterator[Finding]:
    """Codes of the catalogue, situations of the matter, regions that are possible."""
    for i, use in enumerate(context.theme.matters):
        spec = context.specs.get(use.code)
        if spec is None:
            yield context.finding(
                ("matters", i, "code"),
                "unknown_matter",
                f"事项目录里没有编码“{use.code}”（或在 {context.region} 没有公布）。",
                f"The catalogue has no matter “{use.code}” (or {context.region} has not published it).",
            )
            continue
        yield from _situations(context, use, ("matters", i, "situation"))
        if use.region not in {"applicant", "city"} and use.region not in context.elements:
            zh = f"region 只能是 applicant、city 或一个数据元，没有“{use.region}”。"
            en = f"region may be applicant, city or an element; there is no “{use.region}”."
            yield context.finding(("matters", i, "region"), "unknown_element", zh, en)
        yield from _limit(context, use, ("matters", i, "limit_days"))


def _situations(context: Context, use: MatterUse, path: Path) -> Iterator[Finding]:
    keys = [situation.key for situation in context.specs[use.code].situations]
    named = [(path, use.situation)] if isinstance(use.situation, str) else [
        ((*path, j, "key"), case.key) for j, case in enumerate(use.situation)
    ]  # fmt: skip
    for here, key in named:
        if key and key not in keys:
            zh, en = nearest(key, keys)
            yield context.finding(
                here,
                "unknown_situation",
                f"“{context.name(use.code)}”没有情形“{key}”{zh}",
                f"No situation “{key}”{en}",
            )
    if not use.situation and keys:
        listed = "、".join(keys)
        yield context.finding(
            path[:-1],
            "no_situation",
            f"“{context.name(use.code)}”分情形办理，请写明 situation：{listed}。",
            f"“{use.code}” is done by situation; name one: {listed}.",
        )
    if isinstance(use.situation, tuple):
        yield from _switch(context, use, path)


def _switch(context: Context, use: MatterUse, path: Path) -> Iterator[Finding]:
    assert isinstance(use.situation, tuple)
    before: list[Condition | None] = []
    for j, case in enumerate(use.situation):
        yield from impossible(
            context, (*path, j), [use.when, case.when], before, code="never",
            zh=f"情形“{case.key}”永远轮不到。", en=f"Situation “{case.key}” can never be chosen.",
        )  # fmt: skip
        before.append(case.when)
    if None not in before and context.specs[use.code].situations:
        yield from _uncovered(context, use, before, path)


def _uncovered(
    context: Context, use: MatterUse, cases: list[Condition | None], path: Path
) -> Iterator[Finding]:
    for _ in impossible(context, path, [use.when], cases, code="", zh="", en=""):
        return
    yield context.finding(
        path,
        "no_situation",
        "有的回答一种情形都落不到：最后一种请不写 when。",
        "Some answers fall into no situation: leave out `when` on the last.",
    )


def _limit(context: Context, use: MatterUse, path: Path) -> Iterator[Finding]:
    spec = context.specs[use.code]
    if use.limit_days is None:
        return
    due, start = context.calendar.due, context.at.date()
    for limit, zh, en in (
        (spec.legal_limit, "法定时限", "the statutory limit"),
        (spec.promised_limit, "承诺时限", "the promised limit"),
    ):
        if limit and due(start, LimitSpec(use.limit_days)) > due(start, limit):
            yield context.finding(
                path,
                "limit",
                f"主题里的 {use.limit_days} 个工作日比{zh}（{limit.amount} {limit.unit}）还长：只能更短。",
                f"{use.limit_days} working days is longer than {en} ({limit.amount} {limit.unit}); it may only be shorter.",
            )
            return


def occurring(context: Context) -> Iterator[Finding]:
    """Every matter must be needed under some answers."""
    for i, use in enumerate(context.theme.matters):
        yield from impossible(
            context, ("matters", i), [use.when], [], code="never",
            zh=f"“{context.name(use.code)}”永远办不到：条件不可能成立。",
            en=f"“{use.code}” can never occur: its condition cannot hold.",
        )  # fmt: skip
        for j, after in enumerate(use.after):
            yield from impossible(
                context, ("matters", i, "after", j), [use.when, after.when], [], code="never",
                zh="这个先后条件永远不成立。", en="This prerequisite can never apply.",
            )  # fmt: skip


def waits(context: Context) -> dict[str, tuple[str, ...]]:
    """All prerequisites of the theme, conditional ones and joint preconditions included."""
    codes = set(context.theme.codes)
    after = {
        use.code: [step.code for step in use.after if step.code in codes] for use in context.theme.matters
    }
    for group in context.theme.preconditions:
        for code in group.before:
            if code in codes:
                after[code] += [earlier for earlier in group.matters if earlier in codes]
    return {code: tuple(dict.fromkeys(earlier)) for code, earlier in after.items()}


def prerequisites(context: Context) -> Iterator[Finding]:
    """Prerequisites inside the theme, and no circle among them, the joint surveys included."""
    codes = context.theme.codes
    for i, use in enumerate(context.theme.matters):
        for j, step in enumerate(use.after):
            if step.code not in codes:
                yield _outside(context, ("matters", i, "after", j), step.code)
    after = waits(context)
    circle = order.find_cycle(after)
    if circle:
        named = " → ".join(context.name(code) for code in circle)
        i = codes.index(circle[0])
        yield context.finding(
            ("matters", i, "after"),
            "cycle",
            f"先后顺序绕成了圈：{named}。",
            f"Prerequisites go in a circle: {named}.",
        )
        return
    joints = [
        order.Joint(tuple(c for c in survey.matters if c in codes), survey.days)
        for survey in context.theme.surveys
    ]
    blocked = order.find_cycle(order.event_edges(after, joints))
    if blocked:
        number = next((int(event[1:]) for event in blocked if event.startswith("*")), 0)
        named = " → ".join(
            context.name(event)
            for event in dict.fromkeys(e.lstrip("+") for e in blocked)
            if not event.startswith("*")
        )
        yield context.finding(
            ("surveys", number),
            "cycle",
            f"联合勘验要等所有事项都开始，而其中有的要等另一项办完：{named}。",
            f"The survey waits until all its matters are open, but one of them waits for another to finish: {named}.",
        )


def _outside(context: Context, path: Path, code: str) -> Finding:
    zh, en = nearest(code, context.theme.codes)
    return context.finding(
        path,
        "outside",
        f"前置事项“{code}”不在这个主题里{zh}",
        f"The prerequisite “{code}” is not in this theme{en}",
    )


def joint(context: Context) -> Iterator[Finding]:
    """Joint surveys and preconditions of matters in the theme, with a lead that takes part."""
    theme = context.theme
    surveyed: set[str] = set()
    for i, survey in enumerate(theme.surveys):
        for j, code in enumerate(survey.matters):
            if code not in theme.codes:
                yield _outside(context, ("surveys", i, "matters", j), code)
            if code in surveyed:
                yield context.finding(
                    ("surveys", i, "matters", j), "duplicate",
                    f"“{context.name(code)}”已在另一个勘验组里。", f"“{code}” is in another survey already.",
                )  # fmt: skip
            surveyed.add(code)
        if survey.lead not in survey.matters:
            yield context.finding(
                ("surveys", i, "lead"), "unknown_lead",
                f"牵头的“{context.name(survey.lead)}”不在这个勘验组里。", f"The lead “{survey.lead}” does not take part.",
            )  # fmt: skip


def alone(context: Context) -> Iterator[Finding]:
    """A matter with a survey stands in one; joint preconditions speak of matters in the theme."""
    theme = context.theme
    surveyed = {code for survey in theme.surveys for code in survey.matters}
    for i, use in enumerate(theme.matters):
        spec = context.specs.get(use.code)
        if spec and "survey" in spec.procedures and use.code not in surveyed:
            yield context.finding(
                ("matters", i), "no_survey",
                f"“{context.name(use.code)}”要现场勘验，请写进 surveys（单独勘验也写一组）。",
                f"“{use.code}” needs a survey; put it into surveys (alone if need be).",
            )  # fmt: skip
    for i, group in enumerate(theme.preconditions):
        for part in ("matters", "before"):
            for j, code in enumerate(getattr(group, part)):
                if code not in theme.codes:
                    yield _outside(context, ("preconditions", i, part, j), code)
