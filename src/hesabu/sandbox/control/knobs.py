"""Dials, the seed, time, wiring, and what happened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from hesabu.sandbox.control.desk import Unfit, desk, event, flag, whole
from hesabu.sandbox.daraja.books import App, Shortcode
from hesabu.sandbox.dials import PRESETS
from hesabu.sandbox.people import as_msisdn
from hesabu.sandbox.whatsapp.numbers import number_of
from hesabu.sandbox.whatsapp.templates import Template
from hesabu.sandbox.whatsapp.webhooks import handshake
from hesabu.sandbox.world import World

HEARTBEAT_SECONDS = 15.0
LOG_MAX = 2_000
QUIET_SECONDS_MAX = 60.0


def routes(world: World) -> list[Route]:
    return [
        desk(world, "/control/dials", dials, "GET"),
        desk(world, "/control/dials", turned, "PUT"),
        desk(world, "/control/reset", reset, "POST"),
        desk(world, "/control/advance", advanced, "POST"),
        desk(world, "/control/quiet", quiet, "POST"),
        desk(world, "/control/log", log, "GET"),
        desk(world, "/control/events", events, "GET"),
        desk(world, "/control/numbers", numbers, "GET"),
        desk(world, "/control/numbers", number, "POST"),
        desk(world, "/control/handshake", shaken, "POST"),
        desk(world, "/control/templates", template, "POST"),
        desk(world, "/control/shortcodes", shortcodes, "GET"),
        desk(world, "/control/shortcodes", shortcode, "POST"),
    ]


async def dials(world: World, _: Request, __: dict[str, Any]) -> Any:
    return {
        "seed": world.chance.seed,
        "now": world.clock.now(),
        "presets": list(PRESETS),
        **{provider: each.as_json() for provider, each in world.dials.items()},
    }


async def turned(world: World, request: Request, asked: dict[str, Any]) -> Any:
    """`{"preset": "storm"}`, `{"whatsapp": {"webhook_drop": 0.2}}`, or both, in that order."""
    if "preset" in asked:
        for each in world.dials.values():
            each.turn_to(str(asked["preset"]))
    for provider, values in asked.items():
        if provider == "preset":
            continue
        if provider not in world.dials or not isinstance(values, dict):
            raise Unfit(f"dials belong to one of {', '.join(world.dials)}")
        for name, value in values.items():
            world.dials[provider].turn(name, value)
    world.journal.publish("dials", {})
    return await dials(world, request, {})


async def reset(world: World, _: Request, asked: dict[str, Any]) -> Any:
    """From a seed again. `everything` also forgets registered numbers, shortcodes and addresses."""
    seed = whole(asked, "seed") if "seed" in asked else world.config.seed
    everything = flag(asked, "everything") if "everything" in asked else False
    world.reset(seed, keeps_wiring=not everything)
    return {"seed": seed}


async def advanced(world: World, _: Request, asked: dict[str, Any]) -> Any:
    seconds = asked.get("seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
        raise Unfit("seconds is a number, not negative")
    await world.timetable.advance(seconds)
    return {"now": world.clock.now()}


async def quiet(world: World, _: Request, asked: dict[str, Any]) -> Any:
    """Wait until every webhook has gone out and nothing but people is waited for."""
    seconds = min(float(asked.get("timeout_seconds", 10)), QUIET_SECONDS_MAX)
    return {"is_quiet": await world.timetable.quiet(seconds)}


async def log(world: World, request: Request, _: dict[str, Any]) -> Any:
    try:
        after = int(request.query_params.get("after", "0"))
        limit = min(int(request.query_params.get("limit", str(LOG_MAX))), LOG_MAX)
    except ValueError as error:
        raise Unfit("after and limit are whole numbers") from error
    return {"entries": world.journal.since(after, limit)}


async def events(world: World, _: Request, __: dict[str, Any]) -> Any:
    """Server-sent events: `phone`, `people`, `dials`, `log`, `reset`. They say what to read again."""

    async def stream() -> AsyncIterator[bytes]:
        queue = world.journal.subscribe()
        try:
            yield b"retry: 1000\n\n"
            while True:
                try:
                    async with asyncio.timeout(HEARTBEAT_SECONDS):
                        kind, payload = await queue.get()
                    yield event(kind, payload)
                except TimeoutError:
                    yield b": still here\n\n"
        finally:
            world.journal.unsubscribe(queue)

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(stream(), media_type="text/event-stream", headers=headers)


async def numbers(world: World, _: Request, __: dict[str, Any]) -> Any:
    return {"numbers": [each.as_json() for each in world.chats.numbers.values()]}


async def number(world: World, _: Request, asked: dict[str, Any]) -> Any:
    """Register a business number, or give one new keys or another webhook."""
    known = world.chats.numbers.get(str(asked.get("phone_number_id") or ""))
    if known is None:
        made = number_of(world.config, asked)
    else:
        over = {name: value for name, value in asked.items() if name in known.as_json()}
        keys = ("app_secret", "verify_token", "token", "dialog360_key")
        over |= {name: str(asked[name]) for name in keys if name in asked}
        if "allowed" in over:
            over["allowed"] = tuple(as_msisdn(str(phone)) for phone in over["allowed"])
        made = replace(known, **over)
    world.chats.set_number(made)
    world.journal.publish("people", {})
    return made.as_json()


async def shaken(world: World, _: Request, asked: dict[str, Any]) -> Any:
    """Have the product's webhook address verified, as Meta does when it is entered."""
    asked_number = world.chats.number(str(asked.get("phone_number_id") or ""))
    try:
        return await handshake(world, asked_number)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return {"is_verified": False, "why": f"{type(error).__name__}: {error}"}


