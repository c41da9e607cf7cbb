"""What identity refuses, and what to do next."""

from __future__ import annotations

from hesabu.kit.errors import Forbidden, Invalid, NotFound, Refused


class BusinessNotFound(NotFound):
    code = "identity.business_not_found"
    title = "We could not find that business."


class PersonNotFound(NotFound):
    code = "identity.person_not_found"
    title = "We could not find that person."


class BadName(Invalid):
    code = "identity.bad_name"
    title = "That does not look like a name."
    hint = "Write it in 2 to 80 letters."


class BadEmail(Invalid):
    code = "identity.bad_email"
    title = "That is not an e-mail address."
    hint = "Write it as name@example.com."


class EmailTaken(Refused):
    code = "identity.email_taken"
    title = "Somebody else uses that e-mail address here."
    hint = "Sign in with it, or use another one."


class BadDetail(Invalid):
    code = "identity.bad_detail"
    title = "That detail of the business can't be kept like this."
    hint = "Correct it and send it again."


class NotAllowed(Forbidden):
    code = "identity.not_allowed"
    title = "Your role does not allow that."
    hint = "Ask the owner of the business."


class LastOwner(Refused):
    code = "identity.last_owner"
    title = "A business keeps at least one owner."
    hint = "Make somebody else an owner first."


class BadPin(Invalid):
    code = "identity.bad_pin"
    title = "That PIN is too easy to guess."
    hint = "Choose 4 to 6 digits that are no row (1234), no repeat (0000, 1212) and no year."


class PinNotSet(Refused):
    code = "identity.pin_not_set"
    title = "You have no PIN yet."
    hint = "Set one first."


class PinNeeded(Refused):
    code = "identity.pin_needed"
    title = "You have a PIN already."
    hint = "Give the present one to change it."


class WrongPin(Forbidden):
    """`extra["tries_left"]` says how many tries are left before a wait."""

    code = "identity.wrong_pin"
    title = "That is not your PIN."
    hint = "Try again."

    @property
    def tries_left(self) -> int:
        return int(self.extra["tries_left"])


class PinLocked(Forbidden):
    """`extra["wait_seconds"]` says how long to wait."""

    code = "identity.pin_locked"
    title = "Too many wrong PINs."
    hint = "Wait a while, then try again."

    @property
    def wait_seconds(self) -> int:
        return int(self.extra["wait_seconds"])
