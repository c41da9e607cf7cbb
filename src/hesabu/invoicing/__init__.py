"""Invoicing: who owes the business what, on paper that does not change afterwards.

Its words
    customer     somebody who is asked for money; found again by phone, else by name
    item         something the business sells again and again, with its price
    draft        an invoice that is still being talked about; every change counts its version up
    invoice      a demand for money with a number that has no gaps before it, frozen when issued
    snapshot     the frozen words and figures of an issued document; paper and page are made from it alone
    credit note  the only way an issued invoice is taken back, whole or in part, in a series of its own
    allocation   which money went to which invoice, and what of it is the customer's to keep
    replacing    an issued invoice is credited and another one issued in its place, in one transaction
    credit       money of a customer that no invoice has used yet
    deposit      what is asked for first; until it is paid, what is *asked* is less than what is owed
    reminder, promise, habit, turn    what is done by itself about what is owed: see `reminders`

The life of an invoice

    draft ── issue ──▶ issued
    draft ── discard ──▶ void
    issued ── void ──▶ void
    issued ── part_pay ──▶ part_paid
    issued ── pay ──▶ paid
    issued ── part_credit ──▶ issued
    issued ── credit ──▶ credited
    part_paid ── part_pay ──▶ part_paid
    part_paid ── pay ──▶ paid
    part_paid ── part_credit ──▶ part_paid
    part_paid ── credit ──▶ credited
    part_paid ── give_back ──▶ issued
    part_paid ── part_give_back ──▶ part_paid
    paid ── give_back ──▶ issued
    paid ── part_give_back ──▶ part_paid
    paid ── part_credit ──▶ paid
    paid ── credit ──▶ credited

`give_back` is for money that never came: the merchant had counted it by a slip, and took that back.

Overdue is not a state: it is asked, of the due day and of the day it is where the business is.

What an invoice owes is `total - paid - credited`, never less than nothing. Money for an invoice goes to what it owes; the
rest, and all money for an invoice that owes nothing any more (paid, void, credited) or not yet (a draft), is kept as the
customer's credit until the merchant says what it is for. Money in another currency than its invoice, or for an invoice
that is not there, is booked to suspense, where a person finds it. Money that a customer sends to the paybill by hand goes
straight to the invoice whose number they typed (INV-0007, inv 7), where the business, the number and the currency fit and the
invoice owes that much; else it waits in suspense, too. So money that came is always somewhere, once.

The sums are made line by line and only added up afterwards, so that the lines, the taxes and the total cannot disagree:
a line's amount is quantity times price, rounded half up to the cent; a discount on the whole is split over the lines
without losing a cent; the tax of a line is rounded half up. Where prices include the tax, the tax is taken out of what was
typed and the total is what was typed, to the cent. Where a country charges several taxes at once (Ghana), each is rounded
by itself and the tax of a line is their sum. Rates are dated: the day of issue (the tax point) chooses.

Where whoever pays looks for it (Nigeria, North Macedonia, Tanzania, papers in French), the total is also spelled in words,
in the language of the paper, and frozen with it.

Numbers are taken under the lock on the business's book, in the transaction that issues, so an issue that fails takes none.

What it never does
    It never changes an issued document: the database refuses, too. It credits it.
    It never decides that money came: payments says so, and invoicing books it in the same transaction.
    It never sends anything inside the transaction that made it true: papers and receipts follow the facts.

Sources: the Value Added Tax Act, 2013 (Kenya), sections 5 (rate), 12 (time of supply), 13 (taxable value) and 16 (credit
notes); the laws behind each rate stand beside it in `rules/tax_rates.py`, what each country's law
asks an invoice with tax to say in `rules/legal.py`, and all of it in docs/countries.md.
"""
