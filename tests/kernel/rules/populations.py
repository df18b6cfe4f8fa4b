"""Random populations and rules of decision mode, for the properties that hold of all of them."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

from hypothesis import strategies as st

from tongban.kernel.rules.elements import Dated, Element, Type
from tongban.kernel.rules.operators import ROUNDINGS, Operator, find_operator, register_operator

DAY = date(2026, 5, 1)
ZONE = timezone(timedelta(hours=8))
NOON = datetime(2026, 5, 1, 12, tzinfo=ZONE)
ELEMENTS = {
    one.key: one
    for one in (
        Element("age", Type.NUMBER),
        Element("area", Type.NUMBER, max_age=timedelta(days=30)),
        Element("huge", Type.NUMBER),
        Element("tax", Type.MONEY, max_age=timedelta(days=2, hours=6)),
        Element("sales", Type.MONEY),
        Element("local", Type.BOOLEAN, max_age=timedelta(days=30)),
        Element("listed", Type.BOOLEAN, fixed=True),
        Element("trade", Type.TEXT),
        Element("town", Type.TEXT, max_age=timedelta(days=30), fixed=True),
        Element("tags", Type.TEXTS),
        Element("born", Type.DATE),
        Element("opened", Type.DATE, max_age=timedelta(days=1)),
        Element("nowhere", Type.NUMBER),
    )
}
COLUMNS = {key: one for key, one in ELEMENTS.items() if key != "nowhere"}
WORDS = ["餐饮", "零售", "饮", ""]


def _odd_tail(text, number):
    """Operators of a desk: any function, with values it has no answer for."""
    if number == 3:
        raise ValueError
    return text[int(number) :] if number else ""


for _operator in (
    Operator("test_tail", _odd_tail, (Type.TEXT, Type.NUMBER), Type.TEXT, "{0}{1}", "{0}{1}"),
    Operator("test_even", lambda n: n % 2 == 0, (Type.NUMBER,), Type.BOOLEAN, "{0}", "{0}"),
    Operator("test_longest", lambda t: max(t, key=len), (Type.TEXTS,), Type.TEXT, "{0}", "{0}"),
    Operator("test_month_end", lambda d: d.replace(day=30), (Type.DATE,), Type.DATE, "{0}", "{0}"),
):
    if find_operator(_operator.name) is None:
        register_operator(_operator)

DECIMALS = st.sampled_from(
    [Decimal(text) for text in ("0.1", "2.5", "-1.25", "100", "3E+2", "0.000000001", "-0")]
)
NUMBERS = st.one_of(st.integers(-4, 40), DECIMALS)
HUGE = st.one_of(
    st.integers(-3, 3),
    st.sampled_from(
        [2**62, -(2**63), 10**18, 10**59, 10**61, Decimal("1E+80"), Decimal("1E-30"), Decimal("9" * 60)]
    ),
)
DATES = st.sampled_from(
    [
        date(1999, 2, 28),
        date(2000, 2, 29),
        date(2001, 3, 1),
        date(2026, 5, 1),
        date(2026, 5, 31),
        date(9999, 12, 31),
    ]
)
VALUES = {
    Type.NUMBER: NUMBERS,
    Type.MONEY: st.one_of(st.integers(-3, 100), st.sampled_from([10**15, 10**15 + 1, 2**61, Decimal(50)])),
    Type.BOOLEAN: st.booleans(),
    Type.TEXT: st.sampled_from(WORDS),
    Type.DATE: st.one_of(DATES, DATES.map(date.isoformat)),
    Type.TEXTS: st.lists(st.sampled_from(WORDS), max_size=3),
}
MOMENTS = st.sampled_from(
    [
        DAY,
        date(2026, 4, 1),
        date(2026, 3, 31),
        NOON,
        NOON - timedelta(days=2, hours=6),
        NOON - timedelta(days=2, hours=6, microseconds=1),
        datetime(2026, 4, 28, 23, 30, tzinfo=UTC),
        NOON - timedelta(days=30),
    ]
)


def cells(element):
    """What a record may hold for an element: also nothing, null, a wrong type, something old or of unknown age."""
    value = HUGE if element.key == "huge" else VALUES[element.type]
    wrong = st.sampled_from([None, 1.5, float("nan"), Decimal("NaN"), "2026-13-01", object, ["餐饮", 1]])
    plain = st.one_of(value, value, value, wrong)
    dated = st.builds(Dated, value=plain, known_at=MOMENTS)
    return dated if element.max_age is None else st.one_of(plain, dated, dated, dated)


RECORDS = st.fixed_dictionaries({}, optional={key: cells(element) for key, element in COLUMNS.items()})
POPULATIONS = st.lists(RECORDS, max_size=12).flatmap(
    lambda some: st.permutations(some * (1 + 70 // max(len(some), 1))) if len(some) > 8 else st.just(some)
)


def variables(*kinds):
    return st.sampled_from([{"var": key} for key, one in ELEMENTS.items() if one.type in kinds])


TODAY = st.just({"today": []})
ROUNDING = st.sampled_from(sorted(ROUNDINGS))
CUTS = st.sampled_from([0, 1, 3, 18, 2.5, -1.25, 0.1, 40, 10**19, 2**70, {"decimal": "1E-12"}])


def expressions():
    """Conditions, numbers, amounts and dates, each of which may hold the others."""
    conditions = st.deferred(lambda: _conditions(conditions, numbers, money, dates, texts))
    numbers = st.deferred(lambda: _numbers(conditions, numbers, money, dates))
    money = st.deferred(lambda: _money(conditions, numbers, money))
    dates = st.deferred(
        lambda: st.one_of(
            variables(Type.DATE), variables(Type.DATE), TODAY, DATES.map(lambda day: {"date": day.isoformat()}),
            dates.map(lambda day: {"test_month_end": [day]}), _if(conditions, dates),
        )
    )  # fmt: skip
    texts = st.deferred(
        lambda: st.one_of(
            variables(Type.TEXT), variables(Type.TEXT), st.sampled_from(WORDS), _if(conditions, texts),
            st.tuples(texts, numbers).map(lambda t: {"test_tail": list(t)}),
            variables(Type.TEXTS).map(lambda tags: {"test_longest": [tags]}),
        )
    )  # fmt: skip
    return conditions, money


def _if(conditions, results):
    return st.one_of(
        st.tuples(conditions, results, results).map(lambda t: {"if": list(t)}),
        st.tuples(conditions, results, conditions, results, results).map(lambda t: {"if": list(t)}),
    )


def _numbers(conditions, numbers, money, dates):
    pair = st.tuples(numbers, numbers)
    return st.one_of(
        variables(Type.NUMBER), variables(Type.NUMBER), variables(Type.NUMBER), CUTS,
        st.tuples(st.sampled_from(["+", "-", "*", "%", "min", "max"]), pair).map(lambda t: {t[0]: list(t[1])}),
        st.tuples(st.sampled_from(["+", "*", "min", "-"]), numbers).map(lambda t: {t[0]: [t[1]]}),
        st.tuples(pair, ROUNDING, st.integers(0, 4)).map(lambda t: {"divide": [*t[0], t[1], t[2]]}),
        st.tuples(money, money, ROUNDING, st.integers(0, 20)).map(lambda t: {"divide": list(t)}),
        st.tuples(st.sampled_from(["years_between", "days_between"]), dates, dates).map(lambda t: {t[0]: [t[1], t[2]]}),
        _if(conditions, numbers),
    )  # fmt: skip


def _money(conditions, numbers, money):
    pair = st.tuples(money, money)
    return st.one_of(
        variables(Type.MONEY), variables(Type.MONEY), st.sampled_from([{"yuan": "0.50"}, {"yuan": "12345678901234567890"}]),
        st.tuples(st.sampled_from(["+", "-", "min", "max"]), pair).map(lambda t: {t[0]: list(t[1])}),
        st.tuples(money, numbers).map(lambda t: {"*": list(t)}),
        st.tuples(money, numbers, ROUNDING).map(lambda t: {"divide": list(t)}),
        _if(conditions, money),
    )  # fmt: skip


def _conditions(conditions, numbers, money, dates, texts):
    order = st.sampled_from(["<", "<=", ">", ">=", "==", "!=", "===", "!=="])
    equal = st.sampled_from(["==", "!="])
    comparisons = [
        st.tuples(order, side, side).map(lambda t: {t[0]: [t[1], t[2]]}) for side in (numbers, money, dates)
    ]
    return st.one_of(
        variables(Type.BOOLEAN), st.booleans(), *comparisons,
        st.tuples(order, variables(Type.NUMBER), CUTS).map(lambda t: {t[0]: [t[1], t[2]]}),
        st.tuples(CUTS, variables(Type.NUMBER), CUTS).map(lambda t: {"<=": list(t)}),
        st.tuples(equal, texts, texts).map(lambda t: {t[0]: [t[1], t[2]]}),
        st.tuples(equal, conditions, conditions).map(lambda t: {t[0]: [t[1], t[2]]}),
        st.tuples(variables(Type.TEXT), st.lists(st.sampled_from([*WORDS, "没有"]), max_size=3)).map(
            lambda t: {"in": list(t)}
        ),
        st.tuples(numbers, st.lists(numbers, max_size=3)).map(lambda t: {"in": list(t)}),
        st.tuples(dates, st.lists(dates, min_size=1, max_size=3)).map(lambda t: {"in": list(t)}),
        st.tuples(texts, texts).map(lambda t: {"in": list(t)}),
        st.tuples(texts, variables(Type.TEXTS)).map(lambda t: {"in": list(t)}),
        st.tuples(st.sampled_from(WORDS), variables(Type.TEXT, Type.TEXTS)).map(lambda t: {"in": list(t)}),
        st.tuples(numbers).map(lambda t: {"test_even": list(t)}),
        st.tuples(st.sampled_from(["and", "or"]), st.lists(conditions, min_size=1, max_size=4)).map(
            lambda t: {t[0]: t[1]}
        ),
        st.lists(conditions, min_size=2, max_size=4).map(lambda some: {"and": some}),
        conditions.map(lambda item: {"!": [item]}),
        _if(conditions, conditions),
    )  # fmt: skip


CONDITIONS, MONEY = expressions()
