"""``column__among=[…]``: one of many values, in a statement whose text does not grow with them.

``__in`` writes a mark for each value; with hundreds, reading the statement costs more than running it. For a relation
name the column it points to: ``docket__id__among``, which joins nothing.
"""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Field, Lookup


@Field.register_lookup
class Among(Lookup):
    """Values of one type as an array (PostgreSQL) or a list in JSON (SQLite)."""

    lookup_name = "among"

    def get_prep_lookup(self) -> list[Any]:
        """The values as the column keeps them."""
        field = self.lhs.output_field
        return [field.get_prep_value(value) for value in self.rhs]

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:
        """All of them as one value."""
        return "%s", [json.dumps(value) if connection.vendor == "sqlite" else value]

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, values = self.process_lhs(compiler, connection)
        mark, given = self.process_rhs(compiler, connection)
        if connection.vendor == "sqlite":
            return f"{column} IN (SELECT value FROM json_each({mark}))", [*values, *given]  # noqa: S608 - marks only
        kind = str(self.lhs.output_field.db_type(connection)).partition("(")[0]
        return f"{column} = ANY({mark}::{kind}[])", [*values, *given]
