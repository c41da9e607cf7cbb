"""A box that is opened again for a product that remembers: nobody is somebody else, and no id comes twice."""

from __future__ import annotations

from hesabu.sandbox.chance import Chance
from hesabu.sandbox.config import SandboxConfig
from hesabu.sandbox.people import People


def ids(chance: Chance) -> list[str]:
    return [chance.letters("receipt", 10) for _ in range(50)]


def test_the_same_seed_without_a_run_gives_the_same_ids() -> None:
    assert ids(Chance(7)) == ids(Chance(7))


def test_another_run_gives_other_ids_and_the_same_luck() -> None:
    first, second = Chance(7, "monday"), Chance(7, "tuesday")
    assert not set(ids(first)) & set(ids(second))
    assert [first.happens(0.5, "drop", n) for n in range(50)] == [
        second.happens(0.5, "drop", n) for n in range(50)
    ]


def test_beginning_again_within_a_run_repeats_no_id() -> None:
    chance = Chance(7, "monday")
    before = ids(chance)
    chance.begin(7)
    assert not set(before) & set(ids(chance))


def test_each_opening_is_a_run_of_its_own_when_told_now() -> None:
    told = {"HESABU_SANDBOX_RUN": "now"}
    assert SandboxConfig.from_env(told).run != SandboxConfig.from_env(told).run


def test_somebody_is_the_same_person_whenever_the_box_is_opened() -> None:
    known = [People(Chance(seed)).settle("254712345678", "Jane").user_id for seed in (1, 2)]
    assert known[0] == known[1]
