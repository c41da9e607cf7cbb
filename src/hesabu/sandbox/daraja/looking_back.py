"""Asking afterwards: the status of one transaction, and the list of the last two days."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hesabu.sandbox.answers import is_web_address, json_of
from hesabu.sandbox.daraja.access import check_bearer
from hesabu.sandbox.daraja.books import App, NoSuchShortcode, Payment, Shortcode
from hesabu.sandbox.daraja.errors import Refused, bad
from hesabu.sandbox.daraja.wire import decimals, masked, moment, raw, stamp
from hesabu.sandbox.delivery import Parcel
from hesabu.sandbox.world import World

RESULT_SECONDS = 0.3
PULL_DAYS = 2


async def status(world: World, request: Request) -> Response:
    """Acknowledged now; the result goes to ResultURL."""
    app = check_bearer(world, request)
    body = await json_of(request)
    if body.get("CommandID") != "TransactionStatusQuery":
        raise bad("CommandID")
    for name in ("Initiator", "SecurityCredential", "PartyA", "Remarks"):
        if not str(body.get(name) or "").strip():
            raise bad(name)
    if str(body.get("IdentifierType")) not in ("1", "2", "4"):
        raise bad("IdentifierType")
    for name in ("ResultURL", "QueueTimeOutURL"):
        if not is_web_address(body.get(name)):
            raise bad(name)
    wanted = str(body.get("TransactionID") or body.get("OriginalConversationID") or "")
    if not wanted:
        raise bad("TransactionID")
    shortcode = _own(world, app, str(body["PartyA"]), "PartyA")
    ids = _ids(world)
    payment = _found(world, shortcode, wanted)

    async def answer() -> None:
        world.delivery.post(
            Parcel(
                provider="daraja",
                url=str(body["ResultURL"]),
                body=raw({"Result": _result(ids, wanted, payment, str(body.get("Occasion", "")))}),
                subject=f"transaction status {ids['ConversationID']}",
                line=f"status {shortcode.number}",
            )
        )

    world.timetable.after(RESULT_SECONDS, answer)
    accepted = {
        "ResponseCode": "0",
        "ResponseDescription": "Accept the service request successfully.",
    }
    return JSONResponse({**ids, **accepted})


def _ids(world: World) -> dict[str, str]:
    then = moment(world.clock.now())
    return {
        "OriginatorConversationID": f"{world.chance.digits('originator', 5)}-"
        f"{world.chance.digits('originator', 8)}-1",
        "ConversationID": f"AG_{then:%Y%m%d}_{world.chance.hexadecimal('conversation', 20)}",
    }


def _own(world: World, app: App, number: str, name: str) -> Shortcode:
    try:
        shortcode = world.books.shortcode(number)
    except NoSuchShortcode as error:
        raise bad(name) from error
    if shortcode.app_key != app.key:
        raise bad(name)
    return shortcode


def _found(world: World, shortcode: Shortcode, wanted: str) -> Payment | None:
    """By its receipt, its conversation, or the id that the request for a prompt was answered with."""
    for prompt in world.books.prompts.values():
        if prompt.shortcode is shortcode and prompt.receipt and wanted == prompt.merchant_id:
            return world.books.payments.get(prompt.receipt)
    for payment in world.books.payments.values():
        if payment.shortcode is shortcode and wanted in (payment.receipt, payment.conversation_id):
            return payment
    return None


def _result(
    ids: dict[str, str], wanted: str, payment: Payment | None, occasion: str
) -> dict[str, Any]:
    result: dict[str, Any] = {"ResultType": 0, **ids}
    if payment is None or payment.shortcode is None:
        words = "The OriginalTransactionID is invalid."
        return result | {"ResultCode": "R000002", "ResultDesc": words, "TransactionID": wanted}
    parameters = {
        "DebitPartyCharges": "",
        "CreditPartyName": f"{payment.shortcode.number} - {payment.shortcode.name}",
        "ReasonType": f"{payment.kind} Online" if payment.is_prompted else payment.kind,
        "TransactionStatus": "Completed",
        "ConversationID": payment.conversation_id,
        "FinalisedTime": int(stamp(payment.at)),
        "Amount": decimals(payment.amount_cents),
        "InitiatedTime": int(stamp(payment.at)),
        "ReceiptNo": payment.receipt,
    }
    listed = [{"Key": k} | ({"Value": v} if v != "" else {}) for k, v in parameters.items()]
    for _ in range(2):  # the debit party comes twice, as Safaricom sends it
        listed.insert(
            0, {"Key": "DebitPartyName", "Value": f"{payment.payer} - {payment.payer_name}"}
        )
    reference: dict[str, Any] = {"Key": "Occasion"} | ({"Value": occasion} if occasion else {})
    return result | {
        "ResultCode": 0,
        "ResultDesc": "The service request is processed successfully.",
        "TransactionID": payment.receipt,
        "ResultParameters": {"ResultParameter": listed},
        "ReferenceData": {"ReferenceItem": reference},
    }


async def pull_register(world: World, request: Request) -> Response:
    app = check_bearer(world, request)
    body = await json_of(request)
    shortcode = _own(world, app, str(body.get("ShortCode", "")), "ShortCode")
    if body.get("RequestType") != "Pull":
        raise bad("RequestType")
    if not re.fullmatch(r"(254|0)[17]\d{8}", str(body.get("NominatedNumber", ""))):
        raise bad("NominatedNumber")
    if not is_web_address(body.get("CallBackURL")):
        raise bad("CallBackURL")
    shortcode.pulls = True
    return JSONResponse(
        {
            "ResponseRefID": _ids(world)["OriginatorConversationID"],
            "ResponseStatus": "1000",
            "ShortCode": shortcode.number,
            "ResponseDescription": "The registration was successful",
        }
    )


async def pull_query(world: World, request: Request) -> Response:
    app = check_bearer(world, request)
    body = await json_of(request)
    shortcode = _own(world, app, str(body.get("ShortCode", "")), "ShortCode")
    if not shortcode.pulls:
        raise Refused(400, "400.002.02", "Bad Request - ShortCode is not registered for pull")
    start, end = (_instant(body, name) for name in ("StartDate", "EndDate"))
    offset = str(body.get("OffSetValue", "0"))
    if not offset.isdigit():
        raise bad("OffSetValue")
    dials, now = world.dials["daraja"], moment(world.clock.now())
    oldest = now - timedelta(days=PULL_DAYS)
    newest = now - timedelta(seconds=dials.number("pull_lag_seconds"))
    rows = [
        _row(payment, dials.choice("pull_clock"))
        for payment in world.books.payments.values()
        if payment.shortcode is shortcode
        and max(start, oldest) <= moment(payment.at).replace(microsecond=0) <= end
        and moment(payment.at) <= newest
    ]
    page = rows[int(offset) : int(offset) + int(dials.choice("pull_page"))]
    return JSONResponse(
        {
            "ResponseRefID": _ids(world)["OriginatorConversationID"],
            "ResponseCode": "1000" if page else "1001",
            "ResponseMessage": "Success" if page else "No transactions found",
            "Response": [page],
        }
    )


def _instant(body: dict[str, Any], name: str) -> datetime:
    try:
        return datetime.strptime(f"{body.get(name)} +0300", "%Y-%m-%d %H:%M:%S %z")
    except ValueError as error:
        raise bad(name) from error


def _row(payment: Payment, clock: str) -> dict[str, str]:
    shortcode = payment.shortcode
    return {
        "transactionId": payment.receipt,
        "trxDate": _written(moment(payment.at), clock),
        "msisdn": masked(payment.payer),
        "sender": payment.payer_name.upper(),
        "transactiontype": f"c2b-{payment.kind.lower().replace(' ', '-')}-debit",
        "billreference": payment.account,
        "amount": str(decimals(payment.amount_cents)),
        "organizationname": shortcode.name if shortcode else "",
    }


def _written(at: datetime, clock: str) -> str:
    """Safaricom's own examples end in Z, and its clocks run on Nairobi time: nobody can tell by looking."""
    if clock == "utc":
        return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    if clock == "nairobi called utc":
        return f"{at:%Y-%m-%dT%H:%M:%SZ}"
    return f"{at:%Y-%m-%d %H:%M:%S}" if clock == "bare" else at.isoformat(timespec="seconds")
