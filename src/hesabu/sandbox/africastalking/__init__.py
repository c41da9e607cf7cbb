"""Africa's Talking as its servers speak it: SMS to every phone, and what people write back.

```
 product ──POST messaging──▶ each number: accepted (id, cost) ──▶ Sent ─▶ Success
                                 │                 │                └───▶ Buffered ─▶ Success, Expired
                                 │                 └──▶ Failed, Rejected, AbsentSubscriber
                                 └──▶ refused at once: 401 … 502
 person ──writes──▶ incoming SMS ──▶ product        person ──opts out──▶ opt-out ──▶ product
```

The answer is XML unless JSON is asked for, its HTTP status is 201, and it speaks for each number
alone. Reports are form-urlencoded, unsigned, posted once, to addresses registered by hand.

Every refusal and every report can be had: by what is the case (the phone is off, the balance is
spent, the sender is blocked), by a number of `codes`, or by a dial.
"""
