"""Writing policies: collect, split into measures, and what the moves of the flow do with what was drawn up.

A draft may be saved whatever is wrong with it, as long as it can be read: what stops a publishing is told at its side
and asked again by every move that leads there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.policies import access, events, ledger, reading, selectors
from tongban.desks.policies.contracts import KIND, Medium, PoliciesError, VersionState
from tongban.desks.policies.flow import IN_FORCE, POLICY
from tongban.desks.policies.format import Head, Terms
from tongban.desks.policies.loading import changed, end_before, head_columns
from tongban.desks.policies.models import Measure, Policy, Version
from tongban.kernel import api as kernel
from tongban.kernel.flow.step import Step

WRITING = {"collected": "draft", "split": "draft", "changing": "redraft"}


@dataclass(frozen=True, slots=True)
class Collected:
    """Where a policy comes from: the address and text of a page, and what was handed in as a file."""

    source: str = ""
    text: str = ""


@kernel.writing()
def collect(
    *, head: Head, unit: str, come_from: Collected, actor: kernel.Actor, at: datetime, key: str = ""
) -> Policy:
    """Take a policy in; it waits to be split.

    :param head: its `key` may be empty: one is made of its number
    :param key: of the request, so that two clicks collect once
    :raises PoliciesError: not an editor for the unit, or the document was collected before
    """
    unit_info = next((one for one in access.edits_for(actor) if one.id == unit), None)
    if unit_info is None:
        raise PoliciesError(
            _("您不能替这个单位收集政策。"),
            possible=_("请该单位的政策编辑来收，或请管理员给您这个角色。"),
            code="forbidden",
        )
    known = Policy.objects.filter(unit=unit, document=head.document).exclude(docket__state="dropped").first()
    if known is not None and not key:
        raise PoliciesError(
            _("%(document)s已经收过：%(number)s。") % {"document": head.document, "number": known.number},
            possible=_("可以打开它修订。"), code="collected",
        )  # fmt: skip
    opening = kernel.Opening(
        kind=KIND, way="collect", title=head.title, unit=unit, region=unit_info.region, channel="web",
        data={"document": head.document, "source": come_from.source},
    )  # fmt: skip
    (docket,), again = kernel.open_dockets([opening], actor=actor, at=at, key=key, unit=actor.unit)
    if again:
        return Policy.objects.get(docket=docket.id)
    slug = head.key or f"{unit_info.department}-{docket.number.split('-', 1)[1].lower()}"
    return Policy.objects.create(
        docket_id=docket.id, number=docket.number, key=slug, unit=unit, region=unit_info.region,
        source=come_from.source, text=come_from.text[: reading.LONGEST], **head_columns(head),
    )  # fmt: skip


@kernel.writing()
def describe(*, policy: Policy, head: Head, actor: kernel.Actor, at: datetime) -> None:
    """Change what a policy says of itself, and how it is explained. Days of a published one are changed by its pack.

    :raises kernel.Refused: not an editor of it
    """
    columns = head_columns(head)
    if policy.published_at is not None:
        # What measures depend on stays as it was published.
        for name in ("valid_from", "valid_until", "document", "issued_on"):
            columns.pop(name)
    differing = [name for name, value in columns.items() if getattr(policy, name) != value]
    if not differing:
        return
    for name in differing:
        setattr(policy, name, columns[name])
    kernel.perform(
        policy.pk, "note", actor=actor, at=at,
        data={"text": _("改了政策信息和解读：%s") % _("、").join(_label(name) for name in differing)},
    )  # fmt: skip
    policy.save(update_fields=differing)
    if policy.published_at is not None:
        changed()


def _label(name: str) -> str:
    return str(getattr(Policy._meta.get_field(name), "verbose_name", name))


@kernel.writing()
def draft(
    *, policy: Policy, terms: Mapping[str, Any], begins: date | None, actor: kernel.Actor, at: datetime
) -> Version:
    """Save what a measure is to say: the draft there is, or a new one; a key that is empty makes a measure.

    :param terms: fields of :class:`Terms`, read and found whole; its examples need not pass yet
    :param begins: first day of the version; default the policy's, or for one in force the next day
    :raises kernel.Refused: not an editor, or the policy is not being written
    """
    docket = kernel.lock_dockets([policy.pk])[policy.pk]
    move = WRITING.get(docket.state)
    if move is None:
        raise PoliciesError(
            _("“%s”的政策不能改措施。") % POLICY.states[docket.state].label,
            possible=_("公布中的先点“修订”；待复核的请复核人退回。"), code="closed",
        )  # fmt: skip
    said = Terms.model_validate({**terms, "key": terms.get("key") or _next_key(policy)})
    measure, made = Measure.objects.get_or_create(
        key=said.key, defaults={"policy": policy, "party": said.party}
    )
    if measure.policy_id != policy.pk:
        raise PoliciesError(_("“%s”是别的政策的措施。") % said.key)
    if not made and selectors.last_version(measure) is None and measure.party != said.party:
        measure.party = said.party
        measure.save(update_fields=["party"])
    version = selectors.open_version(measure) or Version(measure=measure, number=_next_number(measure))
    version.terms, version.digest = said.kept(), said.digest
    version.valid_from = begins or version.valid_from or _first_day(measure, policy, at)
    version.written_by, version.written_at, version.state = actor.id, at, VersionState.DRAFT
    version.save()
    facts = {"measure": said.key, "version": version.number, "digest": said.digest}
    kernel.perform(policy.pk, move, actor=actor, at=at, data={**facts, "says": said.title})
    return version


def _next_key(policy: Policy) -> str:
    stem = policy.key[:50]
    number = policy.measures.count() + 1
    while Measure.objects.filter(key=f"{stem}-m{number}").exists():
        number += 1
    return f"{stem}-m{number}"


def _next_number(measure: Measure) -> int:
    return int(measure.versions.aggregate(most=Max("number"))["most"] or 0) + 1


def _first_day(measure: Measure, policy: Policy, at: datetime) -> date:
    """A first version begins with its policy, a later one the day after it is written."""
    last = selectors.last_version(measure)
    return policy.valid_from if last is None else date.fromordinal(actors.day_of(at).toordinal() + 1)


@kernel.writing()
def forget(*, policy: Policy, key: str, actor: kernel.Actor, at: datetime) -> None:
    """Throw a draft away; a measure that was never published goes with it.

    :raises PoliciesError: there is none
    """
    measure = Measure.objects.filter(policy=policy, key=key).first()
    version = selectors.open_version(measure) if measure is not None else None
    if measure is None or version is None:
        raise PoliciesError(_("没有这份草稿。"), possible=_("请刷新看看，别人可能已经删了。"), code="unknown")
    kernel.perform(policy.pk, "forget", actor=actor, at=at, data={"measure": key})
    version.delete()
    if not measure.versions.exists():
        measure.delete()


# --- what the moves do ---------------------------------------------------------------------------------------


@POLICY.effect("propose", "repropose")
def _propose(step: Step) -> None:
    _drafts(step, VersionState.PROPOSED)


@POLICY.effect("send_back", "send_again")
def _send_back(step: Step) -> None:
    _drafts(step, VersionState.DRAFT)


@POLICY.effect("leave")
def _leave(step: Step) -> None:
    for version in selectors.drafts(step.docket.id):
        measure = version.measure
        version.delete()
        if not measure.versions.exists():
            measure.delete()


def _drafts(step: Step, state: VersionState) -> None:
    found = selectors.drafts(step.docket.id)
    Version.objects.filter(pk__in=[one.pk for one in found]).update(state=state)
    step.note(versions={one.measure.key: [one.number, one.digest] for one in found})


@POLICY.effect("check", "recheck")
def _check(step: Step) -> None:
    found = selectors.drafts(step.docket.id)
    Version.objects.filter(pk__in=[one.pk for one in found]).update(checked_by=step.actor.id)
    step.note(versions={one.measure.key: [one.number, one.digest] for one in found})


@POLICY.effect("publish", "republish")
def _publish(step: Step) -> None:
    policy = Policy.objects.get(docket=step.docket.id)
    if policy.valid_until is not None and policy.valid_until < actors.day_of(step.at):
        raise step.refuse(
            _("政策在%s已经到期，不能再公布。") % policy.valid_until.isoformat(),
            possible=_("有效期写错了，请先退回修改。"), code="expired",
        )  # fmt: skip
    found = selectors.drafts(policy)
    for version in found:
        end_before(version.measure, version.valid_from)
        version.state, version.published_by, version.published_at = (
            VersionState.PUBLISHED,
            step.actor.id,
            step.at,
        )
        version.save(update_fields=["state", "published_by", "published_at"])
        ledger.tell(
            topic=events.MEASURE_PUBLISHED,
            version=version,
            number=policy.number,
            actor=step.actor,
            at=step.at,
        )
    if policy.published_at is None:
        policy.published_at = step.at
        policy.save(update_fields=["published_at"])
    changed()
    step.note(versions={one.measure.key: [one.number, one.digest] for one in found})


@POLICY.effect("withdraw", "expire")
def _withdraw(step: Step) -> None:
    policy = Policy.objects.get(docket=step.docket.id)
    reason = getattr(step.data, "reason", "") or _("政策到期")
    policy.withdrawn_at, policy.reason = step.at, reason
    policy.save(update_fields=["withdrawn_at", "reason"])
    for measure in policy.measures.all():
        _ended(measure, step, policy.number, reason)
    changed()


@POLICY.effect("stop_measure")
def _stop(step: Step) -> None:
    asked = getattr(step.data, "measure", "")
    measure = Measure.objects.filter(policy=step.docket.id, key=asked).first()
    if measure is None or not measure.versions.filter(state=VersionState.PUBLISHED).exists():
        raise step.refuse(_("这个政策没有公布过“%s”。") % asked, possible=_("措施的编号在它的页上。"))
    _ended(measure, step, Policy.objects.get(docket=step.docket.id).number, getattr(step.data, "reason", ""))
    changed()


def _ended(measure: Measure, step: Step, number: str, reason: str) -> None:
    """A measure is given no longer, from today; what held before stays readable. Its draft goes."""
    measure.versions.filter(state__in=selectors.OPEN).delete()
    rows = list(measure.versions.filter(state=VersionState.PUBLISHED).select_related("measure"))
    end_before(measure, actors.day_of(step.at))
    for row in rows:
        row.refresh_from_db()
        row.state, row.withdrawn_at, row.reason = VersionState.WITHDRAWN, step.at, reason[:300]
        row.save(update_fields=["state", "withdrawn_at", "reason"])
    if rows:
        last = max(rows, key=lambda row: row.number)
        ledger.tell(
            topic=events.MEASURE_WITHDRAWN,
            version=last,
            number=number,
            actor=step.actor,
            at=step.at,
            reason=reason,
        )


def expire(*, at: datetime) -> int:
    """Close policies whose last day is over; gives how many."""
    over = Policy.objects.filter(
        valid_until__lt=actors.day_of(at), docket__state__in=(*IN_FORCE, "reproposed", "rechecked")
    )
    dockets = list(over.values_list("docket", flat=True))
    for docket in dockets:
        kernel.perform(docket, "expire", actor=kernel.SYSTEM, at=at)
    return len(dockets)


@kernel.writing()
def explain_with(*, policy: Policy, medium: str, file: str, actor: kernel.Actor, at: datetime) -> None:
    """Note the file that explains a policy (digest of a stored file; empty: none any more).

    :raises PoliciesError: audio, video or picture without a transcript
    """
    if file and not policy.explained.strip():
        raise PoliciesError(
            _("图解、音频和视频要配文字稿，听不到、看不清的人也要能读。"), possible=_("请先写好“解读”一栏。"),
            code="transcript",
        )  # fmt: skip
    kernel.perform(
        policy.pk, "note", actor=actor, at=at,
        data={"text": _("解读附件：%s") % (Medium(medium).label if file else _("删去"))},
    )  # fmt: skip
    policy.medium, policy.file = medium, file
    policy.save(update_fields=["medium", "file"])
