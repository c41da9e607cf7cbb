"""Idempotency: the same key and the same input give the first answer again; another input is refused.

A key belongs to a business and a scope (the act it is for) and is remembered for ever in this version. The first answer
commits with what was done, and an act that failed leaves its key free, also where its caller goes on. Two requests with
one key at the same time: the second waits for the first on the unique index, then reads its answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.db import connection

from hesabu.kit import clock, crypto, ids
from hesabu.kit.errors import Refused
from hesabu.store import tenancy


class KeyReused(Refused):
    code = "idempotency.key_reused"
    title = "That key was used for something else."
    hint = "Use a new key for a new request."


def once(
    scope: str, key: str, request: dict[str, Any], act: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """`act`'s answer, or the first answer to this key. Raises KeyReused. Inside a binding of one business."""
    business_id = tenancy.only()
    request_hash = crypto.digest(json.dumps(request, sort_keys=True, default=str))
    with tenancy.attempt(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO store_idempotency (id, business_id, scope, key, request_hash, answer, created_at)"
            " VALUES (%s, %s, %s, %s, %s, 'null', %s) ON CONFLICT DO NOTHING",
            (ids.new_id(), business_id, scope, key, request_hash, clock.now()),
        )
        if cursor.rowcount == 1:
            answer = act()
            cursor.execute(
                "UPDATE store_idempotency SET answer = %s::jsonb WHERE business_id = %s AND scope = %s AND key = %s",
                (json.dumps(answer), business_id, scope, key),
            )
            return answer
        cursor.execute(
            "SELECT request_hash, answer::text FROM store_idempotency WHERE business_id = %s AND scope = %s AND key = %s",
            (business_id, scope, key),
        )
        first_hash, answer_text = cursor.fetchone()
    if bytes(first_hash) != request_hash:
        raise KeyReused(key[:64])
    return dict(json.loads(answer_text))
