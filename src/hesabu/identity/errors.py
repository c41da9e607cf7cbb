"""What identity refuses, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hesabu.kit.errors import Forbidden, HesabuError, Invalid, NotFound, Refused
from hesabu.kit.money import Money


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


class NotLetIn(HesabuError):
    """One answer for every token that opens nothing, so that none is told from another."""

    code, status = "identity.not_let_in", 401
    title = "That key or token opens nothing here."
    hint = "Check that it was copied whole, and that it was not taken back and has not expired."


class WrongAddress(Forbidden):
    code = "identity.wrong_address"
    title = "This key may not be used from there."
    hint = "Use it from one of its addresses, or make another key."


class ScopesBad(Invalid):
    code = "identity.scopes_bad"
    title = "A key cannot do more than whoever makes it."
    hint = "Choose among the scopes that are yours."


class AddressesBad(Invalid):
    code = "identity.addresses_bad"
    title = "That is no address or network."
    hint = "Write them as 203.0.113.7 or 203.0.113.0/24, one a line."


class KeyNotFound(NotFound):
    code = "identity.key_not_found"
    title = "There is no such key."


class ExpiryBad(Invalid):
    code = "identity.expiry_bad"
    title = "That day is not in the next two years."
    hint = "Choose a later day, or none."


class TooManyTries(HesabuError):
    """`extra["wait_seconds"]` says how long the next try waits."""

    code, status = "identity.too_many_tries", 429
    title = "Too many wrong tries from here."
    hint = "Wait a while, or sign in another way."

    @property
    def wait_seconds(self) -> int:
        return int(self.extra["wait_seconds"])


class EntryEnded(HesabuError):
    """One answer for every link that opens nothing: unknown, expired or used."""

    code, status = "identity.entry_ended", 410
    title = "That link has been used, or is too old."
    hint = "Go back to the sign-in page and ask for a new one."


class EntryUnconfirmed(Refused):
    code = "identity.entry_unconfirmed"
    title = "Another browser asked for this link."
    hint = "Type the code that it shows."


class WrongCode(Forbidden):
    code = "identity.wrong_code"
    title = "That is not the code."
    hint = "Look again at the page where you asked to sign in."


class RoleBad(Invalid):
    code = "identity.role_bad"
    title = "Nobody is invited as an owner."
    hint = "Invite them in another role, and hand ownership over once they have joined."


class InvitationNotFound(NotFound):
    """One answer for what never was, was used, was taken back or is over, so that none is told from another."""

    code = "identity.invitation_not_found"
    title = "That invitation opens nothing."
    hint = "It works once, for seven days. Ask whoever invited you for another one."


class InvitationElsewhere(Forbidden):
    code = "identity.invitation_elsewhere"
    title = "That invitation was sent to somebody else."
    hint = "Sign in with the address, or write from the number, that it was sent to."


class ApprovalNeeded(Refused):
    """The act was not done: a second person has to approve it. The door puts it before them by `ask_approval`."""

    code = "identity.approval_needed"
    title = "A second person has to approve that."
    hint = "Ask for it in the chat or on the page, and somebody else approves it there."

    def __init__(self, kind: str, given: Mapping[str, Any], amount: Money | None = None) -> None:
        super().__init__(approval_kind=kind)
        self.kind, self.given, self.amount = kind, given, amount


class ApprovalNotFound(NotFound):
    code = "identity.approval_not_found"
    title = "Nothing of that kind waits."
    hint = "Look at what waits for approval."


class ApprovalIsOwn(Forbidden):
    code = "identity.approval_is_own"
    title = "Whoever asks cannot approve."
    hint = "Somebody else who may approves it."


class ApprovalExpired(Refused):
    code = "identity.approval_expired"
    title = "That was asked too long ago."
    hint = "Ask for it again."


class ConsentNotFound(NotFound):
    code = "identity.consent_not_found"
    title = "No consent of that business lets support look."
    hint = "Ask its owner, and look once they have agreed."
