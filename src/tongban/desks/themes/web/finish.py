"""The wizard's last steps: how results come, the check 核对后提交, and submitting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongban.actors import api as actors
from tongban.desks.cases import api as cases
from tongban.desks.themes import consenting, elsewhere, filling, sharing
from tongban.desks.themes.contracts import FormField, Plan
from tongban.desks.themes.outlook import outlooks
from tongban.desks.themes.submission import (
    DELIVERY_FIELDS,
    DELIVERY_LABELS,
    delivery_errors,
    later_until,
    submit,
    undertaking,
)
from tongban.desks.themes.web import forms, state
from tongban.desks.themes.web.begin import unit_words
from tongban.desks.themes.web.fill import language, onward, ready, tasks_of, today_of
from tongban.desks.themes.web.here import Here
from tongban.desks.themes.web.papers import slots_of
from tongban.kernel.api import Conflict
from tongban.registers.identity.api import ActorRequest, citizen_required

RECEIPT = "/receipts/%s"
"""The permanent address of a receipt (portal)."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def delivery(request: ActorRequest, slug: str) -> HttpResponse:
    """How the results reach the applicant."""
    found = ready(request, slug)
    if isinstance(found, HttpResponse):
        return found
    here, plan = found
    errors: dict[str, str] = {}
    given = here.begun.delivery_to or _usual_address(here)
    chosen = here.begun.delivery or plan.delivery.usual
    if request.method == "POST":
        chosen = request.POST.get("way", "")
        given = {name: request.POST.get(name, "").strip()[:500] for name in DELIVERY_FIELDS}
        here.begun.delivery = chosen if chosen in plan.delivery.ways else ""
        here.begun.delivery_to = given
        here.save()
        errors = (
            delivery_errors(plan, here.begun.asked())
            if here.begun.delivery
            else {"delivery:way": _("请选一种送达方式。")}
        )
        if not errors:
            return onward(here, plan, after="delivery")
    labels = {way.value: str(way.label) for way in cases.DeliveryWay}
    unit = actors.unit_for(department="dsj", region=here.party.region)
    context = {
        **here.frame(5, here.url("tasks")), "plan": plan, "chosen": chosen, "errors": errors, "unit": unit,
        "unit_name": unit_words(unit),
        "ways": [(way, labels[way]) for way in plan.delivery.ways],
        "fields": [
            {"name": name, "label": DELIVERY_LABELS[name], "value": given.get(name, ""), "error": errors.get(f"delivery:{name}", "")}
            for name in DELIVERY_FIELDS
        ],
        "targets": [
            {"text": words, "target": "way-1" if key == "delivery:way" else f"to-{key.partition(':')[2]}"}
            for key, words in errors.items()
        ],
    }  # fmt: skip
    return render(request, "themes/delivery.html", context, status=422 if errors else 200)


def _usual_address(here: Here) -> dict[str, str]:
    facts = actors.party_facts(here.applicant)
    return {"name": facts.name, "phone": facts.phone, "address": facts.address}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def check(request: ActorRequest, slug: str) -> HttpResponse:
    """核对后提交: everything once more with a way to change each, and the one button that sends it."""
    if request.method == "POST":
        earlier = state.receipt_for(request, request.POST.get("key", ""))
        if earlier:
            return redirect(elsewhere.page_of(earlier) or RECEIPT % earlier)
    found = ready(request, slug)
    if isinstance(found, HttpResponse):
        return found
    here, plan = found
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        answer = _send(here, plan)
        if isinstance(answer, HttpResponse):
            return answer
        errors = answer
    left = [task for task in tasks_of(here, plan) if task.left]
    context = {
        **here.frame(6, here.url("tasks")), "plan": plan, "groups": _groups(here, plan), "left": left,
        "slots": slots_of(here, plan, {}), "errors": errors, "key": here.begun.key, **_sending(here, plan),
        "outlooks": () if left else _outlooks(here, plan),
        "consents": _consents(here, plan),
    }  # fmt: skip
    return render(request, "themes/check.html", context, status=422 if errors else 200)


def _consents(here: Here, plan: Plan) -> list[dict[str, object]]:
    """What is agreed to one by one before anything leaves for companies or for another place."""
    given = here.request.POST.getlist("consent")
    place = here.place()
    handed = [elsewhere.consent(place, plan, given=elsewhere.CONSENT in given)] if place else []
    return [*consenting.shown(plan, given), *handed]


def _outlooks(here: Here, plan: Plan) -> tuple[cases.InstantOutlook, ...]:
    """What would be approved at once, what not and why: told before anything is sent."""
    return outlooks(
        plan, here.begun.asked(), applicant=here.applicant, actor=here.request.actor, at=here.at,
        draft=here.begun.key, held=here.held(plan),
    )  # fmt: skip


