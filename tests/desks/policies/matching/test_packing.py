"""Sets, amounts and rolls as bytes: read back as they were, whatever they hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.desks.policies.matching import packing
from tongban.kernel.rules.amounts import MOST_FEN
from tongban.kernel.rules.columns import bits
from tongban.kernel.rules.columns.bits import Rows

SIZES = st.sampled_from([0, 1, 63, 64, 65, 300, 5_000, 200_000])


@st.composite
def some_rows(draw):
    size = draw(SIZES)
    share = draw(st.sampled_from([0.0, 0.001, 0.5, 1.0]))
    chance = np.random.default_rng(draw(st.integers(0, 99)))
    return Rows(bits.pack(chance.random(size) < share), size)


@given(some_rows())
def test_a_set_is_read_back_as_it_was(rows):
    again = packing.unpack_rows(packing.pack_rows(rows), rows.size)
    assert again.size == rows.size
    assert np.array_equal(again.words, rows.words)


def test_few_rows_cost_few_bytes_and_any_set_less_than_its_words():
    size = 252_367
    few = np.zeros(size, dtype=np.bool_)
    few[[0, 7, 252_366]] = True
    assert len(packing.pack_rows(Rows(bits.pack(few), size))) < 20
    tenth = Rows(bits.pack(np.random.default_rng(1).random(size) < 0.1), size)
    assert len(packing.pack_rows(tenth)) < tenth.words.nbytes * 0.8


@pytest.mark.parametrize("packed", [b"", b"x123", b"g\xff\xff\xff\xff"])
def test_what_is_no_set_of_this_size_is_refused(packed):
    with pytest.raises(ValueError, match="row"):
        packing.unpack_rows(packed, 100)


AMOUNTS = st.lists(st.integers(-MOST_FEN, MOST_FEN), max_size=50)


@given(AMOUNTS, st.sampled_from(["int8", "int32", "int64"]))
def test_amounts_are_read_back_and_summed_exactly(values, kind):
    most = np.iinfo(kind).max
    fen = np.array([max(-most, min(most, value)) for value in values], dtype=kind)
    assert packing.unpack_fen(packing.pack_fen(fen), fen.size).tolist() == fen.tolist()
    assert packing.total(fen, fen.size) == sum(fen.tolist())


def test_a_sum_may_pass_what_64_bits_hold():
    many = np.full(252_367, MOST_FEN, dtype=np.int64)
    assert packing.total(many, many.size) == 252_367 * MOST_FEN > 2**63
    fixed = np.array(MOST_FEN)
    assert packing.total(fixed, 252_367) == 252_367 * MOST_FEN
    assert packing.unpack_fen(packing.pack_fen(fixed), 3).tolist() == [MOST_FEN] * 3


def test_amounts_of_another_number_of_rows_are_refused():
    with pytest.raises(ValueError, match="2 amounts of 3"):
        packing.unpack_fen(packing.pack_fen(np.array([1, 2])), 3)


@pytest.mark.parametrize("parties", [(), ("person:7",), tuple(f"organisation:{n}" for n in range(999))])
def test_a_roll_is_read_back(parties):
    assert packing.unpack_roll(packing.pack_roll(parties)) == parties


def test_a_fingerprint_knows_parties_and_amounts_and_no_order():
    def of(parties, amounts, *, unpaid=()):
        marked = packing.marks(parties)
        whole = Rows(bits.every(len(parties)), len(parties))
        flags = np.array([party in unpaid for party in parties])
        fen = np.array([amounts[one] for one in parties if one not in unpaid], dtype=np.int32)
        return packing.fingerprint(marked, whole, Rows(bits.pack(flags), len(parties)), fen)

    first = of(("a", "b", "c"), {"a": 1, "b": 2, "c": 3})
    assert of(("c", "a", "b"), {"a": 1, "b": 2, "c": 3}) == first
    assert of(("a", "b", "c"), {"a": 2, "b": 1, "c": 3}) != first
    assert of(("a", "b", "d"), {"a": 1, "b": 2, "d": 3}) != first
    assert of(("a", "b", "c"), {"a": 1, "b": 2}, unpaid=("c",)) != first
    assert of(("a", "b", "c"), {"a": 1, "b": 2, "c": 0}) != first
