"""Where a reader stands in the wizard: what is offered, for whom, and what has been answered so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.cases.partners.api import PartnerInfo
from tongban.desks.themes import elsewhere, filling, notice, offers, papers
from tongban.desks.themes.contracts import (
    Party,
    PartyKind,
    Plan,
    PlanRefused,
    Question,
    UnknownTheme,
)
from tongban.desks.themes.format import Theme
from tongban.desks.themes.holdings import Holdings, gather
from tongban.desks.themes.planning import SHANGHAI
from tongban.desks.themes.ways import Offer
from tongban.desks.themes.web import state
from tongban.registers.identity.api import ActorRequest, lost_party, party_of

STEPS = 6
"""情况 告知 填写 材料 送达 核对."""


@dataclass(slots=True)
class Here:
    """One request in the wizard. `applicant` is the party's id, empty for visitors."""

    request: ActorRequest
    begun: state.Begun
    offered: offers.Offering
    party: Party
    applicant: str
    at: datetime
    _held: Holdings | None = field(default=None, repr=False)
    _offers: dict[str, tuple[Offer, ...]] = field(default_factory=dict, repr=False)

    @property
    def slug(self) -> str:
        return self.begun.slug

    @property
    def theme(self) -> Theme:
        return self.offered.theme

    def url(self, name: str, *args: object) -> str:
        return reverse(f"themes:{name}", args=(self.slug, *args))

    def save(self) -> None:
        state.save(self.request, self.begun, at=self.at)

    def next_question(self) -> Question | None:
        """:raises PlanRefused: the answers cannot be planned with"""
        return offers.next_question(self.theme, self.begun.answers, party=self.party, at=self.at)

    def plan(self) -> Plan:
        """:raises PlanRefused: likewise"""
        return offers.plan_of(self.offered, self.begun.answers, party=self.party, at=self.at)

    def held(self, plan: Plan) -> Holdings:
        """What is there already for this plan, looked up once a request; for visitors the usual answers only."""
        if self._held is None:
            self._held = (
                gather(
                    plan, applicant=self.applicant, by=self.request.actor, at=self.at, draft=self.begun.key
                )
                if self.applicant
                else Holdings(known=filling.usable(plan))
            )
        return self._held

    def known(self, plan: Plan) -> Mapping[str, filling.Known]:
        """What somebody has given already that the form asks for."""
        return self.held(plan).known

    def offers(self, plan: Plan) -> dict[str, tuple[Offer, ...]]:
        """The ways in which each paper may be met."""
        if not self._offers:
            self._offers = papers.offers_of(plan, applicant=self.applicant, held=self.held(plan))
        return self._offers

    def paper_errors(self, plan: Plan) -> dict[str, str]:
        """What is wrong with the papers so far, by ``material:KEY``."""
        asked = self.begun.asked()
        return papers.errors_of(
            plan, asked.papers, offers=self.offers(plan), held=self.held(plan), undertaken=asked.undertaken,
            at=self.at,
        )  # fmt: skip

    def counts(self, plan: Plan) -> notice.Counts:
        """What is left to type and to bring."""
        today = self.at.astimezone(SHANGHAI).date()
        return notice.counts(plan, self.held(plan), self.offers(plan), today=today)

    def place(self) -> PartnerInfo | None:
        """The place outside the city that decides, where one was chosen."""
        return elsewhere.place(self.slug, self.begun.region, self.begun.place) if self.begun.place else None

    def frame(self, step: int, back: str = "") -> dict[str, object]:
        """What every page of the wizard shows."""
        place = self.place()
        return {
            "place": place.text(get_language() or "") if place else "", "place_unit": place.unit if place else "",
            "here": self, "theme": self.theme, "name": name_of(self.theme), "step": step, "steps": STEPS,
            "back": back, "region_name": region_name(self.party.region),
            "applicant": self._name(),
        }  # fmt: skip

    def _name(self) -> str:
        """The applicant's; the name of who is at the screen is known already."""
        actor = self.request.actor
        if not self.applicant or self.applicant == actor.id:
            return actor.name if self.applicant else ""
        return actors.party_name(self.applicant)


