"""The chat door: what a message means, and the conversation around it.

    a letter ─▶ messaging (MessageReceived) ─later─▶ reactions.answer
        memory   one contact at a time: the flow they are in, what was offered, the bills they were shown
        listen   a tap, offered words, an answer in a flow, or a new beginning
        merchant · customer · flows      the rooms' acts, from a desk (one person at one business)
        speak    the sayings become messages
    ─ one transaction: what was done, what is said, what is remembered, and that the message is answered

Its words
    tap      what a button carries: `verb:business:subject:version`; a tap on an old version changes nothing and says so
    flow     a conversation of several messages, a generator (see `engine`); its `script` is what is kept of it
    desk     a person at a business: the binding and the permissions of what they do
    bill     an invoice as its customer sees it
    visit    one message: who, what, and what is said back
    leave    what a word or a tap needs: a permission, or the reason why none (see `leaves`)
    offer    taps that were shown last, so that a number or the words stand for them on a phone without buttons

Who reads what, all of it *later* (`reactions.READERS`, declared by the app's wiring):

    MessageReceived      answer               unbound: one transaction for each message
    InvoiceSent          remember_bill        the customer's chat knows its bills
    MessageSeen          tell_seen            "Jane has seen INV-0214. ✓✓"
    MessageFailed        tell_unreached       the link to share
    InvoiceUnsendable    tell_unsendable      the same, where there was no address
    InvoicePaid          tell_paid            "Paid. KES 75,000 from Jane by M-PESA, SKL4T7QX2P."
    InvoicePartPaid      tell_part_paid
    InvoiceOverpaid      tell_overpaid
    PaymentUnplaced      ask_where_to_place   "KES 2,500 came that I can't place."
    ClaimMade            ask_about_claim      [Yes, it's there] [No]
    ClaimRejected        tell_rejected        the customer hears it
    CollectionFailed     tell_prompt_failed   the customer hears why nothing was taken
    CollectionExpired    tell_prompt_expired  nobody ever told what became of a prompt
    PaymentDoubtful      tell_doubtful        counted once, and may have come twice
    PaymentAccountAdded  tell_account_added   every owner hears that where money goes was changed

Invoices and receipts to customers are invoicing's; here is what the merchant hears, and what both may answer.

Exactly once: a message is answered in one transaction with all that it did, under the contact's lock, so a worker that is
killed leaves it whole and unanswered. What is said unasked has a cause, and messaging says a cause once.

What it never does: it keeps no rows of its own, never guesses money or which side of it somebody is on, never sends
because of an old button, and never stays silent.
"""
