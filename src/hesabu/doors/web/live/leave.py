"""By whose leave a stream is open, and whether it still stands."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse

from hesabu.doors.web.account import life
from hesabu.identity import queries as identity
from hesabu.identity.types import Role


@dataclass(frozen=True, slots=True)
class Watch:
    """What a stream follows. Of a pay page only the invoice is known, and no person."""

    business_id: UUID
    kinds: frozenset[str] = frozenset()
    """Of a business: which kinds of signs its reader may be told."""
    invoice_id: UUID | None = None
    """Of a pay page."""
    person_id: UUID | None = None
    session_key: str = ""
    role: Role | None = None
    """What they were in the business when the stream was opened."""


class Granted(HttpResponse):
    """Who asked may follow that. To a browser that reached the web process it says that nothing streams there."""

    def __init__(self, watch: Watch) -> None:
        super().__init__(status=204)
        self.watch = watch


def why_over(watch: Watch) -> str:
    """Why a stream has to end; empty while it may go on. Asked of the database, of nothing that the stream remembers; and asking
    keeps no session alive."""
    if watch.person_id is None:
        return ""
    if not life.still_signed_in_by(watch.session_key, watch.person_id):
        return "signed_out"
    here = [
        one.role
        for one in identity.memberships_of(watch.person_id)
        if one.business_id == watch.business_id
    ]
    return "" if here == [watch.role] else "changed"
