"""Who is connected at Africa's Talking and Mailgun, and where they are told."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from hesabu.sandbox.africastalking.accounts import Account, NoSuchAccount
from hesabu.sandbox.control.desk import Unfit, desk, whole
from hesabu.sandbox.mailgun.domains import Domain, NoSuchDomain
from hesabu.sandbox.world import World

ACCOUNT_TEXTS = (
    "key",
    "shortcode",
    "delivery_webhook",
    "inbound_webhook",
    "optout_webhook",
)
DOMAIN_TEXTS = ("key", "signing_key", "webhook")


def routes(world: World) -> list[Route]:
    return [
        desk(world, "/control/africastalking", accounts, "GET"),
        desk(world, "/control/africastalking", account, "POST"),
        desk(world, "/control/mailgun", domains, "GET"),
        desk(world, "/control/mailgun", domain, "POST"),
    ]


async def accounts(world: World, _: Request, __: dict[str, Any]) -> Any:
    return {"accounts": [each.as_json() for each in world.texting.accounts.values()]}


async def account(world: World, _: Request, asked: dict[str, Any]) -> Any:
    """Open an account, or change one: only what is named changes. The balance is in cents."""
    username = str(asked.get("username") or "")
    try:
        made = world.texting.account(username)
    except NoSuchAccount:
        first = world.texting.account()
        made = Account(username, first.key, str(asked.get("shortcode") or ""))
        world.texting.accounts[username] = made
    for name in ACCOUNT_TEXTS:
        if name in asked:
            setattr(made, name, str(asked[name] or ""))
    if "senders" in asked:
        if not isinstance(asked["senders"], list):
            raise Unfit("senders is a list of sender ids")
        made.senders = tuple(str(sender) for sender in asked["senders"])
    if "balance_cents" in asked:
        made.balance = whole(asked, "balance_cents") * 100
    return made.as_json()


async def domains(world: World, _: Request, __: dict[str, Any]) -> Any:
    return {"domains": [each.as_json() for each in world.mailgun.domains.values()]}


async def domain(world: World, _: Request, asked: dict[str, Any]) -> Any:
    """Open a sending domain, or change one: only what is named changes."""
    name = str(asked.get("name") or "")
    try:
        made = world.mailgun.domain(name)
    except NoSuchDomain:
        first = world.mailgun.domain()
        made = Domain(name, first.key, first.signing_key)
        world.mailgun.domains[name] = made
    for each in DOMAIN_TEXTS:
        if each in asked:
            setattr(made, each, str(asked[each] or ""))
    return made.as_json()
