"""What is told to whom, how much waits, and who is let in: the live process without its socket."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse

from hesabu.doors.web.live import signs
from hesabu.doors.web.live.board import Board, Full
from hesabu.doors.web.live.leave import Granted, Watch
from hesabu.doors.web.live.serving import Serving
from hesabu.doors.web.live.stream import Bounds, Stream
from hesabu.kit import ids
from hesabu.store.lately import Lately

HERE, INVOICE, PERSON = ids.new_id(), ids.new_id(), ids.new_id()
PAY_PAGE = Watch(HERE, invoice_id=INVOICE)
BUSINESS = Watch(
    HERE, kinds=frozenset({"invoice", "payment"}), person_id=PERSON, session_key="mine"
)


def fact(
    kind: str, subject_id: UUID | None = None, *, of: UUID = HERE, purpose_id: UUID | None = None
) -> Lately:
    return Lately(ids.new_id(), of, kind, subject_id or ids.new_id(), purpose_id)


async def at_once(act: Callable[..., Any], *given: Any) -> Any:
    return act(*given)


class House:
    """Facts to be read, and a leave that can be taken."""

    def __init__(self, **bounds: Any) -> None:
        self.facts: list[Lately] = []
        self.why = ""
        self.asked_of: list[set[UUID]] = []
        self.bounds = Bounds(look_seconds=0.001, **bounds)

    def read(self, business_ids: Sequence[UUID], since: datetime, most: int) -> list[Lately]:
        self.asked_of.append(set(business_ids))
        return [one for one in self.facts if one.business_id in business_ids][-most:]

    def why_over(self, watch: Watch) -> str:
        return self.why

    def board(self) -> Board:
        return Board(self.read, self.why_over, at_once, self.bounds)


def in_a_loop(act: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """In a thread of its own: the browser's loop may run in this one."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(act())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(60)
    assert not thread.is_alive()
    if failed:
        raise failed[0]


async def until(met: Callable[[], Any]) -> None:
    async with asyncio.timeout(30):
        while not met():
            await asyncio.sleep(0.001)


def told(stream: Stream) -> list[tuple[str, str]]:
    return [(sign.kind, sign.about) for sign in stream.taken()]


def test_every_fact_that_is_told_of_is_one_that_there_is() -> None:
    from hesabu.app import wiring
    from hesabu.store.wiring import wiring as known

    wiring.connect()
    assert set(signs.KINDS) <= set(known.fact_types)
    assert set(signs.OF_BUSINESS.values()) == set(signs.LEAVES)


def test_a_business_hears_its_own_facts_of_the_kinds_its_reader_may_see() -> None:
    stream = House().board().open(BUSINESS, "10.0.0.1")
    paid = fact("invoicing.InvoicePaid")
    for one in (
        paid,
        paid,
        fact("identity.ApprovalAsked"),
        fact("identity.PinSet"),
        fact("payments.PaymentSettled", of=ids.new_id()),
    ):
        stream.tell(one)
    assert told(stream) == [("invoice", ids.short(paid.subject_id))]


def test_a_pay_page_hears_of_its_invoice_by_its_own_id_or_as_what_money_is_for() -> None:
    stream = House().board().open(PAY_PAGE, "10.0.0.1")
    stream.tell(fact("invoicing.InvoicePaid"))
    stream.tell(fact("payments.CollectionFailed", purpose_id=ids.new_id()))
    stream.tell(fact("payments.CollectionFailed", purpose_id=INVOICE))
    stream.tell(fact("invoicing.InvoicePaid", INVOICE))
    stream.tell(fact("invoicing.InvoiceDrafted", INVOICE))
    assert told(stream) == [("failed", ""), ("paid", "")]


def test_who_does_not_read_looks_at_everything_again_instead() -> None:
    stream = House(signs_waiting=3).board().open(BUSINESS, "10.0.0.1")
    for _ in range(4):
        stream.tell(fact("invoicing.InvoicePaid"))
    assert told(stream) == [("behind", "")]
    for _ in range(1000):
        stream.tell(fact("invoicing.InvoicePaid"))
        assert len(stream.waiting) <= 3
    assert len(stream.remembered) <= stream.bounds.signs_remembered


def test_there_is_room_for_so_many_and_it_comes_back() -> None:
    board = House(streams=5, streams_of_address=3, streams_of_session=2).board()
    mine = [board.open(BUSINESS, "10.0.0.1") for _ in range(2)]
    with pytest.raises(Full) as refused:
        board.open(BUSINESS, "10.0.0.2")
    assert refused.value.why == "session"
    board.open(PAY_PAGE, "10.0.0.1")
    with pytest.raises(Full) as refused:
        board.require_room("10.0.0.1")
    assert refused.value.why == "address"
    board.open(PAY_PAGE, "10.0.0.3")
    board.open(PAY_PAGE, "10.0.0.3")
    with pytest.raises(Full) as refused:
        board.require_room("10.0.0.4")
    assert refused.value.why == "all"
    for stream in (*mine, mine[0]):
        board.drop(stream)
    assert len(board.streams()) == 3
    board.open(BUSINESS, "10.0.0.1")


