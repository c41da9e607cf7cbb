"""Flags: on until somebody switches them off, and only those that are known."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hesabu.store import flags, tenancy
from hesabu.store.flags import SwitchedOff

NAME = "payments.money_out"


@pytest.fixture(autouse=True)
def _switched_back(database: str) -> Iterator[None]:
    yield
    switch(on=True)


def switch(*, on: bool, reason: str = "") -> None:
    with tenancy.house():
        flags.switch(NAME, on=on, reason=reason)


def test_a_switch_that_nobody_touched_is_on(database: str) -> None:
    untouched = set(flags.KNOWN) - {NAME}
    assert all(flags.is_on(name) for name in untouched)


def test_what_is_switched_off_refuses_until_it_is_on_again(database: str) -> None:
    switch(on=False, reason="Safaricom asked us to wait")
    assert not flags.is_on(NAME)
    with pytest.raises(SwitchedOff) as refused:
        flags.require(NAME)
    assert (refused.value.status, refused.value.code) == (503, "flag.off")
    (found,) = [one for one in flags.switches() if one.name == NAME]
    assert (found.is_on, found.reason) == (False, "Safaricom asked us to wait")
    switch(on=True)
    flags.require(NAME)


def test_every_switch_is_listed_with_its_meaning(database: str) -> None:
    assert [(one.name, one.meaning) for one in flags.switches()] == list(flags.KNOWN.items())


@pytest.mark.parametrize("name", ["", "payments", "payments.mpesaa"])
def test_a_misspelt_switch_is_a_mistake_and_not_on(database: str, name: str) -> None:
    """A kill switch that answers "on" to any name would protect nobody from a typing error."""
    for use in (
        lambda: flags.is_on(name),
        lambda: flags.require(name),
        lambda: flags.switch(name, on=False),
    ):
        with pytest.raises(LookupError):
            use()
