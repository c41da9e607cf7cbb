"""Errors that know their code, their HTTP status and what to do next.

Every refusal a person may meet is a subclass that a room declares beside its words. A door shows `title` and `hint`; the
API turns the same object into RFC 9457 problem details; nothing else is ever shown to anybody.
"""

from __future__ import annotations

from typing import Any, ClassVar


class HesabuError(Exception):
    """The root. `detail` is for people and never carries a secret; `field` names the input it is about."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong on our side."
    hint: ClassVar[str] = "Please try again in a minute."

    def __init__(self, detail: str = "", *, field: str | None = None, **extra: Any) -> None:
        self.detail = detail
        self.field = field
        self.extra = extra
        super().__init__(f"{self.code}: {detail}" if detail else self.code)

    def problem(self) -> dict[str, Any]:
        """RFC 9457: the shape that every API answer and fetch client gets."""
        body: dict[str, Any] = {
            "type": f"https://hesabu.dev/problems/{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "hint": self.hint,
        }
        if self.detail:
            body["detail"] = self.detail
        if self.field:
            body["field"] = self.field
        return body | self.extra


class NotFound(HesabuError):
    code, status = "not_found", 404
    title, hint = "We could not find that.", "Check the number and try again."


class Refused(HesabuError):
    code, status = "refused", 409
    title, hint = "That can't be done now.", "Look at where it stands and try again."


class Invalid(HesabuError):
    code, status = "invalid", 422
    title, hint = "Something in that is not right.", "Correct it and send it again."


class Forbidden(HesabuError):
    code, status = "forbidden", 403
    title, hint = "You may not do that.", "Ask the owner of the business."


class Unavailable(HesabuError):
    code, status = "unavailable", 503
    title, hint = "That is switched off at the moment.", "Please try again later."
