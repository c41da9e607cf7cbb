"""Every state of the pay page, hung side by side: the real templates, fed with what the rooms would answer.

The addresses are the real ones; the token is the name of a state. `pay/arriving` turns to paid after two questions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.utils import translation

from hesabu.doors.web import problems
from hesabu.doors.web.pay import pages
from hesabu.doors.web.pay.types import Known, PaidForm, PromptForm
from hesabu.doors.web.qr import qr_svg
from hesabu.kit.money import Money
from hesabu.payments.types import (
    ClaimState,
    ClaimView,
    CollectionState,
    CollectionView,
    Method,
    PaymentState,
    PaymentView,
    Purpose,
    WayToPay,
)

NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
PURPOSE = Purpose("invoice", UUID(int=7))


def kes(minor: int) -> Money:
    return Money(minor, "KES")


def line(description: str, price_minor: int, quantity: str = "1") -> dict[str, object]:
    net_minor = price_minor * int(quantity)
    return {
        "description": description,
        "quantity": quantity,
        "unit_price_minor": price_minor,
        "amount_minor": net_minor,
        "net_minor": net_minor,
        "tax_code": "S",
        "tax_rate_bps": 1600,
        "tax_minor": net_minor * 16 // 100,
        "gross_minor": net_minor * 116 // 100,
    }


def known(*lines: dict[str, object], **changes: object) -> Known:
    lines = lines or (
        line("Logo design, three concepts", 5_000_000),
        line("Business cards", 1_250, "1000"),
    )
    net_minor = sum(int(str(each["net_minor"])) for each in lines)
    tax_minor = net_minor * 16 // 100
    total = kes(net_minor + tax_minor)
    paid = changes.pop("paid", kes(0))
    assert isinstance(paid, Money)
    snapshot = {
        "number": "INV-0214",
        "seller": {"name": "Kamau Designs"},
        "buyer": {"name": "Jane Wanjiku"},
        "lines": list(lines),
        "discount_minor": 0,
        "net_minor": net_minor,
        "tax_minor": tax_minor,
        "total_minor": total.minor,
        "taxes": [
            {
                "code": "S",
                "label": "VAT 16%",
                "rate_bps": 1600,
                "net_minor": net_minor,
                "tax_minor": tax_minor,
            }
        ],
        "note": "",
    }
    base = Known(
        token="open",
        timezone="Africa/Nairobi",
        today=date(2026, 11, 23),
        now=NOW,
        state="issued",
        is_overdue=False,
        total=total,
        paid=paid,
        credited=kes(0),
        owed=total - paid,
        due_on=date(2026, 11, 27),
        language="en",
        snapshot=snapshot,
        customer_phone="+254733111678",
        ways=WAYS,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def way(kind: str, label: str, number: str, account: str | None = None) -> WayToPay:
    return WayToPay(kind, label, number, account, UUID(int=1))


WAYS = (
    way("stk", "M-PESA prompt on your phone", ""),
    way("till", "Shop till", "832909"),
    way("paybill", "Paybill", "400200", "INV-0214"),
    way("phone", "Send money", "+254722000111"),
    way("bank", "Equity Bank, Kamau Designs", "0123 4567 8901"),
)


def collection(
    state: CollectionState, words: str = "", *, is_retryable: bool = False, minor: int = 7_250_000
) -> CollectionView:
    return CollectionView(
        id=UUID(int=3),
        purpose=PURPOSE,
        amount=kes(minor),
        state=state,
        result_code=None,
        words=words,
        is_retryable=is_retryable,
        asked_at=NOW - timedelta(seconds=9),
        created_at=NOW - timedelta(seconds=10),
    )


def payment(minor: int, receipt: str = "SKL4T7QX2P") -> PaymentView:
    return PaymentView(
        id=UUID(int=5),
        amount=kes(minor),
        method=Method.MPESA_STK,
        state=PaymentState.SETTLED,
        receipt=receipt,
        purpose=PURPOSE,
        booked_on=date(2026, 11, 23),
        received_at=NOW - timedelta(minutes=2),
        collection_id=UUID(int=3),
    )


CLAIM = ClaimView(UUID(int=9), PURPOSE, "SKL4T7QX2P", kes(7_250_000), ClaimState.MADE, None, NOW)
PART = kes(4_000_000)

STATES: dict[str, Callable[[], Known]] = {
    "open": known,
    "overdue": lambda: known(is_overdue=True, due_on=date(2026, 11, 11)),
    "waiting": lambda: known(collections=(collection(CollectionState.ASKED),)),
    "doubt": lambda: known(collections=(collection(CollectionState.UNCERTAIN),)),
    "failed": lambda: known(
        collections=(
            collection(
                CollectionState.FAILED,
                "M-PESA says the PIN was wrong. Nothing was taken.",
                is_retryable=True,
            ),
        )
    ),
    "unanswered": lambda: known(
        collections=(collection(CollectionState.ASKED, is_retryable=True),)
    ),
    "part-paid": lambda: known(
        paid=PART,
        state="part_paid",
        payments=(payment(PART.minor),),
        collections=(collection(CollectionState.SETTLED, minor=PART.minor, is_retryable=True),),
    ),
    "claimed": lambda: known(claims=(CLAIM,)),
    "paid": lambda: known(paid=kes(7_250_000), state="paid", payments=(payment(7_250_000),)),
    "void": lambda: known(state="void", owed=kes(0)),
    "credited": lambda: known(state="credited", owed=kes(0), credited=kes(7_250_000)),
    "by-hand": lambda: known(ways=WAYS[1:], customer_phone=None),
    "stranger": lambda: known(customer_phone=None),
    "many-lines": lambda: known(
        *(
            line(f"Shirt number {n}, with a long description of what is printed on it", 125_050)
            for n in range(1, 41)
        )
    ),
    "wrong-number": known,
    "wrong-code": known,
    "arriving": lambda: known(collections=(collection(CollectionState.ASKED),)),
}
FORMS: dict[str, dict[str, object]] = {
    "wrong-number": {
        "prompt_form": PromptForm(
            key="k" * 22,
            to="other",
            phone="0712 34",
            wrong="That is not a telephone number we can reach. Write it as 0712 345 678.",
        )
    },
    "wrong-code": {
        "paid_form": PaidForm(said="SKL4", wrong="That M-PESA code is already counted.")
    },
}


def _shown(request: HttpRequest, token: str, **context: object) -> HttpResponse:
    if token not in STATES:
        raise Http404
    turn = int(request.GET.get("turn", 0)) if "was" in request.GET else 0
    state = "paid" if token == "arriving" and turn >= 2 and "was" in request.GET else token
    with translation.override("en"):
        shown = pages.shown(
            replace(STATES[state](), token=token),
            qr_svg=qr_svg("https://hesabu.example/p/x"),
            **FORMS.get(token, {}),
        )
        context |= {
            "page": shown,
            "turn": turn + 1,
            "wait_seconds": None if shown.panel.is_final else 1 if token == "arriving" else 30,
            "has_changed": request.GET.get("was") != shown.panel.mark,
        }
        return render(
            request, "web/pay/state.html" if "was" in request.GET else "web/pay/page.html", context
        )


def page(request: HttpRequest, token: str) -> HttpResponse:
    return _shown(request, token)


def landing(request: HttpRequest) -> HttpResponse:
    return render(request, "web/landing.html", {"page": {"sandbox_url": "http://127.0.0.1:8100/"}})


def fault(request: HttpRequest) -> HttpResponse:
    return problems.fault(request)


urlpatterns = [
    path("", landing, name="landing"),
    path("healthz", landing, name="alive"),
    path("readyz", landing, name="ready"),
    path("fault", fault),
    path("account/", include("hesabu.doors.web.account.urls")),
    path("p/<str:token>", page, name="pay"),
    path("p/<str:token>/state", page, name="pay-state"),
    path("p/<str:token>/pay", page, name="pay-ask"),
    path("p/<str:token>/paid", page, name="pay-paid"),
    path("p/<str:token>/invoice.pdf", page, name="pay-paper"),
]
handler404 = problems.not_found
