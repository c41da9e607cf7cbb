"""The outside world in a box: WhatsApp, M-PESA, SMS and mail, and the people who use them, on one page.

Run it with `python -m hesabu.sandbox` and open the address it names. Two phones stand side by
side: Wanjiku's, who has a business, and Jane's, who owes her money. What they type goes to the
product as Meta's webhooks would; what the product sends appears on their screens; when it asks
M-PESA for money, a prompt rings and waits for a PIN. SMS and mail arrive on the same phones.

```
        the product                              the box
  ┌───────────────────┐   Cloud API     ┌──────────────────────────┐
  │ messaging client  │ ──────────────▶ │ whatsapp/  dialog360/    │
  │ hooks             │ ◀────────────── │   chats, ticks           │
  │                   │  form, JSON     │ africastalking/          │     ┌────────┐
  │                   │ ──────────────▶ │   SMS, reports           │ ◀─▶ │ phones │ ◀─ a person
  │ hooks             │ ◀────────────── │                          │     │  page/ │    (page/)
  │                   │  HTTP, SMTP     │ mailgun/  smtp/          │     └────────┘
  │                   │ ──────────────▶ │   mail/: boxes           │          ▲
  │ hooks             │ ◀────────────── │                          │          └── a program
  │ payments client   │   Daraja        │ daraja/                  │              (control/)
  │                   │ ──────────────▶ │   prompts, wallets       │
  │ hooks             │ ◀────────────── │                          │
  └───────────────────┘   callbacks     └──────────────────────────┘
                                          people · dials · delivery · journal
                                          clock · chance  (one seed)
```

It is an honest counterpart because it knows nothing of the product: it imports none of it, speaks
only the providers' published formats, and enforces their limits, errors and manners, the bad ones
too. A 200 promises nothing; callbacks of M-PESA are unsigned, sent once and sometimes never; a
query answers 500 while a prompt rings; a WhatsApp user may hide the number; messages outside the
24 hours are accepted first and fail afterwards; an SMS that was accepted may still fail for any of
ten reasons; a mail box that bounced once is suppressed the next time.

*Dials* turn on what goes wrong in the world: webhooks lost, late, doubled, overtaken or damaged;
requests refused, failed before or after they were carried out, answered too late, or answered by
a gateway in HTML. All are off until turned. The preset `storm` turns many of them a little.

*One seed* makes a run repeatable: ids, receipts and every stroke of bad luck derive from it. Luck
is drawn by what it is about (this webhook, this attempt), not by when it is drawn, so two
requests that race each other meet the same luck in either order.

*Time* is the box's own. It runs with the real clock until somebody moves it forward; then all
that falls due in between happens, in order.

What it never does: keep anything on disk, act for a person (there are no bots; people act by
hand or through the control desk), let the product see anything that the real provider would not
show it, or guess what the product meant.

Where to read on: `people` and `dials` for the nouns, `delivery` for how webhooks go out,
`whatsapp/`, `dialog360/`, `africastalking/`, `mailgun/`, `smtp/` and `daraja/` for the providers,
`mail/` for the boxes, `control/` for the desk, `page/` for the phones.
"""
