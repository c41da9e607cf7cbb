"""Letters: drained in batches, each read once, and a bad one stops nobody."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections

from hesabu.kit import clock, crypto, ids
from hesabu.kit.marks import marks_of
from hesabu.store import files, letters, tenancy
from hesabu.store.letters import TRIES_MAX, EndpointNotFound, FiledLetter, HookRequest, Verdict
from steady import PATIENCE_SECONDS


class Post:
    """A provider of this test's own, with one endpoint."""

    def __init__(self, business_id: UUID | None = None) -> None:
        self.provider = f"test-{ids.new_id().hex}"
        with tenancy.house():
            self.endpoint_id, self.token = letters.open_endpoint(
                self.provider, business_id=business_id, secret="s3cret"
            )
            with connection.cursor() as cursor:
                cursor.execute(letters.FIND_ENDPOINT, (crypto.digest(self.token),))
                self.endpoint = letters.opened(cursor.fetchone())

    def file(self, *bodies: bytes, age_seconds: int = 0, ref: str = "") -> None:
        with clock.moved(seconds=-age_seconds), connection.cursor() as cursor:
            for body in bodies:
                request = HookRequest("POST", {}, "", body, "127.0.0.1", ref)
                cursor.execute(letters.FILE, letters.filing(self.endpoint, request, Verdict(False)))

    def drain(self, read: Callable[[Sequence[FiledLetter]], None], limit: int = 100) -> int:
        return letters.drain(self.provider, read, limit=limit)

    def rows(self) -> list[tuple[str, int, str]]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT state, attempt_count, reason FROM store_letter WHERE endpoint_id = %s"
                " ORDER BY id",
                (self.endpoint_id,),
            )
            return cursor.fetchall()

    def states(self) -> list[str]:
        return [state for state, _, _ in self.rows()]


class Reader:
    """Remembers bodies in the order they were read; fails at the poisonous ones."""

    def __init__(self, poison: bytes = b"poison") -> None:
        self.read: list[bytes] = []
        self.batches: list[int] = []
        self.poison = poison

    def __call__(self, found: Sequence[FiledLetter]) -> None:
        self.batches.append(len(found))
        if any(letter.body == self.poison for letter in found):
            raise OSError("Jane Wanjiku +254712345678")
        self.read += [letter.body for letter in found]


@pytest.fixture
def post(database: str) -> Post:
    return Post()


def numbered(count: int) -> list[bytes]:
    return [b"%03d" % number for number in range(count)]


def test_letters_are_read_in_order_in_batches_and_once(post: Post) -> None:
    post.file(*numbered(7))
    reader = Reader()
    assert [post.drain(reader, limit=3) for _ in range(4)] == [3, 3, 1, 0]
    assert reader.read == numbered(7)
    assert post.rows() == [("read", 1, "")] * 7


def test_a_letter_is_filed_once_however_often_it_comes(post: Post) -> None:
    post.file(b"same", b"same", b"other")
    post.file(b"same", ref="another path")
    assert len(post.rows()) == 3


def test_the_body_is_sealed_at_rest(post: Post) -> None:
    post.file(b"Jane Wanjiku paid")
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM store_letter WHERE endpoint_id = %s", (post.endpoint_id,))
        assert b"Jane" not in bytes(cursor.fetchone()[0])


def test_one_poison_letter_among_many_stops_nobody(post: Post) -> None:
    bodies = numbered(200)
    post.file(*bodies[:77], b"poison", *bodies[77:])
    reader = Reader()
    while post.drain(reader):
        pass
    assert reader.read == bodies
    assert post.states().count("read") == 200
    assert post.rows()[77] == ("filed", 1, "OSError")


def test_a_failed_letter_waits_before_it_is_tried_again(post: Post) -> None:
    post.file(b"poison")
    reader = Reader()
    assert [post.drain(reader) for _ in range(3)] == [1, 0, 0]
    assert reader.batches == [1, 1], "once in a batch, once alone"


def test_a_failed_letter_is_tried_again_when_its_wait_is_over(post: Post) -> None:
    post.file(b"poison", age_seconds=60)
    reader = Reader()
    post.drain(reader)
    reader.poison = b""
    assert post.drain(reader) == 1
    assert reader.read == [b"poison"]
    assert post.states() == ["read"]


def test_after_the_last_try_it_is_set_aside_without_anybodys_words(post: Post) -> None:
    post.file(b"poison", age_seconds=3_600)
    reader = Reader()
    tries = 0
    while post.drain(reader):
        tries += 1
    assert tries == TRIES_MAX
    ((state, attempt_count, reason),) = post.rows()
    assert (state, attempt_count) == ("aside", TRIES_MAX)
    assert "OSError" in reason
    assert "Jane" not in reason


def test_a_failed_letter_does_not_hold_up_those_behind_it(post: Post) -> None:
    post.file(b"poison")
    reader = Reader()
    post.drain(reader)
    post.file(*numbered(3))
    post.drain(reader)
    assert reader.read == numbered(3)


