"""The wizard's materials: one slot a paper, by the easiest way first; files are kept as they come."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongban.desks.themes.contracts import Plan, PlannedMaterial
from tongban.desks.themes.papers import PROMISES
from tongban.desks.themes.submission import later_until, undertaking
from tongban.desks.themes.ways import OF_ITSELF, Offer, offer_words, trouble_words, usual
from tongban.desks.themes.web.begin import away
from tongban.desks.themes.web.fill import language, onward, ready
from tongban.desks.themes.web.here import Here
from tongban.kernel.files.errors import FileGoneError, UploadError
from tongban.kernel.files.models import StoredFile
from tongban.kernel.files.services import clean_name, store
from tongban.kernel.files.serving import serve
from tongban.registers.identity.api import ActorRequest, citizen_required
from tongban.web.formats import long_date

MOST_FILES = 20
"""Files of one paper."""


@dataclass(slots=True)
class PaperSlot:
    """One paper as its slot shows it. `ways` are (value, label)."""

    key: str
    name: str
    material: PlannedMaterial
    ways: list[tuple[str, str]]
    way: str
    files: list[dict[str, Any]] = field(default_factory=list)
    error: str = ""
    used_by: list[str] = field(default_factory=list)
    trouble: str = ""
    queued: bool = False

    @property
    def done(self) -> bool:
        return bool(self.way) and (self.way != "upload" or bool(self.files))

    @property
    def folds(self) -> bool:
        """Whether the other ways are folded away: nothing is asked of the applicant."""
        return self.way in OF_ITSELF and not self.error


def way_words(plan: Plan, here: Here) -> dict[str, str]:
    """The ways in words that say what follows; those that point to something are told by `offer_words`."""
    until = long_date(later_until(plan, here.at))
    return {
        "upload": _("拍照或选文件上传"),
        "later": _("稍后补（容缺）：先办，%(day)s前补上") % {"day": until},
        "commit": _("签承诺代替（告知承诺）：先批后查"),
        "none": _("这次不交（选交）"),
    }


def slots_of(here: Here, plan: Plan, errors: dict[str, str]) -> list[PaperSlot]:
    words, names = (
        way_words(plan, here),
        {matter.code: matter.name.text(language()) for matter in plan.matters},
    )
    found, troubles = [], here.held(plan).troubles
    for material in plan.materials:
        if not material.brought:
            continue
        given = here.begun.papers.get(material.key, {})
        offers = here.offers(plan)[material.key]
        trouble = troubles.get(material.key)
        name = material.name.text(language())
        way = _way(given, offers)
        found.append(
            PaperSlot(
                key=material.key,
                name=name,
                material=material,
                ways=[(one.way, words.get(one.way) or offer_words(one)) for one in offers],
                way=way,
                files=[
                    {**one, "url": here.url("paper", material.key, one["digest"])}
                    for one in given.get("files", ())
                ],
                error=errors.get(f"material:{material.key}", ""),
                used_by=[names[code] for code in material.used_by],
                trouble=trouble_words(trouble, name) if trouble else "",
                queued=any(one.queued for one in offers if one.way == way),
            )
        )
    return found


def _way(given: dict[str, Any], offers: tuple[Offer, ...]) -> str:
    """The way chosen, if it is still offered; else the one that asks nothing."""
    ways = [one.way for one in offers]
    if given.get("way") in ways:
        return str(given["way"])
    taken = usual(offers)
    return taken.way if taken else "upload" if ways == ["upload"] else ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def materials(request: ActorRequest, slug: str) -> HttpResponse:
    """All papers, one slot each. Good files are kept even when another one is refused."""
    found = ready(request, slug)
    if isinstance(found, HttpResponse):
        return found
    here, plan = found
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _take(here, plan, request)
        here.save()
        removing = "remove" in request.POST
        if not errors and not removing and "pause" not in request.POST:
            errors = here.paper_errors(plan)
        if removing and not errors:
            return redirect(f"{request.path}#slot-{request.POST['remove'].partition(':')[0]}")
        if not errors:
            return (
                redirect(here.url("tasks"))
                if "pause" in request.POST
                else onward(here, plan, after="materials")
            )
    slots = slots_of(here, plan, errors)
    chosen = [slot.name for slot in slots if slot.way in PROMISES]
    context = {
        **here.frame(4, here.url("tasks")), "plan": plan, "slots": slots, "errors": errors,
        "made": [
            (paper.name.text(language()), plan.matter(paper.given_by).name.text(language()))
            for paper in plan.materials if paper.given_by
        ],
        "promises": any(
            way in PROMISES for slot in slots if not slot.folds for way, _label in slot.ways
        ),
        "undertaking": undertaking(chosen or [_("上面选了稍后补或签承诺的材料")], until=later_until(plan, here.at)),
        "targets": _targets(slots, errors), "unavailable": away(here, plan),
        "left": sum(1 for slot in slots if not slot.done and slot.material.necessity != "2"),
    }  # fmt: skip
    return render(request, "themes/materials.html", context, status=422 if errors else 200)


def _targets(slots: list[PaperSlot], errors: dict[str, str]) -> list[dict[str, str]]:
    """Errors in the order of the page, with the control each belongs to."""
    found = []
    for slot in slots:
        if slot.error:
            single = len(slot.ways) == 1
            found.append(
                {"text": slot.error, "target": f"file-{slot.key}" if single else f"way-{slot.key}-1"}
            )
    if "undertaken" in errors:
        found.append({"text": errors["undertaken"], "target": "undertaken"})
    return found


def _take(here: Here, plan: Plan, request: ActorRequest) -> dict[str, str]:
    """Take over ways and files; gives the words for what could not be taken."""
    errors: dict[str, str] = {}
    remove_key, _colon, remove_digest = request.POST.get("remove", "").partition(":")
    for material in plan.materials:
        if not material.brought:
            continue
        key, ways = material.key, [one.way for one in here.offers(plan)[material.key]]
        given = here.begun.papers.setdefault(key, {"way": "", "files": []})
        way = request.POST.get(f"way-{key}", given["way"])
        given["way"] = way if way in ways else ""
        if key == remove_key:
            given["files"] = [one for one in given["files"] if one["digest"] != remove_digest]
        for upload in request.FILES.getlist(key):
            given["way"] = "upload"
            try:
                _add(given, upload, here)
            except UploadError as error:
                errors[f"material:{key}"] = _("%(name)s：%(reason)s") % {
                    "name": clean_name(upload.name or ""), "reason": error.message,
                }  # fmt: skip
        if not given["way"] and ways == ["upload"] and given["files"]:
            given["way"] = "upload"
        if not given["way"] and not given["files"]:
            here.begun.papers.pop(key)
    here.begun.undertaken = request.POST.get("undertaken") == "on"
    return errors


def _add(given: dict[str, Any], upload: Any, here: Here) -> None:
    if len(given["files"]) >= MOST_FILES:
        raise UploadError("many", _("一份材料最多%d个文件，请合并后再传。") % MOST_FILES)
    stored = store(content=upload, name=upload.name or "", at=here.at)
    if all(one["digest"] != stored.digest for one in given["files"]):
        given["files"].append(
            {"digest": stored.digest, "name": clean_name(upload.name or ""), "size": stored.size}
        )


@never_cache
@require_safe
@citizen_required
def paper(request: ActorRequest, slug: str, key: str, digest: str) -> HttpResponseBase:
    """A file of one's own unfinished application, to look at."""
    found = ready(request, slug)
    if isinstance(found, HttpResponse):
        return found
    files = found[0].begun.papers.get(key, {}).get("files", ())
    given = next((one for one in files if one["digest"] == digest), None)
    row = StoredFile.objects.filter(digest=digest).first() if given else None
    if given is None or row is None:
        raise Http404(_("没有这个文件，可能已经删掉。"))
    try:
        return serve(file=row, name=given["name"])
    except FileGoneError as error:
        raise Http404(_("文件暂时取不到，请重新上传。")) from error
