"""From rows to groups: average linkage inside a stretch of time, then groups found to be one are put together.

Both steps compare *groups*, never only nearest neighbours: a message joins when it is like the group as a whole. That is
what keeps all the complaints of a big estate from becoming one affair by way of a few in between.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import squareform

from tongban.desks.hotline.heat.grouping.weighing import Ints

Floats = NDArray[np.float32]
ROWS_AT_ONCE = 4000
FEW_PARTS = 4  # up to so many parts are compared one after the other
THREADS = min(4, os.cpu_count() or 1)
PAIRS_AT_ONCE = 200_000
MOST_ROUNDS = 12
TOGETHER = 200  # rows of small parts whose linkage is worked out at once
ELSEWHERE = 0.05  # how much of the likeness of names remains when the districts differ


@dataclass(frozen=True, slots=True)
class Bounds:
    """How alike is alike. Likeness is √(names · matter), each a cosine.

    :ivar place: names less alike than this are another place, whatever the matter
    :ivar member: mean likeness to all the members of a group
    :ivar whole: likeness of two groups' sums, at least one of several messages
    """

    place: float = 0.1
    member: float = 0.12
    whole: float = 0.2


@dataclass(frozen=True, slots=True)
class Pairs:
    """Rows that may belong together, `one < other`, with their likeness."""

    one: Ints
    other: Ints
    alike: Floats


@dataclass(frozen=True, slots=True)
class Rows:
    """Messages or groups as rows of unit length.

    :ivar names: runs inside names
    :ivar matter: pairs of characters outside names
    :ivar districts: the districts that are named; a row may be empty
    :ivar keys: the run of each column of `names`, 16 bits a unit
    :ivar district: the name of each column of `districts`
    """

    names: sparse.csr_matrix
    matter: sparse.csr_matrix
    districts: sparse.csr_matrix
    keys: NDArray[np.uint64]
    district: tuple[str, ...]

    def part(self, start: int, stop: int) -> Rows:
        """Some rows in a row."""
        return replace(
            self,
            names=self.names[start:stop],
            matter=self.matter[start:stop],
            districts=self.districts[start:stop],
        )

    def summed(self, label: Ints) -> Rows:
        """One row for each group."""
        return replace(
            self,
            names=sums(label, self.names),
            matter=sums(label, self.matter),
            districts=sums(label, self.districts),
        )

    def grown(self, label: Ints, rows: Rows, *, into: Ints, gone: Ints) -> Rows:
        """Groups of which some went into others: only what grew is summed anew, what is gone is left empty.

        :param label: the group of each of `rows`, as it is now; `into` ascending
        """
        size = self.names.shape[0]
        members = np.flatnonzero(np.isin(label, into))
        which = np.searchsorted(into, label[members])
        taken = np.arange(size)
        taken[into], taken[gone] = size + np.arange(len(into)), size + len(into)

        def renewed(groups: sparse.csr_matrix, all_rows: sparse.csr_matrix) -> sparse.csr_matrix:
            nothing = sparse.csr_matrix((1, groups.shape[1]), dtype=np.float32)
            return sparse.vstack([groups, sums(which, all_rows[members]), nothing], format="csr")[taken]

        return replace(
            self, names=renewed(self.names, rows.names), matter=renewed(self.matter, rows.matter),
            districts=renewed(self.districts, rows.districts),
        )  # fmt: skip


def close_pairs(rows: Rows, bounds: Bounds, *, only: Ints | None = None) -> Pairs:
    """All pairs whose names agree, with the likeness of both. :param only: those with one of these rows, ascending"""
    turned = rows.names.T.tocsr()
    placed = np.diff(rows.districts.indptr) > 0
    wanted = np.arange(rows.names.shape[0]) if only is None else only
    twice = np.zeros(rows.names.shape[0], dtype=np.bool_)
    twice[wanted] = True

    def of(start: int) -> Pairs:
        part = wanted[start : start + ROWS_AT_ONCE]
        product = (rows.names[part] @ turned).tocoo()
        one, other = part[product.row], product.col.astype(np.int64)
        kept = (product.data >= bounds.place) & ((one < other) | ~twice[other])
        one, other, place = one[kept], other[kept], product.data[kept]
        both = placed[one] & placed[other]
        place[both] *= ELSEWHERE + (1 - ELSEWHERE) * along(rows.districts, one[both], other[both])
        kept = place >= bounds.place
        one, other, place = one[kept], other[kept], place[kept]
        alike = np.minimum(np.sqrt(place * along(rows.matter, one, other)), 1)
        return Pairs(np.minimum(one, other), np.maximum(one, other), alike.astype(np.float32))

    starts = range(0, len(wanted), ROWS_AT_ONCE)
    if len(starts) <= FEW_PARTS:
        found = [of(start) for start in starts]
    else:  # products of sparse rows leave the interpreter to the others
        with ThreadPoolExecutor(THREADS) as pool:
            found = list(pool.map(of, starts))
    nothing = np.zeros(0, dtype=np.int64)
    return Pairs(
        np.concatenate([nothing, *(one.one for one in found)]),
        np.concatenate([nothing, *(one.other for one in found)]),
        np.concatenate([nothing.astype(np.float32), *(one.alike for one in found)]),
    )


def along(rows: sparse.csr_matrix, one: Ints, other: Ints) -> Floats:
    """Products of given pairs of rows."""
    made = np.zeros(len(one), dtype=np.float32)
    for start in range(0, len(one), PAIRS_AT_ONCE):
        part = slice(start, start + PAIRS_AT_ONCE)
        made[part] = np.asarray(rows[one[part]].multiply(rows[other[part]]).sum(axis=1)).ravel()
    return made


def average_linkage(size: int, pairs: Pairs, *, least: float) -> Ints:
    """A label for each row: groups whose members are on the mean at least so much alike."""
    kept = pairs.alike >= least / 2
    one, other, alike = pairs.one[kept], pairs.other[kept], pairs.alike[kept]
    graph = sparse.coo_matrix((alike, (one, other)), shape=(size, size))
    count, part = connected_components(graph, directed=False)
    many = np.bincount(part, minlength=count)
    label = part.astype(np.int64)
    lone = many[part[one]] == 2
    apart = other[lone & (alike < least)]
    label[apart] = count + np.arange(len(apart))
    free = count + len(apart)
    # Parts with more than two rows, small ones several at once: what is in different parts is not alike at all.
    larger = many > 2
    at = np.cumsum(np.where(larger, many, 0))
    turn = np.cumsum(np.concatenate(([0], at[1:] // TOGETHER != at[:-1] // TOGETHER)))
    turn[~larger] = -1
    order, edge_order = np.argsort(turn[part], kind="stable"), np.argsort(turn[part[one]], kind="stable")
    row_turn, edge_turn = turn[part][order], turn[part[one]][edge_order]
    place = np.zeros(size, dtype=np.int64)
    for which in np.unique(turn[larger]):
        rows = order[slice(*np.searchsorted(row_turn, (which, which + 1)))]
        place[rows] = np.arange(len(rows))
        edges = edge_order[slice(*np.searchsorted(edge_turn, (which, which + 1)))]
        found = _dense(len(rows), place[one[edges]], place[other[edges]], alike[edges], least)
        label[rows] = free + found
        free += int(found.max()) + 1
    made: Ints = np.unique(label, return_inverse=True)[1]
    return made


def _dense(size: int, one: Ints, other: Ints, alike: Floats, least: float) -> Ints:
    """Average linkage of connected parts; pairs that are not named are not alike at all."""
    far = np.ones((size, size), dtype=np.float32)
    far[one, other] = far[other, one] = 1 - alike
    np.fill_diagonal(far, 0)
    tree = linkage(squareform(far, checks=False), "average")
    found: Ints = fcluster(tree, 1 - least, "distance").astype(np.int64)
    return found


def sums(label: Ints, rows: sparse.csr_matrix) -> sparse.csr_matrix:
    """Rows of each group added up and brought to length 1."""
    size = len(label)
    member = sparse.csr_matrix(
        (np.ones(size, dtype=np.float32), (label, np.arange(size))), shape=(int(label.max()) + 1, size)
    )
    total = (member @ rows).tocsr()
    row = np.repeat(np.arange(total.shape[0]), np.diff(total.indptr))
    length = np.sqrt(np.bincount(row, weights=total.data.astype(np.float64) ** 2, minlength=total.shape[0]))
    total.data *= (1 / np.maximum(length, 1e-9)).astype(np.float32)[row]
    return total


def put_together(label: Ints, rows: Rows, bounds: Bounds) -> Ints:
    """Merge groups that are one affair: in rounds, each with the group most like it if that is mutual.

    Every group keeps its number while it stands, so that after the first round only those that grew are compared anew.
    """
    size = np.bincount(label)
    groups = rows.summed(label)
    known = _worth(close_pairs(groups, bounds), size, bounds)
    for _round in range(MOST_ROUNDS):
        best = _best(len(size), known)
        mutual = (best[known.one] == known.other) & (best[known.other] == known.one)
        if not mutual.any():
            break
        into, gone = known.one[mutual], known.other[mutual]
        target = np.arange(len(size))
        target[gone] = into
        label = target[label]
        size = np.bincount(label, minlength=len(size))
        groups = groups.grown(label, rows, into=np.sort(into), gone=gone)
        changed = np.zeros(len(size), dtype=np.bool_)
        changed[into] = changed[gone] = True
        still = ~(changed[known.one] | changed[known.other])
        new = _worth(close_pairs(groups, bounds, only=np.sort(into)), size, bounds)
        known = Pairs(
            np.concatenate((known.one[still], new.one)), np.concatenate((known.other[still], new.other)),
            np.concatenate((known.alike[still], new.alike)),
        )  # fmt: skip
    made: Ints = np.unique(label, return_inverse=True)[1]
    return made


def _worth(pairs: Pairs, size: Ints, bounds: Bounds) -> Pairs:
    """The pairs that are alike enough to be one: two single messages, or two groups."""
    lone = np.maximum(size[pairs.one], size[pairs.other]) == 1
    good = pairs.alike >= np.where(lone, bounds.member, bounds.whole)
    return Pairs(pairs.one[good], pairs.other[good], pairs.alike[good])


def _best(size: int, pairs: Pairs) -> Ints:
    """For each group the one most like it, -1 for none; equals are settled by number."""
    one, other, alike = pairs.one, pairs.other, pairs.alike
    mine, theirs = np.concatenate((one, other)), np.concatenate((other, one))
    order = np.lexsort((-theirs, np.concatenate((alike, alike)), mine))
    best = np.full(size, -1, dtype=np.int64)
    best[mine[order]] = theirs[order]
    return best
