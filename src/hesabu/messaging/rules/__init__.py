"""The pure part of messaging: no Django, no I/O, no clock.

moves (how a message changes state), window (when free words reach somebody), trying (what helps against a refusal), ladder
(which channel next), reasons (why it did not arrive), content (what fits, and how it is kept), plain (the same without buttons and marks).
"""

from hesabu.messaging.rules.content import (
    BODY_MAX,
    BUTTON_TITLE_MAX,
    CAPTION_MAX,
    KIND_OF,
    ROW_TITLE_MAX,
    TEXT_MAX,
    checked,
    checked_letter,
    content_from,
    files_of,
    fit,
    letter_from,
    letter_of,
    written,
    written_letter,
)
from hesabu.messaging.rules.ladder import (
    CLOSING,
    LADDER,
    closed_because,
    goes_as_template,
    next_channel,
    refusal_before_sending,
    refusal_by_category,
)
from hesabu.messaging.rules.moves import MOVES, TOLD, after_telling, tells_more
from hesabu.messaging.rules.plain import gsm_safe, is_gsm, plain_text, sms_parts, sms_text
from hesabu.messaging.rules.reasons import ABOUT_US, REASONS, reason_of
from hesabu.messaging.rules.trying import (
    ATTEMPTS_MAX,
    GIVE_UP_AFTER,
    LOST_SECONDS,
    UNCERTAIN_SECONDS,
    Cure,
    again_after_seconds,
)
from hesabu.messaging.rules.window import (
    SILENCE,
    WINDOW,
    WINDOW_MARGIN,
    is_window_open,
    window_after,
)

__all__ = [
    "ABOUT_US",
    "ATTEMPTS_MAX",
    "BODY_MAX",
    "BUTTON_TITLE_MAX",
    "CAPTION_MAX",
    "CLOSING",
    "GIVE_UP_AFTER",
    "KIND_OF",
    "LADDER",
    "LOST_SECONDS",
    "MOVES",
    "REASONS",
    "ROW_TITLE_MAX",
    "SILENCE",
    "TEXT_MAX",
    "TOLD",
    "UNCERTAIN_SECONDS",
    "WINDOW",
    "WINDOW_MARGIN",
    "Cure",
    "after_telling",
    "again_after_seconds",
    "checked",
    "checked_letter",
    "closed_because",
    "content_from",
    "files_of",
    "fit",
    "goes_as_template",
    "gsm_safe",
    "is_gsm",
    "is_window_open",
    "letter_from",
    "letter_of",
    "next_channel",
    "plain_text",
    "reason_of",
    "refusal_before_sending",
    "refusal_by_category",
    "sms_parts",
    "sms_text",
    "tells_more",
    "window_after",
    "written",
    "written_letter",
]
