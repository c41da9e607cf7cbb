"""Support asks to look into a business: its owners hear it, and one of them agrees with their PIN, or says no, or ends it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from hesabu.doors.chat.desk import Desk
from hesabu.doors.chat.speech import Option, Saying
from hesabu.doors.chat.taps import Tap, written
from hesabu.doors.chat.telling import tell_owners
from hesabu.doors.chat.visit import Visit
from hesabu.doors.chat.words import support as words
from hesabu.identity import actions as identity
from hesabu.identity import queries as people
from hesabu.identity.facts import SupportAllowed, SupportAsked
from hesabu.identity.permissions import SUPPORT_ALLOW
from hesabu.identity.types import ConsentView
from hesabu.messaging.types import Category
from hesabu.store import tenancy
from hesabu.store.facts import Fact


def tell_asked(facts: Sequence[SupportAsked]) -> None:
    """*Later*: every owner is asked."""
    for fact in facts:
        for view in people.consents():
            if view.id == fact.subject_id and not view.is_open:
                tell_owners(partial(_asked, view), f"told:support:{view.id}", Category.TRANSACTION)


def _asked(view: ConsentView) -> Saying:
    business_id = tenancy.only()
    verbs = zip(("letlook", "nolook"), words.buttons(), strict=True)
    options = tuple(Option(title, written(verb, business_id, view.id)) for verb, title in verbs)
    name = people.person(view.person_id).name
    return Saying(words.support_asks(name, people.business(business_id).name, view.reason), options)


def tell_allowed(facts: Sequence[SupportAllowed]) -> None:
    """*Later*: every owner hears that support may look, whoever agreed, and can end it."""
    for fact in facts:
        for view in people.consents():
            if view.id == fact.subject_id and view.is_open:
                tell_owners(
                    partial(_allowed, view), f"told:looking:{view.id}", Category.TRANSACTION
                )


def _allowed(view: ConsentView) -> Saying:
    business_id = tenancy.only()
    end = Option(words.end_button(), written("nolook", business_id, view.id))
    return Saying(words.support_may_look(people.business(business_id).name), (end,))


def _let(visit: Visit, desk: Desk, tapped: Tap) -> None:
    desk.may(SUPPORT_ALLOW, partial(identity.allow_support, tapped.subject_id))
    visit.say(words.support_may_look(desk.business().name))


def _no(visit: Visit, desk: Desk, tapped: Tap) -> None:
    with desk.open():
        identity.end_support(tapped.subject_id)
    visit.say(words.support_may_not())


TAPS: dict[str, Callable[[Visit, Desk, Tap], None]] = {"letlook": _let, "nolook": _no}
INTENTS: dict = {}  # type: ignore[type-arg]
READERS: tuple[tuple[type[Fact], Callable[..., None], bool], ...] = (
    (SupportAsked, tell_asked, False),
    (SupportAllowed, tell_allowed, False),
)
