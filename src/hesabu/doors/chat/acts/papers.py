"""Papers: the PDF of an invoice to whoever asks at the desk, and the receipt to the customer once more."""

from __future__ import annotations

from functools import partial

from hesabu.doors.chat import previews, words
from hesabu.doors.chat.acts import finding, looking, resending
from hesabu.doors.chat.desk import Desk
from hesabu.doors.chat.grammar.types import Intent, Understood
from hesabu.doors.chat.speech import Saying
from hesabu.doors.chat.taps import Tap
from hesabu.doors.chat.visit import Visit
from hesabu.invoicing import actions as invoicing
from hesabu.invoicing.permissions import INVOICE_READ, INVOICE_SEND
from hesabu.invoicing.types import InvoiceView
from hesabu.messaging.types import Channel

PDF, RECEIPT = "pdf", "receipt"


def view(visit: Visit, desk: Desk, said: Understood) -> None:
    """ "print INV-0007", "pdf of the last invoice"; without "pdf", where it stands."""
    if said.topic != PDF:
        looking.status(visit, desk, said)
        return
    is_named = said.reference or said.customer.name or said.customer.phone
    if is_named or finding.quoted_invoice(visit, desk) is not None:
        meant = finding.meant(visit, desk, said, verb="paper", fits=finding.is_issued)
    else:
        newest = finding.newest_issued(desk, None, None)
        meant = newest[0] if newest else None
        if meant is None:
            visit.say(words.standing.no_invoices())
    if meant is not None:
        show_paper(visit, desk, meant)


def show_paper(visit: Visit, desk: Desk, view: InvoiceView) -> None:
    """The PDF in the chat; by text message, the link that opens it."""
    if view.number is None:
        visit.say(words.working.no_paper_yet(view))
        visit.say(previews.of(desk, view))
        return
    if visit.message.channel is Channel.SMS:
        visit.say(words.talk.pass_this_on(view))
        return
    file_id = desk.may(INVOICE_READ, partial(invoicing.keep_pdf, view.id))
    business = desk.business_id.hex
    visit.say(
        Saying(
            words.working.here_is_paper(view),
            business=business,
            about=(business, view.id.hex),
            document=(file_id.hex, f"{view.number}.pdf"),
        )
    )


def resend(visit: Visit, desk: Desk, said: Understood) -> None:
    """ "receipt for INV-0007", "send receipt to Jane"; else the invoice once more."""
    if said.topic != RECEIPT:
        resending.resend(visit, desk, said)
        return
    meant = finding.meant(visit, desk, said, verb="receipt", fits=_is_paid_on)
    if meant is not None:
        send_receipt(visit, desk, meant)


def _is_paid_on(view: InvoiceView) -> bool:
    return view.number is not None and bool(view.paid)


def send_receipt(visit: Visit, desk: Desk, view: InvoiceView) -> None:
    if not _is_paid_on(view):
        visit.say(words.working.no_receipt_yet(view))
        return
    message_id = desk.may(INVOICE_SEND, partial(invoicing.resend_receipt, view.id))
    if message_id is None:
        visit.say(words.reminding.no_way_to_send(view, None))
        visit.say(words.talk.pass_this_on(view))
        return
    visit.say(words.working.receipt_sent(view))


def _paper_tapped(visit: Visit, desk: Desk, tapped: Tap) -> None:
    show_paper(visit, desk, finding.viewed(desk, tapped))


def _receipt_tapped(visit: Visit, desk: Desk, tapped: Tap) -> None:
    send_receipt(visit, desk, finding.viewed(desk, tapped))


INTENTS = {Intent.VIEW: view, Intent.RESEND: resend}
TAPS = {"paper": _paper_tapped, "receipt": _receipt_tapped}
