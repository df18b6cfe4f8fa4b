"""The licences that the demo city's people and companies hold already: `packs/demo/licences.yaml`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tongban.actors.api import LoadError, read_pack
from tongban.kernel import api as kernel
from tongban.registers.licences import life, services
from tongban.registers.licences.contracts import LicencesError
from tongban.registers.licences.models import Licence

SHANGHAI = ZoneInfo("Asia/Shanghai")


def load_holdings(folder: Path, at: datetime) -> Mapping[str, int]:
    """Issue what the file names and nobody has issued yet; a second time changes nothing.

    :raises LoadError: a row that cannot be; names the row
    """
    del at  # each licence is issued on its own day
    done: Counter[str] = Counter()
    if not (folder / "licences.yaml").exists():
        return done
    ids = _ids(folder)
    known = set(Licence.objects.filter(key__startswith="demo:").values_list("key", flat=True))
    with kernel.writing():
        for row in read_pack(folder, "licences.yaml"):
            name = f"{row.get('holder')} {row.get('kind')}"
            key = f"demo:{row.get('holder')}:{row.get('kind')}:{row.get('issued')}:{row.get('part', '')}"
            if key in known:
                continue
            if row.get("holder") not in ids:
                raise LoadError(f"licences.yaml: {name}: holder ?")
            issued: date = row["issued"]
            try:
                made = services.issue(
                    kind=row["kind"], holder=ids[row["holder"]], unit=row["unit"], fields=row.get("fields") or {},
                    actor=kernel.SYSTEM, at=datetime.combine(issued, time(10), SHANGHAI),
                    valid_until=row.get("until"), key=key,
                )  # fmt: skip
                for later in row.get("then") or []:
                    _decide(made.identifier, later)
            except LicencesError as error:
                raise LoadError(f"licences.yaml: {name}: {error.reason}") from error
            known.add(key)
            done["added"] += 1
    return done


def _decide(identifier: str, later: Mapping[str, Any]) -> None:
    """What was decided later: ``{act: suspend, on: 2026-10-08, reason: …}``."""
    act = {"suspend": life.suspend, "revoke": life.revoke, "cancel": life.cancel}.get(str(later.get("act")))
    if act is None:
        raise LoadError(f"licences.yaml: then: {later.get('act')} ?")
    at = datetime.combine(later["on"], time(10), SHANGHAI)
    act(identifier=identifier, actor=kernel.SYSTEM, at=at, reason=str(later["reason"]))


def _ids(folder: Path) -> dict[str, str]:
    city = read_pack(folder, "people.yaml")
    ids = {f"person:{row['key']}": f"person:{row['id']}" for row in city["people"]}
    return ids | {f"organisation:{row['key']}": f"organisation:{row['id']}" for row in city["organisations"]}
