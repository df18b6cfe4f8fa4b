"""Who acts in the tests of the cases desk, and a restaurant to open."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from tongban.actors.api import Role
from tongban.desks.cases.api import CaseAsked, Evidence, MaterialGiven, Submission, SurveyAsked
from tongban.kernel import api as kernel

IDENTITY = Evidence("shared", "population:id-card@2026-11-01", "人口库：身份信息")

DISTRICT = "421202000000"
HALL = "421202-dsj"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


MONDAY = at("2026-11-09 10:00")
CITIZEN = kernel.Actor("person:1", parties=frozenset({"person:1"}))


def officer(unit: str, *roles: Role, number: int = 100) -> kernel.Actor:
    grants = frozenset(kernel.Grant(role.value, unit) for role in roles)
    return kernel.Actor(f"officer:{number}", unit=unit, region=DISTRICT, grants=grants)


WINDOW = officer(HALL, Role.WINDOW, number=1)
SUPERVISOR = kernel.Actor(
    "officer:9",
    unit=HALL,
    grants=frozenset({kernel.Grant("supervisor", HALL)}),
    regions=frozenset({DISTRICT}),
)


def handler(department: str) -> kernel.Actor:
    return officer(f"421202-{department}", Role.HANDLER, Role.SURVEYOR, number=200)


def approver(department: str) -> kernel.Actor:
    return officer(f"421202-{department}", Role.APPROVER, Role.HEAD, number=201)


def case(matter: str, department: str, **more) -> CaseAsked:
    fields = {"name": matter, "unit": f"421202-{department}", "promised_days": 5, "legal_days": 20, **more}
    return CaseAsked(matter=matter, **fields)


def restaurant(**more) -> Submission:
    """Registration first; then food, fire and signboard side by side, food and fire surveyed together."""
    fields = {
        "title": "我要开饭店",
        "subject": "open-restaurant",
        "theme": "open-restaurant",
        "theme_version": 1,
        "applicant": "person:1",
        "region": DISTRICT,
        "unit": HALL,
        "cases": (
            case("0703100100", "scjg"),
            case("0103100200", "scjg", after=("0703100100",), survey="现场"),
            case("0104300100", "xfjy", after=("0703100100",), survey="现场"),
            case("0104100100", "cgj"),
        ),
        "surveys": (SurveyAsked("现场", "421202-scjg", ("0103100200", "0104300100")),),
        "materials": (
            MaterialGiven("id-card", "身份证", "known", ("0703100100",), evidence=IDENTITY),
            MaterialGiven("floor-plan", "平面图", "paper", ("0103100200", "0104300100")),
        ),
        "form": {"person.name": "张小明", "person.phone": "13800005678"},
        "promised_on": date(2026, 12, 1),
        **more,
    }
    return Submission(**fields)


def cases_by_matter(application: int) -> dict[str, kernel.DocketRow]:
    rows = kernel.children_of([application], actor=kernel.SYSTEM)[application]
    return {row.subject: row for row in rows if row.kind == "case"}


def grant(matter: str, application: int, department: str, when: datetime) -> None:
    """Take one case from received to granted."""
    key = cases_by_matter(application)[matter].id
    if cases_by_matter(application)[matter].state == "received":
        kernel.perform(key, "accept", actor=handler(department), at=when)
    if cases_by_matter(application)[matter].state == "review":
        kernel.perform(
            key, "propose", actor=handler(department), at=when, data={"opinion": "grant", "text": "符合条件"}
        )
        kernel.perform(key, "grant", actor=approver(department), at=when)
