"""Safaricom's Daraja and the M-PESA behind it: prompts, wallets, receipts, callbacks.

```
 product ──STK push──▶ checked ──▶ prompt rings on the phone ──PIN──▶ paid, receipt, SMS
                          │             ├─ cancelled, rung out, wrong PIN, too little money
                          └─ error      └────────▶ callback, once, unsigned, perhaps never
 person ──pays by hand──▶ validation? ──▶ paid, receipt, SMS ──▶ C2B confirmation
```

Money is counted in whole cents. Nothing that M-PESA posts is signed or tried again, which is why
the product must ask back: by query, by transaction status, or by pulling the list.
"""
