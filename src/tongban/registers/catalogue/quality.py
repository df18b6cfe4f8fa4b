"""How good the search is: files of everyday queries with their answers, so that others can add."""

import time
from dataclasses import dataclass
from pathlib import Path

from tongban.registers.catalogue import finding
from tongban.registers.catalogue.contracts import CatalogueError

TOP = 3


@dataclass(frozen=True, slots=True)
class Quality:
    """Queries asked, how many had a right answer in the first three, what was missed, and how fast."""

    asked: int
    hits: int
    missed: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]
    p50_ms: float
    p99_ms: float


def read_queries(file: Path) -> list[tuple[str, tuple[str, ...]]]:
    """Lines of query, tab, right codes or names separated by ``|``; # begins a comment.

    :raises CatalogueError: a line without answer, told with its number
    """
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        query, tab, answers = line.partition("\t")
        if not tab or not answers.strip():
            raise CatalogueError(f"{file.name}第{number}行没有答案；应写成：查询、制表符、编码或名称。")
        found.append((query.strip(), tuple(answer.strip() for answer in answers.split("|"))))
    return found


def measure(file: Path, *, region: str, rounds: int = 5) -> Quality:
    """Ask every query of the file in the region; times are of searches after the first round."""
    finding.index(fresh=True)
    queries = read_queries(file)
    missed = []
    times: list[float] = []
    for turn in range(rounds + 1):
        for query, answers in queries:
            begun = time.perf_counter()
            hits = finding.search(query, region=region, filters={}, top=TOP)
            if turn:
                times.append((time.perf_counter() - begun) * 1000)
            elif not any({hit.code, hit.name} & set(answers) for hit in hits):
                missed.append((query, answers, tuple(hit.name for hit in hits)))
    times.sort()
    return Quality(
        asked=len(queries),
        hits=len(queries) - len(missed),
        missed=tuple(missed),
        p50_ms=times[len(times) // 2] if times else 0.0,
        p99_ms=times[int(len(times) * 0.99)] if times else 0.0,
    )
