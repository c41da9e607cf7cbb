"""The addresses of 360dialog's API."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hesabu.sandbox.answers import NotJson, is_web_address, json_of
from hesabu.sandbox.faults import Door
from hesabu.sandbox.whatsapp import sending
from hesabu.sandbox.whatsapp.errors import Refused
from hesabu.sandbox.whatsapp.media import URL_SECONDS, Media
from hesabu.sandbox.whatsapp.numbers import Number
from hesabu.sandbox.whatsapp.routes import uploaded
from hesabu.sandbox.world import World

Inner = Callable[[World, Number, Request], Coroutine[Any, Any, Response]]
FILES = "/whatsapp_business/attachments/"
META_FILES = f"https://lookaside.fbsbx.com{FILES}"


class NoSuchKey(Exception):
    """The key belongs to no number."""


def routes(world: World) -> list[Route]:
    door = Door(world, "360dialog", error=_unwell, limit=_too_much)

    def at(path: str, inner: Inner, method: str) -> Route:
        return Route(path, door(_guarded(world, inner)), methods=[method])

    return [
        at("/360dialog/messages", messages, "POST"),
        at("/360dialog/media", upload, "POST"),
        at("/360dialog/v1/configs/webhook", webhook_set, "POST"),
        at("/360dialog/v1/configs/webhook", webhook_shown, "GET"),
        # who replaces the host alone drops the box's prefix, who replaces it by the base keeps it
        at(FILES, download, "GET"),
        at(f"/360dialog{FILES}", download, "GET"),
        at("/360dialog/{media_id}", media, "GET"),
        at("/360dialog/{media_id}", media_gone, "DELETE"),
    ]


async def messages(world: World, number: Number, request: Request) -> Response:
    sent = await json_of(request)
    if "status" in sent:
        return JSONResponse(sending.mark_read(world, number, sent))
    return JSONResponse(sending.send(world, number, sent), 201)


async def upload(world: World, _: Number, request: Request) -> Response:
    return JSONResponse({"id": await uploaded(world, request)}, 201)


async def media(world: World, _: Number, request: Request) -> Response:
    found = _media(world, request.path_params["media_id"])
    expires_at = int(world.clock.now()) + URL_SECONDS
    mark = _mark(world, found.id, expires_at)
    said = {
        "messaging_product": "whatsapp",
        "url": f"{META_FILES}?mid={found.id}&ext={expires_at}&hash={mark}",
        "mime_type": found.mime_type,
        "sha256": found.sha256,
        "file_size": str(len(found.content)),
        "id": found.id,
    }
    return JSONResponse(said)


async def media_gone(world: World, _: Number, request: Request) -> Response:
    world.chats.media.drop(_media(world, request.path_params["media_id"]).id)
    return JSONResponse({"success": True})


async def download(world: World, _: Number, request: Request) -> Response:
    """The file, for five minutes, at 360dialog's host in the place of Meta's."""
    asked = request.query_params
    found = _media(world, asked.get("mid", ""))
    expires_at = int(asked.get("ext", "0")) if asked.get("ext", "0").isdigit() else 0
    if asked.get("hash") != _mark(world, found.id, expires_at):
        raise Refused(100, "the address is not one that was given out", subcode=33)
    if world.clock.now() > expires_at:
        raise Refused(100, "the address has expired; ask for the media id again", subcode=33)
    return Response(found.content, media_type=found.mime_type)


async def webhook_set(world: World, number: Number, request: Request) -> Response:
    """`{"url", "headers"?}`: from now on this number's events go there. No handshake."""
    asked = await json_of(request)
    headers = asked.get("headers") or {}
    if not is_web_address(asked.get("url")):
        raise Refused(100, "url must be an https address")
    if not isinstance(headers, dict):
        raise Refused(100, "headers must be an object")
    number.dialog360_webhook = str(asked["url"])
    number.dialog360_headers = {str(name): str(value) for name, value in headers.items()}
    world.journal.publish("people", {})
    return await webhook_shown(world, number, request)


async def webhook_shown(_: World, number: Number, __: Request) -> Response:
    return JSONResponse({"url": number.dialog360_webhook, "headers": number.dialog360_headers})


def _media(world: World, media_id: str) -> Media:
    found = world.chats.media.find(media_id)
    if found is None:
        raise Refused(100, "The object does not exist or has expired", subcode=33)
    return found


def _mark(world: World, media_id: str, expires_at: int) -> str:
    return world.chance.about("attachment", media_id, expires_at).randbytes(12).hex()


def _guarded(world: World, inner: Inner) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            return await inner(world, _number(world, request), request)
        except NoSuchKey:
            return _meta(401, "Invalid api_key")
        except NotJson as error:
            refused = Refused(100, str(error))
        except Refused as error:
            refused = error
        trace_id = "A" + world.chance.letters("fbtrace", 22)
        return JSONResponse(refused.envelope(trace_id), refused.status)

    endpoint.__name__ = inner.__name__
    return endpoint


def _number(world: World, request: Request) -> Number:
    key = request.headers.get("d360-api-key", "")
    found = next(
        (n for n in world.chats.numbers.values() if n.dialog360_key and n.dialog360_key == key),
        None,
    )
    if found is None:
        raise NoSuchKey(key)
    return found


def _meta(status: int, words: str) -> JSONResponse:
    said = {"success": False, "http_code": status, "developer_message": words}
    return JSONResponse({"meta": said}, status)


def _unwell(_: World) -> Response:
    return _meta(500, "Internal server error")


def _too_much(_: World) -> Response:
    return _meta(429, "Too many requests")
