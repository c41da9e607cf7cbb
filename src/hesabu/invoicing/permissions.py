"""What may be done in invoicing, and by whom."""

from hesabu.identity.permissions import (
    ACCOUNTANTS,
    BOOKKEEPERS,
    EVERYBODY,
    MANAGERS,
    OWNERS,
    SELLERS,
    permission,
)

CUSTOMER_READ = permission("customer:read", to=EVERYBODY, words="See customers")
CUSTOMER_KEEP = permission("customer:keep", to=SELLERS, words="Add and change customers")
CUSTOMER_ERASE = permission(
    "customer:erase", to=OWNERS, words="Forget who a customer is", is_dangerous=True
)
CUSTOMER_EXPORT = permission(
    "customer:export",
    to=OWNERS,
    words="See and take along all that is held on a customer",
    is_dangerous=True,
)
ITEM_READ = permission("item:read", to=EVERYBODY, words="See what is sold, and its prices")
ITEM_KEEP = permission("item:keep", to=SELLERS, words="Add, price and drop what is sold")
INVOICE_READ = permission("invoice:read", to=EVERYBODY, words="See invoices", is_customers=True)
INVOICE_DRAFT = permission("invoice:draft", to=SELLERS, words="Draft invoices")
INVOICE_ISSUE = permission("invoice:issue", to=SELLERS, words="Issue invoices")
INVOICE_SEND = permission("invoice:send", to=SELLERS, words="Send invoices again, and remind")
INVOICE_VOID = permission("invoice:void", to=MANAGERS, words="Void invoices", moves_money=True)
INVOICE_CREDIT = permission(
    "invoice:credit", to=BOOKKEEPERS, words="Credit invoices", moves_money=True
)
INVOICE_APPROVE = permission(
    "invoice:approve",
    to=MANAGERS,
    words="Approve that invoices are voided or credited",
    moves_money=True,
)
HABIT_KEEP = permission("habit:keep", to=MANAGERS, words="Set what the clerk does by itself")
CREDIT_APPLY = permission(
    "credit:apply",
    to=ACCOUNTANTS,
    words="Pay invoices from what customers have to their credit",
    moves_money=True,
)
PROMISE_KEEP = permission(
    "promise:keep", to=SELLERS, words="Note when a customer says they will pay", is_customers=True
)
