"""Mail boxes: where letters lie until somebody opens them, however they were sent.

```
 mailgun/ ──┐
            ├──▶ the box of an address ──▶ opened · marked as spam · unsubscribed ──▶ whoever sent it
 smtp/    ──┘                                    (a person's phone, or the desk)
```

A box is there for every address. The phone whose owner has that address shows it; other boxes can
be read at the desk. Some domains never behave: see `fates`.
"""
