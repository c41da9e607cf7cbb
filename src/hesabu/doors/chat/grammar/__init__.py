"""The chat grammar: one message in, what it says out. It reads, and does nothing else.

    from hesabu.doors.chat.grammar.parser import parse
    from hesabu.doors.chat.grammar.wire import to_json
    from hesabu.doors.chat.grammar import answers        (one asked-for thing at a time)

The path of a message::

    text ─ cleaning ─▶ tokens ─ wholes: a pasted M-PESA message? a phrase? a number? an answer to one of ours?
                         │
                         ├─ invoicing ─▶ invoice: cutting (due day, tax, deposit, discount, phone are cut out)
                         │                        names (who)  pieces, lines (what, how many, how much)
                         ├─ paying: what was paid, what was promised
                         ├─ commands ─▶ objects (of which document, of whom) ─▶ changes (of what, to what)
                         └─ alone: one new term of an invoice, and nothing else

Its words. *Intent*: what the writer wants. *Missing*: what an invoice needs and the message does not
say. *Problem*: a stable code and the very text it is about. *Marked number*: one that shows it is money
(a currency, a thousands mark, cents, "k").

What it never does:

- It never guesses money. A number that can be read in two ways ("3 bags 850": each, or together?), or
  that is no honest amount (zero, negative, ``1e9``, ten decimals, another currency), is a problem, and the
  total stays empty until a person has answered.
- It never raises, whatever the text, and its time grows with the length of the text, no faster: words
  are read once from left to right by expressions that cannot backtrack.
- It knows no database, no clock, no network: today, the country, and the names of known customers and of
  things sold are handed in. The same words on the same day mean the same.
- It never guesses who. A name that several customers bear, or that is a letter away from one, stays as it was
  written, with the problem ``which_customer`` and its choices; so it is with things sold (``which_item``).

A language is wholly data (``languages/``): phrases, months, weekdays, number words, the little words between
name and amount. A country is data too (``countries``): its currency and how it writes numbers. The published
tables ``docs/phrases/en.md`` and ``sw.md`` are the test.

Towns speak two languages at once, so a message is read in both (``switching``): the likelier one wins where they
disagree, and what they disagree on is a tested list. ``Understood.language`` says which it was mostly written in
(``tongue``). Swahili says the other way round what English says: "elfu tano" (``led_numbers``), "Ijumaa ijayo" and
"tarehe 15" (``noun_first``), "mifuko 3" (``counts``, which brings the count to the front). A multiplier may be glued to its
number ("elfu5"), and how many stand behind its noun with a word for it ("wig qty 2 price 500").

Times and sums. A weekday is the next one after today; "next Friday" is the Friday of next week; a day without
a year is the coming one, unless it passed in the last weeks, which is asked about. The total is the
sum of the lines less the discount, before any tax on top: rates belong to invoicing. A deposit is a part of that total.
Of two invoices in one message the first is read and the second pointed at (``invoice_second``), without a total.
"""