def test_one_question_is_asked_for_all_and_none_for_nobody() -> None:
    house = House()

    async def act() -> None:
        board = house.board()
        board.start()
        await asyncio.sleep(0.02)
        assert house.asked_of == []
        streams = [board.open(PAY_PAGE, "a"), board.open(BUSINESS, "a")]
        other = ids.new_id()
        streams.append(board.open(Watch(other, invoice_id=INVOICE), "a"))
        house.facts = [fact("invoicing.InvoicePaid", INVOICE), fact("invoicing.InvoicePaid")]
        await until(lambda: streams[0].waiting and len(streams[1].waiting) == 2)
        assert {HERE, other} <= house.asked_of[-1]
        assert not streams[2].waiting
        for stream in streams:
            board.drop(stream)
        await board.close()

    in_a_loop(act)


def test_more_than_is_listed_at_once_is_told_as_such_and_once() -> None:
    house = House(facts_of_business=5)

    async def act() -> None:
        board = house.board()
        board.start()
        stream = board.open(PAY_PAGE, "a")
        house.facts = [fact("invoicing.InvoicePaid") for _ in range(5)]
        await until(lambda: stream.waiting)
        asked = len(house.asked_of)
        await until(lambda: len(house.asked_of) > asked + 5)
        assert told(stream) == [("behind", "")]
        board.drop(stream)
        await board.close()

    in_a_loop(act)


def test_a_fact_about_the_person_has_their_leave_asked_at_once() -> None:
    house = House(check_seconds=3600)

    async def act() -> None:
        board = house.board()
        board.start()
        stream, beside = board.open(BUSINESS, "a"), board.open(PAY_PAGE, "a")
        house.why = "signed_out"
        house.facts = [fact("identity.PasswordChanged", of=_house())]
        await until(lambda: len(house.asked_of) > 5)
        assert not stream.over, "it was about somebody else"
        house.facts = [fact("identity.PasswordChanged", PERSON, of=_house())]
        await until(lambda: stream.over)
        assert (stream.over, beside.over) == ("signed_out", "")
        for one in (stream, beside):
            board.drop(one)
        await board.close()

    in_a_loop(act)


def _house() -> UUID:
    from hesabu.store.tenancy import HOUSE

    return HOUSE


def test_nobody_whom_nobody_can_vouch_for_goes_on_for_long() -> None:
    from django.db import OperationalError

    house = House(check_seconds=0.001, unvouched_seconds=0.05)

    def away(*_: Any) -> Any:
        raise OperationalError

    async def act() -> None:
        board = Board(away, away, at_once, house.bounds)
        board.start()
        stream, beside = board.open(BUSINESS, "a"), board.open(PAY_PAGE, "a")
        await until(lambda: stream.over)
        assert (stream.over, beside.over) == ("away", "")
        for one in (stream, beside):
            board.drop(one)
        await board.close()

    in_a_loop(act)


def test_no_stream_lasts_for_ever() -> None:
    async def act() -> None:
        board = House(life_seconds=0.01).board()
        board.start()
        stream = board.open(PAY_PAGE, "a")
        await until(lambda: stream.over == "long")
        board.drop(stream)
        await board.close()

    in_a_loop(act)


def test_nothing_in_the_product_announces_what_it_wrote() -> None:
    """It would make each commit wait for all others that do (docs/decisions/0011)."""
    announces = re.compile(r"pg_notify|\bNOTIFY [a-z%']|\bLISTEN [a-z%']")
    source = Path(signs.__file__).parents[3]
    found = [file.name for file in source.rglob("*.py") if announces.search(file.read_text())]
    assert found == []


# The application.


class Connection:
    """One request and what was sent to it. A reader that `takes` no more holds up whoever sends."""

    def __init__(self, takes: int = 1000) -> None:
        self.sent: list[dict[str, Any]] = []
        self.takes = takes
        self.is_gone = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self.is_gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if len(self.sent) >= self.takes:
            await asyncio.Event().wait()
        self.sent.append(message)

    @property
    def text(self) -> str:
        return b"".join(one.get("body", b"") for one in self.sent).decode()


def scope(path: str = "/live/p/x", method: str = "GET", **headers: str) -> dict[str, Any]:
    said = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [(b"host", b"pay.example"), *said],
        "client": ("10.0.0.9", 4000),
    }


