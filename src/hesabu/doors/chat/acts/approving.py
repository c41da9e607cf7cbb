"""Four eyes in the chat: what needs a second person is put before those who may approve it, and answered by a tap.

Approving asks for the PIN first. A change of where money goes is told to every owner, and one tap of
theirs stops it until it takes effect.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from hesabu.doors.chat import stepping, words
from hesabu.doors.chat.desk import Desk, attempt
from hesabu.doors.chat.speech import Option, Saying
from hesabu.doors.chat.taps import Tap, written
from hesabu.doors.chat.telling import tell_owners, tell_person
from hesabu.doors.chat.visit import Visit
from hesabu.doors.chat.words import approving as four_eyes
from hesabu.identity import actions as identity
from hesabu.identity import approvals
from hesabu.identity import queries as people
from hesabu.identity.errors import ApprovalNeeded
from hesabu.identity.facts import ApprovalAsked, ApprovalGiven, ApprovalRefused
from hesabu.identity.types import ApprovalState, ApprovalView
from hesabu.invoicing import queries as invoices
from hesabu.messaging.types import Category
from hesabu.payments import actions as payments
from hesabu.payments import queries as collected
from hesabu.payments.facts import PaymentAccountChangeStopped, PaymentAccountFrozen
from hesabu.payments.types import WayToPay
from hesabu.store import tenancy
from hesabu.store.facts import Fact


def ask(visit: Visit, desk: Desk, needed: ApprovalNeeded) -> None:
    """Put it before a second person, and say so to whoever asked."""
    with desk.open():
        identity.ask_approval(needed)
    visit.say(four_eyes.waits_for_another())


def described(view: ApprovalView) -> str:
    """What is asked for, in words, with what tells it from others. In the binding of its business."""
    what, given = words.figures.translated(view.words), view.given
    if "invoice_id" in given:
        invoice = invoices.invoice(UUID(given["invoice_id"]))
        return four_eyes.asked_about_invoice(what, invoice, view.amount or invoice.total)
    if "kind" in given and "number" in given:
        kind = str(given["kind"]).removeprefix("stk_")
        way = WayToPay(kind, given["label"] or "", given["number"], given["account"], view.id)
        return _said_of_way(what, way, has_new_keys=bool(given.get("has_new_keys")))
    if "account_id" in given:
        return _said_of_way(what, collected.way(UUID(given["account_id"])))
    return what


def _said_of_way(what: str, way: WayToPay, *, has_new_keys: bool = False) -> str:
    said = words.welcome.way_to_pay(way)
    if has_new_keys:
        return four_eyes.asked_about_new_keys(said)
    if way.label and way.label not in said:
        return four_eyes.asked_about_named_way(what, said, way.label)
    return four_eyes.asked_about_way(what, said)


# --- telling ----------------------------------------------------------------------------------------------------------


def tell_asked(facts: Sequence[ApprovalAsked]) -> None:
    """*Later*: those who may approve it hear of it, but for whoever asked."""
    for fact in facts:
        view = people.approval(fact.subject_id)
        if view.state is not ApprovalState.ASKED:
            continue
        kind = approvals.named(view.kind)
        only = view.for_person_id
        for person_id in [only] if only else approvals.approvers(kind, view.asked_by_id):
            tell_person(person_id, partial(_asked, view), f"told:approval:{view.id}")


def _asked(view: ApprovalView) -> Saying:
    business_id = tenancy.only()
    name = words.figures.first_name(people.person(view.asked_by_id).name)
    business = people.business(business_id).name
    verbs = zip(("approve", "refuse"), four_eyes.approval_buttons(), strict=True)
    options = tuple(Option(title, written(verb, business_id, view.id)) for verb, title in verbs)
    return Saying(four_eyes.approval_asked(name, business, described(view)), options)


def tell_answered(facts: Sequence[ApprovalGiven | ApprovalRefused]) -> None:
    """*Later*: whoever asked hears what became of it."""
    for fact in facts:
        view = people.approval(fact.subject_id)
        is_given = isinstance(fact, ApprovalGiven)
        say = four_eyes.was_approved if is_given else four_eyes.was_refused
        make = partial(_answered, say, view)
        tell_person(view.asked_by_id, make, f"told:answered:{view.id}")


def _answered(say: Callable[[str, str], str], view: ApprovalView) -> Saying:
    assert view.answered_by_id is not None
    name = words.figures.first_name(people.person(view.answered_by_id).name)
    return Saying(say(name, described(view)))


def tell_frozen(facts: Sequence[PaymentAccountFrozen]) -> None:
    """*Later*: where money goes is about to change: every owner hears it where they are reached now, and can stop it."""
    for fact in facts:
        changes = {(one.way.account_id, one.verb): one for one in collected.changes_frozen()}
        change = changes.get((fact.subject_id, fact.verb))
        if change is None:
            continue
        business = people.business(fact.business_id)
        way, until = (
            words.welcome.way_to_pay(change.way),
            four_eyes.instant(change.until, business.timezone),
        )
        say = {
            "added": four_eyes.way_will_be_added,
            "closed": four_eyes.way_will_close,
            "rekeyed": four_eyes.way_will_be_rekeyed,
        }[change.verb]

        def make(say=say, name=business.name, way=way, until=until, id_=fact.subject_id) -> Saying:  # type: ignore[no-untyped-def]
            stop = Option(four_eyes.stop_it(), written("stopway", tenancy.only(), id_))
            return Saying(say(name, way, until), (stop,))

        tell_owners(
            make,
            f"told:frozen:{fact.subject_id}:{fact.verb}:{int(fact.until.timestamp())}",
            Category.TRANSACTION,
        )


def tell_stopped(facts: Sequence[PaymentAccountChangeStopped]) -> None:
    """*Later*: every owner hears that the change was stopped, each time that one is."""
    for fact in facts:
        name = people.business(fact.business_id).name
        which = f":{fact.until.isoformat()}" if fact.until else ""
        tell_owners(
            lambda name=name: Saying(four_eyes.way_change_was_stopped(name)),  # type: ignore[misc]
            f"told:stopped:{fact.subject_id}:{fact.verb}{which}",
            Category.TRANSACTION,
        )


# --- answering --------------------------------------------------------------------------------------------------------


def _approve(visit: Visit, desk: Desk, tapped: Tap) -> None:
    with desk.open():
        view = people.approval(tapped.subject_id)
        is_theirs = people.may_answer(view, desk.person_id)
    waits = is_theirs and view.state is ApprovalState.ASKED and not view.is_over
    if waits and not stepping.is_stepped_up():
        stepping.ask(visit, desk, tapped)
        return
    attempt(partial(approved, desk, view.id))
    visit.say(four_eyes.approved())


def approved(desk: Desk, approval_id: UUID) -> bool:
    with desk.open():
        identity.approve(approval_id)
    return True


def _refuse(visit: Visit, desk: Desk, tapped: Tap) -> None:
    with desk.open():
        identity.refuse(tapped.subject_id)
    visit.say(four_eyes.you_refused())


def _stop(visit: Visit, desk: Desk, tapped: Tap) -> None:
    with desk.open():
        payments.stop_change(tapped.subject_id)
    visit.say(four_eyes.you_stopped_it())


INTENTS: dict = {}  # type: ignore[type-arg]
TAPS = {"approve": _approve, "refuse": _refuse, "stopway": _stop}
READERS: tuple[tuple[type[Fact], Callable[..., None], bool], ...] = (
    (ApprovalAsked, tell_asked, False),
    (ApprovalGiven, tell_answered, False),
    (ApprovalRefused, tell_answered, False),
    (PaymentAccountFrozen, tell_frozen, False),
    (PaymentAccountChangeStopped, tell_stopped, False),
)
