"""The editor of one measure: what was typed, what it means, and what is wrong with it; nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pydantic import ValidationError

from tongban.actors import api as actors
from tongban.desks.policies import checking, comparing, counting, packs, readiness, selectors, trying
from tongban.desks.policies.checking import Finding
from tongban.desks.policies.comparing import Comparison
from tongban.desks.policies.contracts import Party
from tongban.desks.policies.counting import Numbers
from tongban.desks.policies.editing import examples, posted, rows, sums
from tongban.desks.policies.editing.examples import Draft, ExampleError
from tongban.desks.policies.editing.rows import ALL, Group, IncompleteError, Row
from tongban.desks.policies.editing.sums import Sum
from tongban.desks.policies.format import Terms
from tongban.desks.policies.models import Measure, Policy, Version
from tongban.desks.policies.trying import Loaded, RecordError, Tried
from tongban.desks.policies.web import shown
from tongban.desks.policies.web.forms import TermsForm, initial_of
from tongban.desks.policies.web.shown import Shower, fault_words
from tongban.kernel.rules.elements import Element
from tongban.kernel.rules.errors import RuleError
from tongban.registers.portraits import api as portraits
from tongban.registers.portraits.contracts import ElementInfo

BLANK: dict[str, Any] = {
    "party": "organisation",
    "gives": "subsidy",
    "way": "quick",
    "period": "year",
    "order": "first",
}


@dataclass
class Desk:
    """What lies on the desk of whoever writes a measure.

    :param begun: it was posted, so that what is missing is said
    """

    policy: Policy
    measure: Measure | None
    at: datetime
    form: TermsForm
    condition: Group
    amount: Sum
    examples: list[Draft]
    party: str
    begun: bool = False
    fresh: str = ""
    refused: list[str] = field(default_factory=list)

    # --- what it means ---------------------------------------------------------------------------------

    @cached_property
    def infos(self) -> Mapping[str, ElementInfo]:
        return portraits.elements(self.party)

    @cached_property
    def elements(self) -> Mapping[str, Element]:
        return portraits.rule_elements(self.party)

    @cached_property
    def _condition(self) -> tuple[Any, Mapping[tuple[int, ...], str]]:
        try:
            return rows.write(self.condition, elements=self.elements), {}
        except IncompleteError as error:
            return None, error.faults

    @cached_property
    def _amount(self) -> tuple[Any, Mapping[tuple[int, ...], str]]:
        try:
            return sums.write(self.amount, elements=self.elements), {}
        except IncompleteError as error:
            return None, error.faults

    @cached_property
    def _loaded(self) -> tuple[Loaded | None, str]:
        (condition, no_rows), (amount, no_sum) = self._condition, self._amount
        if condition is None or no_rows or no_sum:
            return None, ""
        try:
            return trying.load(condition, amount, elements=self.elements), ""
        except RuleError as error:
            return None, _("；").join(one.text(get_language() or "zh") for one in error.problems)

    @property
    def loaded(self) -> Loaded | None:
        """The rule and the amount as they stand; None while something is missing."""
        return self._loaded[0]

    @cached_property
    def _examples(self) -> tuple[list[dict[str, Any]], list[ExampleError]]:
        return examples.written(self.examples, elements=self.elements)

    @cached_property
    def terms(self) -> Terms | None:
        """Everything as it would be saved; None while something cannot be read."""
        written, faults = self._examples
        form = self.form
        if faults or self.loaded is None or not form.is_bound or not form.is_valid():
            return None
        key = self.measure.key if self.measure is not None else "new-measure"
        said = {**form.terms(), "key": key, "condition": self._condition[0], "amount": self._amount[0]}
        try:
            return Terms.model_validate({**said, "examples": written})
        except ValidationError as error:
            self.refused += [packs.shape_words(one) for one in error.errors(include_url=False)]
            return None

    # --- what is wrong ---------------------------------------------------------------------------------

    def faults(self) -> list[tuple[str, str]]:
        """Id of the control and words, for what keeps it from being saved; the form's own errors apart."""
        found = [(_ident("c", path), fault_words(wanted)) for path, wanted in self._condition[1].items()]
        if not self.condition.items:
            found.append(("c", _("请至少加一个条件。")))
        found += [(_sum_ident(path), fault_words(wanted)) for path, wanted in self._amount[1].items()]
        if self._loaded[1]:
            found.append(("c", self._loaded[1]))
        found += [(f"e-{one.place}", self._example_words(one)) for one in self._examples[1]]
        return found + [("main", words) for words in self.refused]

    def _example_words(self, error: ExampleError) -> str:
        names = {"name": _("名称"), "on": _("哪一天"), "amount": _("金额")}
        info = self.infos.get(error.where)
        name = info.name_in(get_language() or "zh") if info else names.get(error.where, error.where)
        return _("例子%(n)d的“%(name)s”：%(wanted)s") % {
            "n": error.place + 1, "name": name, "wanted": fault_words(error.wanted),
        }  # fmt: skip

    def findings(self) -> list[Finding]:
        """What whoever publishes will be asked about, once it can be read."""
        if self.terms is None or self.loaded is None or self.whole is None:
            return []
        ours = set(self.policy.measures.values_list("key", flat=True))
        world = packs.world_of({*selectors.known_keys(), *ours} - {self.terms.key})
        on = actors.day_of(self.at)
        found = checking.findings(self.terms, world=world, head=readiness.head_of(self.policy), on=on)
        found += comparing.meeting(self.terms, self.whole, at=self.at)
        if self.numbers is not None:
            found += counting.findings(
                self.numbers, pays_by_itself=self.terms.way == "none" and self.amount.kind != sums.NOTHING
            )
        order = (checking.STOP, checking.WARN, checking.HINT)
        return sorted(found, key=lambda one: order.index(one.level))

    @cached_property
    def counted(self) -> Loaded | None:
        """What is counted: everything, or the rows that are complete so far and the amount if it is."""
        if self.loaded is not None:
            return self.loaded
        condition = rows.write(rows.complete(self.condition, elements=self.elements), elements=self.elements)
        if condition is None:
            return None
        for amount in (self._amount[0], None):
            try:
                return trying.load(condition, amount, elements=self.elements)
            except RuleError:
                continue
        return None

    @cached_property
    def whole(self) -> Loaded | None:
        """What is counted, kept to the policy's division."""
        if self.counted is None:
            return None
        return trying.kept_to(self.counted, region=self.policy.region, party=self.party)

    @cached_property
    def numbers(self) -> Numbers | None:
        """What it comes to over everybody."""
        return None if self.whole is None else counting.numbers(self.whole, party=self.party, at=self.at)

    @cached_property
    def published(self) -> Version | None:
        return selectors.last_version(self.measure) if self.measure is not None else None

    def compared(self) -> Comparison | None:
        """Beside the version that was published last."""
        if self.published is None or self.terms is None or self.loaded is None:
            return None
        before = selectors.terms_of(self.published)
        if before.party != self.party:
            return None
        return comparing.compare(before, self.terms, region=self.policy.region, at=self.at)

    def tried(self) -> list[tuple[Draft, Tried | None, str]]:
        """Each example, what it came to, and what is to be said of it."""
        broken = {one.place: one for one in self._examples[1]}
        written = iter(self._examples[0])
        found: list[tuple[Draft, Tried | None, str]] = []
        for draft in self.examples:
            if draft.place in broken:
                found.append((draft, None, self._example_words(broken[draft.place])))
                continue
            said = next(written)
            found.append((draft, *self._try(said)))
        return found

    def _try(self, said: Mapping[str, Any]) -> tuple[Tried | None, str]:
        if self.loaded is None:
            return None, ""
        from tongban.desks.policies.format import Example

        try:
            one = trying.try_one(Example.model_validate(said), self.loaded, elements=self.elements)
        except RecordError as error:
            return None, checking.record_words(error, self.infos)
        except ValidationError as error:
            return None, _("；").join(packs.shape_words(fault) for fault in error.errors(include_url=False))
        return one, "" if one.expected else checking.example_words(one, self.infos)

    # --- for the page ----------------------------------------------------------------------------------

    def shower(self) -> Shower:
        return Shower(self.infos, self.fresh, self._condition[1] if self.begun else {})

    def sum_shower(self) -> Shower:
        return Shower(self.infos, self.fresh, self._amount[1] if self.begun else {})

    def reads(self) -> tuple[str, ...]:
        """Elements whose values an example needs: those of the rule, or of the rows so far."""
        if self.loaded is not None:
            return self.loaded.reads
        return tuple(dict.fromkeys(_elements(self.condition)))


