"""The store: what is kept for everybody.

    tenancy      whose rows a transaction may see, and the transaction itself
    facts        what happened, past tense, written in the transaction that made it true
    seals        the facts of a business, chained by a job that comes after them, so that a changed one is found
    origins      from which address an act came, kept beside its fact and forgotten earlier
    audit        facts, searched
    wiring       who reads which fact: *now* (same transaction) or *later* (a job)
    jobs         work that commits with the data and runs after it
    letters      every webhook, filed before it is answered, and the endpoints they come in by
    links        short unguessable addresses that lead to one thing of one business
    files        sealed bytes
    idempotency  the same key and input give the first answer again
    flags        kill switches
    resealing    every sealed value under the first key again, while the house works
    secret_ages  since when each secret is in use

A binding opens the transaction (`tenancy.bound(business_id)`); when the outermost one closes, its facts are written in
one statement and the jobs of their later readers in another, and then it commits. Nothing can therefore be done and not
be told, or be told and not be done.

               action ──▶ rows ──┐
                 └─ publish(fact) ┴─▶ now-readers ─▶ rows      ⎫ one transaction
                                          └─▶ facts, jobs      ⎭
                                                     └─▶ later-readers, each in a transaction of its own

Row-level security is forced on every table that belongs to a business. An unbound query fails; it does not return
nothing. House tables (letters, endpoints, links, flags, people, contacts) belong to no business and have grants instead.

The store never knows what an invoice or a payment is.
"""
