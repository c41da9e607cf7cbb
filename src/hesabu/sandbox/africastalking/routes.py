"""The addresses of Africa's Talking."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from hesabu.sandbox.africastalking import sending
from hesabu.sandbox.africastalking.accounts import DEFAULT_SENDER, Account, NoSuchAccount, money
from hesabu.sandbox.africastalking.reports import written
from hesabu.sandbox.answers import NotJson, form_of, json_of
from hesabu.sandbox.faults import Door
from hesabu.sandbox.world import World

Inner = Callable[[World, Request], Coroutine[Any, Any, Response]]


class Turned(Exception):
    """The request is turned away, in plain text as theirs are."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


def routes(world: World) -> list[Route]:
    door = Door(world, "africastalking", error=_unwell, limit=_too_much)

    def at(path: str, inner: Inner, method: str) -> Route:
        endpoint = door(_guarded(world, inner))
        return Route(f"/africastalking/version1{path}", endpoint, methods=[method])

    return [
        at("/messaging/bulk", bulk, "POST"),
        at("/messaging", messaging, "POST"),
        at("/messaging", inbox, "GET"),
        at("/user", user, "GET"),
    ]


async def messaging(world: World, request: Request) -> Response:
    """The form endpoint: `to` holds numbers with commas between."""
    form = {name: part.text for name, part in (await form_of(request)).items()}
    account = _account(world, request, form.get("username", ""))
    for name in ("to", "message"):
        if not form.get(name):
            raise Turned(400, f"Request is missing required form field '{name}'")
    return _sent(
        world,
        request,
        account,
        numbers=form["to"].split(","),
        words=form["message"],
        sender=form.get("from", ""),
        is_queued=form.get("enqueue") == "1",
    )


async def bulk(world: World, request: Request) -> Response:
    """The newer endpoint, which takes JSON."""
    asked = await json_of(request)
    account = _account(world, request, str(asked.get("username") or ""))
    numbers, words = asked.get("phoneNumbers"), asked.get("message")
    if not isinstance(words, str) or not words:
        raise Turned(400, "Request is missing required field 'message'")
    if not isinstance(numbers, list) or not numbers:
        raise Turned(400, "Request is missing required field 'phoneNumbers'")
    return _sent(
        world,
        request,
        account,
        numbers=[str(number) for number in numbers],
        words=words,
        sender=str(asked.get("senderId") or ""),
        is_queued=bool(asked.get("enqueue")),
    )


def _sent(
    world: World,
    request: Request,
    account: Account,
    *,
    numbers: list[str],
    words: str,
    sender: str,
    is_queued: bool,
) -> Response:
    sender = sender or DEFAULT_SENDER
    if not account.allows(sender):
        return _answer(request, {"Message": "InvalidSenderId", "Recipients": []}, 201)
    outcomes = sending.send(
        world, account, numbers=numbers, words=words, sender=sender, is_queued=is_queued
    )
    recipients = [
        {
            "statusCode": each.code,
            "number": each.number,
            "status": each.status,
            "cost": money(each.cost) if each.is_accepted else "0",
            "messageId": each.id,
            "messageParts": each.parts,
        }
        for each in outcomes
    ]
    said = {"Message": sending.total(outcomes), "Recipients": recipients}
    return _answer(request, said, 201)


async def inbox(world: World, request: Request) -> Response:
    """What came in since an ordinal, for a product that asks instead of being told."""
    account = _account(world, request, request.query_params.get("username", ""))
    since = request.query_params.get("lastReceivedId", "0")
    if not since.isdigit():
        raise Turned(400, "The query parameter 'lastReceivedId' was malformed")
    messages = [
        {
            "id": received.ordinal,
            "from": f"+{received.sender}",
            "to": received.to,
            "text": received.words,
            "linkId": "",
            "date": written(received.at),
        }
        for received in account.inbox
        if received.ordinal > int(since)
    ]
    return _answer(request, {"Messages": messages}, 200)


async def user(world: World, request: Request) -> Response:
    account = _account(world, request, request.query_params.get("username", ""))
    balance = money(account.balance)
    if _wants_json(request):
        return JSONResponse({"UserData": {"balance": balance}})
    return _xml("UserData", {"balance": balance}, 200)


def _account(world: World, request: Request, username: str) -> Account:
    if not username:
        raise Turned(400, "Request is missing required form field 'username'")
    try:
        account = world.texting.account(username)
    except NoSuchAccount:
        account = None
    if account is None or request.headers.get("apikey") != account.key:
        raise Turned(401, "The supplied authentication is invalid")
    return account


def _answer(request: Request, said: dict[str, Any], status: int) -> Response:
    if _wants_json(request):
        return JSONResponse({"SMSMessageData": said}, status)
    return _xml("SMSMessageData", said, status)


def _wants_json(request: Request) -> bool:
    """XML is the default: who names no type gets it."""
    return "application/json" in request.headers.get("accept", "")


def _xml(name: str, said: dict[str, Any], status: int) -> Response:
    body = f"<AfricasTalkingResponse>{_element(name, said)}</AfricasTalkingResponse>"
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return Response(head + body, status, media_type="application/xml")


def _element(name: str, value: Any) -> str:
    if isinstance(value, dict):
        inner = "".join(_element(key, each) for key, each in value.items())
    elif isinstance(value, list):
        inner = "".join(_element(name.removesuffix("s"), each) for each in value)
    else:
        inner = escape(str(value))
    return f"<{name}>{inner}</{name}>"


def _guarded(world: World, inner: Inner) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            return await inner(world, request)
        except NotJson as error:
            return PlainTextResponse(f"The request content was malformed: {error}", 400)
        except Turned as error:
            return PlainTextResponse(str(error), error.status)

    endpoint.__name__ = inner.__name__
    return endpoint


def _unwell(_: World) -> Response:
    return PlainTextResponse("There was an internal server error.", 500)


def _too_much(_: World) -> Response:
    return PlainTextResponse("Too many requests", 429)
