"""WhatsApp's Cloud API as its servers speak it: validation, windows, statuses, signed webhooks.

```
 product ──POST messages──▶ validate ──▶ accepted (wamid) ──▶ sent ─▶ delivered ─▶ read
                                 │            └────────────▶ failed (window, no WhatsApp, link)
                                 └──▶ an error with Meta's code
 person ──say──▶ message webhook ──▶ product ──mark read──▶ blue ticks on the person's phone
```

An answer of 200 promises nothing: what becomes of a message is told later, by webhook, perhaps
twice and perhaps out of order. A person who hides the number appears only as a user id.
"""