def name_of(theme: Theme) -> str:
    """Name of a theme in the reader's language."""
    return (theme.name_en or theme.name) if (get_language() or "").startswith("en") else theme.name


def region_name(code: str) -> str:
    try:
        found = actors.region(code)
    except actors.NotKnownError:
        return code
    return (found.name_en or found.name) if (get_language() or "").startswith("en") else found.name


def regions() -> list[actors.RegionInfo]:
    """Divisions for which one may apply: the counties of the city."""
    return actors.regions_below(settings.ROOT_REGION) or [actors.region(settings.ROOT_REGION)]


def county_of(region: str) -> str:
    """The county in which a division lies; the first of the city when it lies elsewhere."""
    known = [one.code for one in regions()]
    return next((code for code in actors.region_chain(region) if code in known), known[0])


def usual_region(request: ActorRequest) -> str:
    """Where somebody most likely applies: the county in the URL, of the applicant, or the first."""
    given = request.GET.get("region", "")
    if given and actors.region_chain(given.ljust(12, "0")):
        return county_of(given.ljust(12, "0"))
    return county_of(request.actor.region) if request.actor.region else regions()[0].code


def applicant_of(request: ActorRequest) -> str:
    """Id of the party in whose name a citizen asks now; empty for everybody else."""
    return party_of(request)


def kind_of(applicant: str) -> PartyKind:
    return "organisation" if applicant.startswith("organisation:") else "person"


def offered(slug: str, region: str, version: int | None = None) -> offers.Offering:
    """:raises Http404: nothing is offered under this name; says what is"""
    try:
        return offers.offer(slug, region, version)
    except UnknownTheme as error:
        raise Http404(error.says.text(get_language() or "")) from error


def find(request: ActorRequest, slug: str) -> Here | HttpResponse:
    """Where the reader stands; or the way to the start when nothing was begun.

    :raises Http404: nothing is offered under this name
    """
    at = timezone.now()
    if lost_party(request):  # the page of hats says why, and what is possible
        return redirect("identity:act-for")
    begun = state.load(request, slug, at=at)
    if begun is None:
        offered(slug, usual_region(request))  # else it is not found
        messages.info(request, _("请从这里开始。填过的每一步都会保存。"))
        return redirect("themes:start", slug)
    applicant = applicant_of(request)
    party = Party(kind_of(applicant) if applicant else begun.party, begun.region)
    return Here(request, begun, offered(slug, begun.region, begun.version), party, applicant, at)


def planned(here: Here) -> Plan | HttpResponse:
    """The plan; or the page that says why there is none, or the question that is still open."""
    try:
        return here.plan()
    except PlanRefused as refused:
        return refusal(here, refused)


def refusal(here: Here, refused: PlanRefused) -> HttpResponse:
    """Open or wrong answers lead to their question; who cannot be helped is told on a page of its own."""
    if refused.reason in {"unanswered", "wrong_answer"} and here.theme.question(refused.question):
        return redirect("themes:question", here.slug, refused.question)
    if refused.reason == "unknown_question":  # answers of an older version
        here.begun.answers = {
            key: value for key, value in here.begun.answers.items() if here.theme.question(key)
        }
        here.save()
        return redirect("themes:start", here.slug)
    return cannot(here, refused)


def cannot(here: Here, refused: PlanRefused) -> HttpResponse:
    answered = [question for question in here.theme.questions if question.key in here.begun.answers]
    back = here.url("question", answered[-1].key) if answered else here.url("start")
    context = {
        **here.frame(1, back), "says": refused.says.text(get_language() or ""),
        "other_party": refused.reason == "wrong_party", "answered": answered,
    }  # fmt: skip
    return render(here.request, "themes/cannot.html", context, status=422)
