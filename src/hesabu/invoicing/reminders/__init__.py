"""Reminders: what the clerk does by itself about what is owed, and when.

Its words
    step      a day counted from the due day on which a customer is reminded: two days before it, on it, 3, 7, 14 days after
    promise   a customer's word on when they pay; reminders wait for it, and the day after it was broken says so
    habit     something the clerk does by itself; each can be switched off, and most can be set
    turn      when somebody should next be looked at: a customer who owes, or a business that hears its evening summary

The life of a promise

    standing ── keep ──▶ kept
    standing ── break ──▶ broken
    standing ── forget ──▶ forgotten
    standing ── replace ──▶ replaced

How a reminder comes about

    an invoice is issued ──▶ turn(customer, when) ◀── every minute: whose turn is it?
                                                        │ one transaction, the customer and the open invoices locked
                                                        ├─ quiet hours where they are: the turn moves to their end
                                                        ├─ promises: kept, broken
                                                        ├─ the newest step that is due, of each invoice
                                                        ├─ one message that lists them, one row for each
                                                        └─ the turn moves to the next day on which something may be due

A turn only wakes; what is said is decided from the rows as they stand in that transaction. So a turn that is lost, doubled
or late does no harm: after a week of silence the newest step is said and not the heap, and a clock that was set back finds
the rows of what was said. A payment locks the same invoices: it is seen, or it comes after the message.

A step is due on its day where the customer is, if nothing was said since that day. The day of issue is no step (the
invoice itself came), and a step that is more than a week late is let go.

What it never does
    It never says the same step of an invoice twice, nor two things to one customer on one day.
    It never writes to somebody who asked not to be reminded, nor while they sleep.
    It never decides what is owed: that is read where it stands.
"""
