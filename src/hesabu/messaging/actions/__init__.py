"""What can be done in messaging, a verb each."""

from hesabu.messaging.actions.conversation import (
    end_conversation,
    keep_conversation,
    mark_answered,
    speak,
)
from hesabu.messaging.actions.deliver import climb, deliver, look_again, look_for_lost
from hesabu.messaging.actions.erase import (
    erase_contact,
    erase_talk,
    erase_words,
    erase_words_before,
    forget_talks,
)
from hesabu.messaging.actions.fetch_media import fetch_media, fetch_picture
from hesabu.messaging.actions.hearing import hear_early
from hesabu.messaging.actions.mark_read import mark_read
from hesabu.messaging.actions.meet import (
    introduce,
    keep_email,
    meet,
    opt_in,
    opt_out,
    part,
    vouch,
)
from hesabu.messaging.actions.open_channel import open_channel, open_channels, register_webhook
from hesabu.messaging.actions.pictures import fetch_taken, take_picture
from hesabu.messaging.actions.read_letters import read_letters, read_waiting
from hesabu.messaging.actions.recall import recall
from hesabu.messaging.actions.send import send

__all__ = [
    "climb",
    "deliver",
    "end_conversation",
    "erase_contact",
    "erase_talk",
    "erase_words",
    "erase_words_before",
    "fetch_media",
    "fetch_picture",
    "fetch_taken",
    "forget_talks",
    "hear_early",
    "introduce",
    "keep_conversation",
    "keep_email",
    "look_again",
    "look_for_lost",
    "mark_answered",
    "mark_read",
    "meet",
    "open_channel",
    "open_channels",
    "opt_in",
    "opt_out",
    "part",
    "read_letters",
    "read_waiting",
    "recall",
    "register_webhook",
    "send",
    "speak",
    "take_picture",
    "vouch",
]
