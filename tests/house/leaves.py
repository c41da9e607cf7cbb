"""Who may do what, walked: every action, every address, every operation of the API, every word and tap of the chat.

Each walk is a function from what there is to faults, so that a planted fault can be seen caught.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

ROOMS = ("identity", "messaging", "ledger", "payments", "invoicing")
LIBRARY = {
    "allauth.": "signing in and one's own account: the library asks who it is, page by page",
    "ninja.": "the description of the API, which is public",
    "django.views.generic.base": "old addresses of the library, which lead on to the new ones",
    "django.views.static": "files of the style sheet, in development",
}
"""Views of libraries, which cannot carry a leave of ours, and why they need none."""


def actions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public action of every room."""
    for room in ROOMS:
        module = importlib.import_module(f"hesabu.{room}.actions")
        for name in module.__all__:
            found = getattr(module, name)
            if not inspect.isclass(found):
                yield f"{room}.{name}", found


def action_faults(found: Iterable[tuple[str, Callable[..., Any]]]) -> list[str]:
    return [
        f"{name} names no permission: mark it @needs(…), @inner or @anybody('why')"
        for name, action in found
        if not _is_leave(getattr(action, "leave", None))
    ]


def views() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every address of the site, and the view behind it."""
    from django.urls import get_resolver

    def walk(patterns: Iterable[Any], before: str) -> Iterator[tuple[str, Callable[..., Any]]]:
        for pattern in patterns:
            address = before + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                yield from walk(pattern.url_patterns, address)
            else:
                yield address, pattern.callback

    yield from walk(get_resolver().url_patterns, "/")


def view_faults(found: Iterable[tuple[str, Callable[..., Any]]]) -> list[str]:
    """The API's addresses are walked as operations."""
    return [
        f"{address} says not who may see it: mark it at_business, signed_in or open_to_all"
        for address, view in found
        if not _is_leave(getattr(view, "leave", None)) and not _is_library(view)
    ]


def _is_library(view: Callable[..., Any]) -> bool:
    bare = inspect.unwrap(view)
    behind = getattr(view, "view_class", None) or getattr(bare, "func", bare)
    return behind.__module__.startswith(tuple(LIBRARY))


def operations() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every operation of the API."""
    from hesabu.doors.api.urls import api

    for _, router in api._routers:
        for path, behind in router.path_operations.items():
            for operation in behind.operations:
                yield f"{' '.join(operation.methods)} {path}", operation.view_func


def operation_faults(found: Iterable[tuple[str, Callable[..., Any]]]) -> list[str]:
    return [
        f"{name} names no permission: mark it needing(…) or open_to_all('why')"
        for name, operation in found
        if not _is_leave(getattr(operation, "leave", None))
    ]


def chat_faults(said: Iterable[Any], table: Mapping[Any, Any], what: str) -> list[str]:
    """What can be said and has no leave, and what has a leave and cannot be said."""
    known = set(said)
    faults = [
        f"the {what} {one} names no permission: add it to doors/chat/leaves.py"
        for one in sorted(known, key=str)
        if not _is_leave(table.get(one))
    ]
    return faults + [
        f"leaves.py tells of the {what} {one}, which is not there"
        for one in sorted(set(table) - known, key=str)
    ]


def customers_faults(table: Mapping[Any, Any]) -> list[str]:
    """What customers say and tap may need only what is customers'."""
    return [
        f"a customer's {one} needs {leave.name}, which is no customer's"
        for one, leave in table.items()
        if not isinstance(leave, str) and not leave.is_customers
    ]


def _is_leave(leave: Any) -> bool:
    from hesabu.identity.permissions import Declared

    return isinstance(leave, Declared) or (isinstance(leave, str) and bool(leave.strip()))
