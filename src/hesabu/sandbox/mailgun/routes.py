"""The addresses of Mailgun."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable, Coroutine
from email.utils import formatdate
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from hesabu.sandbox.answers import fields_of
from hesabu.sandbox.faults import Door
from hesabu.sandbox.mail.boxes import bare
from hesabu.sandbox.mailgun import sending
from hesabu.sandbox.mailgun.domains import WEBHOOK_IDS, WEBHOOK_URLS_MAX, Domain, NoSuchDomain
from hesabu.sandbox.mailgun.sending import Turned
from hesabu.sandbox.world import World

Inner = Callable[[World, Domain, Request], Coroutine[Any, Any, Response]]
EVENTS_MAX = 300
LISTS = ("bounces", "complaints", "unsubscribes")


def routes(world: World) -> list[Route]:
    door = Door(world, "mailgun", error=_unwell, limit=_too_much)

    def at(path: str, inner: Inner, method: str) -> Route:
        endpoint = door(_guarded(world, inner))
        return Route(f"/mailgun/v3{path}", endpoint, methods=[method])

    hooks = "/domains/{domain}/webhooks"
    return [
        at(hooks, webhooks, "GET"),
        at(hooks, webhook_made, "POST"),
        at(f"{hooks}/{{webhook_id}}", webhook, "GET"),
        at(f"{hooks}/{{webhook_id}}", webhook_changed, "PUT"),
        at(f"{hooks}/{{webhook_id}}", webhook_gone, "DELETE"),
        at("/{domain}/messages", messages, "POST"),
        at("/{domain}/messages.mime", messages_mime, "POST"),
        at("/{domain}/events", listed_events, "GET"),
        *(at(f"/{{domain}}/{name}", _listing(name), "GET") for name in LISTS),
        *(at(f"/{{domain}}/{name}", _adding(name), "POST") for name in LISTS),
        *(at(f"/{{domain}}/{name}/{{address}}", _one(name), "GET") for name in LISTS),
        *(at(f"/{{domain}}/{name}/{{address}}", _removing(name), "DELETE") for name in LISTS),
    ]


async def messages(world: World, domain: Domain, request: Request) -> Response:
    order = sending.understood(world, domain, await fields_of(request))
    return JSONResponse({"id": sending.queue(world, order), "message": "Queued. Thank you."})


async def messages_mime(world: World, domain: Domain, request: Request) -> Response:
    order = sending.understood_mime(world, domain, await fields_of(request))
    return JSONResponse({"id": sending.queue(world, order), "message": "Queued. Thank you."})


async def listed_events(_: World, domain: Domain, request: Request) -> Response:
    """What happened, oldest first, narrowed as asked."""
    asked = request.query_params
    try:
        limit = min(int(asked.get("limit", "100")), EVENTS_MAX)
    except ValueError as error:
        raise Turned(400, "limit parameter is not a number") from error
    items = [
        each
        for each in domain.events
        if asked.get("event", each["event"]) == each["event"]
        and asked.get("recipient", each["recipient"]) == each["recipient"]
        and asked.get("message-id", _id_of(each)).strip("<>") == _id_of(each)
    ]
    return JSONResponse({"items": items[:limit], "paging": _paging(request)})


def _id_of(event: dict[str, Any]) -> str:
    return str(event["message"]["headers"]["message-id"])


async def webhooks(_: World, domain: Domain, __: Request) -> Response:
    shown = {key: {"urls": list(urls)} for key, urls in domain.webhooks.items()}
    return JSONResponse({"webhooks": shown})


async def webhook(_: World, domain: Domain, request: Request) -> Response:
    return JSONResponse({"webhook": {"urls": _hook(domain, request)}})


async def webhook_made(_: World, domain: Domain, request: Request) -> Response:
    fields = await fields_of(request)
    webhook_id = next((part.text for part in fields if part.name == "id"), "")
    if webhook_id not in WEBHOOK_IDS:
        raise Turned(400, f"Invalid webhook type: {webhook_id}")
    if webhook_id in domain.webhooks:
        raise Turned(400, "Webhook already exists")
    domain.webhooks[webhook_id] = _urls(part.text for part in fields if part.name == "url")
    said = {"urls": domain.webhooks[webhook_id]}
    return JSONResponse({"message": "Webhook has been created", "webhook": said})


async def webhook_changed(_: World, domain: Domain, request: Request) -> Response:
    _hook(domain, request)
    fields = await fields_of(request)
    urls = _urls(part.text for part in fields if part.name == "url")
    domain.webhooks[request.path_params["webhook_id"]] = urls
    return JSONResponse({"message": "Webhook has been updated", "webhook": {"urls": urls}})


async def webhook_gone(_: World, domain: Domain, request: Request) -> Response:
    urls = _hook(domain, request)
    del domain.webhooks[request.path_params["webhook_id"]]
    return JSONResponse({"message": "Webhook has been deleted", "webhook": {"urls": urls}})


def _hook(domain: Domain, request: Request) -> list[str]:
    urls = domain.webhooks.get(request.path_params["webhook_id"])
    if urls is None:
        raise Turned(404, "Webhook not found")
    return urls


def _urls(given: Any) -> list[str]:
    urls = [url for url in given if url]
    if not urls or len(urls) > WEBHOOK_URLS_MAX:
        raise Turned(400, f"A webhook has 1 to {WEBHOOK_URLS_MAX} url parameters")
    return urls


def _listing(name: str) -> Inner:
    async def listed(_: World, domain: Domain, request: Request) -> Response:
        kept: dict[str, float] = getattr(domain, name)
        items = [_suppressed(name, address, at) for address, at in kept.items()]
        return JSONResponse({"items": items, "paging": _paging(request)})

    listed.__name__ = f"listed_{name}"
    return listed


def _adding(name: str) -> Inner:
    async def added(world: World, domain: Domain, request: Request) -> Response:
        fields = await fields_of(request)
        address = bare(next((part.text for part in fields if part.name == "address"), ""))
        if not address:
            raise Turned(400, "address parameter is missing")
        getattr(domain, name)[address] = world.clock.now()
        return JSONResponse({"message": "Address has been added", "address": address})

    added.__name__ = f"added_{name}"
    return added


def _one(name: str) -> Inner:
    async def shown(_: World, domain: Domain, request: Request) -> Response:
        address = request.path_params["address"].lower()
        at = getattr(domain, name).get(address)
        if at is None:
            raise Turned(404, f"Address not found in {name} table")
        return JSONResponse(_suppressed(name, address, at))

    shown.__name__ = f"shown_{name}"
    return shown


def _removing(name: str) -> Inner:
    async def removed(_: World, domain: Domain, request: Request) -> Response:
        address = request.path_params["address"].lower()
        if getattr(domain, name).pop(address, None) is None:
            raise Turned(404, f"Address not found in {name} table")
        words = f"{name.capitalize()[:-1]} has been removed"
        return JSONResponse({"message": words, "address": address})

    removed.__name__ = f"removed_{name}"
    return removed


def _suppressed(name: str, address: str, at: float) -> dict[str, Any]:
    shown: dict[str, Any] = {"address": address, "created_at": formatdate(at)}
    if name == "bounces":
        shown |= {"code": "550", "error": "550 5.1.1 No such mailbox"}
    if name == "unsubscribes":
        shown["tags"] = ["*"]
    return shown


def _paging(request: Request) -> dict[str, str]:
    url = str(request.url)
    return dict.fromkeys(("first", "last", "next", "previous"), url)


def _guarded(world: World, inner: Inner) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            domain = world.mailgun.domain(request.path_params["domain"])
        except NoSuchDomain:
            domain = None
        keys = {each.key for each in world.mailgun.domains.values()}
        fits = {domain.key} if domain is not None else keys
        given = _key(request).encode()
        if not any(hmac.compare_digest(given, key.encode()) for key in fits):
            return PlainTextResponse("Forbidden", 401)
        if domain is None:
            name = request.path_params["domain"]
            return JSONResponse({"message": f"Domain not found: {name}"}, 404)
        try:
            return await inner(world, domain, request)
        except Turned as error:
            return JSONResponse({"message": str(error)}, error.status)

    endpoint.__name__ = inner.__name__
    return endpoint


def _key(request: Request) -> str:
    kind, _, credentials = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        user, _, password = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return password if user == "api" else ""


def _unwell(_: World) -> Response:
    return JSONResponse({"message": "Internal Server Error"}, 500)


def _too_much(_: World) -> Response:
    return JSONResponse({"message": "Too many requests"}, 429, {"Retry-After": "1"})
