"""Ids: ordered by time, unlike each other, and read back from what people see."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hesabu.kit import ids

uuids = st.builds(UUID, int=st.integers(0, 2**128 - 1))


def test_each_id_is_greater_than_all_before() -> None:
    made = [ids.new_id() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_ids_made_by_many_threads_at_once_are_all_different() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: [ids.new_id() for _ in range(2_000)], range(8)))
    assert all(some == sorted(some) for some in made)
    assert len({one for some in made for one in some}) == 16_000


def test_an_id_is_a_uuid_of_version_seven() -> None:
    made = ids.new_id()
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"


@given(uuids)
def test_what_is_shown_is_read_back(value: UUID) -> None:
    assert ids.read("inv", ids.show("inv", value)) == value
    assert ids.read_short(ids.short(value)) == value


@given(uuids, uuids)
def test_what_is_shown_sorts_as_the_ids_do(left: UUID, right: UUID) -> None:
    assert (ids.short(left) < ids.short(right)) == (left < right)


@given(uuids)
def test_capitals_and_letters_easily_mistaken_are_forgiven(value: UUID) -> None:
    shown = ids.show("inv", value)
    assert ids.read("inv", f"  {shown.upper()} ") == value
    prefix, letters = shown.split("_")
    assert ids.read("inv", f"{prefix}_{letters.replace('0', 'O').replace('1', 'l')}") == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "inv",
        "inv_",
        "pay_" + "0" * 26,
        "inv_" + "0" * 25,
        "inv_" + "0" * 27,
        "inv_" + "8" + "0" * 25,
        "inv_" + "u" * 26,
        "inv_" + "é" * 26,
        "inv_" + "İ" * 26,
        "inv_" + "٣" * 26,
        "00000000-0000-0000-0000-000000000000",
        "inv_" + "0" * 10_000,
    ],
)
def test_what_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(ids.BadId) as refused:
        ids.read("inv", text)
    assert len(refused.value.detail) <= 40


@given(st.text(max_size=60))
def test_no_text_does_worse_than_being_refused(text: str) -> None:
    try:
        found = ids.read("inv", text)
    except ids.BadId:
        return
    assert isinstance(found, UUID)