def _elements(group: Group) -> list[str]:
    found: list[str] = []
    for item in group.items:
        if isinstance(item, Group):
            found += _elements(item)
        elif isinstance(item, Row) and item.element:
            found += [item.element, item.said.other] if item.said.other else [item.element]
    return found


def _ident(stem: str, path: tuple[int, ...]) -> str:
    return "-".join((stem, *map(str, path)))


def _sum_ident(path: tuple[int, ...]) -> str:
    return "a" if not path else f"a-{path[0]}" if path[0] >= 0 else "a-else"


def opened(policy: Policy, measure: Measure | None, *, at: datetime, said: Mapping[str, str]) -> Desk:
    """The desk as it is found: the draft, else what is published, else nothing but what the article says."""
    version = (selectors.open_version(measure) or selectors.last_version(measure)) if measure else None
    language = get_language() or "zh"
    if version is None:
        infos = portraits.elements(Party.ORGANISATION)
        initial = {**BLANK, "begins": policy.valid_from, **said}
        form = TermsForm(infos, language, initial=initial)
        first = Group(ALL, (Row("", ""),))
        return Desk(policy, measure, at, form, first, Sum(sums.FIXED), [], Party.ORGANISATION.value)
    terms = selectors.terms_of(version)
    elements = portraits.rule_elements(terms.party)
    written = version.state in selectors.OPEN
    begins = version.valid_from if written else date.fromordinal(actors.day_of(at).toordinal() + 1)
    data = _as_posted({**initial_of(terms), "begins": begins.isoformat()})
    return Desk(
        policy, measure, at, TermsForm(portraits.elements(terms.party), language, data),
        rows.read(terms.condition, elements=elements), sums.read(terms.amount, elements=elements),
        examples.of_terms(terms.examples, elements=elements), terms.party,
    )  # fmt: skip


