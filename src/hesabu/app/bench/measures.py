"""The measures by name."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connections

from hesabu.app.bench import chatting, footprint, load, paper, seed, serving, settle
from hesabu.app.bench.run import interleaved
from hesabu.app.bench.scratch import Scratch
from hesabu.app.config import home
from hesabu.doors.chat.grammar import pace as grammar
from hesabu.kit import crypto

SHOPS = 48
LETTERS = 6_000
DOCS = home() / "docs"


def settle_vs_pgbench(scratch: Scratch, rounds: int) -> dict[str, Any]:
    shops = seed.shops(SHOPS)
    settle.prepare_baseline(scratch)
    return interleaved(
        rounds,
        lambda: settle.measure(scratch, shops, LETTERS),
        lambda: settle.baseline(scratch),
    )


def accept_vs_bare(scratch: Scratch, rounds: int) -> dict[str, Any]:
    """Letters durable per second ÷ a bare WSGI function doing one insert."""
    shops = seed.shops(4)
    with psycopg.connect(scratch.baseline, autocommit=True) as connection:
        connection.execute("CREATE TABLE bare (id uuid PRIMARY KEY, body bytea NOT NULL)")

    def letters() -> list[bytes]:
        callbacks = [
            seed.Callback(
                shops[i % 4], crypto.token(12), seed.body_of(f"ws_CO_{i}_{crypto.token(6)}")
            )
            for i in range(LETTERS)
        ]
        return [load.post(f"/hooks/{c.shop.token}/{c.ref}", c.body) for c in callbacks]

    with (
        serving.web("hesabu.app.wsgi:application") as ours,
        serving.web(
            "hesabu.app.bench.bare:application", HESABU_BENCH_BARE_DSN=scratch.baseline
        ) as bare,
    ):
        result = interleaved(
            rounds,
            lambda: LETTERS / serving.send(ours, letters()),
            lambda: LETTERS / serving.send(bare, letters()),
        )
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "DELETE FROM store_letter WHERE business_id = ANY(%s)",
            ([s.business_id for s in shops],),
        )
    return result


def post_to_booked_vs_pgbench(scratch: Scratch, rounds: int) -> dict[str, Any]:
    """Payments from the HTTP request to the book, with intake and settling at once ÷ pgbench."""
    shops = seed.shops(SHOPS)
    settle.prepare_baseline(scratch)
    with serving.web("hesabu.app.wsgi:application") as port:
        return interleaved(
            rounds,
            lambda: settle.measure_posted(scratch, shops, LETTERS, port),
            lambda: settle.baseline(scratch),
        )


def invoice_pdf_ms(scratch: Scratch, rounds: int) -> dict[str, Any]:
    """The paper, warm, beside the typesetter's bare call."""
    return paper.measure()


def chat_reply_ms(scratch: Scratch, rounds: int) -> dict[str, Any]:
    """From a message's webhook to its answer's request, at twenty messages a second."""
    return chatting.measure()


def parses_per_second(scratch: Scratch, rounds: int) -> dict[str, Any]:
    """Messages read by one thread's processor, in two languages at once; all that comes in a day, and the main example."""
    tables = [DOCS / "phrases" / f"{language}.md" for language in ("en", "sw")]
    found = [
        message
        for table in tables
        if table.is_file()
        for message in grammar.messages_of(table.read_text("utf-8"))
    ]
    return {
        "main_example": grammar.parses_per_second([grammar.MAIN_EXAMPLE]),
        "published_phrases": grammar.parses_per_second(found or grammar.MESSAGES),
        "phrases": len(found or grammar.MESSAGES),
    }


def memory_mb(scratch: Scratch, rounds: int) -> dict[str, Any]:
    """What each process holds after some work, as proportional set size."""
    shops = seed.shops(4)
    callbacks = seed.prompts(shops, 400)
    worker = [sys.executable, "-m", "hesabu.app.worker"]
    with serving.web("hesabu.app.wsgi:application") as port, serving.running(worker) as working:
        serving.send(port, [load.post(f"/hooks/{c.shop.token}/{c.ref}", c.body) for c in callbacks])
        time.sleep(8)
        return {
            "web": footprint.proportional_mb(serving.pid_on(port)),
            "worker": footprint.of(working),
        }


MEASURES: dict[str, Callable[[Scratch, int], dict[str, Any]]] = {
    "chat_reply_ms": chat_reply_ms,  # first: the others leave jobs behind that a worker would want to run
    "parses_per_second": parses_per_second,
    "memory_mb": memory_mb,
    "settle_vs_pgbench": settle_vs_pgbench,
    "post_to_booked_vs_pgbench": post_to_booked_vs_pgbench,
    "accept_vs_bare": accept_vs_bare,
    "invoice_pdf_ms": invoice_pdf_ms,
}
