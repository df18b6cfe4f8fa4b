"""A small town with a hotline: city, county and township, and who works there; factories that read as prose."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from tongban.actors import api as actors
from tongban.actors.models import Appointment, Officer, Region, Unit
from tongban.desks.hotline import api as hotline
from tongban.kernel import api as kernel

ZONE = ZoneInfo("Asia/Shanghai")
CITY, COUNTY, TOWN = "421200000000", "421202000000", "421202001000"
CENTRE, COUNTY_DESK, URBAN, MARKET, STREET = (
    "421200-dsj",
    "421202-dsj",
    "421202-cgj",
    "421202-scjg",
    "421202001-rmzf",
)
STAFF = {
    "operator": (CENTRE, "operator"), "dispatcher": (CENTRE, "dispatcher"), "caller_back": (CENTRE, "callback"),
    "centre_head": (CENTRE, "head"), "supervisor": (CENTRE, "supervisor"), "county": (COUNTY_DESK, "dispatcher"),
    "urban": (URBAN, "handler"), "urban_head": (URBAN, "head"), "market": (MARKET, "handler"), "street": (STREET, "handler"),
    "market_head": (MARKET, "head"),
}  # fmt: skip
GOOD = (
    "您好！您反映的路灯不亮问题，我局维修人员已于11月20日到城东小区南门现场核实，更换了损坏的灯具和线路，当晚恢复照明。"
    "感谢您的来电，有问题请打0715-8255555。"
)


def clock(text: str) -> datetime:
    """``2026-11-20 09:00`` on the wall."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


NINE = clock("2026-11-20 09:00")  # a Friday


def build() -> None:
    """Divisions, units and officers; staff numbers are the names by which `who` finds them."""
    Region.objects.bulk_create([
        Region(code=CITY, name="咸宁市", level="3"),
        Region(code=COUNTY, name="咸安区", level="4", parent_id=CITY),
        Region(code=TOWN, name="浮山街道", level="5", parent_id=COUNTY),
    ])  # fmt: skip
    units = [
        (CENTRE, "市12345热线中心", CITY, "dsj"), (COUNTY_DESK, "咸安区热线工作站", COUNTY, "dsj"),
        (URBAN, "咸安区城管局", COUNTY, "cgj"), (MARKET, "咸安区市场监管局", COUNTY, "scjg"),
        (STREET, "浮山街道办事处", TOWN, "rmzf"),
    ]  # fmt: skip
    Unit.objects.bulk_create([Unit(id=i, name=n, region_id=r, department=d) for i, n, r, d in units])
    for name, (unit, role) in STAFF.items():
        officer = Officer.objects.create(name=name, unit_id=unit, staff_number=name)
        Appointment.objects.create(officer=officer, unit_id=unit, role=role, from_date=date(2020, 1, 1))
    actors.forget()


def who(name: str, *, at: datetime = NINE) -> kernel.Actor:
    """An officer of the town as the kernel's actor."""
    return actors.actor_of_officer(officer_id=Officer.objects.get(staff_number=name).pk, at=at)


def message(
    text: str = "城东小区南门的路灯坏了三天，晚上看不见路，请派人来修。", **more: object
) -> hotline.NewTicket:
    """A message as an operator types it."""
    said = {
        "kind": "help",
        "channel": "phone",
        "text": text,
        "region": COUNTY,
        "place": "城东小区南门",
        **more,
    }
    return hotline.NewTicket(**said)


def taken(
    text: str = "", *, at: datetime = NINE, by: str = "operator", key: str = "", **more: object
) -> hotline.Taken:
    """A message taken by an officer."""
    new = message(text, **more) if text else message(**more)
    return hotline.take(new, actor=who(by), at=at, key=key)


def make(
    ticket: hotline.Taken, move: str, by: str, *, at: datetime = NINE, seen: int | None = None, **data: object
) -> kernel.Done:
    """A move by somebody of the town, or by the platform itself."""
    actor = kernel.SYSTEM if by == "system" else who(by, at=at)
    return kernel.perform(ticket.docket, move, actor=actor, at=at, data=data, seen=seen)


def dispatched(*, at: datetime = NINE, unit: str = URBAN, **more: object) -> hotline.Taken:
    """A message taken and dispatched."""
    ticket = taken(at=at, **more)
    make(ticket, "dispatch", "dispatcher", at=at, unit=unit)
    return ticket


def state(ticket: hotline.Taken) -> kernel.DocketRow:
    """The docket as it stands."""
    return kernel.docket_by_id(ticket.docket, actor=kernel.SYSTEM)
