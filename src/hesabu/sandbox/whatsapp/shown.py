"""From what was posted to what the phone shows: one flat form for every kind of message."""

from __future__ import annotations

from typing import Any

from hesabu.sandbox.whatsapp import checks
from hesabu.sandbox.whatsapp.chats import Chats
from hesabu.sandbox.whatsapp.errors import Refused
from hesabu.sandbox.whatsapp.media import Media
from hesabu.sandbox.whatsapp.templates import Template, filled, found

Object = dict[str, Any]
PARAMETER_MAX, HEADER_MAX = 1024, 60
FILES = ("image", "video", "audio", "document", "sticker")


def shown_of(sent: Object, kind: str, chats: Chats) -> Object:
    """Expects what `checks.message` let through; refuses files and templates that do not exist."""
    content = sent[kind]
    if kind == "text":
        return {"text": content["body"]}
    if kind in FILES:
        return {"text": content.get("caption", ""), "file": _file(content, chats)}
    if kind == "location":
        return {"text": "", "location": content}
    if kind == "interactive":
        return _interactive(content, chats)
    return _template(content, chats)


def file_card(media: Media, filename: str = "") -> Object:
    return {
        "id": media.id,
        "filename": filename or media.filename or media.kind,
        "mime_type": media.mime_type,
        "bytes": len(media.content),
        "kind": media.kind,
    }


def _file(content: Object, chats: Chats) -> Object:
    """A file held here is looked up now; one behind a link is fetched after the answer."""
    if content.get("link"):
        return {"link": content["link"], "filename": content.get("filename", "")}
    media = chats.media.find(content["id"])
    if media is None:
        raise Refused(131009, f"media id {content['id']} does not exist or has expired")
    return file_card(media, content.get("filename", ""))


def _interactive(content: Object, chats: Chats) -> Object:
    shown: Object = {"text": content["body"]["text"]}
    header, action = content.get("header") or {}, content["action"]
    if header.get("type") == "text":
        shown["header"] = header["text"]
    elif header:
        shown["file"] = _file(header[header["type"]], chats)
    if content.get("footer"):
        shown["footer"] = content["footer"]["text"]
    kind = content["type"]
    if kind == "button":
        shown["buttons"] = [button["reply"] for button in action["buttons"]]
    elif kind == "list":
        shown["list"] = {"button": action["button"], "sections": action["sections"]}
    elif kind == "cta_url":
        parameters = action["parameters"]
        shown["url"] = {"title": parameters["display_text"], "url": parameters["url"]}
    else:
        shown["asks_location"] = True
    return shown


def _template(content: Object, chats: Chats) -> Object:
    template = found(chats.templates, content["name"], content["language"]["code"])
    parts: dict[str, list[Object]] = {"header": [], "body": [], "button": []}
    for component in content.get("components", []):
        kind = str(component.get("type", "")).lower()
        if kind not in parts:
            raise Refused(100, f"component type {kind!r} is not known")
        parts[kind].append(component)
    shown: Object = {"template": template.name, "category": template.category}
    shown["text"] = filled(template.body, _values(template, parts["body"]))
    shown |= _template_header(template, parts["header"], chats)
    shown |= _template_buttons(template, parts["button"])
    return shown


def _values(template: Template, components: list[Object]) -> dict[str, str]:
    parameters = [p for c in components for p in checks.items(c, "parameters", "component")]
    if len(parameters) != len(template.names):
        raise Refused(
            132000,
            f"body: number of localizable_params ({len(parameters)}) does not match the expected "
            f"number of params ({len(template.names)})",
        )
    texts = [checks.parameter_text(parameter, PARAMETER_MAX) for parameter in parameters]
    named = [parameter.get("parameter_name") for parameter in parameters]
    if any(named):
        if set(named) != set(template.names):
            raise Refused(132012, "parameter names do not match the template's")
        return {str(name): text for name, text in zip(named, texts, strict=True)}
    return dict(zip(template.names, texts, strict=True))


def _template_header(template: Template, components: list[Object], chats: Chats) -> Object:
    parameters = [p for c in components for p in checks.items(c, "parameters", "component")]
    expected = 1 if template.has_file_header else 0
    if len(parameters) != expected:
        found_count = f"({len(parameters)}) does not match the expected number ({expected})"
        raise Refused(132012, f"header: number of parameters {found_count}")
    if not template.has_file_header:
        return {"header": template.header} if template.header else {}
    parameter = parameters[0]
    if parameter.get("type") != template.header:
        raise Refused(132012, f"header: Format mismatch, expected {template.header.upper()}")
    content = checks.obj(parameter, template.header)
    checks.file_of(content, f"header['{template.header}']")
    return {"file": _file(content, chats)}


def _template_buttons(template: Template, components: list[Object]) -> Object:
    replies = list(template.replies)
    payloads = dict(enumerate(replies))
    suffix: str | None = None
    for component in components:
        parameter = (checks.items(component, "parameters", "button") or [{}])[0]
        if component.get("sub_type") == "url" and template.url:
            suffix = checks.parameter_text(parameter, 2000)
        elif component.get("sub_type") == "quick_reply" and replies:
            payloads[int(component.get("index", 0))] = str(parameter.get("payload", ""))
        else:
            raise Refused(132012, f"button: the template has no {component.get('sub_type')} button")
    if "{{" in template.url and suffix is None:
        raise Refused(131008, "Required parameter is missing: button at index 0 of type Url")
    shown: Object = {}
    if template.url:
        url = filled(template.url, {"1": suffix or ""})
        shown["url"] = {"title": template.url_title, "url": url}
    if replies:
        shown["replies"] = [{"payload": payloads[i], "text": t} for i, t in enumerate(replies)]
    return shown
