"""Actors as prose: `an_officer("window", of=a_unit("421202-scjg"))`."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from stdnum.cn import ric, uscc

from tongban.actors.models import Acting, Appointment, Delegation, Officer, Organisation, Person, Region, Unit
from tongban.actors.services import register_organisation, register_person
from tongban.kernel.contracts import SYSTEM, Actor, DocketRow

CITY, DISTRICT, STREET, VILLAGE = "421200000000", "421202000000", "421202001000", "421202001002"
OTHER_DISTRICT = "421281000000"
NOON = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
LONG_AGO = date(2020, 1, 1)
_numbers = count(1)


def the_city():
    """咸宁市, 咸安区 with 温泉街道 and a community, 赤壁市."""
    places = (
        (CITY, "咸宁市", "3", None),
        (DISTRICT, "咸安区", "4", CITY),
        (STREET, "温泉街道", "5", DISTRICT),
        (VILLAGE, "万年路社区", "6", STREET),
        (OTHER_DISTRICT, "赤壁市", "4", CITY),
    )
    for code, name, level, parent in places:
        Region.objects.create(code=code, name=name, level=level, parent_id=parent)


def a_unit(unit_id, *, region=DISTRICT, department="", name="", **more):
    if not Region.objects.exists():
        the_city()
    return Unit.objects.create(
        id=unit_id,
        name=name or unit_id,
        region_id=region,
        department=department or unit_id.split("-")[1],
        **more,
    )


def an_officer(*roles, of, name="孟晓燕", since=LONG_AGO, until=None):
    officer = Officer.objects.create(name=name, unit=of, staff_number=f"T{next(_numbers):05}")
    for role in roles:
        Appointment.objects.create(officer=officer, unit=of, role=role, from_date=since, until_date=until)
    return officer


def delegated(officer, *, by, roles=("handler",), matters=(), since=LONG_AGO, until=None):
    return Delegation.objects.create(
        officer=officer, unit=by, roles=list(roles), matters=list(matters), from_date=since, until_date=until,
        granted_by="system",
    )  # fmt: skip


def a_resident_id(*, born=date(1988, 3, 16), region="422301"):
    days, place = divmod(next(_numbers), 1000)  # a day has a thousand numbers, a long run asks for more
    stem = f"{region}{born + timedelta(days=days):%Y%m%d}{place:03}"
    return stem + ric.calc_check_digit(stem + "0")


def a_credit_code():
    stem = f"91421202TB{next(_numbers):07}"
    return stem + uscc.calc_check_digit(stem)


def a_person(name="张小明", *, phone="13871010007", number=None, at=NOON):
    made = register_person(
        name=name, resident_id=number or a_resident_id(), phone=phone, address="万年路12号", region=VILLAGE,
        actor=SYSTEM, at=at,
    )  # fmt: skip
    return Person.objects.get(pk=made.partition(":")[2])


def an_organisation(name="咸宁星河商贸有限公司", *, led_by=None, at=NOON):
    made = register_organisation(
        name=name, uscc=a_credit_code(), type="企业法人", address="银泉大道299号", region=DISTRICT,
        phone="0715-8821171", legal_representative=str(led_by) if led_by else "", actor=SYSTEM, at=at,
    )  # fmt: skip
    return Organisation.objects.get(pk=made.partition(":")[2])


def acting(
    person, *, for_person=None, for_organisation=None, matters=(), since=LONG_AGO, until=None, revoked_at=None
):
    return Acting.objects.create(
        person=person, for_person=for_person, for_organisation=for_organisation, matters=list(matters),
        from_date=since, until_date=until, revoked_at=revoked_at,
    )  # fmt: skip


def a_docket(*, unit="421202-cgj", applicant="", agent="", region=DISTRICT, subject="0104100100"):
    return DocketRow(
        id=1, number="A1", kind="case", state="open", title="招牌许可", unit=unit, officer="", applicant=applicant,
        agent=agent, region=region, channel="web", subject=subject, parent=None,
        opened_at=datetime(2026, 11, 1, tzinfo=UTC), due_at=None, closed_at=None, outcome="", revision=1,
        flow_version=1, ledger_head="",
    )  # fmt: skip


SOMEBODY = Actor(id="officer:999")
