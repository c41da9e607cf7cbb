"""Makes what somebody asked to take along. A reader of ExportAsked, in a job: it may take a while, and says how far it is.

Killed halfway it begins again: nothing is kept before all of it is there, and then file and word of it are kept together.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from hesabu.app import holding
from hesabu.identity import actions as identity
from hesabu.identity import queries as people
from hesabu.identity.errors import PersonNotFound
from hesabu.identity.facts import ExportAsked
from hesabu.identity.types import ExportState
from hesabu.invoicing.errors import CustomerNotFound
from hesabu.store import tenancy


def make(asked: Sequence[ExportAsked]) -> None:
    for one in asked:
        _make(one.business_id, one.subject_id)


def _make(business_id: UUID, export_id: UUID) -> None:
    from django.conf import settings
    from django.utils import translation

    with _bound(business_id):
        wanted = people.export(export_id)
        language = people.person(wanted.asked_by_id).language
    if wanted.state is not ExportState.ASKED:
        return

    def step(done: int, total: int) -> None:
        with _bound(business_id):
            identity.note_progress(export_id, done, total)

    try:
        if business_id == tenancy.HOUSE:
            held = holding.held_on_person(wanted.subject_id, step)
        else:
            held = holding.held_on_customer(business_id, wanted.subject_id)
    except (PersonNotFound, CustomerNotFound):
        with _bound(business_id):
            identity.fail_export(export_id)
        return
    with translation.override(language):
        content, count = holding.packed(held)
    with _bound(business_id):
        identity.keep_export(export_id, content, count, days=settings.CONFIG.keep_exports_days)


def _bound(business_id: UUID):  # type: ignore[no-untyped-def]
    return tenancy.house() if business_id == tenancy.HOUSE else tenancy.bound(business_id)
