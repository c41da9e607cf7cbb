"""The stories that can be played: listed, and each with something that it checks."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from uuid import UUID

import pytest


def test_the_list_says_what_each_story_is_about(capsys: pytest.CaptureFixture[str]) -> None:
    from hesabu.app.story import main
    from hesabu.app.story.acts import ACTS

    assert main(["--list"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in listed] == ["chat-to-cash", "all", *ACTS]
    assert all(len(line.split()) > 3 for line in listed)


def test_every_story_of_an_act_checks_what_became_of_it() -> None:
    from hesabu.app.story import acts

    checking = ("scene.becomes(", "scene.stays(", "_passed_on(")
    for name, act in acts.ACTS.items():
        source = inspect.getsource(act)
        assert any(word in source for word in checking), name


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("remind all", "kumbusha wote"),
        ("remind INV-0001", "kumbusha INV-0001"),
        ("paid INV-0001 30,000 cash", "imelipwa INV-0001 30,000 taslimu"),
        ("Invoice Jane 500 for tea", "Ankara Jane 500 kwa tea"),
        ("Kamau Designs", "Kamau Designs"),
    ],
)
def test_what_people_write_is_in_the_language_of_the_story(text: str, said: str) -> None:
    from hesabu.app.story.spoken import said_in

    assert said_in("sw", text) == said
    assert said_in("en", text) == text


def test_an_unknown_story_or_language_is_refused() -> None:
    from hesabu.app.story import main

    for asked in (["sing"], ["remind", "--language", "tlh"]):
        with pytest.raises(SystemExit):
            main(asked)


def test_a_check_that_does_not_hold_fails_the_story(new_business: Callable[..., UUID]) -> None:
    from hesabu.app.story.phones import Box, Phone
    from hesabu.app.story.script import Scene, Wrong

    nobody = Phone(Box("http://127.0.0.1:9"), "254700000000", "Nobody", "1", print, 0.0)
    scene = Scene(nobody, nobody, print, "en", new_business())
    scene.stays("nothing is sold", lambda: scene.bound(lambda: 1) == 1)
    with pytest.raises(Wrong):
        scene.stays("the moon is cheese", lambda: False)
    assert scene.checks == ["nothing is sold"]
