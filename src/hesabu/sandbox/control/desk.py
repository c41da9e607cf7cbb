"""Answers of the control desk: JSON in, JSON out, and errors in plain words."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hesabu.sandbox.africastalking.accounts import NoSuchAccount
from hesabu.sandbox.africastalking.writing import CannotWrite
from hesabu.sandbox.answers import NotJson, json_of
from hesabu.sandbox.daraja.books import NoSuchShortcode
from hesabu.sandbox.daraja.c2b import NotPaid
from hesabu.sandbox.dials import BadDial
from hesabu.sandbox.mail.boxes import NoSuchMail
from hesabu.sandbox.mail.reading import CannotRead
from hesabu.sandbox.mailgun.domains import NoSuchDomain
from hesabu.sandbox.people import BadPhone, NobodyThere
from hesabu.sandbox.whatsapp.numbers import NoSuchNumber
from hesabu.sandbox.whatsapp.saying import CannotSay
from hesabu.sandbox.world import World

MISSING = (NobodyThere, NoSuchNumber, NoSuchShortcode, NoSuchAccount, NoSuchDomain, NoSuchMail)
UNFIT = (BadDial, BadPhone, CannotRead, CannotSay, CannotWrite, NotJson)

Inner = Callable[[World, Request, dict[str, Any]], Coroutine[Any, Any, Any]]


class Unfit(ValueError):
    """What was asked of the desk cannot be done, and why."""


def desk(world: World, path: str, inner: Inner, method: str) -> Route:
    async def endpoint(request: Request) -> Response:
        if is_foreign(request):
            return JSONResponse({"error": "requests from other sites are refused"}, 403)
        try:
            asked = {} if method == "GET" else await _asked(request)
            answer = await inner(world, request, asked)
        except MISSING as error:
            return JSONResponse({"error": f"there is no {error}"}, 404)
        except NotPaid as error:
            return JSONResponse({"error": error.words, "code": error.code}, 402)
        except (*UNFIT, Unfit) as error:
            return JSONResponse({"error": str(error)}, 400)
        return answer if isinstance(answer, Response) else JSONResponse(answer)

    return Route(path, endpoint, methods=[method])


def is_foreign(request: Request) -> bool:
    """A page of another origin made this request: browsers say so, programs do not."""
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host")


async def _asked(request: Request) -> dict[str, Any]:
    if request.headers.get("content-length", "0") == "0":
        return {}
    return await json_of(request)


def flag(asked: dict[str, Any], name: str) -> bool:
    value = asked[name]
    if not isinstance(value, bool):
        raise Unfit(f"{name} is true or false")
    return value


def whole(asked: dict[str, Any], name: str) -> int:
    value = asked[name]
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Unfit(f"{name} is a whole number, not negative")
    return value


def event(kind: str, payload: dict[str, Any]) -> bytes:
    return f"event: {kind}\ndata: {json.dumps(payload)}\n\n".encode()
