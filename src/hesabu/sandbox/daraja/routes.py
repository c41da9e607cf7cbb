"""The addresses of Daraja."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hesabu.sandbox.answers import NotJson
from hesabu.sandbox.daraja import access, c2b, looking_back, stk
from hesabu.sandbox.daraja.errors import Refused
from hesabu.sandbox.faults import Door
from hesabu.sandbox.world import World

Inner = Callable[[World, Request], Coroutine[Any, Any, Response]]

POSTED: dict[str, Inner] = {
    "/mpesa/stkpush/v1/processrequest": stk.push,
    "/mpesa/stkpushquery/v1/query": stk.query,
    "/mpesa/c2b/{version}/registerurl": c2b.register,
    "/mpesa/c2b/{version}/simulate": c2b.simulate,
    "/mpesa/transactionstatus/v1/query": looking_back.status,
    "/pulltransactions/v1/register": looking_back.pull_register,
    "/pulltransactions/v1/query": looking_back.pull_query,
}


def routes(world: World) -> list[Route]:
    door = Door(world, "daraja", error=_unwell, limit=_too_much)

    def at(path: str, inner: Inner, method: str) -> Route:
        async def right_method(_: World, request: Request) -> Response:
            if request.method != method:
                raise Refused(405, "405.001", "Method Not Allowed")
            return await inner(world, request)

        right_method.__name__ = inner.__name__
        endpoint = door(_guarded(world, right_method))
        return Route(f"/daraja{path}", endpoint, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])

    return [
        at("/oauth/v1/generate", access.generate, "GET"),
        *(at(path, inner, "POST") for path, inner in POSTED.items()),
        Route("/daraja/{path:path}", door(_guarded(world, _nowhere)), methods=["GET", "POST"]),
    ]


async def _nowhere(_: World, request: Request) -> Response:
    raise Refused(404, "404.001.01", "Resource not found")


def _guarded(world: World, inner: Inner) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            return await inner(world, request)
        except NotJson:
            return _shape(world, Refused(400, "400.002.05", "Invalid Request Payload"))
        except Refused as error:
            return _shape(world, error)

    endpoint.__name__ = inner.__name__
    return endpoint


def _shape(world: World, refused: Refused) -> JSONResponse:
    first, second = world.chance.digits("request id", 5), world.chance.digits("request id", 8)
    return JSONResponse(refused.shape(f"{first}-{second}-1"), refused.status)


def _unwell(world: World) -> Response:
    return _shape(world, Refused(500, "500.003.1001", "Internal Server Error"))


def _too_much(world: World) -> Response:
    return _shape(world, Refused(429, "500.003.02", "Error Occurred: Spike Arrest Violation"))