def _send(here: Here, plan: Plan) -> HttpResponse | list[dict[str, str]]:
    """Submit; gives the way to the receipt, or what is still wrong."""
    if here.request.POST.get("key") != here.begun.key:
        messages.info(here.request, _("这一页是旧的，请再核对一遍。填的都在。"))
        return redirect(here.url("check"))
    if unsaid := consenting.unsaid(plan, here.request.POST.getlist("consent")):
        return [
            {
                "text": f"{_('还没有同意这一项。')}{consenting.without(plan, key)}",
                "target": f"consent-{key}",
                "url": "",
            }
            for key in unsaid
        ]
    if here.begun.place:
        return _hand_over(here, plan)
    try:
        receipt = submit(
            plan, here.begun.asked(), applicant=here.applicant, actor=here.request.actor, at=here.at,
            key=here.begun.key, draft=here.begun.key,
        )  # fmt: skip
    except cases.SubmissionRefused as refused:
        return _errors(here, plan, refused)
    except Conflict:
        here.begun.key = state.Begun(here.slug, here.begun.region).key
        here.save()
        messages.error(
            here.request, _("没提交成功，填的都在。请到“我的”看看是不是已经提交过，没有就再点一次。")
        )
        return redirect(here.url("check"))
    consenting.record(
        plan, applicant=here.applicant, number=receipt.number, actor=here.request.actor, at=here.at
    )
    state.remember_receipt(here.request, here.begun.key, receipt.number)
    state.drop(here.request, here.slug)
    sharing.submitted(here.begun.key, receipt.number, here.at)
    return redirect(RECEIPT % receipt.number)


def _hand_over(here: Here, plan: Plan) -> HttpResponse | list[dict[str, str]]:
    """The same for a place outside the city: to the window that packs it."""
    place = here.place()
    if place is None:
        here.begun.place = ""
        here.save()
        messages.info(here.request, _("那里现在不能转交了，改为在本市办。请再核对一遍。"))
        return redirect(here.url("check"))
    if elsewhere.CONSENT not in here.request.POST.getlist("consent"):
        words = _("还没有同意转交。不同意可以改在本市办。")
        return [{"text": words, "target": f"consent-{elsewhere.CONSENT}", "url": ""}]
    try:
        receipt = elsewhere.submit(
            plan, here.begun.asked(), to=place.region, applicant=here.applicant, actor=here.request.actor, at=here.at,
            key=here.begun.key, draft=here.begun.key,
        )  # fmt: skip
    except cases.SubmissionRefused as refused:
        return _errors(here, plan, refused)
    state.remember_receipt(here.request, here.begun.key, receipt.number)
    state.drop(here.request, here.slug)
    sharing.submitted(here.begun.key, receipt.number, here.at)
    return redirect(elsewhere.page_of(receipt.number))


def _errors(here: Here, plan: Plan, refused: cases.SubmissionRefused) -> list[dict[str, str]]:
    """Words of a refusal, each with the page on which it can be mended."""
    pages = {
        item.key: here.url("form", number)
        for number, group in enumerate(forms.groups_of(plan), start=1)
        for item in group.fields
    }
    found = []
    for key, words in refused.fields.items():
        url = pages.get(key, "")
        if key.startswith("material:") or key == "undertaken":
            url = here.url("materials") + f"#slot-{key.removeprefix('material:')}"
        elif key.startswith("delivery:"):
            url = here.url("delivery")
        found.append({"text": words, "url": url})
    words = " ".join(part for part in (refused.reason, refused.possible) if part)
    return found or [{"text": words, "url": ""}]


def _groups(here: Here, plan: Plan) -> list[dict[str, Any]]:
    """Every group with its rows: label, value, where it may be changed."""
    known = here.known(plan)
    values = filling.complete(plan, here.begun.form, known)
    numbers = {group.name.zh: number for number, group in enumerate(forms.groups_of(plan), start=1)}
    found = []
    for group in plan.form:
        rows = []
        for item in group.fields:
            if item.key not in values or not filling.shows(plan, item, values, today_of(here)):
                continue
            held = known.get(item.key)
            same = held is not None and held.value == values[item.key]
            shown = forms.words_of(item, values[item.key], masked=same or _copied(item, values, known))
            rows.append((item.label.text(language()), shown, _origin(here, item, held, same=same)))
        number = numbers.get(group.name.zh)
        if rows:
            found.append(
                {
                    "name": group.name.text(language()),
                    "rows": rows,
                    "url": here.url("form", number) if number else "",
                }
            )
    return found


def _copied(item: FormField, values: Mapping[str, Any], known: Mapping[str, filling.Known]) -> bool:
    """Whether a value is one that is known under another name: nobody typed it here, so it is masked like that one."""
    for key in (item.copies, item.usual_copies):
        if key in known and values.get(key) == known[key].value == values[item.key]:
            return True
    return False


def _origin(here: Here, item: FormField, held: filling.Known | None, *, same: bool) -> str:
    """Where a value comes from; for one that was corrected what the office says, and why that is wrong."""
    if held is None:
        return ""
    if same:
        return forms.source_words(held)
    if held.kind not in filling.OFFICIAL or held.source == filling.ACCOUNT:
        return ""
    reason = here.begun.reasons().get(item.key, "")
    said = {"old": forms.words_of(item, held.value, masked=True), "source": held.source.text(language())}
    words = _("%(source)s登记的是“%(old)s”，您作了更正") % said
    return _("%(words)s：%(reason)s") % {"words": words, "reason": reason} if reason else words


def _sending(here: Here, plan: Plan) -> dict[str, Any]:
    """How results come, and what is promised."""
    way, given = here.begun.delivery or plan.delivery.usual, here.begun.delivery_to
    slots = slots_of(here, plan, {})
    promised = [slot.name for slot in slots if slot.way in {"later", "commit"}]
    return {
        "way": str(cases.DeliveryWay(way).label),
        "to": "，".join(filter(None, (given.get(name, "") for name in DELIVERY_FIELDS)))
        if way == "courier"
        else "",
        "undertaking": undertaking(promised, until=later_until(plan, here.at)) if promised else "",
    }
