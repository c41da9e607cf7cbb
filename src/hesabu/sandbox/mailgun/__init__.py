"""Mailgun as its servers speak it: a mail is queued at once, and what became of it told by event.

```
 product ──POST messages──▶ queued (id) ──▶ accepted ─▶ delivered ─▶ opened
                                │               ├────▶ failed, temporary ─▶ delivered, or …
                                │               └────▶ failed, permanent (bounce, suppressed, old)
                                └──▶ 400 · 401 · 404 · 413        delivered ─▶ complained, unsubscribed
```

Events carry a signature over a timestamp and a token, not over the body. Addresses that bounced,
complained or unsubscribed are suppressed: the next mail to them is accepted, and dropped. There
is no idempotency: what was asked twice is sent twice.
"""
