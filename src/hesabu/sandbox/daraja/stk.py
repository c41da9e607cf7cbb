"""The prompt: asked for by the product, answered by a person, told by callback or by query."""

from __future__ import annotations

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hesabu.sandbox.answers import is_web_address, json_of
from hesabu.sandbox.daraja import c2b, wallets
from hesabu.sandbox.daraja.access import check_bearer, check_password
from hesabu.sandbox.daraja.books import Payment, Prompt, Shortcode
from hesabu.sandbox.daraja.errors import RESULTS, Refused, bad, internal
from hesabu.sandbox.daraja.wire import cents_of, decimals, masked, moment, raw, stamp
from hesabu.sandbox.delivery import Parcel
from hesabu.sandbox.people import Person
from hesabu.sandbox.world import World

AMOUNT_MAX = 250_000
ACCOUNT_MAX, DESCRIPTION_MAX = 12, 13
RING_SECONDS, UNREACHABLE_SECONDS = 0.2, 3.0
TYPES = {"CustomerPayBillOnline": "paybill", "CustomerBuyGoodsOnline": "till"}
ACCEPTED = "Success. Request accepted for processing"


async def push(world: World, request: Request) -> Response:
    app = check_bearer(world, request)
    body = await json_of(request)
    shortcode = check_password(world, app, body)
    amount = _checked(body)
    person = world.people.reached_at(str(body["PhoneNumber"]))
    is_busy = world.books.is_busy(person.phone)
    if is_busy and world.dials["daraja"].is_on("lock_refuses"):
        raise internal(RESULTS[1001])
    prompt = _prompt(world, body, shortcode, amount)
    world.books.add_prompt(prompt)
    is_mismatched = TYPES[str(body["TransactionType"])] != shortcode.kind
    if is_mismatched or str(body["PartyB"]) != shortcode.number:
        _end_soon(world, prompt, 2028)
    elif is_busy:
        _end_soon(world, prompt, 1001)
    elif not person.is_online:
        _end_soon(world, prompt, 1037, UNREACHABLE_SECONDS)
    elif world.chance.happens(
        world.dials["daraja"].number("push_unsent"), "push_unsent", prompt.checkout_id
    ):
        _end_soon(world, prompt, 1025)
    else:
        _ring_soon(world, prompt)
    return JSONResponse(
        {
            "MerchantRequestID": prompt.merchant_id,
            "CheckoutRequestID": prompt.checkout_id,
            "ResponseCode": "0",
            "ResponseDescription": ACCEPTED,
            "CustomerMessage": ACCEPTED,
        }
    )


def _checked(body: dict[str, Any]) -> int:
    """All fields but the password's, in the order in which Daraja complains; returns the amount."""
    if body.get("TransactionType") not in TYPES:
        raise bad("TransactionType")
    amount = _whole(body.get("Amount"))
    if amount is None or not 1 <= amount <= AMOUNT_MAX:
        raise bad("Amount")
    for name in ("PartyA", "PhoneNumber"):
        if not re.fullmatch(r"254[17]\d{8}", str(body.get(name, ""))):
            raise bad(name)
    if not re.fullmatch(r"\d{5,7}", str(body.get("PartyB", ""))):
        raise bad("PartyB")
    if not is_web_address(body.get("CallBackURL")):
        raise bad("CallBackURL")
    for name, most in (("AccountReference", ACCOUNT_MAX), ("TransactionDesc", DESCRIPTION_MAX)):
        value = body.get(name)
        if not isinstance(value, str) or not value.strip() or len(value) > most:
            raise bad(name)
    return amount


def _whole(written: object) -> int | None:
    cents = cents_of(written)
    return None if cents is None or cents % 100 or "." in str(written) else cents // 100


def _prompt(world: World, body: dict[str, Any], shortcode: Shortcode, amount: int) -> Prompt:
    now, chance = world.clock.now(), world.chance
    then = moment(now)
    first, second = chance.digits("merchant request", 5), chance.digits("merchant request", 8)
    checkout_id = f"ws_CO_{then:%d%m%Y%H%M%S}{chance.digits('checkout request', 12)}"
    return Prompt(
        checkout_id=checkout_id,
        merchant_id=f"{first}-{second}-1",
        phone=str(body["PhoneNumber"]),
        shortcode=shortcode,
        amount_cents=amount * 100,
        account=str(body["AccountReference"]),
        description=str(body["TransactionDesc"]),
        callback_url=str(body["CallBackURL"]),
        made_at=now,
    )


