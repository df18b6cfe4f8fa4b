"""The door of the catalogue.

Regions are division codes with 6, 9 or 12 digits. A matter's `code` is its basic code 基本编码 in our own
city and the implementation code in a partner's catalogue; the implementation code always works too.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from tongban.kernel.contracts import Actor
from tongban.registers.catalogue import (
    cache,
    charge,
    english,
    finding,
    importing,
    listing,
    quotas,
    selectors,
    services,
    switching,
)
from tongban.registers.catalogue.charge import ChargeHit
from tongban.registers.catalogue.contracts import (
    Change,
    Disagreement,
    ElementSpec,
    ImportReport,
    ListCount,
    MaterialSpec,
    MatterHit,
    MatterSpec,
    Result,
    SwitchLine,
    VersionLine,
)
from tongban.registers.catalogue.departments import name_of as department_name
from tongban.registers.catalogue.instant import (
    GIVEN,
    HOLDS,
    LICENCE,
    SHARED,
    Demand,
    Fact,
    Finding,
    InstantSpec,
    Review,
    Verdict,
)
from tongban.registers.catalogue.limits import limit_text
from tongban.registers.catalogue.quotas import Filled
from tongban.registers.catalogue.regulated import Becomes, Handler, RegulatedSpec

__all__ = [
    "GIVEN",
    "HOLDS",
    "LICENCE",
    "SHARED",
    "Becomes",
    "ChargeHit",
    "Demand",
    "Fact",
    "Filled",
    "Finding",
    "Handler",
    "InstantSpec",
    "RegulatedSpec",
    "Review",
    "Verdict",
    "changes_between",
    "check_same",
    "department_name",
    "element",
    "elements",
    "empty_words",
    "every_matter",
    "everyday_words",
    "fill_up",
    "forget",
    "generation",
    "history",
    "import_file",
    "instant_matters",
    "instant_on",
    "instant_switches",
    "limit_text",
    "list_counts",
    "material",
    "materials",
    "matter",
    "matter_count",
    "matters",
    "matters_of_unit",
    "on_list",
    "pack_said",
    "publish",
    "register_english",
    "register_guide_action",
    "register_search_provider",
    "regulated_matters",
    "result_english",
    "search_matters",
    "search_regulated",
    "stock_figures",
    "suggest",
    "switch_instant",
    "withdraw",
]


def matter(code: str, region: str, at: datetime | None = None) -> MatterSpec:
    """The most specific published implementation: of the region, else of the nearest region above it.

    :param at: as it was in force at that instant (one look into the history); default as it is now, from
        memory, without a query once warm
    :raises UnknownMatterError: nothing published there or above
    """
    return selectors.matter(code, region, at)


def matters(codes: Sequence[str], region: str) -> dict[str, MatterSpec]:
    """Several at once, at most one query; codes not published there are absent from the answer."""
    return selectors.matters(codes, region)


def element(key: str) -> ElementSpec:
    """One data element. :raises UnknownKeyError: no such key"""
    return selectors.element(key)


def elements(keys: Sequence[str]) -> dict[str, ElementSpec]:
    """Several, in the order asked. :raises UnknownKeyError: naming the first unknown key"""
    return {key: selectors.element(key) for key in keys}


def material(key: str) -> MaterialSpec:
    """One kind of paper. :raises UnknownKeyError: no such key"""
    return selectors.material(key)


def materials(keys: Sequence[str]) -> dict[str, MaterialSpec]:
    """Several, in the order asked. :raises UnknownKeyError: naming the first unknown key"""
    return {key: selectors.material(key) for key in keys}


def search_matters(
    text: str,
    region: str,
    filters: Mapping[str, Sequence[str]] | None = None,
    top: int = 10,
) -> list[MatterHit]:
    """Matters that can be done in the region, best first; everyday words, typos and pinyin are understood.

    :param filters: any of ``party`` (person, organisation), ``topic``, ``department``, ``kind``, ``list``;
        values of one filter are alternatives
    """
    return finding.search(text, region=region, filters=filters or {}, top=top)


def search_regulated(text: str, region: str, top: int = 3) -> list[ChargeHit]:
    """Who punishes, enforces or inspects what the text tells of, and by which law; best first.

    Short texts, as typed into a search box; nothing that is only a guess.
    """
    return charge.search(text, region=region, top=top)


def regulated_matters(region: str) -> list[MatterSpec]:
    """Every regulated matter as exercised for the region (its own unit, else the nearest above), by code.

    From memory once warm. What only other regions below exercise is not among them.
    """
    return charge.matters(region)


def every_matter(region: str) -> list[MatterSpec]:
    """Each published matter once, by code: as it is for the region, else as the first region below has it."""
    return selectors.every(region)


def generation() -> str:
    """Changes whenever anything published does."""
    return cache.token()


def everyday_words() -> Mapping[str, Sequence[str]]:
    """Official terms by what people say (packs/search)."""
    return finding.vocabulary().by_words


def empty_words() -> tuple[str, ...]:
    """Words of a question that say nothing about what is wanted, longest first (packs/search)."""
    return tuple(sorted(finding.vocabulary().stop, key=len, reverse=True))


def suggest(text: str, region: str, top: int = 8) -> list[str]:
    """Names that complete what is being typed, in Chinese, pinyin or initials."""
    return finding.suggest(text, region=region, top=top)


def register_search_provider(name: str, provider: Callable[..., Sequence[object]]) -> None:
    """Let another context add results above the matters on the search page.

    :param provider: called with keyword arguments ``text``, ``region``, ``party``, ``top``; returns objects
        with ``title``, ``summary``, ``url`` and optionally ``badge`` and ``action``
    """
    finding.register_provider(name, provider)


def register_guide_action(name: str, provider: Callable[[MatterSpec], object | None]) -> None:
    """Let another context offer a beginning on the guide page (网上办, 预约).

    :param provider: called with the spec; returns an object with ``title`` and ``url``, or None
    """
    finding.register_action(name, provider)


def pack_said(text: str) -> str:
    """A sentence of the packs (a condition, a sample, a fee) in the reader's language; Chinese where no English is known."""
    return english.said(text)


