"""The peer of the HTTP figures: a plain Django view that sends the statements of one request by hand.

`TONGBAN_BENCH_STATEMENTS` names a pickle of the statements by key, recorded from the platform's own
answers on a copy of the database; the view sends those of the key that the request names.
"""

import os
import pickle
from functools import cache
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path


@cache
def _recorded() -> dict[str, list[tuple[str, tuple[Any, ...]]]]:
    with open(os.environ["TONGBAN_BENCH_STATEMENTS"], "rb") as file:  # noqa: PTH123 - one small file of our own
        found: dict[str, list[tuple[str, tuple[Any, ...]]]] = pickle.load(file)
        return found


def by_hand(request: HttpRequest) -> JsonResponse:
    with transaction.atomic(), connection.cursor() as cursor:
        for sql, values in _recorded()[request.headers["Idempotency-Key"]]:
            cursor.execute(sql, values)
            if cursor.description:
                cursor.fetchall()
    return JsonResponse({"key": request.headers["Idempotency-Key"], "done": True})


urlpatterns = [path("by-hand", by_hand)]
application = get_wsgi_application()
