"""The API's description for docs/openapi.json."""

from __future__ import annotations

import json

from django.core.serializers.json import DjangoJSONEncoder

from tongban.config.api import api


def documents() -> dict[str, str]:
    """The OpenAPI document, as it is served."""
    text = json.dumps(
        api.get_openapi_schema(), cls=DjangoJSONEncoder, ensure_ascii=False, indent=1, sort_keys=True
    )
    return {"openapi.json": text + "\n"}