def serving(board: Board, answer: HttpResponse | None = None) -> Serving:
    return Serving(
        board,
        lambda environ: answer or Granted(PAY_PAGE),
        at_once,
        origin="https://pay.example",
        trusted=[],
    )


def test_a_reader_who_takes_nothing_is_dropped_and_one_who_leaves_is_forgotten() -> None:
    async def act() -> None:
        board = House(slow_seconds=0.05, heartbeat_seconds=0.001).board()
        slow = Connection(takes=4)
        async with asyncio.timeout(30):
            await serving(board)(scope(), slow.receive, slow.send)
        assert ": still here" in slow.text
        assert board.streams() == []
        leaves = Connection(takes=10**6)
        running = asyncio.create_task(serving(board)(scope(), leaves.receive, leaves.send))
        await until(board.streams)
        leaves.is_gone.set()
        async with asyncio.timeout(30):
            await running
        assert board.streams() == []

    in_a_loop(act)


def test_a_flood_of_askers_is_refused_before_the_database_is_asked() -> None:
    async def act() -> None:
        house = House(streams_of_address=20)
        board = house.board()
        asked: list[Any] = []

        def site(environ: dict[str, Any]) -> HttpResponse:
            asked.append(environ)
            return Granted(PAY_PAGE)

        app = Serving(board, site, at_once, origin="https://pay.example", trusted=[])
        crowd = [Connection() for _ in range(200)]
        running = [asyncio.create_task(app(scope(), one.receive, one.send)) for one in crowd]
        await until(lambda: all(one.sent for one in crowd))
        assert [one.sent[0]["status"] for one in crowd].count(200) == 20
        assert [one.sent[0]["status"] for one in crowd].count(429) == 180
        assert len(asked) == 20
        for one in crowd:
            one.is_gone.set()
        await asyncio.gather(*running)
        assert board.streams() == []

    in_a_loop(act)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (scope(method="POST"), 405),
        (scope(method="OPTIONS"), 405),
        (scope(method="HEAD"), 404),
        (scope("/b/x"), 404),
        (scope("/live"), 404),
        (scope(origin="https://evil.example"), 403),
        (scope(origin="http://pay.example"), 403),
        (scope(sec_fetch_site="cross-site"), 403),
        (scope(x_forwarded_proto="http"), 403),
    ],
)
def test_what_is_no_question_of_our_pages_never_reaches_the_site(
    asked: dict[str, Any], status: int
) -> None:
    def site(environ: dict[str, Any]) -> HttpResponse:
        raise AssertionError("it was asked")

    async def act() -> None:
        app = Serving(
            House().board(), site, at_once, origin="https://pay.example", trusted=["10.0.0.9"]
        )
        connection = Connection()
        await app(asked, connection.receive, connection.send)
        assert connection.sent[0]["status"] == status
        assert all(
            name != b"access-control-allow-origin" for name, _ in connection.sent[0]["headers"]
        )

    in_a_loop(act)


def test_what_the_site_refuses_is_refused_with_its_status_and_without_its_cookies() -> None:
    async def act() -> None:
        for status, told_as in ((302, 401), (204, 401), (403, 403), (404, 404), (503, 503)):
            answer = HttpResponse("secret", status=status)
            answer.set_cookie("sessionid", "x")
            connection = Connection()
            app = serving(House().board(), answer)
            await app(scope(), connection.receive, connection.send)
            begin = connection.sent[0]
            assert begin["status"] == told_as
            assert connection.text == ""
            assert b"set-cookie" not in dict(begin["headers"])

    in_a_loop(act)


def test_a_header_in_anothers_spelling_is_not_taken_for_it() -> None:
    """`x_forwarded_for` and `x-forwarded-for` would be one name to the site."""
    seen: list[dict[str, Any]] = []

    def site(environ: dict[str, Any]) -> HttpResponse:
        seen.append(environ)
        return HttpResponse(status=404)

    async def act() -> None:
        app = Serving(
            House().board(), site, at_once, origin="https://pay.example", trusted=["10.0.0.9"]
        )
        asked = scope()
        asked["headers"] += [
            (b"x_forwarded_for", b"1.2.3.4"),
            (b"cookie", b"a=1"),
            (b"cookie", b"b=2"),
        ]
        connection = Connection()
        await app(asked, connection.receive, connection.send)
        assert "HTTP_X_FORWARDED_FOR" not in seen[0]
        assert seen[0]["HTTP_COOKIE"] == "a=1; b=2"
        assert seen[0]["REMOTE_ADDR"] == "10.0.0.9"

    in_a_loop(act)