def _as_posted(values: Mapping[str, Any]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data[name] = "" if value is None else str(value)
    return data


def posted_desk(policy: Policy, measure: Measure | None, data: QueryDict, *, at: datetime) -> Desk:
    """The desk as it was posted, after the button that was pressed."""
    party = data.get("party", "")
    party = party if party in set(Party.values) else Party.ORGANISATION.value
    form = TermsForm(portraits.elements(party), get_language() or "zh", data)
    act = data.get("act", "")
    condition, amount = posted.acted(posted.group(data), posted.amount(data), act)
    drafts = _examples_after(examples.posted(data), act, at)
    desk = Desk(policy, measure, at, form, condition, amount, drafts, party, begun=act in {"save", "try"})
    desk.fresh = _fresh(act, condition)
    return desk


def _examples_after(drafts: list[Draft], act: str, at: datetime) -> list[Draft]:
    name, _colon, place = act.partition(":")
    if name == "add-example" and len(drafts) < examples.MOST:
        expect = place if place in {"entitled", "not", "unknown"} else "entitled"
        like = drafts[-1].record if drafts else {}
        fresh = Draft(len(drafts), on=actors.day_of(at).isoformat(), expect=expect, record=like)
        return [*drafts, fresh]
    if name == "remove-example" and place.isdecimal():
        kept = [draft for draft in drafts if draft.place != int(place)]
        return [Draft(number, *_without_place(draft)) for number, draft in enumerate(kept)]
    return drafts


def _without_place(draft: Draft) -> tuple[Any, ...]:
    return (
        draft.name,
        draft.name_en,
        draft.on,
        draft.expect,
        draft.amount,
        draft.missing,
        draft.record,
        draft.known,
    )


def _fresh(act: str, condition: Group) -> str:
    """The path of the row that was just added, which takes the focus."""
    name, _colon, path = act.partition(":")
    if name != "add-row" or not path.startswith("c"):
        return ""
    group = condition
    for step in path.split(".")[1:]:
        inner = group.items[int(step)] if step.isdecimal() and int(step) < len(group.items) else None
        if not isinstance(inner, Group):
            return ""
        group = inner
    return f"{path}.{len(group.items) - 1}"


__all__ = ["Desk", "opened", "posted_desk", "shown"]
