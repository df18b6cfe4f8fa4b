"""Search over 13,948 matters in one process: rebuild, p50 and p99 of a query, beside the bare engine.

Run: .venv/bin/python -m benchmarks.search [rounds]. The floor is tantivy alone answering the same weighed
terms; the rest is understanding the query and the second look. Times are wall-clock milliseconds, and
CPU milliseconds of the thread in brackets (a busy machine stretches only the former).
"""

# ruff: noqa: SLF001  the floor is measured inside the engine

import os
import sys
import time
from pathlib import Path

import django
import tantivy

COUNT = 13_948
QUERIES = Path(__file__).parent / "queries"


def documents():
    """Generated matters as the catalogue would index them."""
    from tongban.kernel.search import Document
    from tongban.registers.catalogue import finding, generating

    for draft in generating.drafts(count=COUNT, places=["421202000000"], seed=1):
        yield Document(
            draft.code,
            finding._texts(draft.data, ""),
            {"region": ("=421202000000", ">421200000000")},
            payload={"name": draft.data["name"]},
        )


def percentile(times, share):
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def measure(rounds=25):
    """Figures by name."""
    from tongban.kernel.search import Index
    from tongban.kernel.search.understanding import understand
    from tongban.registers.catalogue import finding, quality

    index = Index(name="bench", fields=finding.FIELDS, vocabulary=finding.vocabulary())
    begun = time.perf_counter()
    index.rebuild(documents())
    figures = {"matters": COUNT, "rebuild_s": time.perf_counter() - begun}
    queries = [q for name in ("demo.tsv", "guangan.tsv") for q, _ in quality.read_queries(QUERIES / name)]
    filters = {"region": finding._visible("421202000000")}
    searcher = index._live.engine.searcher()
    bare = {q: tantivy.Query.boolean_query(index._wanted(understand(q, index.vocabulary))) for q in queries}
    wall, cpu, floor = [], [], []
    for turn in range(rounds + 1):
        for query in queries:
            begun, spent = time.perf_counter(), time.thread_time()
            index.search(query, filters=filters, top=10)
            took, used = time.perf_counter() - begun, time.thread_time() - spent
            spent = time.thread_time()
            searcher.search(bare[query], 36, count=False)
            if turn:  # the first round fills the caches
                wall.append(took * 1000)
                cpu.append(used * 1000)
                floor.append((time.thread_time() - spent) * 1000)
    for share, name in ((0.5, "p50"), (0.99, "p99")):
        figures[f"{name}_ms"] = percentile(wall, share)
        figures[f"{name}_cpu_ms"] = percentile(cpu, share)
        figures[f"{name}_engine_cpu_ms"] = percentile(floor, share)
    return figures


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.config.settings")
    django.setup()
    figures = measure(int(sys.argv[1]) if len(sys.argv) > 1 else 25)
    print(f"{figures['matters']} matters, rebuilt in {figures['rebuild_s']:.1f} s")
    for name in ("p50", "p99"):
        print(
            f"{name} {figures[f'{name}_ms']:.2f} ms (CPU {figures[f'{name}_cpu_ms']:.2f}, "
            f"engine alone {figures[f'{name}_engine_cpu_ms']:.2f})"
        )


if __name__ == "__main__":
    main()
