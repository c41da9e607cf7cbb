"""Who may call: OAuth, bearer tokens, and the password of an STK push."""

from __future__ import annotations

import base64
import binascii
import re
import string

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hesabu.sandbox.daraja.books import TOKEN_SECONDS, App, NoSuchShortcode, Shortcode
from hesabu.sandbox.daraja.errors import Refused, bad, internal, invalid_token
from hesabu.sandbox.world import World

TOKEN_ALPHABET = string.ascii_letters + string.digits


async def generate(world: World, request: Request) -> Response:
    """A new token; the one before it dies at once."""
    if request.query_params.get("grant_type") != "client_credentials":
        raise Refused(400, "400.008.02", "Invalid grant type passed")
    kind, _, credentials = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        raise Refused(400, "400.008.01", "Invalid Authentication passed")
    try:
        key, _, secret = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        key = secret = ""
    app = world.books.apps.get(key)
    if app is None or app.secret != secret:
        return Response(b"", 400)  # Safaricom says no more than this either
    app.token = world.chance.letters("access token", 28, TOKEN_ALPHABET)
    app.token_until = world.clock.now() + TOKEN_SECONDS
    return JSONResponse({"access_token": app.token, "expires_in": str(TOKEN_SECONDS)})


def check_bearer(world: World, request: Request) -> App:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer":
        raise Refused(404, "404.001.04", "Invalid Authentication Header")
    app = world.books.app_with_token(token, world.clock.now())
    if app is None:
        raise invalid_token()
    return app


def check_password(world: World, app: App, body: dict[str, object]) -> Shortcode:
    """BusinessShortCode, Timestamp and Password belong together, and to this app."""
    number, at = str(body.get("BusinessShortCode") or ""), str(body.get("Timestamp") or "")
    if not re.fullmatch(r"\d{5,7}", number):
        raise bad("BusinessShortCode")
    if not _is_stamp(at):
        raise bad("Timestamp")
    password = body.get("Password")
    if not isinstance(password, str) or not password:
        raise bad("Password")
    try:
        shortcode = world.books.shortcode(number)
    except NoSuchShortcode as error:
        raise internal("Merchant does not exist") from error
    expected = base64.b64encode(f"{number}{shortcode.passkey}{at}".encode()).decode()
    if shortcode.app_key != app.key or password != expected or number != shortcode.stk_number:
        raise internal("Wrong credentials")
    return shortcode


def _is_stamp(written: str) -> bool:
    pattern = r"20\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])[0-5]\d[0-5]\d"
    return re.fullmatch(pattern, written) is not None