async def template(world: World, _: Request, asked: dict[str, Any]) -> Any:
    """Have a message template approved: name, body, and what else `Template` knows."""
    name, body = str(asked.get("name") or ""), str(asked.get("body") or "")
    if not name or not body:
        raise Unfit("a template has a name and a body")
    texts = ("header", "url", "url_title", "category")
    lists = ("replies", "languages")
    more: dict[str, Any] = {key: str(asked[key]) for key in texts if key in asked}
    more |= {key: tuple(str(each) for each in asked[key]) for key in lists if key in asked}
    world.chats.templates[name] = Template(name, body, **more)
    return {"name": name, "parameters": world.chats.templates[name].names}


async def shortcodes(world: World, _: Request, __: dict[str, Any]) -> Any:
    return {"shortcodes": [each.as_json() for each in world.books.shortcodes.values()]}


async def shortcode(world: World, _: Request, asked: dict[str, Any]) -> Any:
    """Open a paybill or till, and the Daraja app that may use it."""
    made_number, kind = str(asked.get("shortcode") or ""), asked.get("kind", "paybill")
    if not (made_number.isdigit() and 5 <= len(made_number) <= 7):
        raise Unfit("a shortcode has 5 to 7 digits")
    if kind not in ("paybill", "till"):
        raise Unfit("kind is paybill or till")
    told = world.config
    key = str(asked.get("key") or told.mpesa_key)
    app = world.books.apps.setdefault(key, App(key, told.mpesa_secret))
    if asked.get("secret"):
        app.secret = str(asked["secret"])
    owner = str(asked.get("owner") or "")
    made = Shortcode(
        made_number,
        kind,
        str(asked.get("name") or f"{kind.upper()} {made_number}"),
        key,
        str(asked.get("passkey") or told.mpesa_passkey),
        store=str(asked.get("store") or ""),
        owner=as_msisdn(owner) if owner else "",
        validates=flag(asked, "validates") if "validates" in asked else False,
    )
    world.books.shortcodes[made_number] = made
    return made.as_json()
