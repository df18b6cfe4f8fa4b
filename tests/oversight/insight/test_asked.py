"""What an address asks for that there is not is answered by every page of figures, never by a server error."""

from datetime import date

import pytest

from tongban.oversight.insight.web.asked import month_of

ONE = "casework.decided_on_time"


@pytest.mark.parametrize(
    ("page", "status"),
    [
        ("", 200), (f"/{ONE}", 200), (f"/{ONE}/facts", 200), (f"/short/{ONE}", 200), ("/departments", 200), ("/anomalies", 200),
        ("/export", 404), (f"/export/{ONE}", 404),
    ],
)  # fmt: skip
def test_a_month_that_is_none(bureau, client, page, status):
    leader = bureau.signed_in(client, "leader")
    for month in ("2026-13", "0001-01", "1999-12", "2026-1", "nonsense"):
        assert leader.get(f"/work/insight{page}?month={month}").status_code == status, month


def test_a_month_is_one_from_2000_until_today():
    today = date(2026, 11, 23)
    assert month_of("2026-11", today=today) == date(2026, 11, 1)
    assert month_of("2000-01", today=today) == date(2000, 1, 1)
    for none in ("2026-12", "1999-12", "2026-00", "２０２６-11", ""):
        assert month_of(none, today=today) is None
