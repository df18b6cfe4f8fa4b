"""Codes on the phone: read once, in their minute, by whom they are for; everything else is refused with its reason."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.actors.factories import NOON, a_person, a_unit, acting, an_officer, an_organisation
from tests.registers.licences.holding import a_licence
from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.registers.licences import api
from tongban.registers.licences.showing import contracts as codes
from tongban.registers.licences.showing import rules, selectors, services
from tongban.registers.licences.showing.contracts import SKEW, STEP, ShowingError
from tongban.registers.licences.showing.models import Code

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
PURPOSE = "核对身份"


@pytest.fixture
def zhang(db):
    return a_person(name="张小明")


@pytest.fixture
def made(zhang):
    return a_licence(zhang)


@pytest.fixture
def window(made):
    """An officer at a window of another unit than the issuer."""
    return actors.actor(actor_id=str(an_officer("window", of=a_unit("421202-dsj"))), at=NOON)


def citizen(person, at=NOON):
    return actors.actor(actor_id=str(person), at=at)


def held_out(zhang, made, at=NOON):
    return services.show(licence=made.id, holder=str(zhang), actor=citizen(zhang), at=at)


def code_at(showing, zhang, at):
    found = selectors.code_now(showing, actor=citizen(zhang), at=at)
    assert found is not None
    return found


def read(typed, by, at, **more):
    return services.present(typed=typed, by=by, purpose=more.pop("purpose", PURPOSE), at=at, **more)


def refused(typed, by, at, **more):
    with pytest.raises(ShowingError) as error:
        read(typed, by, at, **more)
    assert error.value.reason
    return error.value.code


# What works ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["digits", "spaced", "full-width", "token", "address", "upper-case address"])
def test_an_officer_reads_what_is_held_out_and_the_holder_sees_it(zhang, made, window, how):
    a_licence(zhang, fields={"name": "张记二店", "legal_rep": "张小明"})  # not held out
    showing = held_out(zhang, made)
    code = code_at(showing, zhang, NOON + 5 * SECOND)
    typed = {
        "digits": code.digits, "spaced": f" {code.digits[:4]} {code.digits[4:]} ",
        "full-width": code.digits.translate({ord(str(n)): 0xFF10 + n for n in range(10)}), "token": code.token,
        "address": f"https://example.gov.cn/s/{code.token}", "upper-case address": f"HTTPS://EXAMPLE.GOV.CN/S/{code.token}\r",
    }[how]  # fmt: skip
    found = read(typed, window, NOON + 10 * SECOND)
    assert [one.identifier for one in found.licences] == [made.identifier]
    seen = selectors.showing(showing, actor=citizen(zhang), at=NOON + 11 * SECOND).seen
    assert [(one.unit, one.purpose) for one in seen] == [("421202-dsj", PURPOSE)]
    used = api.uses_of(str(zhang))
    assert [(one.by, one.unit, one.purpose) for one in used] == [(window.id, "421202-dsj", PURPOSE)]


def test_the_code_changes_every_minute_and_ends_with_the_showing(zhang, made):
    showing = held_out(zhang, made)
    shown = [code_at(showing, zhang, NOON + n * STEP).digits for n in range(10)]
    assert len(set(shown)) == 10
    assert code_at(showing, zhang, NOON + 59 * SECOND).seconds == 1
    assert selectors.code_now(showing, actor=citizen(zhang), at=NOON + codes.SHOW_FOR) is None


def test_what_was_scanned_is_seen_some_minutes_by_who_scanned_it(zhang, made, window):
    showing = held_out(zhang, made)
    found = read(code_at(showing, zhang, NOON).digits, window, NOON)
    assert selectors.scanned(found.scan, by=window, at=NOON + 4 * STEP).licences
    assert selectors.scanned(found.scan, by=window, at=NOON + codes.SEEN_FOR) is None
    colleague = actors.actor(actor_id=str(an_officer("window", of=a_unit("421202-zjj"))), at=NOON)
    assert selectors.scanned(found.scan, by=colleague, at=NOON) is None
    services.revoke(showing=showing, actor=citizen(zhang), at=NOON + SECOND)
    assert selectors.scanned(found.scan, by=window, at=NOON + 2 * SECOND) is None


def test_the_city_code_opens_the_chosen_licences_to_one_unit_only(zhang, made, window):
    second = a_licence(zhang, fields={"name": "张记二店", "legal_rep": "张小明"})
    a_licence(zhang, fields={"name": "张记三店", "legal_rep": "张小明"})
    showing = services.authorise(
        chosen=[made.id, second.id],
        holder=str(zhang),
        unit=window.unit,
        minutes=15,
        actor=citizen(zhang),
        at=NOON,
    )
    code = code_at(showing, zhang, NOON)
    stranger = actors.actor(actor_id=str(an_officer("window", of=a_unit("421202-wjw"))), at=NOON)
    assert refused(code.digits, stranger, NOON) == codes.WRONG_UNIT
    found = read(code.digits, window, NOON)  # the refused try did not use it up
    assert {one.id for one in found.licences} == {made.id, second.id}
    later = code_at(showing, zhang, NOON + 3 * STEP)
    assert read(later.token, window, NOON + 3 * STEP, purpose="办理业务")
    info = selectors.showing(showing, actor=citizen(zhang), at=NOON + 4 * STEP)
    assert len(info.seen) == 2
    assert len(api.uses_of(str(zhang))) == 4


# What is refused -------------------------------------------------------------------------------------------


def test_a_replay_is_refused(zhang, made, window):
    showing = held_out(zhang, made)
    code = code_at(showing, zhang, NOON)
    read(code.digits, window, NOON)
    assert refused(code.digits, window, NOON + SECOND) == codes.USED
    assert refused(code.token, window, NOON + SECOND) == codes.USED  # the same code, read the other way
    assert len(api.uses_of(str(zhang))) == 1


def test_a_screenshot_is_worth_nothing_once_its_minute_is_over(zhang, made, window):
    showing = held_out(zhang, made)
    screenshot = code_at(showing, zhang, NOON)
    assert refused(screenshot.token, window, NOON + STEP + SKEW) == codes.EXPIRED
    assert refused(screenshot.token, window, NOON + timedelta(days=2)) == codes.EXPIRED


def test_a_screenshot_on_a_second_device_loses_against_the_phone(zhang, made, window):
    """Within its minute one of the two is read; the other is told so, and the holder sees who was first."""
    showing = held_out(zhang, made)
    screenshot = code_at(showing, zhang, NOON)
    thief = actors.actor(actor_id=str(an_officer("handler", of=a_unit("421202-wlj"))), at=NOON)
    read(screenshot.token, thief, NOON + 20 * SECOND)
    assert (
        refused(code_at(showing, zhang, NOON + 25 * SECOND).digits, window, NOON + 25 * SECOND) == codes.USED
    )
    assert (
        selectors.showing(showing, actor=citizen(zhang), at=NOON + 30 * SECOND).seen[0].unit == "421202-wlj"
    )


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        (-SKEW, "ok"),
        (-SKEW - SECOND, codes.EARLY),
        (STEP + SKEW - SECOND, "ok"),
        (STEP + SKEW, codes.EXPIRED),
    ],
)
def test_clocks_of_two_servers_may_differ_a_little(zhang, made, window, ahead, expected):
    """The code of the third minute, read by a server whose clock is behind or ahead."""
    showing = held_out(zhang, made)
    begin = NOON + 2 * STEP
    code = code_at(showing, zhang, begin)
    if expected == "ok":
        assert read(code.digits, window, begin + ahead)
    else:
        assert refused(code.digits, window, begin + ahead) == expected


def test_held_out_again_on_another_device_ends_what_was_held_out_before(zhang, made, window):
    first = held_out(zhang, made)
    code = code_at(first, zhang, NOON)
    second = held_out(zhang, made, at=NOON + SECOND)
    assert selectors.code_now(first, actor=citizen(zhang), at=NOON + 2 * SECOND) is None
    assert refused(code.digits, window, NOON + SECOND + SKEW) == codes.EXPIRED
    assert read(code_at(second, zhang, NOON + 20 * SECOND).digits, window, NOON + 20 * SECOND)
    assert [one.id for one in selectors.open_showings(str(zhang), at=NOON + 20 * SECOND)] == [second]


def test_what_was_taken_back_is_refused(zhang, made, window):
    showing = held_out(zhang, made)
    code = code_at(showing, zhang, NOON)
    services.revoke(showing=showing, actor=citizen(zhang), at=NOON + SECOND)
    assert refused(code.digits, window, NOON + 2 * SECOND) == codes.REVOKED
    assert selectors.code_now(showing, actor=citizen(zhang), at=NOON + 2 * SECOND) is None


@pytest.mark.parametrize(
    "typed", ["", "1234", "123456789", "abcdefgh", "https://example.cn/s/", "<script>", "𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠"]
)
def test_what_is_no_code_is_told_so(made, window, typed):
    assert refused(typed, window, NOON) == codes.MALFORMED


def test_guessing_codes_is_stopped(zhang, made, window):
    showing = held_out(zhang, made)
    right = code_at(showing, zhang, NOON).digits
    wrong = f"{(int(right) + 1) % 10**8:08d}"
    for _ in range(services.WRONG_CODES):
        assert refused(wrong, window, NOON) == codes.UNKNOWN
    assert refused(right, window, NOON) == codes.GUESSING
    colleague = actors.actor(actor_id=str(an_officer("window", of=a_unit("421202-zjj"))), at=NOON)
    assert read(right, colleague, NOON)


@pytest.mark.parametrize("act", ["suspend", "revoke", "cancel"])
def test_a_licence_that_does_not_hold_is_not_shown(zhang, made, act):
    getattr(api, act)(identifier=made.identifier, actor=kernel.SYSTEM, at=NOON, reason="试")
    with pytest.raises(ShowingError) as error:
        held_out(zhang, made)
    assert "不能出示" in error.value.reason


def test_an_expired_licence_is_not_shown(zhang, made):
    with pytest.raises(ShowingError) as error:
        held_out(zhang, made, at=NOON + timedelta(days=365 * 5 + 3))
    assert error.value.code == "expired"


def test_what_is_revoked_while_it_is_shown_is_seen_as_revoked(zhang, made, window):
    showing = held_out(zhang, made)
    api.revoke(identifier=made.identifier, actor=kernel.SYSTEM, at=NOON + SECOND, reason="试")
    found = read(code_at(showing, zhang, NOON + 2 * SECOND).digits, window, NOON + 2 * SECOND)
    assert found.licences[0].standing(NOON.date()) == "revoked"


def test_someone_elses_licence_cannot_be_shown(zhang, made):
    li = a_person(name="李思雨")
    for holder in (str(li), str(zhang)):
        with pytest.raises(ShowingError):
            services.show(licence=made.id, holder=holder, actor=citizen(li), at=NOON)
    with pytest.raises(ShowingError):
        services.revoke(showing=held_out(zhang, made), actor=citizen(li), at=NOON)


def test_who_acts_in_some_matters_only_cannot_show_and_who_acted_until_yesterday_no_more(window):
    boss, clerk = a_person(name="邢星"), a_person(name="陈晓琴")
    firm = an_organisation(led_by=boss)
    licence = a_licence(firm)
    acting(clerk, for_organisation=firm, until=date(2026, 11, 20), matters=("0103100200",))
    with pytest.raises(ShowingError) as error:
        services.show(licence=licence.id, holder=str(firm), actor=citizen(clerk), at=NOON)
    assert error.value.code == codes.AUTHORITY
    acting(clerk, for_organisation=firm, until=date(2026, 11, 20))
    last_minute = NOON.replace(hour=23, minute=59, second=30)
    showing = services.show(
        licence=licence.id, holder=str(firm), actor=citizen(clerk, last_minute), at=last_minute
    )
    code = selectors.code_now(showing, actor=citizen(clerk, last_minute), at=last_minute)
    assert refused(code.digits, window, last_minute + 40 * SECOND) == codes.AUTHORITY
    tomorrow = last_minute + timedelta(hours=1)
    with pytest.raises(ShowingError):
        services.show(licence=licence.id, holder=str(firm), actor=citizen(clerk, tomorrow), at=tomorrow)


def test_an_officer_whose_appointment_ended_yesterday_reads_no_city_code(zhang, made):
    unit = a_unit("421202-dsj")
    officer = an_officer("window", of=unit, until=date(2026, 11, 19))
    other = an_officer("window", of=a_unit("421202-zjj"))
    showing = services.authorise(
        chosen=[made.id], holder=str(zhang), unit="421202-dsj", minutes=5, actor=citizen(zhang), at=NOON
    )
    code = code_at(showing, zhang, NOON).digits
    assert refused(code, actors.actor(actor_id=str(other), at=NOON), NOON) == codes.WRONG_UNIT
    assert refused(code, actors.actor(actor_id=str(officer), at=NOON), NOON) == codes.AUTHORITY


@pytest.mark.parametrize(
    ("unit", "minutes", "chosen"), [("421202-nix", 5, 1), ("421202-scjg", 7, 1), ("421202-scjg", 5, 0)]
)
def test_a_city_code_needs_a_unit_a_time_and_a_licence(zhang, made, unit, minutes, chosen):
    with pytest.raises(ShowingError):
        services.authorise(
            chosen=[made.id][:chosen],
            holder=str(zhang),
            unit=unit,
            minutes=minutes,
            actor=citizen(zhang),
            at=NOON,
        )


def test_codes_lie_in_the_database_as_digests_and_are_forgotten(zhang, made):
    showing = held_out(zhang, made)
    code = code_at(showing, zhang, NOON)
    kept = str(list(Code.objects.values()))
    assert code.digits not in kept
    assert code.token not in kept
    assert services.forget_codes(before=NOON + timedelta(days=2)) == 10
    assert selectors.showing(showing, actor=citizen(zhang), at=NOON) is not None


def test_uses_are_counted_for_figures(zhang, made, window):
    read(code_at(held_out(zhang, made), zhang, NOON).digits, window, NOON)
    today = NOON.date()
    assert [(one.name, one.count) for one in selectors.use_counts(since=today, until=today)] == [
        ("food-business", 1)
    ]
    assert [one.name for one in selectors.use_counts(since=today, until=today, by="unit")] == ["421202-dsj"]
    assert selectors.unit_uses("421202-dsj", since=NOON, until=NOON + STEP) == 1


@given(some.text(max_size=60))
def test_reading_what_somebody_typed_never_fails(typed):
    digits, token = rules.read(typed)
    assert not (digits and token)
