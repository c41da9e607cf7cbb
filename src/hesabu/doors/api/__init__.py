"""The API door: what a program may ask and do, at one business.

    Authorization: Bearer hsb_…     a key of the business, with scopes
    Authorization: Bearer hsa_…     an app's access token, for a person; POST /api/v1/token gets and renews it

    /api/v1/me            who this token speaks for
    /api/v1/customers     /api/v1/items     /api/v1/invoices     /api/v1/payments     /api/v1/books
    /api/v1/approvals     what waits for a second person
    /api/v1/token         /api/v1/revoke      tokens for apps, as OAuth 2.1 has them (`oauth`)
    /api/v1/openapi.json  the description of all of it; /api/v1/docs the same for people, from this house alone

Its words
    shape       what goes in and out, typed; money is {"amount": "75000.00", "currency": "KES"}, an id carries what it is of
    bearer      who holds the token; bound as the actor of everything that is done
    operation   a function with an address and the permission it needs, run in one transaction of the bearer's business

A refusal is RFC 9457 problem details (`application/problem+json`): `code` is stable, `title` and `hint` are for people,
`field` says where. What is not understood is 422 with every fault and its place. Nothing of an error's inside is shown.

What needs a second person is not done but asked for: 409 with the approval's id and where to look. How often one may ask is
counted for each key and for all of a business; every answer says what is left in `RateLimit`, a refusal when in `Retry-After`.

`Idempotency-Key` on a POST makes it safe to repeat: the same key and body give the first answer again, another body 409.
Lists are in pages: `limit` (at most 100) and `after`, the `next` of the page before.

What it never does: it decides nothing, writes nothing by itself, and answers nobody about another business's things: what
belongs to somebody else is not found.
"""
