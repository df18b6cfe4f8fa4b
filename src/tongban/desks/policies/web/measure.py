"""`/work/policies/<number>/measures/…`: the editor of a measure, its live numbers, and two versions side by side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as banners
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.actors import api as actors
from tongban.desks.policies import (
    access,
    checking,
    comparing,
    counting,
    readiness,
    reading,
    selectors,
    services,
    trying,
)
from tongban.desks.policies.contracts import PoliciesError
from tongban.desks.policies.editing.saying import amount_words
from tongban.desks.policies.models import Measure, Policy, Version
from tongban.desks.policies.web import words
from tongban.desks.policies.web.desk import Desk, opened, posted_desk
from tongban.desks.policies.web.finding import policy_of
from tongban.desks.policies.wording import Wording
from tongban.kernel import api as kernel
from tongban.kernel.rules.errors import RuleError
from tongban.registers.identity.api import ActorRequest, officer_required
from tongban.registers.portraits import api as portraits

NEW = "new"


def _measure(policy: Policy, key: str) -> Measure | None:
    if key == NEW:
        return None
    found = Measure.objects.filter(policy=policy, key=key).first()
    if found is None:
        raise Http404(_("没有这项措施。"))
    return found


def _writable(policy: Policy, row: kernel.DocketRow, actor: kernel.Actor) -> bool:
    del policy
    return row.state in services.WRITING and access.editor(actor, row) is not None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*access.CHECKERS)
def measure(request: ActorRequest, number: str, key: str) -> HttpResponseBase:
    """Write a measure, or read it where one may not write. Every button of the builder posts the whole form."""
    policy, row = policy_of(request, number)
    found, at = _measure(policy, key), timezone.now()
    if not _writable(policy, row, request.actor):
        if found is None:
            raise Http404(_("这个政策现在不能加措施。"))
        return _read(request, policy, found)
    if request.method != "POST":
        desk = opened(policy, found, at=at, said=_article(policy, request.GET.get("article", "")))
        return _page(request, desk, status=200)
    desk = posted_desk(policy, found, request.POST, at=at)
    if request.POST.get("act", "") != "save":
        return _page(request, desk, status=200)
    if desk.terms is not None and not desk.faults():
        try:
            version = services.draft(
                policy=policy, terms=desk.terms.kept() | {"key": found.key if found else ""},
                begins=desk.form.cleaned_data["begins"], actor=request.actor, at=at,
            )  # fmt: skip
        except (PoliciesError, kernel.MoveRefused) as error:
            desk.refused.append(str(error))
        else:
            banners.success(request, _("已存草稿。"))
            return redirect("policies:measure", policy.number, version.measure.key)
    return _page(request, desk, status=422)


def _article(policy: Policy, name: str) -> dict[str, str]:
    """What the article of the text says, as the beginning of a measure."""
    for article in reading.articles(policy.text):
        if name and article.name == name:
            first = article.text.replace("\n", "")
            return {"article": name, "says": first[:400], "title": first.split("。")[0].split("，")[0][:60]}
    return {}


def _page(request: ActorRequest, desk: Desk, *, status: int) -> HttpResponse:
    faults = desk.faults() if desk.begun else []
    context: dict[str, Any] = {
        "desk": desk, "policy": desk.policy, "measure": desk.measure, "form": desk.form,
        "faults": faults, "who": desk.shower().part(desk.condition), "howmuch": desk.sum_shower().sum(desk.amount),
        "examples": _examples(desk), "articles": reading.articles(desk.policy.text),
        "key": desk.measure.key if desk.measure else NEW, "names": words.FORM, **_numbers(desk),
    }  # fmt: skip
    return render(request, "policies/measure.html", context, status=status)


def _examples(desk: Desk) -> list[dict[str, Any]]:
    shower, reads = desk.shower(), desk.reads()
    return [
        {
            "draft": draft, "fields": shower.example(draft, reads), "fault": said,
            "came": checking.result_words(tried.standing, tried.fen) if tried else "", "good": bool(tried and tried.expected),
            "lacking": [
                (key, desk.infos[key].name_in(get_language() or "zh"), key in draft.missing)
                for key in (tried.missing if tried else draft.missing)
                if key in desk.infos
            ],
            "expects": [(one, label, one == draft.expect) for one, label in words.EXPECTED],
        }
        for draft, tried, said in desk.tried()
    ]  # fmt: skip


def _numbers(desk: Desk) -> dict[str, Any]:
    return {
        "numbers": desk.numbers, "findings": desk.findings(), "compared": desk.compared(),
        "published": desk.published, "condition_words": Wording(desk.infos).say(desk.whole.rule) if desk.whole else "",
        "partly": desk.counted is not desk.loaded,
    }  # fmt: skip


@never_cache
@require_POST
@officer_required(*access.EDITORS)
def numbers(request: ActorRequest, number: str, key: str) -> HttpResponse:
    """The fragment beside the form: counts, findings and the comparison for what is typed now."""
    policy, row = policy_of(request, number)
    if not _writable(policy, row, request.actor):
        raise Http404
    desk = posted_desk(policy, _measure(policy, key), request.POST, at=timezone.now())
    context = {"policy": policy, "measure": desk.measure, "desk": desk, **_numbers(desk)}
    return render(request, "policies/_numbers.html", context)


@never_cache
@require_POST
@officer_required(*access.EDITORS)
def forget(request: ActorRequest, number: str, key: str) -> HttpResponse:
    """Throw the draft of a measure away."""
    policy, _row = policy_of(request, number)
    try:
        services.forget(policy=policy, key=key, actor=request.actor, at=timezone.now())
    except (PoliciesError, kernel.MoveRefused) as error:
        banners.error(request, str(error))
    else:
        banners.success(request, _("草稿已删去。"))
    return redirect("policies:work-policy", policy.number)


def _read(request: ActorRequest, policy: Policy, measure: Measure) -> HttpResponse:
    """A measure as it stands, for whoever checks it or may not write."""
    at = timezone.now()
    versions = list(measure.versions.order_by("-number"))
    try:
        number = int(request.GET.get("version", "0"))
    except ValueError:
        raise Http404 from None
    version = next((one for one in versions if one.number == number or not number), None)
    if version is None:
        raise Http404(_("没有这一版。"))
    terms = selectors.terms_of(version)
    context: dict[str, Any] = {
        "policy": policy, "measure": measure, "version": version, "terms": terms, "versions": versions,
        "said": words.terms_said(terms), "broken": "", **_standing(version, at),
    }  # fmt: skip
    return render(request, "policies/measure_read.html", context)


def _standing(version: Version, at: Any) -> dict[str, Any]:
    terms = selectors.terms_of(version)
    infos = portraits.elements(terms.party)
    try:
        ready = trying.load(terms.condition, terms.amount, elements=portraits.rule_elements(terms.party))
        whole = trying.kept_to(ready, region=version.measure.policy.region, party=terms.party)
    except RuleError as error:
        return {"broken": str(error)}
    wording = Wording(infos)
    counted = counting.numbers(whole, party=terms.party, at=at)
    found = [
        *readiness.findings(version, on=actors.day_of(at)), *comparing.meeting(terms, whole, at=at),
        *counting.findings(counted, pays_by_itself=terms.way == "none" and terms.amount is not None),
    ]  # fmt: skip
    return {
        "condition_words": wording.say(whole.rule), "numbers": counted, "findings": found,
        "amount_words": amount_words(terms.amount, infos),
        "tried": [
            (one.example, checking.result_words(one.standing, one.fen), one.expected)
            for one in trying.try_examples(terms, ready, elements=portraits.rule_elements(terms.party))
            if isinstance(one, trying.Tried)
        ],
    }  # fmt: skip


@never_cache
@require_safe
@officer_required(*access.CHECKERS)
def compare(request: ActorRequest, number: str, key: str) -> HttpResponse:
    """`?before=1&after=2`: who gains, who loses, how much money; by default the newest beside the one before it."""
    policy, _row = policy_of(request, number)
    found = _measure(policy, key)
    versions = {one.number: one for one in found.versions.all()} if found else {}
    if found is None or len(versions) < 2:
        raise Http404(_("这项措施只有一版，没有可比的。"))
    try:
        after = int(request.GET.get("after") or max(versions))
        before = int(request.GET.get("before") or max((one for one in versions if one < after), default=0))
        old, new = versions[before], versions[after]
    except (KeyError, ValueError):
        raise Http404(_("没有这一版。")) from None
    both = selectors.terms_of(old), selectors.terms_of(new)
    context = {
        "policy": policy, "measure": found, "old": old, "new": new, "versions": sorted(versions),
        "compared": comparing.compare(*both, region=policy.region, at=timezone.now()), "terms": both[1],
    }  # fmt: skip
    return render(request, "policies/compare.html", context)
