"""`POST /api/v1/applications`: submit a theme or a single matter, once, for all departments."""

from __future__ import annotations

from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from pydantic import ConfigDict, StringConstraints

from tongban.desks.cases import api as cases
from tongban.desks.cases.contracts import Issued
from tongban.desks.themes import consenting, offers, submission
from tongban.desks.themes.contracts import Party, Plan
from tongban.desks.themes.papers import Paper
from tongban.kernel import api as kernel
from tongban.kernel.once import first_answer, once
from tongban.kernel.web.rest import IdempotencyKey, acting
from tongban.kernel.web.rest_files import handed_in
from tongban.registers.identity import api as identity
from tongban.registers.identity.rest_auth import signed_in
from tongban.web.problems import Refusal, explain

router = Router(tags=["applications"])
Word = Annotated[str, StringConstraints(max_length=80)]
Value = str | bool | int | float | None
SCOPE = "rest:applications"


class FileIn(Schema):
    """A file handed in before at `/files`, and the name to keep it under."""

    model_config = ConfigDict(extra="forbid")

    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    name: str = Field("", max_length=200)


class MaterialIn(Schema):
    """How a paper is met: known, form, earlier, upload, later (容缺), commit (告知承诺) or none. A paper that is left
    out is met in the way that asks nothing of the applicant, if there is one.
    """

    model_config = ConfigDict(extra="forbid")

    way: str = Field(max_length=10)
    files: list[FileIn] = Field(default=[], max_length=20)
    licence: str = Field("", max_length=120, description="known: identifier of the licence meant, GB/T 36904")


class CorrectionIn(Schema):
    """Why a known value was changed in `form`, with files that prove it."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1, max_length=500)
    files: list[FileIn] = Field(default=[], max_length=5)


class ApplicationIn(Schema):
    """Everything that one submission says. `theme` or `matter` (a basic code), not both."""

    model_config = ConfigDict(extra="forbid")

    theme: str = Field("", max_length=64)
    matter: str = Field("", max_length=64)
    version: int | None = Field(None, ge=1, le=10**6, description="of the theme that the plan was made of")
    region: str = Field(default_factory=lambda: settings.ROOT_REGION, pattern=r"^[0-9]{12}$")
    applicant: Word = Field("", description="person:7 or organisation:3 when acting for another")
    answers: dict[Word, str | bool | int | float] = {}
    form: dict[Word, Value] = Field({}, description="by key of the data element")
    materials: dict[Word, MaterialIn] = Field({}, description="by key of the paper")
    corrections: dict[Word, CorrectionIn] = Field({}, description="by key of the data element")
    delivery: str = Field("", max_length=16)
    delivery_to: dict[Word, Annotated[str, StringConstraints(max_length=300)]] = {}
    undertaken: bool = Field(False, description="the undertaking was read and agreed to")
    consents: list[Word] = Field(
        [], max_length=20, description="keys of the consents that the applicant gave (个人信息保护法 23)"
    )


class SubmittedOut(Schema):
    """The receipt: the number to follow it by, those of the department cases, and what was issued at once 秒批."""

    number: str
    cases: list[str]
    licences: list[Issued] = Field(description="issued by now, with the way to each sealed PDF")
    replayed: bool = Field(description="an earlier call with this key; nothing was done again")


explain(
    cases.SubmissionRefused,
    lambda error: Refusal(422, "submission", error.reason, possible=error.possible, fields=error.fields),
)


@router.post(
    "/applications",
    response=SubmittedOut,
    auth=signed_in,
    summary="提交一件事 · submit one thing for all departments",
)
def submit(request: HttpRequest, asked: ApplicationIn, key: IdempotencyKey) -> dict[str, Any]:
    """One application, a case per department, all or nothing. The plan is made anew at this instant."""
    actor, now = acting(request), timezone.now()
    content = asked.model_dump(mode="json")
    found = first_answer(scope=SCOPE, actor=actor.id, key=key, content=content)
    if found is not None:
        return _told(found, actor, replayed=True)
    slug = _slug(asked)
    applicant = _applicant(asked, actor)
    party = Party("organisation" if applicant.startswith("organisation:") else "person", asked.region)
    plan = offers.plan_for(slug, asked.answers, party=party, at=now, version=asked.version)
    _refuse_foreign_files(asked, actor.id)
    _refuse_without_consent(asked, plan)
    made = submission.prepare(
        plan, _asked(asked), applicant=applicant, actor=actor, at=now, channel="api"
    )  # read before the write lock is taken

    def work() -> dict[str, Any]:
        receipt = cases.submit(made, actor=actor, at=now)
        consenting.record(plan, applicant=applicant, number=receipt.number, actor=actor, at=now)
        return {"number": receipt.number, "cases": list(receipt.cases)}

    receipt, replayed = once(work, scope=SCOPE, actor=actor.id, key=key, content=content, at=now)
    return _told(receipt, actor, replayed=replayed)


def _told(receipt: dict[str, Any], actor: kernel.Actor, *, replayed: bool) -> dict[str, Any]:
    """The receipt with the licences that there are by now."""
    row = kernel.docket(receipt["number"], actor=actor)
    return {**receipt, "licences": cases.issued(row.id), "replayed": replayed}


def _slug(asked: ApplicationIn) -> str:
    if bool(asked.theme) == bool(asked.matter):
        words = _("theme和matter要给出其中一个。")
        raise Refusal(422, "invalid", words, fields={"theme": words, "matter": words})
    return asked.theme or offers.PREFIX + asked.matter


def _applicant(asked: ApplicationIn, actor: Any) -> str:
    allowed = identity.parties_open_to(actor)
    applicant = asked.applicant or (allowed[0] if allowed else "")
    if not allowed or applicant not in allowed:
        words = _("您不能以这个名义办事。")
        possible = allowed or [_("办事请用个人或法人账号。")]
        raise Refusal(403, "not_permitted", words, possible=possible, fields={"applicant": words})
    return str(applicant)


def _refuse_without_consent(asked: ApplicationIn, plan: Plan) -> None:
    unsaid = consenting.unsaid(plan, asked.consents)
    if unsaid:
        fields = {f"consent:{key}": consenting.without(plan, key) for key in unsaid}
        raise Refusal(
            422,
            "consent",
            _("要本人单独同意才能提供给政府以外的单位。"),
            possible=_("征得同意后在consents里写明。"),
            fields=fields,
        )


def _refuse_foreign_files(asked: ApplicationIn, actor: str) -> None:
    named = [(f"material:{key}", one.digest) for key, paper in asked.materials.items() for one in paper.files]
    named += [(key, one.digest) for key, fix in asked.corrections.items() for one in fix.files]
    known = handed_in([digest for _key, digest in named], actor=actor)
    fields = {key: _("请重新上传。") for key, digest in named if digest not in known}
    if fields:
        possible = _("先用 POST /api/v1/files 上传，再写上它给的digest。")
        raise Refusal(
            422, "no_file", _("有%d份文件没有上传过。") % len(fields), possible=possible, fields=fields
        )


def _asked(asked: ApplicationIn) -> submission.Asked:
    papers = {
        key: Paper(paper.way, tuple((file.digest, file.name) for file in paper.files), paper.licence)
        for key, paper in asked.materials.items()
    }
    fixes = {
        key: submission.Fix(fix.reason, tuple((file.digest, file.name) for file in fix.files))
        for key, fix in asked.corrections.items()
    }
    return submission.Asked(
        form=asked.form, papers=papers, delivery=asked.delivery, delivery_to=asked.delivery_to,
        undertaken=asked.undertaken, fixes=fixes,
    )  # fmt: skip
