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


class AppNotFound(NotFound):
    code = "identity.app_not_found"
    title = "No app of that name is registered here."
    hint = "Whoever made the app should look at its client id and its address to come back to."


class AppElsewhere(Forbidden):
    code = "identity.app_elsewhere"
    title = "That app is not for this business."
    hint = "Whoever registered it can open it to other businesses."


class ClientBad(HesabuError):
    """An app that did not prove itself. One answer for all, so that none is told from another."""

    code, status = "identity.client_bad", 401
    title = "That is no app of ours, or not its secret."
    hint = "Look at the client id and the secret."


class RedirectBad(Invalid):
    code = "identity.redirect_bad"
    title = "People cannot be sent back to such an address."
    hint = "Write a whole address with https. A program on a computer may use http://127.0.0.1, one on a phone com.example.app:/back."


class ChallengeBad(Invalid):
    code = "identity.challenge_bad"
    title = "The app has to send a code challenge by S256."
    hint = "Whoever made the app should look at RFC 7636."


class FactorNeeded(Forbidden):
    code = "identity.factor_needed"
    title = "What you may do here needs a second proof that it is you."
    hint = "Set one up first."


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


class WrongTextCode(Forbidden):
    code = "identity.wrong_text_code"
    title = "That code is not right, or it is too old."
    hint = "Look again at the last message, or ask for a new code."


class RestorationNotFound(NotFound):
    code = "identity.restoration_not_found"
    title = "Nothing of that kind is under way."
    hint = "Ask for it first; a day later it is done, unless the person stops it."


class TakingNotFound(NotFound):
    code = "identity.taking_not_found"
    title = "Nothing of that kind is under way."
    hint = "It was stopped before, or it is done."


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


class ApprovalAskerGone(Refused):
    code = "identity.approval_asker_gone"
    title = "Whoever asked for that may not do it any more."
    hint = "Refuse it. Whoever may do it can ask for it again."


class ConsentNotFound(NotFound):
    code = "identity.consent_not_found"
    title = "No consent of that business lets support look."
    hint = "Ask its owner, and look once they have agreed."


class ChangeNotFound(NotFound):
    code = "identity.change_not_found"
    title = "No such change was made."
    hint = "Look at what changed last."


class ChangeIsOld(Refused):
    code = "identity.change_is_old"
    title = "That changed more than ten minutes ago."
    hint = "Change it back in the form."


class ChangedSince(Refused):
    code = "identity.changed_since"
    title = "It was changed again since."
    hint = "Take back what changed last, or change it in the form."


class PassageEnded(NotFound):
    """One answer for what never was, was used, is over, or is somebody else's."""

    code = "identity.passage_ended"
    title = "This link leads nowhere any more."
    hint = "It works once, for ten minutes, for the person it was sent to. Ask for it again in the chat."


class LastAdmin(Refused):
    code = "identity.last_admin"
    title = "The platform needs an admin."
    hint = "Make somebody else admin first."


class NotPartner(Forbidden):
    code = "identity.not_partner"
    title = "The platform does not know them as a partner."
    hint = "Ask whoever runs it, or join as a bookkeeper."


class AgentNotFound(NotFound):
    code = "identity.agent_not_found"
    title = "No agent has that code."
    hint = "Look at the link or the code once more."


class AgentRefused(Refused):
    code = "identity.agent_refused"
    title = "That agent cannot be named for this business."
    hint = "A business names one agent, once, in its first 30 days, and nobody who belongs to it."


class ExportNotFound(NotFound):
    code = "identity.export_not_found"
    title = "That is not here, or not any more."
    hint = "Ask for it again: it is made anew and stays for some days."


class LastOwnerOf(Refused):
    """`businesses` names them."""

    code = "identity.last_owner_of"
    title = "You are the only owner of a business."
    hint = "Hand it over to somebody first, under People. Then delete your account."


class ClosingNotFound(NotFound):
    code = "identity.closing_not_found"
    title = "Your account is not being deleted."
    hint = "Nothing has to be stopped."
