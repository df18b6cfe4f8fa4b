"""What is known of the demo city's companies and people: `packs/demo/portraits.yaml`.

By party (``organisation:yuncheng``, keys of `people.yaml`): ``agrees`` is all, none or a list of elements; ``known`` are
facts that were true so many days before the loading, lest they be stale after a month. Money is ``{yuan: "5000"}``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tongban.actors import api as actors
from tongban.actors.api import read_pack
from tongban.kernel import api as kernel
from tongban.registers.portraits import agreeing, demo_around, filing, packs, services
from tongban.registers.portraits.contracts import NewFact, Via

FILE = "portraits.yaml"


def load_portraits(folder: Path, at: datetime) -> Mapping[str, int]:
    """Note what each department says, once; a party that has a portrait already is left as it is. Then the invented
    companies around them.

    :raises FactsRefusedError: the pack says something that no element can have
    """
    done: Counter[str] = Counter()
    if not (folder / FILE).exists():
        return done
    people = read_pack(folder, "people.yaml")
    ids = {f"person:{row['key']}": f"person:{row['id']}" for row in people["people"]}
    ids |= {f"organisation:{row['key']}": f"organisation:{row['id']}" for row in people["organisations"]}
    for key, said in read_pack(folder, FILE).items():
        party = ids.get(key)
        if party is None or filing.read(party) is not None:
            continue
        services.note(_facts(party, said, at), actor=kernel.SYSTEM, at=at, via=Via.IMPORT)
        agreeing.consent(party=party, given=_agreed(party, said["agrees"]), actor=kernel.SYSTEM, at=at)
        done["added"] += 1
    done["companies"] = demo_around.load_companies(at=at)
    return done


def _facts(party: str, said: Mapping[str, Any], at: datetime) -> list[NewFact]:
    known = packs.elements(party.partition(":")[0])
    today = actors.day_of(at)
    return [
        NewFact(party, key, _value(value), known[key].source if key in known else "", today - timedelta(days=block["days"]))
        for block in said["known"]
        for key, value in block["facts"].items()
    ]  # fmt: skip


def _value(value: Any) -> Any:
    if isinstance(value, Mapping):
        return int(Decimal(value["yuan"]) * 100)
    return Decimal(str(value)) if isinstance(value, float) else value


def _agreed(party: str, agrees: Any) -> list[str]:
    asked = [key for key, one in packs.elements(party.partition(":")[0]).items() if one.consent]
    return asked if agrees == "all" else [] if agrees == "none" else list(agrees)
