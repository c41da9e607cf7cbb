"""The rows of identity, by noun."""

from __future__ import annotations

from hesabu.identity.models.approvals import (
    Approval,
    ApprovalLimit,
)
from hesabu.identity.models.businesses import (
    Business,
    BusinessChange,
)
from hesabu.identity.models.members import (
    Invitation,
    Member,
)
from hesabu.identity.models.notices import (
    Notice,
    NoticeChoice,
    NoticeReader,
    NoticeWaiting,
)
from hesabu.identity.models.people import (
    People,
    Person,
)
from hesabu.identity.models.platform import (
    Consent,
    Listing,
    PlatformMember,
    Taking,
)
from hesabu.identity.models.privacy import (
    Closing,
    Export,
)
from hesabu.identity.models.programs import (
    App,
    Grant,
    Key,
    Token,
)
from hesabu.identity.models.proofs import (
    FirstProof,
    Restoration,
    TextCode,
    TextFactor,
)
from hesabu.identity.models.refusals import (
    Refusal,
)
from hesabu.identity.models.signing_in import (
    Attempt,
    Entry,
    Passage,
)

__all__ = [
    "App",
    "Approval",
    "ApprovalLimit",
    "Attempt",
    "Business",
    "BusinessChange",
    "Closing",
    "Consent",
    "Entry",
    "Export",
    "FirstProof",
    "Grant",
    "Invitation",
    "Key",
    "Listing",
    "Member",
    "Notice",
    "NoticeChoice",
    "NoticeReader",
    "NoticeWaiting",
    "Passage",
    "People",
    "Person",
    "PlatformMember",
    "Refusal",
    "Restoration",
    "Taking",
    "TextCode",
    "TextFactor",
    "Token",
]
