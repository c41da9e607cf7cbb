"""A new invoice, its preview, Send, Cancel, and one more like it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from hesabu.doors.chat import likeness, previews, stepping, words
from hesabu.doors.chat.acts import finding
from hesabu.doors.chat.desk import Desk, attempt, day_of
from hesabu.doors.chat.grammar.parser import to_json
from hesabu.doors.chat.grammar.types import Intent, Understood
from hesabu.doors.chat.speech import Option
from hesabu.doors.chat.taps import Tap, written
from hesabu.doors.chat.visit import Visit
from hesabu.identity import queries as people
from hesabu.invoicing import actions as invoicing
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.errors import DraftOutdated, DueDayPassed
from hesabu.invoicing.permissions import INVOICE_DRAFT, INVOICE_ISSUE
from hesabu.invoicing.types import InvoiceState, InvoiceView
from hesabu.kit import clock, crypto
from hesabu.store import facts

PREVIEW_IS_FRESH_FOR = timedelta(days=2)
"""A preview older than this is shown again before anything is sent."""
SAME_WORDS_WITHIN = timedelta(minutes=30)
"""The same words again within this time are taken for the same invoice."""
_DRAFTING = ("invoicing.InvoiceDrafted", "invoicing.InvoiceRedrafted")


def invoice(visit: Visit, desk: Desk, said: Understood) -> None:
    digest = crypto.digest(" ".join(visit.message.text.lower().split())).hex()[:32]
    if said.lines and _was_said_before(visit, desk, digest):
        return
    begin_invoice(visit, desk, said, digest)


def begin_invoice(visit: Visit, desk: Desk, said: Understood, digest: str) -> None:
    told = to_json(said)
    visit.begin(
        "new_invoice", desk.plain() | {"told": told, "digest": digest, "said": visit.message.text}
    )


def _was_said_before(visit: Visit, desk: Desk, digest: str) -> bool:
    """The same words a moment ago: show what they made, make nothing."""
    last = visit.memory.last_draft
    if last is None or last.digest != digest or last.business_id != desk.business_id:
        return False
    view = finding.view_of(desk, last.invoice_id)
    if clock.now() - view.created_at > SAME_WORDS_WITHIN:
        return False
    if view.state is InvoiceState.DRAFT:
        visit.say(words.sending.same_again())
        visit.say(previews.of(desk, view))
        return True
    if view.number is None:
        return False
    another, no = words.sending.another_one()
    visit.say(
        words.sending.same_was_sent(view.number),
        Option(another, written("again", desk.business_id, view.id)),
        Option(no, written("keep", desk.business_id, view.id)),
    )
    return True


# --- one more like it -------------------------------------------------------------------------------------------------


def repeat(visit: Visit, desk: Desk, said: Understood) -> None:
    """ "repeat last for Jane", "repeat INV-0007", or the message quoted; else the newest of all."""
    if said.reference:
        view = finding.by_number(visit, desk, said.reference)
    else:
        view = finding.quoted_invoice(visit, desk) or _last(visit, desk, said)
    if view is not None:
        one_more(visit, desk, view)


def _last(visit: Visit, desk: Desk, said: Understood) -> InvoiceView | None:
    """The newest invoice of whoever is named; two people of that name are asked about."""
    name, phone = said.customer.name, said.customer.phone
    found = finding.newest_issued(desk, name, phone)
    by_customer: dict[UUID, InvoiceView] = {}
    for view in found:
        by_customer.setdefault(view.customer_id, view)
    if not found:
        visit.say(words.standing.nothing_to_repeat(name))
    elif name and len(by_customer) > 1:
        visit.say(finding.choices(desk, list(by_customer.values()), "again"))
        return None
    return found[0] if found else None


def one_more(visit: Visit, desk: Desk, view: InvoiceView) -> None:
    """A draft like that invoice, as of today."""
    said, notes = likeness.of(desk, view)
    invoice_id, _ = desk.may(INVOICE_DRAFT, lambda: invoicing.draft(said))
    visit.did("drafted", desk, invoice_id)
    for note in notes:
        visit.say(note)
    visit.say(previews.of(desk, finding.view_of(desk, invoice_id)))


# --- Send, and Cancel -------------------------------------------------------------------------------------------------


def is_current(visit: Visit, desk: Desk, view: InvoiceView, tapped: Tap) -> bool:
    """Whether the draft is still what the button was shown with; else says what became of it, and by whom."""
    if view.state is InvoiceState.VOID and view.number is None:
        who = done_by_another(desk, view, ["invoicing.InvoiceDiscarded"])
        visit.say(words.sending.draft_dropped_by(who) if who else words.sending.draft_is_gone())
    elif view.state is not InvoiceState.DRAFT:
        who = done_by_another(desk, view, ["invoicing.InvoiceIssued"])
        visit.say(
            words.sending.already_sent_by(view, who) if who else words.sending.already_sent(view)
        )
    elif view.version != tapped.version:
        who = done_by_another(desk, view, _DRAFTING)
        visit.say(words.sending.draft_changed_by(who) if who else words.sending.draft_has_changed())
        visit.say(previews.of(desk, view))
    else:
        return True
    return False


def done_by_another(desk: Desk, view: InvoiceView, kinds: Sequence[str]) -> str | None:
    """The name of the other person who did this last; None where it was this one, or nobody of the business."""
    with desk.open():
        told = [record for record in facts.timeline(view.id) if record.kind in kinds]
    last = told[-1] if told else None
    if last is None or last.actor_kind != "person" or last.actor_id in (None, desk.person_id):
        return None
    assert last.actor_id is not None
    return words.figures.first_name(people.person(last.actor_id).name or words.sending.somebody())


def _send(visit: Visit, desk: Desk, tapped: Tap) -> None:
    view = finding.viewed(desk, tapped)
    if not is_current(visit, desk, view, tapped):
        return
    today = desk.today()
    drawn_at = _drafted_at(desk, view)
    if clock.now() - drawn_at > PREVIEW_IS_FRESH_FOR:
        visit.say(words.sending.draft_of_before(day_of(drawn_at, desk.business().timezone), today))
        _show_anew(visit, desk, view)
        return
    if _takes_away(desk, view) and not stepping.is_stepped_up():
        stepping.ask(visit, desk, tapped)
        return
    try:
        issued = attempt(lambda: _issued(desk, tapped))
    except (DueDayPassed, DraftOutdated) as error:
        visit.say(words.figures.translated(error.title))
        _show_anew(visit, desk, view)
        return
    who = done_by_another(desk, issued, ["invoicing.InvoiceIssued"])
    if who:  # they pressed at the same moment, and were first
        visit.say(words.sending.already_sent_by(issued, who))
        return
    visit.did("issued", desk, issued.id)
    visit.say(previews.on_its_way(desk, issued))


def _takes_away(desk: Desk, view: InvoiceView) -> bool:
    """Whether sending it takes back what somebody owes: it stands in an issued invoice's place, for less or for somebody
    else. That is a void by another name."""
    if view.replaces_id is None:
        return False
    old = finding.view_of(desk, view.replaces_id)
    is_same = (old.customer_id, old.currency) == (view.customer_id, view.currency)
    return not is_same or view.total < old.total


def _issued(desk: Desk, tapped: Tap) -> InvoiceView:
    return desk.may(INVOICE_ISSUE, lambda: invoicing.issue(tapped.subject_id, tapped.version))


def _drafted_at(desk: Desk, view: InvoiceView) -> datetime:
    """When it was last written; for what is new, when it was begun, which is old enough to know."""
    if clock.now() - view.created_at <= PREVIEW_IS_FRESH_FOR:
        return view.created_at
    with desk.open():
        told = facts.timeline(view.id)
    written_at = [record.at for record in told if record.kind in _DRAFTING]
    return max(written_at, default=view.created_at)


def _show_anew(visit: Visit, desk: Desk, view: InvoiceView) -> None:
    """The same draft as of today, under a new version, so that the old buttons stay dead."""
    with desk.open():
        said = invoices.said_of(view.id)
    if said.due_on is not None and said.due_on < desk.today():
        said = previews.due_on_sending(said)
        visit.say(words.sending.due_day_reset())
    desk.may(INVOICE_DRAFT, lambda: invoicing.change_draft(view.id, view.version, said))
    visit.say(previews.of(desk, finding.view_of(desk, view.id)))


def _drop(visit: Visit, desk: Desk, tapped: Tap) -> None:
    view = finding.viewed(desk, tapped)
    if is_current(visit, desk, view, tapped):
        drop_draft(visit, desk, view)


def drop_draft(visit: Visit, desk: Desk, view: InvoiceView) -> None:
    desk.may(INVOICE_DRAFT, lambda: invoicing.discard(view.id))
    visit.did("dropped", desk, view.id)
    visit.say(words.sending.dropped())


def _again(visit: Visit, desk: Desk, tapped: Tap) -> None:
    one_more(visit, desk, finding.viewed(desk, tapped))


def _new(visit: Visit, desk: Desk, tapped: Tap) -> None:
    nothing = Understood(Intent.INVOICE, missing=("customer", "amount", "description"))
    begin_invoice(visit, desk, nothing, "")


INTENTS = {Intent.INVOICE: invoice, Intent.REPEAT: repeat}
TAPS = {"send": _send, "drop": _drop, "again": _again, "new": _new}
