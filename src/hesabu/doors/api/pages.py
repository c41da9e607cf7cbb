"""The description of the API for people: one page, made of what the program says of itself, that needs nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from ninja import NinjaAPI

from hesabu.doors.api import paced
from hesabu.doors.api.door import open_to_all
from hesabu.identity import permissions


def docs_of(api: NinjaAPI) -> Callable[[HttpRequest], HttpResponse]:
    """The view that shows it."""

    @open_to_all("the description of the API, which is public")
    @require_GET
    def docs(request: HttpRequest) -> HttpResponse:
        described: dict[str, Any] = dict(api.get_openapi_schema())
        page = {
            "base": settings.CONFIG.public_url.rstrip("/"),
            "groups": _groups(api, described),
            "shapes": _shapes(described),
            "of_one": paced.OF_ONE,
            "of_all": paced.OF_ALL,
        }
        return render(request, "api/docs.html", page)

    return docs


def _groups(api: NinjaAPI, described: dict[str, Any]) -> list[dict[str, Any]]:
    """Operations by tag, in the order in which they are written."""
    needed = _needed(api)
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in described["paths"].items():
        for method, said in methods.items():
            bare = path.partition("/api/v1")[2]
            found.setdefault(said["tags"][0], []).append(
                {
                    "anchor": said["operationId"].rpartition("_operations_")[2],
                    "method": method.upper(),
                    "path": bare,
                    "words": said.get("description") or said["summary"],
                    "needs": needed.get((method.upper(), bare), ""),
                    "parameters": [_parameter(one) for one in said.get("parameters", [])],
                    "body": _body(said),
                    "answers": _answers(said),
                }
            )
    return [{"tag": tag, "operations": operations} for tag, operations in found.items()]


def _needed(api: NinjaAPI) -> dict[tuple[str, str], str]:
    """(method, path) → the scope it asks for; nothing where it is open."""
    scopes = {one.name for one in permissions.declared()}
    return {
        (method, path): leave
        for _prefix, router in api._routers
        for path, behind in router.path_operations.items()
        for operation in behind.operations
        for method in operation.methods
        if (leave := getattr(operation.view_func, "leave", "")) in scopes
    }


def _parameter(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": one["name"],
        "where": one["in"],
        "kind": _kind(one["schema"]),
        "is_required": one.get("required", False),
    }


def _body(said: dict[str, Any]) -> dict[str, Any] | None:
    for media, content in said.get("requestBody", {}).get("content", {}).items():
        schema = content["schema"]
        is_own = "properties" in schema
        return {
            "media": media,
            "kind": "" if is_own else _kind(schema),
            "fields": _fields(schema) if is_own else [],
        }
    return None


def _answers(said: dict[str, Any]) -> list[dict[str, str]]:
    found = []
    for status, answer in said["responses"].items():
        contents = list(answer.get("content", {}).values())
        found.append(
            {"status": str(status), "kind": _kind(contents[0]["schema"]) if contents else ""}
        )
    return found


def _shapes(described: dict[str, Any]) -> list[dict[str, Any]]:
    kept = described["components"]["schemas"]
    return [
        {"name": name, "words": shape.get("description", ""), "fields": _fields(shape)}
        for name, shape in sorted(kept.items())
        if shape.get("properties")
    ]


def _fields(shape: dict[str, Any]) -> list[dict[str, Any]]:
    needed = shape.get("required", [])
    return [
        {
            "name": name,
            "kind": _kind(schema),
            "is_required": name in needed,
            "words": schema.get("description", ""),
        }
        for name, schema in shape.get("properties", {}).items()
    ]


def _kind(schema: dict[str, Any]) -> str:
    """What may stand there, in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        kinds = [_kind(one) for one in schema["anyOf"] if one.get("type") != "null"]
        return " | ".join(dict.fromkeys(kinds))
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return _("list of %(kind)s") % {"kind": _kind(schema.get("items", {}))}
    return str(schema.get("format") or schema.get("type") or "object")