def test_what_a_failed_reading_did_is_undone(post: Post, business_id: UUID) -> None:
    kept: list[UUID] = []

    def read(found: Sequence[FiledLetter]) -> None:
        with tenancy.bound(business_id):
            kept.append(files.keep(b"x", "text/plain", "x.txt"))
        raise OSError

    post.file(b"a")
    post.drain(read)
    assert len(kept) == 2
    for file_id in kept:
        with tenancy.bound(business_id), pytest.raises(files.FileNotFound):
            files.read(file_id)


def test_a_worker_that_died_while_reading_leaves_the_letter_waiting(post: Post) -> None:
    def die(found: Sequence[FiledLetter]) -> None:
        raise KeyboardInterrupt

    post.file(b"a")
    with pytest.raises(KeyboardInterrupt):
        post.drain(die)
    assert post.rows() == [("filed", 0, "")]
    reader = Reader()
    post.drain(reader)
    assert reader.read == [b"a"]


def test_two_drains_at_once_read_each_letter_once(post: Post) -> None:
    """The first holds its five while the second drains: it neither waits for them nor takes them."""
    post.file(*numbered(10))
    held, let_go = threading.Event(), threading.Event()
    first, second = Reader(), Reader()

    def slowly(found: Sequence[FiledLetter]) -> None:
        held.set()
        assert let_go.wait(PATIENCE_SECONDS)
        first(found)

    def run() -> None:
        try:
            post.drain(slowly, limit=5)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    assert held.wait(PATIENCE_SECONDS)
    assert [post.drain(second, limit=5) for _ in range(2)] == [5, 0]
    let_go.set()
    thread.join()
    assert (first.read, second.read) == (numbered(10)[:5], numbered(10)[5:])
    assert post.rows() == [("read", 1, "")] * 10


def test_a_letter_that_cannot_be_opened_is_set_aside_and_the_others_are_read(post: Post) -> None:
    post.file(b"before")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE store_letter SET body = %s WHERE endpoint_id = %s",
            (b"\x01\x02k9" + b"x" * 40, post.endpoint_id),
        )
    post.file(b"after")
    reader = Reader()
    post.drain(reader)
    assert reader.read == [b"after"]
    assert post.states() == ["aside", "read"]
    assert "k9" in post.rows()[0][2]


def test_what_its_reader_set_aside_stays_aside(post: Post) -> None:
    def read(found: Sequence[FiledLetter]) -> None:
        letters.set_aside(found[0].id, "no.such_thing")

    post.file(b"odd", b"even")
    post.drain(read)
    assert post.rows() == [("aside", 1, "no.such_thing"), ("read", 1, "")]


def test_a_letter_carries_whose_endpoint_it_came_to(business_id: UUID) -> None:
    post = Post(business_id)
    post.file(b"a", ref="mark")
    found: list[FiledLetter] = []
    post.drain(found.extend)
    (letter,) = found
    assert (letter.business_id, letter.ref, letter.is_vouched) == (business_id, "mark", False)
    assert (letter.endpoint_id, letter.provider) == (post.endpoint_id, post.provider)


def test_letters_are_read_by_the_provider_in_the_house(post: Post) -> None:
    found: list[Any] = []
    post.file(b"a")
    post.drain(lambda some: found.append(tenancy.current().actor.kind))
    assert found == ["provider"]


def test_an_endpoints_secrets_are_sealed_and_come_back(post: Post) -> None:
    assert post.endpoint.secret == "s3cret"
    with tenancy.house():
        assert letters.token_of(post.endpoint_id) == post.token
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT token || secret FROM store_endpoint WHERE id = %s", (post.endpoint_id,)
            )
            raw = bytes(cursor.fetchone()[0])
    assert b"s3cret" not in raw
    assert post.token.encode() not in raw


def test_a_closed_endpoint_is_no_longer_found(post: Post) -> None:
    with tenancy.house():
        letters.close_endpoint(post.endpoint_id)
        letters.close_endpoint(post.endpoint_id)
        with pytest.raises(EndpointNotFound):
            letters.token_of(post.endpoint_id)


def test_who_is_told_of_in_json_nobody_can_read_is_forgotten_all_the_same(post: Post) -> None:
    too_deep = b"[" * 100_000
    escaped = b'{"name": "Zuh\\u0075ra'
    post.file(too_deep, too_deep + b"Zuhura", escaped, b'{"name": "Zuh\\u0075ra"}', b"Njeri")
    post.drain(lambda _: None)
    with tenancy.house():
        assert letters.erase_bodies(marks_of(words=["Zuhura"])) == 3
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT body FROM store_letter WHERE endpoint_id = %s ORDER BY id", (post.endpoint_id,)
        )
        bodies = [crypto.unseal(bytes(body)) for (body,) in cursor.fetchall()]
    assert bodies == [too_deep, b"", b"", b"", b"Njeri"]


def test_a_drain_rests_longer_the_longer_nothing_comes() -> None:
    assert letters.pause_after(3, 0.05) == 0
    rest = 0.0
    for _ in range(8):
        rested, rest = rest, letters.pause_after(0, rest)
        assert rested <= rest <= 0.05
    assert timedelta(seconds=rest) == timedelta(milliseconds=50)
