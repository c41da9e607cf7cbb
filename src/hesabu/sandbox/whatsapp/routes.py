"""The addresses of the Cloud API, under any version Meta has ever called it."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hesabu.sandbox.answers import NotJson, form_of, json_of
from hesabu.sandbox.faults import Door
from hesabu.sandbox.whatsapp import sending
from hesabu.sandbox.whatsapp.errors import Refused
from hesabu.sandbox.whatsapp.media import URL_SECONDS, Media, check_upload
from hesabu.sandbox.whatsapp.numbers import Number
from hesabu.sandbox.world import World

Inner = Callable[[World, Request], Coroutine[Any, Any, Response]]


def routes(world: World) -> list[Route]:
    door = Door(world, "whatsapp", error=_unwell, limit=_too_much)

    def at(path: str, inner: Inner, method: str) -> Route:
        return Route(path, door(_guarded(world, inner)), methods=[method])

    return [
        at("/whatsapp/lookaside/{media_id}", download, "GET"),
        at("/whatsapp/{version}/{number_id}/messages", messages, "POST"),
        at("/whatsapp/{version}/{number_id}/media", upload, "POST"),
        at("/whatsapp/{version}/{node_id}", node, "GET"),
        at("/whatsapp/{version}/{node_id}", delete, "DELETE"),
    ]


async def messages(world: World, request: Request) -> Response:
    number = _number(world, request)
    sent = await json_of(request)
    if "status" in sent:
        return JSONResponse(sending.mark_read(world, number, sent))
    return JSONResponse(sending.send(world, number, sent))


async def upload(world: World, request: Request) -> Response:
    _number(world, request)
    return JSONResponse({"id": await uploaded(world, request)})


async def uploaded(world: World, request: Request) -> str:
    """Keep the file of a form; returns its media id."""
    form = await form_of(request)
    file = form.get("file")
    if form.get("messaging_product") is None or form["messaging_product"].text != "whatsapp":
        raise Refused(100, "messaging_product must be whatsapp")
    if file is None:
        raise Refused(100, "(#100) The parameter file is required")
    mime_type = file.content_type or (form["type"].text if "type" in form else "")
    check_upload(mime_type, len(file.content))
    media = Media(world.chance.digits("media", 16), file.content, mime_type, file.filename)
    return world.chats.media.keep(media).id


async def node(world: World, request: Request) -> Response:
    """A number, or a file: Meta tells them apart by the id alone."""
    number = world.chats.numbers.get(request.path_params["node_id"])
    if number is not None:
        _check_token(request, number)
        return JSONResponse(
            {
                "id": number.phone_number_id,
                "display_phone_number": f"+{number.display_phone}",
                "verified_name": number.name,
                "quality_rating": "GREEN",
            }
        )
    media = _media(world, request, "node_id")
    return JSONResponse(
        {
            "messaging_product": "whatsapp",
            "url": lookaside(world, media, str(request.base_url)),
            "mime_type": media.mime_type,
            "sha256": media.sha256,
            "file_size": len(media.content),
            "id": media.id,
        }
    )


async def delete(world: World, request: Request) -> Response:
    media = _media(world, request, "node_id")
    world.chats.media.drop(media.id)
    return JSONResponse({"success": True})


async def download(world: World, request: Request) -> Response:
    """The file itself, for five minutes, and only to a bearer of the token."""
    media = _media(world, request, "media_id")
    try:
        expires_at = int(request.query_params.get("ext", ""))
    except ValueError:
        expires_at = 0
    if request.query_params.get("hash") != _url_mark(world, media.id, expires_at):
        raise Refused(100, "the address is not one that was given out", subcode=33)
    if world.clock.now() > expires_at:
        raise Refused(100, "the address has expired; ask for the media id again", subcode=33)
    return Response(media.content, media_type=media.mime_type)


def lookaside(world: World, media: Media, base_url: str) -> str:
    expires_at = int(world.clock.now()) + URL_SECONDS
    mark = _url_mark(world, media.id, expires_at)
    path = f"whatsapp/lookaside/{media.id}?ext={expires_at}&hash={mark}"
    return f"{base_url.rstrip('/')}/{path}"


def _url_mark(world: World, media_id: str, expires_at: int) -> str:
    return world.chance.about("lookaside", media_id, expires_at).randbytes(12).hex()


def _guarded(world: World, inner: Inner) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            _check_version(request)
            return await inner(world, request)
        except NotJson as error:
            refused = Refused(100, str(error))
        except Refused as error:
            refused = error
        return _envelope(world, refused)

    endpoint.__name__ = inner.__name__
    return endpoint


def _check_version(request: Request) -> None:
    version = request.path_params.get("version", "v1.0")
    if not re.fullmatch(r"v\d+\.\d+", version):
        raise Refused(2500, f"Unknown path components: /{version}")


def _number(world: World, request: Request) -> Number:
    number_id = request.path_params["number_id"]
    number = world.chats.numbers.get(number_id)
    if number is None:
        _check_any_token(world, request)
        raise Refused(
            100,
            f"Unsupported post request. Object with ID '{number_id}' does not exist, cannot be "
            "loaded due to missing permissions, or does not support this operation",
            subcode=33,
        )
    _check_token(request, number)
    return number


def _media(world: World, request: Request, name: str) -> Media:
    _check_any_token(world, request)
    media = world.chats.media.find(request.path_params[name])
    if media is None:
        raise Refused(
            100, "Unsupported get request. The object does not exist or has expired", subcode=33
        )
    return media


def _check_token(request: Request, number: Number) -> None:
    if _bearer(request) != number.token:
        raise Refused(190, "Authentication Error")


def _check_any_token(world: World, request: Request) -> None:
    if _bearer(request) not in {number.token for number in world.chats.numbers.values()}:
        raise Refused(190, "Authentication Error")


def _bearer(request: Request) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token if kind.lower() == "bearer" else ""


def _envelope(world: World, refused: Refused) -> JSONResponse:
    trace_id = "A" + world.chance.letters("fbtrace", 22)
    return JSONResponse(refused.envelope(trace_id), refused.status)


def _unwell(world: World) -> Response:
    return _envelope(world, Refused(131016, "The service is temporarily unavailable"))


def _too_much(world: World) -> Response:
    return _envelope(world, Refused(130429, "Cloud API message throughput has been reached"))
