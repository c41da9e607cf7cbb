"""The page, its fragments, its files, and the forms it sends."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from hesabu.sandbox.answers import Part, form_of
from hesabu.sandbox.control.desk import MISSING, UNFIT, Unfit, is_foreign
from hesabu.sandbox.daraja.c2b import NotPaid
from hesabu.sandbox.page import acts
from hesabu.sandbox.page.handset import handset
from hesabu.sandbox.page.happened import happened
from hesabu.sandbox.page.help import keys, viewer
from hesabu.sandbox.page.inside import inside
from hesabu.sandbox.page.markup import Child, Html, el
from hesabu.sandbox.page.panels import chooser, faults, numbers, people, time_and_seed
from hesabu.sandbox.page.tour import tour
from hesabu.sandbox.page.words import number_words
from hesabu.sandbox.people import BadPhone, NobodyThere, Person
from hesabu.sandbox.whatsapp.numbers import NoSuchNumber, Number
from hesabu.sandbox.world import World

STATIC = Path(__file__).resolve().parent.parent / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "media-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Act = Callable[[World, dict[str, Part]], Coroutine[Any, Any, str | None]]
ACTS: dict[str, Act] = {
    "say": acts.say_something,
    "read": acts.read,
    "sms": acts.sms,
    "sms-read": acts.sms_read,
    "mail": acts.mail,
    "prompt": acts.prompt,
    "pay": acts.pay,
    "person": acts.person,
    "dials": acts.dials,
    "advance": acts.advance,
    "reset": acts.reset,
}


def routes(world: World) -> list[Route | Mount]:
    async def page(request: Request) -> Response:
        return HTMLResponse("<!doctype html>" + await _whole(world, request), headers=HEADERS)

    async def one_phone(request: Request) -> Response:
        try:
            person = world.people.at(request.path_params["phone"])
        except (NobodyThere, BadPhone):
            return Response("nobody", 404)
        side = "right" if request.query_params.get("side") == "right" else "left"
        return HTMLResponse(handset(world, person, _number(world, request), side), headers=HEADERS)

    async def log(_: Request) -> Response:
        return HTMLResponse(happened(world), headers=HEADERS)

    async def looked_inside(request: Request) -> Response:
        found = await inside(world, request.query_params.get("message", ""))
        return HTMLResponse(found, headers=HEADERS)

    return [
        Route("/", page, methods=["GET"]),
        Route("/phone/{phone}", one_phone, methods=["GET"]),
        Route("/log", log, methods=["GET"]),
        Route("/inside", looked_inside, methods=["GET"]),
        Route("/act/{act}", _acting(world), methods=["POST"]),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]


def _acting(world: World) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    """A form was sent. The module asks for JSON; a plain browser is sent back to the page."""

    async def endpoint(request: Request) -> Response:
        act = ACTS.get(request.path_params["act"])
        if act is None or is_foreign(request):
            return JSONResponse({"error": "refused"}, 403)
        wants_json = "application/json" in request.headers.get("accept", "")
        try:
            show = await act(world, await form_of(request))
        except NotPaid as error:
            return _refused(error.words, wants_json=wants_json)
        except (*MISSING, *UNFIT, Unfit) as error:
            return _refused(str(error), wants_json=wants_json)
        if wants_json:
            return JSONResponse({"show": show})
        return RedirectResponse(_back(request, show), 303)

    return endpoint


def _back(request: Request, show: str | None) -> str:
    """The page as it was; `show` names a side and the phone that is new there."""
    query = dict(parse_qsl(urlsplit(request.headers.get("referer", "/")).query))
    if show:
        side, _, phone = show.partition("=")
        query[side] = phone
    return f"/?{urlencode(query)}" if query else "/"


def _refused(words: str, *, wants_json: bool) -> Response:
    if wants_json:
        return JSONResponse({"error": words}, 400)
    body = el("main", el("h1", "That did not work"), el("p", words), el("a", "Back", href="/"))
    return HTMLResponse("<!doctype html>" + _document("Not done", body), 400, headers=HEADERS)


async def _whole(world: World, request: Request) -> Html:
    left, right = _pair(world, request)
    number = _number(world, request)
    body = [
        el("a", "Skip to the phones", href="#phones", cls="skip"),
        _banner(world, number),
        el(
            "main",
            _stage(world, left, right, number),
            el(
                "div",
                el(
                    "div",
                    await inside(world, request.query_params.get("inside", "")),
                    id="inside",
                ),
                faults(world),
                people(left, right),
                happened(world),
                time_and_seed(world),
                tour(left, right, number_words(right.phone)),
                cls="panels",
            ),
        ),
        keys(),
        viewer(),
    ]
    return _document("Two phones", *body)


def _banner(world: World, number: Number) -> Html:
    wiring: tuple[Child, ...] = ("Messages go to ", el("code", number.webhook), ".")
    if not number.webhook:
        wiring = ("No webhook address is set: what is said here goes nowhere.",)
    return el(
        "header",
        el("h1", "The world in a box"),
        el("p", "WhatsApp, M-PESA, SMS and mail, without any of them. Play money only."),
        el("p", wiring, " Seed ", el("b", world.chance.seed), ".", cls="wiring"),
        el("p", "Connecting…", cls="alarm", id="live", role="status", hidden=True),
        el(
            "div",
            el(
                "a",
                el("span", "Take the tour", el("span", ", 90 seconds", cls="wide")),
                href="/?tour=1",
                id="tour-start",
                cls="btn primary",
            ),
            el(
                "button",
                "Keys ",
                el("kbd", "?"),
                type="button",
                cls="btn scripted-only",
                id="keys-open",
                aria_haspopup="dialog",
            ),
            cls="acts",
        ),
        cls="banner",
    )


def _stage(world: World, left: Person, right: Person, number: Number) -> Html:
    def choice(side: str, person: Person, *, is_first: bool) -> Html:
        radio = el(
            "input", type="radio", name="side", value=side, checked=is_first, autocomplete="off"
        )
        name = el("span", person.first_name, el("small", number_words(person.phone)))
        return el("label", radio, name, cls="btn")

    def place(side: str, person: Person) -> Html:
        who = el(
            "div",
            chooser(world, side, left, right, number),
            el("span", number_words(person.phone), cls="number"),
            cls="who",
        )
        return el("div", who, handset(world, person, number, side), cls=f"place {side}")

    switch = el(
        "fieldset",
        el("legend", "Which phone to show", cls="unseen"),
        choice("left", left, is_first=True),
        choice("right", right, is_first=False),
        cls="switch",
    )
    return el(
        "div",
        switch,
        numbers(world, left, right, number),
        place("left", left),
        place("right", right),
        cls="stage",
        id="phones",
        data_number=number.phone_number_id,
    )


def _pair(world: World, request: Request) -> tuple[Person, Person]:
    everyone = world.people.everyone()
    chosen = []
    for name, fallback in (("left", everyone[0]), ("right", everyone[1])):
        try:
            chosen.append(world.people.at(request.query_params.get(name, "")))
        except (NobodyThere, BadPhone):
            chosen.append(fallback)
    return chosen[0], chosen[1]


def _number(world: World, request: Request) -> Number:
    try:
        return world.chats.number(request.query_params.get("number", ""))
    except NoSuchNumber:
        return world.chats.number()


def _document(title: str, *body: Html) -> Html:
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("title", f"{title} · Hesabu"),
        el("link", rel="icon", href="/static/phone.svg"),
        el("link", rel="stylesheet", href="/static/tokens.css"),
        el("link", rel="stylesheet", href="/static/phones.css"),
        el("script", type="module", src="/static/phones.js"),
        el("script", type="module", src="/static/writing.js"),
        el("script", type="module", src="/static/keys.js"),
        el("script", type="module", src="/static/tour.js"),
    )
    return el("html", head, el("body", body), lang="en")
