"""Who applies for something in a year: one-thing applications, cases for other places, licences shown, what they say of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.cases import api as cases
from tongban.desks.cases.partners import api as partners
from tongban.desks.themes import api as themes
from tongban.desks.themes.demo.applying import example_of, for_another
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket
from tongban.oversight.appraisal import api as appraisal
from tongban.oversight.appraisal.api import Level, Tag
from tongban.registers.catalogue import api as catalogue
from tongban.registers.licences import api as licences
from tongban.year.contracts import YearError
from tongban.year.driving.stage import Cast, moment
from tongban.year.planning.plan import Plan, Stroke
from tongban.year.planning.quotas import number_of

FRONT_DESK: Final = "dsj"
AT_WINDOW, SHOWN, SAID = 10 * 60 + 15, 11 * 60, 20 * 60
OPEN, CLOSED = 7 * 60, 22 * 60
"""Between which one applies over the network."""
TRIES: Final = 40
MATTERS, LISTED, PAPERS = 12, 100, 5
"""So many matters are handed over to other places, the first with few papers of a list."""
CHANNELS: Final = ("web", "web", "mobile", "mobile", "mobile", "mobile", "kiosk")
HEARD_BY: Final = ("web", "mobile", "mobile", "mobile", "window")
CONTENT: Final = (Level.VERY_SATISFIED,) * 7 + (Level.SATISFIED,) * 2 + (Level.FAIR,)
TAGS: Final = ((Tag.FAST,), (Tag.FEW_TRIPS,), (Tag.CLEAR, Tag.KIND), ())
LONGEST: Final = timedelta(days=60)
"""After which nobody is asked any more what it was like."""
CARD: Final = "id-card"
LIST: Final = "cross_province"


class Casework:
    """Applies, hands over, shows and evaluates, as the plan says how many."""

    def __init__(self, plan: Plan, cast: Cast) -> None:
        self._plan, self._cast, self._people = plan, cast, plan.city.people
        self._themes: list[str] = []
        self._patterns: dict[str, list[cases.Submission]] = {}
        self._cards: dict[str, str] = {}

    def _dice(self, *words: object) -> int:
        return number_of(self._plan.seed, *words)

    # One-thing applications

    def apply(self, stroke: Stroke, day: date) -> int:
        """The day's applications, each by a resident for a theme that helps in such a case; where there are no themes, none."""
        self._themes = self._themes or sorted(card.code for card in themes.published(settings.ROOT_REGION))
        if not self._themes:
            return 0
        for number in range(stroke.first, stroke.first + stroke.count):
            asked, at = self._asked(number, day)
            who = actors.actor(actor_id=asked.applicant, at=at)
            cases.submit(asked, actor=who, at=at, key=f"year-{self._plan.profile.slug}-{number}")
        return stroke.count

    def _asked(self, number: int, day: date) -> tuple[cases.Submission, datetime]:
        for attempt in range(TRIES):
            dice = self._dice("apply", number, attempt)
            at = moment(day, OPEN + (dice >> 40) % (CLOSED - OPEN))
            person = self._people[dice % len(self._people)]
            own = person.replace("person", "organisation")
            for applicant in (person,) if actors.party_name(own) == own else (own, person):
                made = example_of(
                    self._themes[(dice >> 16) % len(self._themes)], number=dice >> 32, applicant=applicant,
                    region=actors.party_facts(person).region, at=at, channel=CHANNELS[(dice >> 8) % len(CHANNELS)],
                )  # fmt: skip
                if made is not None:
                    return made, at
        raise YearError(_("试了%d次，没有一件能申报的一件事。") % TRIES)

    # Cases for other places

    def cross(self, stroke: Stroke, day: date) -> int:
        """The day's cases for places outside, taken by the windows in a pile each; where nothing is listed for them, none."""
        if not catalogue.on_list(LIST, settings.ROOT_REGION, top=1):
            return 0
        at = moment(day, AT_WINDOW)
        places = [one for one in partners.partners() if one.plugin.endswith(".Demo")]
        counties = [one.code for one in actors.regions_below(settings.ROOT_REGION)]
        piles: dict[tuple[str, str], list[cases.Submission]] = {}
        for number in range(stroke.first, stroke.first + stroke.count):
            dice = self._dice("cross", number)
            county = counties[dice % len(counties)]
            patterns = self._patterns_of(county, at)
            place = places[(dice >> 8) % len(places)].region
            who = self._people[(dice >> 16) % len(self._people)]
            made = for_another(patterns[(dice >> 32) % len(patterns)], applicant=who)
            piles.setdefault((county, place), []).append(made)
        for (county, place), pile in piles.items():
            desk = actors.unit_for(department=FRONT_DESK, region=county)
            window = self._cast.of(Role.WINDOW.value, desk.id if desk else "")
            if window is None:
                raise YearError(_("%s没有收件窗口。") % county)
            key = f"year-{self._plan.profile.slug}-{day.isoformat()}-{county}-{place}"
            partners.hand_over_many(
                pile, to=place, consented=True, actor=window, at=at, key=key, mode=partners.Mode.RELAY.value
            )
        return stroke.count

    def _patterns_of(self, county: str, at: datetime) -> list[cases.Submission]:
        """What is handed over from a county: one of each matter; made once."""
        if county not in self._patterns:
            found = list(islice(self._possible(county, at), MATTERS))
            if not found:
                raise YearError(_("%s没有能跨省通办的事项。") % county)
            self._patterns[county] = found
        return self._patterns[county]

    def _possible(self, county: str, at: datetime) -> Iterator[cases.Submission]:
        """Of listed matters those with few papers, all of which are there at once."""
        who = self._people[0]
        for one in catalogue.on_list(LIST, county, top=LISTED):
            made = example_of(
                f"matter-{one.code}", number=0, applicant=who, region=county, at=at, channel="window"
            )
            ways = [paper.way for paper in made.materials] if made else []
            if made and len(ways) <= PAPERS and not {"later", "commit"} & {*ways}:
                yield made

    # Licences shown

    def show(self, stroke: Stroke, day: date) -> int:
        """Identity cards that officers looked at on the day."""
        at = moment(day, SHOWN)
        windows = [self._window(one.code) for one in actors.regions_below(settings.ROOT_REGION)]
        able = [one for one in windows if one is not None]
        for number in range(stroke.first, stroke.first + stroke.count):
            dice = self._dice("use", number)
            card = self._card(self._people[dice % len(self._people)], at)
            licences.note_use(
                identifier=card, by=able[(dice >> 16) % len(able)], purpose="窗口核验身份", at=at
            )
        return stroke.count

    def _window(self, county: str) -> kernel.Actor | None:
        desk = actors.unit_for(department=FRONT_DESK, region=county)
        return self._cast.of(Role.WINDOW.value, desk.id) if desk else None

    def _card(self, person: str, at: datetime) -> str:
        """The identity card of a resident, issued when it is first shown."""
        if person not in self._cards:
            police = actors.unit_for(department="gaj", region=actors.party_facts(person).region)
            made = licences.issue(
                kind=CARD, holder=person, unit=police.id if police else "", fields={}, actor=kernel.SYSTEM, at=at,
                key=f"year-{CARD}-{person}",
            )  # fmt: skip
            self._cards[person] = made.identifier
        return self._cards[person]

    # What they say of it

    def evaluate(self, day: date) -> int:
        """What those say whose application came to its end on the day before."""
        assumed, said = self._plan.profile.assumed, 0
        since = moment(day, 0) - timedelta(days=1)
        over = Docket.objects.filter(
            kind="application", opened_at__gte=since - LONGEST, closed_at__gte=since, closed_at__lt=moment(day, 0),
            outcome__in=("delivered", "declined"),
        )  # fmt: skip
        people = {*self._people, *(one.replace("person", "organisation") for one in self._people)}
        for row in over.order_by("id"):
            dice = self._dice("evaluate", row.number)
            if row.applicant not in people or dice % 1000 >= assumed.reviewed * 1000:
                continue
            at = moment(day, SAID)
            bad = (dice >> 16) % 1000 < assumed.badly * 1000
            level = Level.DISSATISFIED if bad else CONTENT[(dice >> 32) % len(CONTENT)]
            tags = (Tag.SLOW,) if bad else TAGS[(dice >> 40) % len(TAGS)] if level != Level.FAIR else ()
            who = actors.actor(actor_id=row.applicant, at=at)
            channel = HEARD_BY[(dice >> 48) % len(HEARD_BY)]
            appraisal.evaluate(number=row.number, level=level, tags=tags, actor=who, at=at, channel=channel)
            said += 1
        return said
