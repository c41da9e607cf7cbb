"""What may be done in payments, and by whom."""

from hesabu.identity.permissions import (
    ACCOUNTANTS,
    BOOKKEEPERS,
    EVERYBODY,
    MANAGERS,
    OWNERS,
    SELLERS,
    permission,
)

PAYMENT_READ = permission("payment:read", to=EVERYBODY, words="See payments")
PAYMENT_COLLECT = permission(
    "payment:collect", to=SELLERS, words="Ask customers for payment", is_customers=True
)
PAYMENT_CLAIM = permission(
    "payment:claim", to=SELLERS, words="Say that something was paid", is_customers=True
)
PAYMENT_CONFIRM = permission(
    "payment:confirm",
    to=BOOKKEEPERS,
    words="Confirm or refuse what customers say they paid",
    moves_money=True,
)
PAYMENT_RECORD = permission(
    "payment:record",
    to=BOOKKEEPERS,
    words="Count payments by hand, and take that back",
    moves_money=True,
)
PAYMENT_PLACE = permission(
    "payment:place", to=ACCOUNTANTS, words="Say what money is for", moves_money=True
)
PAYMENT_ACCOUNT_STOP = permission(
    "payment_account:stop", to=MANAGERS, words="Stop a change of where money goes", moves_money=True
)
PAYMENT_ACCOUNT_APPROVE = permission(
    "payment_account:approve",
    to=MANAGERS,
    words="Approve a change of where money goes",
    is_dangerous=True,
    moves_money=True,
)
PAYMENT_ACCOUNT_CHANGE = permission(
    "payment_account:change",
    to=OWNERS,
    words="Change where money goes",
    is_dangerous=True,
    moves_money=True,
)
