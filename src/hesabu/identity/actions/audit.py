"""Taking the audit along leaves its own trace in it."""

from __future__ import annotations

from hesabu.identity.facts import AuditExported
from hesabu.identity.permissions import AUDIT_READ, needs
from hesabu.store import facts, tenancy


@needs(AUDIT_READ)
def note_audit_exported(form: str, count: int) -> None:
    """In the binding of the one business."""
    business_id = tenancy.only()
    facts.publish(
        AuditExported(business_id=business_id, subject_id=business_id, form=form, count=count)
    )
