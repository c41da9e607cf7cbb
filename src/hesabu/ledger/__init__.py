"""The ledger: every business's books, in double entry, written once.

A *book* is one business's. An *entry* says what happened to money; its *postings* say where, debit positive and credit
negative, and add up to nothing in each currency. Entries are never changed and never removed: a mistake is answered by a
*reversal* that names what it reverses. Only `post` writes, and the database refuses everything else by itself: an entry
that does not balance or lacks a posting, a change, a removal, a day in a locked period, another business's account.

    ┌ book ──────────────────────────────────────────────┐
    │ entry 1 ◀── hash ── entry 2 ◀── hash ── entry 3 ◀─ head │     hash n = SHA-256(hash n-1 · canonical bytes of entry n)
    │   postings             postings            postings     │     balance of an account = sum of its postings
    └─────────────────────────────────────────────────────────┘

Two dates. `booked_on` is the value date, the one that a period lock looks at; `posted_at` is when it was written. A book's
row is also its business's lock: every act that may post takes it first, several in the order of their ids, so that money
is single-file per business and nothing can deadlock. The same lock guards the balances, the chain and the invoice numbers.

The chain: canonical, versioned bytes of each entry are hashed together with the hash before it; `verify` computes it all
again from the rows. Whoever changes one row must change every later hash, and the head that was handed out tells.

Accounts of a role (receivables, M-PESA, suspense …) have ids derived from business and role, so that posting needs no
look-up; the chart of accounts per country is data in `charts.py`.

Refused alternatives: balances without postings (nothing to check them against); a posting per row with a direction column
(the sign is the direction); editing with an audit table (two truths). Sources: Formance's and TigerBeetle's ledgers;
Pacioli, Summa, 1494.
"""
