"""What helps against a refusal, and when to try again."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class Cure(StrEnum):
    """What helps against a refusal by the provider, which surely did not take the message."""

    NONE = "none"  # nothing: it is final
    WAIT = "wait"  # it is busy or unwell
    SLOW_DOWN = "slow_down"  # too much to this one contact
    TEMPLATE = "template"  # outside of the window
    LANGUAGE = "language"  # the template is not approved in the contact's language
    UPLOAD = "upload"  # the uploaded file is gone
    OPERATOR = "operator"  # our account there needs a person


GIVE_UP_AFTER = timedelta(hours=24)
ATTEMPTS_MAX = {
    Cure.NONE: 1,
    Cure.WAIT: 12,
    Cure.SLOW_DOWN: 7,
    Cure.TEMPLATE: 3,
    Cure.LANGUAGE: 12,
    Cure.UPLOAD: 3,
}
_OPERATOR_ATTEMPTS_MAX = 60

UNCERTAIN_SECONDS = 60
"""How long a message may be uncertain before a person is told."""
LOST_SECONDS = 120
"""How long a request may run; one that is older died with its worker."""


def again_after_seconds(
    cure: Cure,
    attempt: int,
    age: timedelta,
    *,
    can_turn_to_template: bool,
    reused_upload: bool,
    can_turn_to_english: bool = False,
) -> int | None:
    """Seconds until the next try after attempt number `attempt` (from 1) was refused; None gives up."""
    if age > GIVE_UP_AFTER or attempt >= ATTEMPTS_MAX.get(cure, _OPERATOR_ATTEMPTS_MAX):
        return None
    if cure is Cure.WAIT:
        return int(min(2**attempt, 900))
    if cure is Cure.SLOW_DOWN:
        return int(min(4**attempt, 3600))
    if cure is Cure.OPERATOR:
        return int(min(60 * attempt, 1800))
    if cure is Cure.TEMPLATE:
        return 0 if can_turn_to_template else None
    if cure is Cure.LANGUAGE:
        return 0 if can_turn_to_english else None
    if cure is Cure.UPLOAD:
        return 0 if reused_upload else None
    return None
