"""Do something once per idempotency key: the same key gives the first answer again.

Moves and openings have this built in; whatever else a caller may repeat goes through `once`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.kernel import store
from tongban.kernel.flow.errors import Conflict
from tongban.kernel.ledger.rules import canonical


def once(
    work: Callable[[], dict[str, Any]], *, scope: str, actor: str, key: str, content: Any, at: datetime
) -> tuple[dict[str, Any], bool]:
    """Do `work` and keep its answer under the key, in one transaction.

    :param work: does it and gives a JSON answer without personal data; raising keeps nothing
    :param scope: what the key belongs to, at most 80 characters; an empty `key` remembers nothing
    :param content: everything asked for, as JSON; kept as a digest only
    :return: the answer, and whether it is that of an earlier call
    :raises Conflict: the key was used with other content
    """
    if not key:
        with store.writing():
            return work(), False
    digest = hashlib.sha256(canonical(content).encode()).hexdigest()
    place = (scope, actor, key)
    claim = {
        "scope": scope, "actor": actor, "key": key, "content": digest, "answer": "{}", "answered_at": at,
    }  # fmt: skip
    # The inner one is a savepoint where the caller has a transaction already: a refusal keeps no claim.
    with store.writing(), transaction.atomic():
        if not store.claim_receipt(claim):
            return first_answer(scope=scope, actor=actor, key=key, content=content) or {}, True
        answer = work()
        store.answer_receipt(place, json.dumps(answer, ensure_ascii=False))
    return answer, False


def first_answer(*, scope: str, actor: str, key: str, content: Any) -> dict[str, Any] | None:
    """The answer kept under a key, or None when it was not used yet.

    :raises Conflict: the key was used with other content
    """
    found = store.receipts([(scope, actor, key)]).get((scope, actor, key)) if key else None
    if found is None:
        return None
    if found[0] != hashlib.sha256(canonical(content).encode()).hexdigest():
        raise Conflict("key_reused", _("这个幂等键已用于另一项内容。"), possible=_("换一个新键再提交。"))
    answer: dict[str, Any] = json.loads(found[1])
    return answer
