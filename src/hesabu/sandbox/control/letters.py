"""Every mail in the box, whoever it is for, and what came with it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hesabu.sandbox.control.desk import desk
from hesabu.sandbox.control.files import file_answer
from hesabu.sandbox.mail.boxes import NoSuchMail
from hesabu.sandbox.mail.reading import act_on
from hesabu.sandbox.world import World

MAIL_POLICY = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""A mail's own HTML may look as it likes, and do nothing: no script, no call to anywhere."""


def routes(world: World) -> list[Route]:
    one = "/control/mail/{mail_id}"
    return [
        desk(world, "/control/mail", boxes, "GET"),
        desk(world, one, mail, "GET"),
        desk(world, one, met, "POST"),
        desk(world, f"{one}/html", html, "GET"),
        desk(world, f"{one}/attachments/{{ordinal:int}}", attachment, "GET"),
    ]


async def boxes(world: World, request: Request, _: dict[str, Any]) -> Any:
    """All boxes and their mails, oldest first; `?to=` for one box."""
    wanted = request.query_params.get("to")
    addresses = [wanted] if wanted else world.mail.addresses()
    return {
        "boxes": [
            {"address": address, "mails": [mail.as_json() for mail in world.mail.of(address)]}
            for address in addresses
        ]
    }


async def mail(world: World, request: Request, _: dict[str, Any]) -> Any:
    return world.mail.find(request.path_params["mail_id"]).as_json()


async def met(world: World, request: Request, asked: dict[str, Any]) -> Any:
    """`{"act": "open" | "spam" | "unsubscribe"}`, as the owner of the box."""
    found = world.mail.find(request.path_params["mail_id"])
    act_on(world, found, str(asked.get("act") or ""))
    return found.as_json()


async def html(world: World, request: Request, _: dict[str, Any]) -> Any:
    """The mail as its sender drew it."""
    found = world.mail.find(request.path_params["mail_id"])
    headers = {"Content-Security-Policy": MAIL_POLICY, "X-Content-Type-Options": "nosniff"}
    return Response(found.html, media_type="text/html", headers=headers)


async def attachment(world: World, request: Request, _: dict[str, Any]) -> Any:
    found = world.mail.find(request.path_params["mail_id"])
    ordinal = request.path_params["ordinal"]
    if ordinal >= len(found.attachments):
        raise NoSuchMail(f"attachment {ordinal} of {found.id}")
    file = found.attachments[ordinal]
    return file_answer(file.content, file.filename, file.mime_type)
