"""Customer to business: registered addresses, validation, confirmation, and payments by hand."""

from __future__ import annotations

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hesabu.sandbox.answers import is_web_address, json_of
from hesabu.sandbox.daraja import wallets
from hesabu.sandbox.daraja.access import check_bearer
from hesabu.sandbox.daraja.books import App, NoSuchShortcode, Payment, Shortcode
from hesabu.sandbox.daraja.errors import RESULTS, Refused, bad, invalid_token
from hesabu.sandbox.daraja.wire import cents_of, decimals, grouped, hashed, masked, raw, stamp
from hesabu.sandbox.delivery import Parcel
from hesabu.sandbox.people import BadPhone, Person
from hesabu.sandbox.world import World

FORBIDDEN_WORDS = ("mpesa", "m-pesa", "safaricom", "exe", "exec", "cmd", "sql", "query")
VALIDATION_SECONDS = 8.0
ACCOUNT_MAX = 20


class NotPaid(Exception):
    """A payment by hand did not go through; M-PESA's result code and words."""

    def __init__(self, code: int | str, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words


def _check_bearer(world: World, request: Request) -> App:
    """C2B has an error of its own for a bad token."""
    try:
        return check_bearer(world, request)
    except Refused as error:
        if error.code == invalid_token().code:
            raise Refused(400, "400.003.01", "Invalid Access Token") from error
        raise


async def register(world: World, request: Request) -> Response:
    if request.path_params["version"] not in ("v1", "v2"):
        raise Refused(404, "404.001.01", "Resource not found")
    app = _check_bearer(world, request)
    body = await json_of(request)
    shortcode = _own_shortcode(world, app, body)
    if body.get("ResponseType") not in ("Completed", "Cancelled"):
        raise bad("ResponseType")
    for name in ("ConfirmationURL", "ValidationURL"):
        url = body.get(name)
        if not is_web_address(url) or any(w in str(url).lower() for w in FORBIDDEN_WORDS):
            raise bad(name)
    if shortcode.confirmation_url and world.dials["daraja"].is_on("register_once"):
        raise Refused(500, "500.003.1001", "Urls are already registered")
    shortcode.c2b_version = request.path_params["version"]
    shortcode.response_type = body["ResponseType"]
    shortcode.confirmation_url = body["ConfirmationURL"]
    shortcode.validation_url = body["ValidationURL"]
    return JSONResponse(
        {
            "OriginatorCoversationID": _conversation(world),
            "ResponseCode": "0",
            "ResponseDescription": "success",
        }
    )


async def simulate(world: World, request: Request) -> Response:
    """Safaricom's own sandbox call: a payment to a shortcode out of thin air."""
    app = _check_bearer(world, request)
    body = await json_of(request)
    shortcode = _own_shortcode(world, app, body)
    kinds = {"CustomerPayBillOnline": "paybill", "CustomerBuyGoodsOnline": "till"}
    if kinds.get(str(body.get("CommandID"))) != shortcode.kind:
        raise bad("CommandID")
    amount_cents = cents_of(body.get("Amount"))
    if not amount_cents or amount_cents < 100:
        raise bad("Amount")
    if not re.fullmatch(r"254[17]\d{8}", str(body.get("Msisdn", ""))):
        raise bad("Msisdn")
    person = world.people.reached_at(str(body["Msisdn"]))
    account = str(body.get("BillRefNumber") or "")

    async def pay() -> None:
        try:
            await pay_business(world, person, shortcode, amount_cents, account)
        except NotPaid as error:
            world.act(f"a simulated payment failed: {error.words}")

    world.timetable.after(0.1, pay)
    return JSONResponse(
        {
            "OriginatorCoversationID": _conversation(world),
            "ResponseCode": "0",
            "ResponseDescription": "Accept the service request successfully.",
        }
    )


def _own_shortcode(world: World, app: App, body: dict[str, Any]) -> Shortcode:
    try:
        shortcode = world.books.shortcode(str(body.get("ShortCode", "")))
    except NoSuchShortcode as error:
        raise bad("ShortCode") from error
    if shortcode.app_key != app.key:
        raise bad("ShortCode")
    return shortcode


def _conversation(world: World) -> str:
    return f"{world.chance.digits('c2b', 4)}-{world.chance.digits('c2b', 7)}-1"


async def pay_by_hand(world: World, payer: Person, asked: dict[str, Any]) -> Payment:
    """From M-PESA's own menu: to a paybill with an account, to a till, or to a phone."""
    amount_cents = cents_of(asked.get("amount"))
    if amount_cents is None or amount_cents <= 0:
        raise NotPaid("amount", "That is not an amount.")
    if asked.get("phone"):
        return _pay_phone(world, payer, str(asked["phone"]), amount_cents)
    number = str(asked.get("till") or asked.get("shortcode") or "").strip()
    if not re.fullmatch(r"\d{5,7}", number):
        raise NotPaid("shortcode", "A paybill or till has 5 to 7 digits.")
    shortcode = _payee(world, number, is_till=bool(asked.get("till")))
    account = str(asked.get("account") or "").strip()
    if shortcode.kind == "paybill" and not 1 <= len(account) <= ACCOUNT_MAX:
        raise NotPaid("account", f"An account number has 1 to {ACCOUNT_MAX} characters.")
    return await pay_business(world, payer, shortcode, amount_cents, account)


def _pay_phone(world: World, payer: Person, phone: str, amount_cents: int) -> Payment:
    try:
        payee = world.people.reached_at(phone)
    except BadPhone as error:
        raise NotPaid("phone", str(error)) from error
    if payee is payer:
        raise NotPaid("phone", "You cannot send money to your own number.")
    _refuse(wallets.refusal(world, payer, amount_cents, None))
    return wallets.pay_person(world, payer, payee, amount_cents)


def _payee(world: World, number: str, *, is_till: bool) -> Shortcode:
    """A shortcode of ours, or one of somebody else that nobody has registered anything for."""
    found = world.books.shortcodes.get(number)
    if found is not None:
        return found
    name = f"{'TILL' if is_till else 'PAYBILL'} {number}"
    return Shortcode(number, "till" if is_till else "paybill", name, app_key="", passkey="")


def _refuse(code: int) -> None:
    if code:
        raise NotPaid(code, RESULTS[code])


async def pay_business(
    world: World, payer: Person, shortcode: Shortcode, amount_cents: int, account: str
) -> Payment:
    _refuse(wallets.refusal(world, payer, amount_cents, shortcode))
    if shortcode.validates and shortcode.validation_url:
        await _validated(world, payer, shortcode, amount_cents, account)
        _refuse(wallets.refusal(world, payer, amount_cents, shortcode))
    payment = wallets.pay_business(
        world, payer, shortcode, amount_cents=amount_cents, account=account
    )
    confirm(world, payment)
    return payment


async def _validated(
    world: World, payer: Person, shortcode: Shortcode, amount_cents: int, account: str
) -> None:
    """Ask the business first. Silence means what it said silence should mean."""
    draft = Payment(
        receipt=wallets.receipt(world),
        at=world.clock.now(),
        payer=payer.phone,
        payer_name=payer.name,
        shortcode=shortcode,
        payee=shortcode.number,
        amount_cents=amount_cents,
        account=account,
        kind="Buy Goods" if shortcode.kind == "till" else "Pay Bill",
        balance_cents=0,
    )
    body = _told(draft, shortcode) | {"OrgAccountBalance": ""}
    said = await world.delivery.ask("daraja", shortcode.validation_url, body, VALIDATION_SECONDS)
    code = str(said.get("ResultCode")) if isinstance(said, dict) else None
    if code is None and shortcode.response_type == "Completed":
        return
    if code != "0":
        words = f"Failed. {shortcode.name} did not accept Ksh{grouped(amount_cents)}"
        wallets.text_to(world, payer, f"{words} for account {account}. Nothing was taken.")
        raise NotPaid(code or "C2B00016", "The business did not accept the payment.")


def confirm(world: World, payment: Payment) -> None:
    """Tell the business, if it has said where."""
    shortcode = payment.shortcode
    if shortcode is None or not shortcode.confirmation_url:
        return
    drop = world.dials["daraja"].number("confirmation_drop")
    if world.chance.happens(drop, "confirmation_drop", payment.receipt):
        subject = f"c2b confirmation {payment.receipt}"
        world.journal.record("fault", "daraja", subject, fault="confirmation_drop")
        return
    world.delivery.post(
        Parcel(
            provider="daraja",
            url=shortcode.confirmation_url,
            body=raw(_told(payment, shortcode)),
            subject=f"c2b confirmation {payment.receipt}",
            line=payment.payer,
        )
    )


def _told(payment: Payment, shortcode: Shortcode) -> dict[str, Any]:
    """Version 1 hashes the payer's number and names the payer in full; version 2 masks and does not."""
    is_first = shortcode.c2b_version == "v1"
    names = [*payment.payer_name.split(), "", "", ""][:3]
    return {
        "TransactionType": payment.kind,
        "TransID": payment.receipt,
        "TransTime": stamp(payment.at),
        "TransAmount": str(decimals(payment.amount_cents)),
        "BusinessShortCode": shortcode.number,
        "BillRefNumber": payment.account,
        "InvoiceNumber": "",
        "OrgAccountBalance": str(decimals(payment.balance_cents)),
        "ThirdPartyTransID": "",
        "MSISDN": hashed(payment.payer) if is_first else masked(payment.payer),
        "FirstName": names[0],
        "MiddleName": names[1] if is_first and names[2] else "",
        "LastName": (names[2] or names[1]) if is_first else "",
    }
