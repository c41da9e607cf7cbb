"""Content to the JSON that is posted to /messages. Pure; expects content that `rules.checked` let through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from hesabu.kit.phones import msisdn
from hesabu.messaging.providers.port import Address
from hesabu.messaging.types import Buttons, Choices, Content, Document, Template, Text

MARK_MAX = 512
PICTURE = ".png"
"""Files so named were drawn here, and are pictures."""


def message(
    address: Address, content: Content, mark: str, uploads: Mapping[UUID, str]
) -> dict[str, Any]:
    """The whole request. `uploads` gives Meta's id of each file that travels with it."""
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **recipient(address),
        "biz_opaque_callback_data": mark[:MARK_MAX],
        **body(content, uploads),
    }


def recipient(address: Address) -> dict[str, str]:
    """By number where there is one: not every kind of message goes to a user id yet."""
    if address.phone:
        return {"to": msisdn(address.phone)}
    if address.user_id:
        return {"recipient": address.user_id}
    raise ValueError("an errand has an address")


def body(content: Content, uploads: Mapping[UUID, str]) -> dict[str, Any]:
    """Type and the object named after it."""
    if isinstance(content, Text):
        return {
            "type": "text",
            "text": {"body": content.body, "preview_url": content.previews_links},
        }
    if isinstance(content, Buttons):
        header = _pinned(content.document, content.filename, uploads)
        return _interactive(content.body, _reply_buttons(content.buttons), header, content.footer)
    if isinstance(content, Choices):
        return _interactive(content.body, _list(content), None, content.footer)
    if isinstance(content, Document):
        if content.buttons:
            header = _pinned(content.file_id, content.filename, uploads)
            words = content.caption or content.filename
            return _interactive(words, _reply_buttons(content.buttons), header, "")
        caption = {"caption": content.caption} if content.caption else {}
        return _file(content.file_id, content.filename, uploads, caption)
    return _template(content, uploads)


def _interactive(
    words: str, action: dict[str, Any], header: dict[str, Any] | None, footer: str
) -> dict[str, Any]:
    interactive: dict[str, Any] = {"type": action.pop("type"), "body": {"text": words}}
    if header:
        interactive["header"] = header
    if footer:
        interactive["footer"] = {"text": footer}
    return {"type": "interactive", "interactive": interactive | {"action": action}}


def _reply_buttons(buttons: Sequence[tuple[str, str]]) -> dict[str, Any]:
    replies = [{"type": "reply", "reply": {"id": key, "title": title}} for key, title in buttons]
    return {"type": "button", "buttons": replies}


def _list(content: Choices) -> dict[str, Any]:
    rows = [
        {"id": key, "title": title} | ({"description": more} if more else {})
        for key, title, more in content.rows
    ]
    return {"type": "list", "button": content.button, "sections": [{"rows": rows}]}


def _pinned(
    file_id: UUID | None, filename: str, uploads: Mapping[UUID, str]
) -> dict[str, Any] | None:
    if file_id is None:
        return None
    return _file(file_id, filename, uploads, {})


def _file(
    file_id: UUID, filename: str, uploads: Mapping[UUID, str], more: dict[str, str]
) -> dict[str, Any]:
    """A picture is shown as one, any other file by its name."""
    if filename.endswith(PICTURE):
        return {"type": "image", "image": {"id": uploads[file_id], **more}}
    named = {"id": uploads[file_id], "filename": filename}
    return {"type": "document", "document": {**named, **more}}


def _template(content: Template, uploads: Mapping[UUID, str]) -> dict[str, Any]:
    components: list[dict[str, Any]] = []
    header = _pinned(content.header_document, content.header_filename, uploads)
    if header:
        components.append({"type": "header", "parameters": [header]})
    if content.params:
        said = [{"type": "text", "text": _parameter(text)} for text in content.params]
        components.append({"type": "body", "parameters": said})
    for index, payload in enumerate(content.replies):
        components.append(
            {
                "type": "button",
                "sub_type": "quick_reply",
                "index": str(index),
                "parameters": [{"type": "payload", "payload": payload}],
            }
        )
    if content.button_param is not None:
        components.append(
            {
                "type": "button",
                "sub_type": "url",
                "index": str(len(content.replies)),
                "parameters": [{"type": "text", "text": _parameter(content.button_param)}],
            }
        )
    template: dict[str, Any] = {"name": content.name, "language": {"code": content.language}}
    return {
        "type": "template",
        "template": template | ({"components": components} if components else {}),
    }


def _parameter(text: str) -> str:
    """Meta refuses line breaks, tabs, runs of spaces, and nothing at all."""
    return " ".join(text.split())[:1024] or "-"
