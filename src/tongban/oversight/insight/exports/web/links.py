"""Where a page's table can be had as a file."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

FORMS = ("csv", "xlsx", "parquet")


def links(what: str, key: str, day: date, region: str, **more: object) -> list[tuple[str, str]]:
    """Name and address of each form of a table.

    :param what: list (a month), one (an indicator over the months), facts
    """
    asked = {"month": f"{day:%Y-%m}", "region": region, **more}
    found = []
    for form in FORMS:
        query = urlencode({**{k: v for k, v in asked.items() if v not in ("", None)}, "form": form})
        found.append(
            (
                form.upper() if form != "parquet" else "Parquet",
                f"{reverse(f'exports:{what}', args=[key] if key else [])}?{query}",
            )
        )
    return found
