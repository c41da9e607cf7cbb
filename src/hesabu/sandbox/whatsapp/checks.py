"""What Meta checks before it takes a message: one check per type, each with Meta's limits."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from hesabu.sandbox.answers import is_web_address
from hesabu.sandbox.whatsapp.errors import Refused

Object = dict[str, Any]
TEXT_MAX, BODY_MAX, CAPTION_MAX, FOOTER_MAX, HEADER_MAX = 4096, 1024, 1024, 60, 60
BUTTONS_MAX, BUTTON_TITLE_MAX, BUTTON_ID_MAX = 3, 20, 256
ROWS_MAX, ROW_TITLE_MAX, ROW_MORE_MAX, ROW_ID_MAX, SECTION_TITLE_MAX = 10, 24, 72, 200, 24
OPAQUE_MAX = 512


def message(sent: Object) -> str:
    """Check a whole request to send; returns its type."""
    if sent.get("messaging_product") != "whatsapp":
        raise Refused(100, "messaging_product must be whatsapp")
    if sent.get("recipient_type", "individual") not in ("individual", "group"):
        raise Refused(100, "recipient_type must be individual or group")
    if not sent.get("to") and not sent.get("recipient"):
        raise Refused(131008, "The parameter to is required.")
    opaque = sent.get("biz_opaque_callback_data", "")
    if not isinstance(opaque, str) or len(opaque) > OPAQUE_MAX:
        raise Refused(131009, f"biz_opaque_callback_data has {OPAQUE_MAX} characters at most")
    if "context" in sent:
        text_of(obj(sent, "context"), "message_id", 512, "context")
    kind = sent.get("type", "text")
    check = CHECKS.get(kind) if isinstance(kind, str) else None
    if check is None:
        raise Refused(131051, f"type {kind!r} is not supported")
    check(obj(sent, kind))
    return str(kind)


def obj(holder: Object, name: str) -> Object:
    value = holder.get(name)
    if value is None:
        raise Refused(131008, f"The parameter {name} is required.")
    if not isinstance(value, dict):
        raise Refused(100, f"{name} must be an object")
    return value


def items(holder: Object, name: str, where: str) -> list[Object]:
    value = holder.get(name)
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise Refused(131008, f"The parameter {where}['{name}'] is required.")
    return value


def text_of(holder: Object, name: str, length_max: int, where: str) -> str:
    value = holder.get(name)
    if value is None or value == "":
        raise Refused(131008, f"The parameter {where}['{name}'] is required.")
    if not isinstance(value, str):
        raise Refused(100, f"{where}['{name}'] must be a string")
    if len(value) > length_max:
        raise Refused(131009, f"{where}['{name}'] has {length_max} characters at most")
    if not value.strip():
        raise Refused(131009, f"{where}['{name}'] must not be blank")
    return value


def optional_text(holder: Object, name: str, length_max: int, where: str) -> None:
    if holder.get(name) not in (None, ""):
        text_of(holder, name, length_max, where)


def unique(values: list[str], where: str) -> None:
    if len(set(values)) != len(values):
        raise Refused(131009, f"{where} must be unique")


def _text(text: Object) -> None:
    text_of(text, "body", TEXT_MAX, "text")
    if not isinstance(text.get("preview_url", False), bool):
        raise Refused(100, "text['preview_url'] must be a boolean")


def _media(kind: str) -> Callable[[Object], None]:
    def check(media: Object) -> None:
        file_of(media, kind)
        if kind in ("image", "video", "document"):
            optional_text(media, "caption", CAPTION_MAX, kind)
        elif "caption" in media:
            raise Refused(131009, f"{kind} takes no caption")
        if "filename" in media and kind != "document":
            raise Refused(131009, f"{kind} takes no filename")

    return check


def file_of(media: Object, where: str) -> None:
    given = [name for name in ("id", "link") if media.get(name)]
    if len(given) != 1:
        raise Refused(131009, f"{where} takes exactly one of id and link")
    if given == ["link"] and not is_web_address(media["link"], with_scheme=("https", "http")):
        raise Refused(131009, f"{where}['link'] must be a web address")
    if given == ["id"] and not isinstance(media["id"], str):
        raise Refused(100, f"{where}['id'] must be a string")


def _location(location: Object) -> None:
    for name, top in (("latitude", 90), ("longitude", 180)):
        try:
            value = float(location[name])
        except (KeyError, TypeError, ValueError):
            raise Refused(131008, f"The parameter location['{name}'] is required.") from None
        if not -top <= value <= top:
            raise Refused(131009, f"location['{name}'] lies between -{top} and {top}")


def _reaction(reaction: Object) -> None:
    text_of(reaction, "message_id", 512, "reaction")
    if not isinstance(reaction.get("emoji"), str):
        raise Refused(131008, "The parameter reaction['emoji'] is required.")


def _interactive(interactive: Object) -> None:
    kind = interactive.get("type")
    if kind not in ("button", "list", "cta_url", "location_request_message"):
        raise Refused(131009, f"interactive['type'] {kind!r} is not one the box knows")
    text_of(obj(interactive, "body"), "text", BODY_MAX, "interactive['body']")
    if interactive.get("footer"):
        text_of(obj(interactive, "footer"), "text", FOOTER_MAX, "interactive['footer']")
    if interactive.get("header"):
        _header(obj(interactive, "header"), text_only=kind == "list")
    action = obj(interactive, "action")
    {
        "button": _buttons,
        "list": _list,
        "cta_url": _cta_url,
        "location_request_message": _location_request,
    }[kind](action)


def _header(header: Object, *, text_only: bool) -> None:
    kind = header.get("type")
    if kind == "text":
        text_of(header, "text", HEADER_MAX, "interactive['header']")
    elif kind in ("image", "video", "document") and not text_only:
        file_of(obj(header, kind), f"interactive['header']['{kind}']")
    else:
        raise Refused(131009, f"interactive['header'] cannot be {kind!r} here")


def _buttons(action: Object) -> None:
    buttons = items(action, "buttons", "interactive['action']")
    if not 1 <= len(buttons) <= BUTTONS_MAX:
        raise Refused(131009, f"Invalid buttons count. Min allowed buttons: 1, Max: {BUTTONS_MAX}")
    keys, titles = [], []
    for button in buttons:
        if button.get("type") != "reply":
            raise Refused(131009, "buttons are of type reply")
        reply = obj(button, "reply")
        keys.append(text_of(reply, "id", BUTTON_ID_MAX, "button['reply']"))
        titles.append(text_of(reply, "title", BUTTON_TITLE_MAX, "button['reply']"))
        if keys[-1] != keys[-1].strip():
            raise Refused(131009, "a button's id has no spaces at its ends")
    unique(keys, "button ids")
    unique(titles, "button titles")


def _list(action: Object) -> None:
    text_of(action, "button", BUTTON_TITLE_MAX, "interactive['action']")
    sections = items(action, "sections", "interactive['action']")
    if not 1 <= len(sections) <= ROWS_MAX:
        raise Refused(131009, f"a list has 1 to {ROWS_MAX} sections")
    keys = []
    for section in sections:
        if len(sections) > 1:
            text_of(section, "title", SECTION_TITLE_MAX, "section")
        optional_text(section, "title", SECTION_TITLE_MAX, "section")
        for row in items(section, "rows", "section"):
            keys.append(text_of(row, "id", ROW_ID_MAX, "row"))
            text_of(row, "title", ROW_TITLE_MAX, "row")
            optional_text(row, "description", ROW_MORE_MAX, "row")
    if not 1 <= len(keys) <= ROWS_MAX:
        raise Refused(131009, f"Total row count exceed max allowed count: {ROWS_MAX}")
    unique(keys, "row ids")


def _cta_url(action: Object) -> None:
    parameters = obj(action, "parameters")
    text_of(parameters, "display_text", BUTTON_TITLE_MAX, "parameters")
    if not is_web_address(parameters.get("url"), with_scheme=("https", "http")):
        raise Refused(131009, "parameters['url'] must be a web address")


def _location_request(action: Object) -> None:
    if action.get("name") != "send_location":
        raise Refused(131009, "action['name'] must be send_location")


def _template(template: Object) -> None:
    text_of(template, "name", 512, "template")
    text_of(obj(template, "language"), "code", 16, "template['language']")
    if "components" in template:
        items(template, "components", "template")


def parameter_text(parameter: Object, length_max: int) -> str:
    """One text of a template: no line breaks, no tabs, no runs of spaces."""
    value = parameter.get("text")
    if parameter.get("type") != "text" or not isinstance(value, str) or not value:
        raise Refused(132012, "the parameter must be a text")
    if len(value) > length_max:
        raise Refused(132005, f"a parameter has {length_max} characters at most")
    if re.search(r"[\n\t]| {4}", value):
        raise Refused(132012, "Param text cannot have new-line/tab characters or 4 spaces in a row")
    return value


CHECKS: dict[str, Callable[[Object], None]] = {
    "text": _text,
    **{kind: _media(kind) for kind in ("image", "video", "audio", "document", "sticker")},
    "location": _location,
    "reaction": _reaction,
    "interactive": _interactive,
    "template": _template,
}
