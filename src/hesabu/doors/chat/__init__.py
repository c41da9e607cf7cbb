"""The chat door: what a message means, and the conversation around it.

    a letter ─▶ messaging (MessageReceived) ─later─▶ answering
        memory     one contact at a time: the flow they are in, what was offered, the bills they were shown
        listen     a tap, offered words, an answer in a flow (`in_flow`), or a new beginning (`at_home`)
        aside      a question that was left for something else, and is offered again
        proof      whether it is sure enough who wrote: a text message proves nothing, a code to the phone does
        stepping · till    what a telephone that lies on a counter may not do: the PIN each time, or once in a quarter of an hour
        languages  which one they wrote in, and so are answered in
        merchant · acts · flows     the rooms' acts, from a desk (one person at one business)
        customer · bills            the other side of an invoice; replies: what the merchant answers it by one tap
        speak      the sayings become messages: buttons and lists, or plain numbered words for a basic phone
    ─ one transaction: what was done, what is said, what is remembered, and that the message is answered

Its words
    tap      what a button carries: `verb:business:subject:version`; a tap on an old version changes nothing and says so
    flow     a conversation of several messages, a generator (see `engine`, and `speech` for what it speaks with); its
             `script` is what is kept of it
    desk     a person at a business: the binding and the permissions of what they do
    bill     an invoice as its customer sees it
    visit    one message: who, what, and what is said back
    leave    what a word or a tap needs: a permission, or the reason why none (see `leaves`)
    deed     what somebody did here last, so that "undo" takes it back within ten minutes
    offer    taps that were shown last, so that a number or the words stand for them on a phone without buttons

Who reads what, all of it *later* (`reactions.READERS`, declared by the app's wiring):

    MessageReceived      answer               unbound: one transaction for each message
    InvoiceSent          remember_bill        the customer's chat knows its bills
    InvoiceResent, InvoiceReminded            the same
    MessageSeen          habits.tell_seen     "Jane has seen INV-0214. ✓✓"
    MessageDelivered     habits.wait_for_ticks    an hour later, if it was not seen: it has arrived
    MessageFailed        habits.tell_not_reminded a reminder arrived on no way: the link to share
    PromiseBroken        habits.tell_broken   "Jane wanted to pay INV-0214 by Friday"
    InvoiceUnremindable  habits.tell_unremindable a reminder was due, and there is no address
    MessageFailed        tell_unreached       the link to share
    InvoiceUnsendable    tell_unsendable      the same, where there was no address
    WayToPayMissing      tell_no_way          "Jane wants to pay INV-0214 and does not know how."
    InvoicePaid          tell_paid            "Paid. KES 75,000 from Jane by M-PESA, SKL4T7QX2P."
    InvoicePartPaid      tell_part_paid
    InvoiceOverpaid      tell_overpaid
    PaymentUnplaced      ask_where_to_place   "KES 2,500 came that I can't place."
    ClaimMade            ask_about_claim      [Yes, it's there] [No]
    ClaimRejected        tell_rejected        the customer hears it
    CollectionFailed     tell_prompt_failed   the customer hears why nothing was taken
    CollectionExpired    tell_prompt_expired  nobody ever told what became of a prompt
    PaymentDoubtful      tell_doubtful        counted once, and may have come twice
    PictureKept          pictures.tell_picture    "Jane sent this picture about INV-0214", with the buttons of their claim
    PictureRefused       pictures.tell_not_shown  whoever sent it hears that it could not be opened
    PaymentAccountAdded  tell_account_added   every owner hears that where money goes was changed
    InvoiceVoided, InvoiceCredited  corrections.tell_taken_back   the customer hears that nothing is to be paid on it
    InvoiceReplaced      corrections.tell_replaced    the customer hears that only the new one is to be paid

What a customer says of a bill reaches the owners in the transaction that answers it: a promise (kept by invoicing, so that
reminders wait), "that is not right" and "call me" (with one-tap answers, which the customer hears), how to pay, where no
way is known, and anything else by [Pass it on]. A pasted M-PESA message that names another payee is pointed out to both.

Bad input. A burst (see `answering`) is answered twice: its first message, and all others together, with what they said and
that nothing was done about them; but a "stop" is carried out. A photo's caption is read as words, and a customer's photo
reaches the seller (`pictures`); a contact card is who an invoice is for; of all else
the kind is named and what to do instead. Marks that turn text around and control characters are taken out of what is
heard. A reaction needs no answer; nothing else gets none. The same person on SMS and on WhatsApp is one contact, one
memory, one conversation: each message is answered on the channel it came by. One person with two numbers has two: what
stands on one screen is not answered on another (see `memory`).

Who writes is known by WhatsApp, and not by SMS, where anybody can name anybody as the sender. So by SMS somebody reads and
drafts; what leaves the house in their name, moves money or changes where it goes waits for the code that went to the phone.

Who holds the phone is not known by either. A chat creates, sends and asks; what settles a debt or changes a price asks for
the PIN, once in a quarter of an hour and from a sum on that each business sets; what takes back asks each time (`leaves`).

Too much. What a customer says reaches sellers six times an hour, a seller's tap the customer once an hour, a paper is sent
again five times a day. Text messages are answered thirty times an hour (a merchant's a hundred and twenty times): whoever
writes more is told so, once, and that is the one silence there is.

By the clock (`jobs`, `habits`): the summary of a day in the evening, and twice a week what is unpaid. What is said by
itself can be switched off and set, each thing apart (`invoicing.queries.habits`).

Invoices and receipts to customers are invoicing's; here is what the merchant hears, and what both may answer.

Exactly once: a message is answered in one transaction with all that it did, under the contact's lock, so a worker that is
killed leaves it whole and unanswered. What is said unasked has a cause, and messaging says a cause once.

What it never does: it keeps no rows of its own, never guesses money or which side of it somebody is on, never sends
because of an old button, and never stays silent but for the bound on text messages.
"""
