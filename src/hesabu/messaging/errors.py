"""What messaging refuses, and what to do next."""

from __future__ import annotations

from hesabu.kit.errors import HesabuError, Invalid, NotFound, Unavailable


class ContactNotFound(NotFound):
    code = "messaging.contact_not_found"
    title = "We do not know that contact."


class MessageNotFound(NotFound):
    code = "messaging.message_not_found"
    title = "We could not find that message."


class NoAddress(Invalid):
    code = "messaging.no_address"
    title = "There is no way to reach that contact."
    hint = "Give a telephone number."


class BadEmail(Invalid):
    code = "messaging.bad_email"
    title = "That is no e-mail address."
    hint = "Write it like jane@example.com."


class BadContent(Invalid):
    code = "messaging.bad_content"
    title = "That message can't be sent like this."
    hint = "Look at the field that is named."


class MediaUnavailable(Unavailable):
    code = "messaging.media_unavailable"
    title = "We could not fetch that file."
    hint = "Ask for it to be sent again."


class PictureNotFound(NotFound):
    code = "messaging.picture_not_found"
    title = "There is no such picture."


class MediaTooLarge(Invalid):
    code = "messaging.media_too_large"
    title = "That file is too large for us."
    hint = "Send a smaller one."


class StillGoingOut(HesabuError):
    code, status = "message.still_going_out", 409
    title = "A message to or about this person is on its way."
    hint = "Try again in a minute."