def result_english(result: Result) -> str:
    """A result's English: its own, else that of the licence that it is; empty where nobody wrote one."""
    return english.of_result(result.name, name_en=result.name_en, kind=result.licence_kind)


def register_english(name: str, names: Callable[[], Mapping[str, str]]) -> None:
    """Let another context say the English of names and keys that it keeps itself, for guides."""
    english.register(name, names)


def list_counts(region: str, *, below: bool = True) -> list[ListCount]:
    """Every published list with its count, in the order in which cities publish them."""
    return listing.counts(region, below=below)


def on_list(key: str, region: str, *, top: int = 50, after: str = "") -> list[MatterHit]:
    """Matters on one list, by code, continuing after a code. :raises CatalogueError: unknown list"""
    return listing.on_list(key, region, top=top, after=after)


def matters_of_unit(unit: str, *, department: str, region: str) -> list[tuple[str, str]]:
    """Code and name of every published matter that a unit carries out, by code; two queries."""
    return listing.of_unit(unit, department, region)


def matter_count(region: str) -> int:
    """Published implementations in the region and below."""
    return selectors.published(region).count()


def check_same(region: str) -> list[Disagreement]:
    """Where name, code, legal basis or kind of one matter differ between levels of the region (四级同)."""
    return listing.disagreements(region)


def history(code: str, region: str) -> list[VersionLine]:
    """Versions of the implementation in exactly this region, newest first."""
    return selectors.history(code, region)


def changes_between(code: str, region: str, before: int, after: int) -> list[Change]:
    """What differs between two versions. :raises UnknownMatterError, CatalogueError: no such version"""
    return services.changes_between(code, region, before, after)


def publish(*, codes: Sequence[str], region: str, actor: Actor, at: datetime, note: str = "") -> int:
    """Publish the newest drafts of the named implementations; returns how many.

    :raises UnknownMatterError: a code without implementation there
    :raises CatalogueError: one has no draft; nothing is published then
    """
    return services.publish(codes=codes, region=region, actor=actor, at=at, note=note)


def withdraw(*, codes: Sequence[str], region: str, actor: Actor, at: datetime, note: str) -> int:
    """Take published implementations off; their versions stay readable with `at`.

    :raises UnknownMatterError: a code without implementation there
    :raises CatalogueError: one is not published; nothing is withdrawn then
    """
    return services.withdraw(codes=codes, region=region, actor=actor, at=at, note=note)


def import_file(
    *,
    content: bytes,
    name: str,
    region: str,
    actor: Actor,
    at: datetime,
    preview: bool = False,
    publish: bool = True,
) -> ImportReport:
    """Bring in a CSV, XLSX or JSON file, wholly or not at all; `preview` writes nothing,
    `publish=False` leaves the new versions as drafts.

    :raises ImportRefusedError: the file cannot be read at all, or (not previewing) a row is refused; the
        error carries the report with every row's reason
    """
    return importing.import_file(
        content=content, name=name, region=region, actor=actor, at=at, preview=preview, publish=publish
    )


def fill_up(*, wanted: Mapping[str, int], region: str, seed: int, actor: Actor, at: datetime) -> Filled:
    """Make up, through the importer and marked as generated, what a city's published figures have and it lacks.

    :param wanted: the figures to reach exactly: ``matters``, ``regulated``, ``online``, ``no_visit`` (by implementation),
        ``cross_province``, ``cross_city``, ``cross_county``, ``sunk``, ``nearby``, ``commitment``, ``tolerance``,
        ``self_service``, ``high_frequency``, ``convenience``, ``intermediary`` (each matter once)
    :raises CatalogueError: an unknown figure, one that is exceeded already, or lists that the lacking matters cannot fill
    """
    return quotas.fill(wanted=wanted, region=region, seed=seed, actor=actor, at=at)


def stock_figures(region: str) -> dict[str, int]:
    """The figures of `fill_up` as they are now in a region and below."""
    return quotas.standing(region)


def instant_on(codes: Sequence[str], region: str) -> dict[str, bool]:
    """Whether matters with decision rules may be decided without a human in a region; one query."""
    return switching.on(codes, region)


def switch_instant(*, code: str, region: str, on: bool, reason: str, actor: Actor, at: datetime) -> None:
    """Switch instant approval of a matter on or off in a region and below; written into the ledger.

    :param code: the matter's code, or "" for the stop switch of all matters
    :raises CatalogueError: no reason was given
    """
    switching.switch(code=code, region=region, on=on, reason=reason, actor=actor, at=at)


def instant_switches(region: str) -> list[SwitchLine]:
    """The switches set in a region, above it and below it, newest first."""
    return switching.lines(region)


def instant_matters(region: str) -> list[MatterSpec]:
    """Every matter with decision rules as handled in the region, by code."""
    return selectors.with_instant(region)


def forget() -> None:
    """Drop what this process keeps in memory (tests that roll back a transaction need it)."""
    cache.forget()
