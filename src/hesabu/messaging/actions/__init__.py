"""What can be done in messaging, a verb each."""

from hesabu.messaging.actions.conversation import (
    change_language,
    end_conversation,
    keep_conversation,
    mark_answered,
)
from hesabu.messaging.actions.deliver import deliver, look_again, look_for_lost
from hesabu.messaging.actions.fetch_media import fetch_media
from hesabu.messaging.actions.mark_read import mark_read
from hesabu.messaging.actions.meet import introduce, meet, opt_in, opt_out
from hesabu.messaging.actions.open_channel import open_channel
from hesabu.messaging.actions.read_letters import read_letters
from hesabu.messaging.actions.send import send

__all__ = [
    "change_language",
    "deliver",
    "end_conversation",
    "fetch_media",
    "introduce",
    "keep_conversation",
    "look_again",
    "look_for_lost",
    "mark_answered",
    "mark_read",
    "meet",
    "open_channel",
    "opt_in",
    "opt_out",
    "read_letters",
    "send",
]