def _ring_soon(world: World, prompt: Prompt) -> None:
    async def ring() -> None:
        seconds = world.dials["daraja"].number("prompt_seconds")
        prompt.state = "ringing"
        prompt.rings_until = world.clock.now() + seconds
        prompt.ring_out = world.timetable.after(seconds, ring_out, is_idle=True)
        world.changed(prompt.phone)

    async def ring_out() -> None:
        end(world, prompt, 1037)

    world.timetable.after(RING_SECONDS, ring)


def _end_soon(world: World, prompt: Prompt, code: int, seconds: float = RING_SECONDS) -> None:
    async def finish() -> None:
        end(world, prompt, code)

    world.timetable.after(seconds, finish)


def answer_with_pin(world: World, person: Person, prompt: Prompt, pin: str) -> None:
    """The person types a PIN. Right and rich enough: the money moves."""
    if person.is_pin_locked:
        end(world, prompt, 8006)
        return
    if pin != person.pin:
        person.wrong_pins += 1
        end(world, prompt, 2001)
        return
    person.wrong_pins = 0
    code = wallets.refusal(world, person, prompt.amount_cents, prompt.shortcode)
    if code:
        end(world, prompt, code)
        return
    payment = wallets.pay_business(
        world,
        person,
        prompt.shortcode,
        amount_cents=prompt.amount_cents,
        account=prompt.account,
        is_prompted=True,
    )
    end(world, prompt, 0, payment)


def end(world: World, prompt: Prompt, code: int, payment: Payment | None = None) -> None:
    if prompt.state == "done":
        return
    prompt.state = "done"
    prompt.result_code = code
    prompt.result_text = RESULTS.get(code, "Failed")
    prompt.receipt = payment.receipt if payment else ""
    if prompt.ring_out is not None:
        prompt.ring_out.cancel()
    if code == 1:
        words = "Failed. You do not have enough money in your M-PESA account to pay"
        wallets.text_to(
            world, world.people.reached_at(prompt.phone), f"{words} {prompt.shortcode.name}."
        )
    world.delivery.post(
        Parcel(
            provider="daraja",
            url=prompt.callback_url,
            body=raw(_callback(world, prompt, payment)),
            subject=f"stk callback {prompt.checkout_id}",
            line=prompt.phone,
        )
    )
    if payment is not None and world.dials["daraja"].is_on("stk_confirms"):
        c2b.confirm(world, payment)
    world.changed(prompt.phone)


def _callback(world: World, prompt: Prompt, payment: Payment | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "MerchantRequestID": prompt.merchant_id,
        "CheckoutRequestID": prompt.checkout_id,
        "ResultCode": prompt.result_code,
        "ResultDesc": prompt.result_text,
    }
    if payment is not None:
        told["CallbackMetadata"] = {"Item": _items(world, prompt, payment)}
    return {"Body": {"stkCallback": told}}


def _items(world: World, prompt: Prompt, payment: Payment) -> list[dict[str, Any]]:
    dials, chance = world.dials["daraja"], world.chance
    phone: int | str = int(prompt.phone)
    if chance.happens(dials.number("phone_hidden"), "phone_hidden", prompt.checkout_id):
        phone = masked(prompt.phone)
    items: list[dict[str, Any]] = [
        {"Name": "Amount", "Value": decimals(payment.amount_cents)},
        {"Name": "MpesaReceiptNumber", "Value": payment.receipt},
        {"Name": "Balance"},
        {"Name": "TransactionDate", "Value": int(stamp(payment.at))},
        {"Name": "PhoneNumber", "Value": phone},
    ]
    if chance.happens(dials.number("items_shuffle"), "items_shuffle", prompt.checkout_id):
        chance.about("items order", prompt.checkout_id).shuffle(items)
    return items


async def query(world: World, request: Request) -> Response:
    """What became of a prompt: never its receipt, and not too often."""
    app = check_bearer(world, request)
    body = await json_of(request)
    shortcode = check_password(world, app, body)
    prompt = world.books.prompts.get(str(body.get("CheckoutRequestID", "")))
    now, window = world.clock.now(), world.dials["daraja"].number("query_window_seconds")
    is_forgotten = prompt is not None and 0 < window < now - prompt.made_at
    if prompt is None or prompt.shortcode is not shortcode or is_forgotten:
        raise bad("CheckoutRequestID")
    if now - prompt.queried_at < world.dials["daraja"].number("query_spacing_seconds"):
        raise Refused(500, "500.003.02", "Error Occurred: Spike Arrest Violation")
    prompt.queried_at = now
    if prompt.state != "done":
        raise internal("The transaction is being processed")
    return JSONResponse(
        {
            "ResponseCode": "0",
            "ResponseDescription": "The service request has been accepted successsfully",
            "MerchantRequestID": prompt.merchant_id,
            "CheckoutRequestID": prompt.checkout_id,
            "ResultCode": str(prompt.result_code),
            "ResultDesc": prompt.result_text,
        }
    )
