"""What the audit calls things: kinds of fact, what they are about, their fields, and the codes that these hold.

A kind's sentence stands at the fact itself (`Fact.title`). What it is about, and how its fields are called, stands here; a test
walks every fact of every room, so that nothing is shown by its code name alone. A code without words is shown as it is.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hesabu.doors.web.business.details import WORDS as DETAILS
from hesabu.doors.web.business.ways import KINDS as WAYS
from hesabu.doors.web.grants.views import ENDED
from hesabu.doors.web.people.views import ROLES
from hesabu.identity import approvals, permissions, platform
from hesabu.kit.countries import COUNTRIES
from hesabu.store.facts import Fact
from hesabu.store.wiring import wiring

BUSINESS = gettext_noop("The business")
PEOPLE = gettext_noop("People")
PROGRAMS = gettext_noop("Programs")
INVOICES = gettext_noop("Invoices")
CUSTOMERS = gettext_noop("Customers")
PAYMENTS = gettext_noop("Payments")
MESSAGES = gettext_noop("Messages")
BOOKS = gettext_noop("The books")
SUPPORT = gettext_noop("Support")
OTHER = gettext_noop("Something else")

ABOUT = {
    "app": (gettext_noop("an app"), PROGRAMS),
    "approval": (gettext_noop("an approval"), BUSINESS),
    "book": (gettext_noop("the books"), BOOKS),
    "business": (gettext_noop("the business"), BUSINESS),
    "claim": (gettext_noop("a word that money came"), PAYMENTS),
    "collection": (gettext_noop("a request for money"), PAYMENTS),
    "consent": (gettext_noop("a look of support"), SUPPORT),
    "contact": (gettext_noop("a contact"), MESSAGES),
    "customer": (gettext_noop("a customer"), CUSTOMERS),
    "document": (gettext_noop("a document"), INVOICES),
    "entry": (gettext_noop("an entry"), BOOKS),
    "export": (gettext_noop("a copy of what is held"), PEOPLE),
    "grant": (gettext_noop("an app's leave"), PROGRAMS),
    "habit": (gettext_noop("a habit of the clerk"), BUSINESS),
    "invitation": (gettext_noop("an invitation"), PEOPLE),
    "invoice": (gettext_noop("an invoice"), INVOICES),
    "key": (gettext_noop("a key"), PROGRAMS),
    "message": (gettext_noop("a message"), MESSAGES),
    "payment": (gettext_noop("a payment"), PAYMENTS),
    "payment_account": (gettext_noop("a way to be paid"), PAYMENTS),
    "person": (gettext_noop("a person"), PEOPLE),
    "template_gap": (gettext_noop("a template of WhatsApp"), MESSAGES),
}
"""Kind of subject → what such a thing is called, and among what its acts are chosen."""

FIELDS = {
    "account_kind": gettext_noop("kind of account"),
    "account_role": gettext_noop("account in the books"),
    "amount_minor": gettext_noop("amount"),
    "applied_minor": gettext_noop("of which went there"),
    "approval_kind": gettext_noop("what was to be approved"),
    "asked_by_id": gettext_noop("asked by"),
    "at_business_id": gettext_noop("at the business"),
    "booked_on": gettext_noop("booked on"),
    "by_id": gettext_noop("the new one"),
    "channel": gettext_noop("by"),
    "changed": gettext_noop("what changed"),
    "code": gettext_noop("code"),
    "collection_id": gettext_noop("request for money"),
    "contact_id": gettext_noop("contact"),
    "count": gettext_noop("how often"),
    "country": gettext_noop("country"),
    "credit_minor": gettext_noop("kept as credit"),
    "credit_note_id": gettext_noop("credit note"),
    "currency": gettext_noop("currency"),
    "customer_id": gettext_noop("customer"),
    "days": gettext_noop("days after the due day"),
    "due_at": gettext_noop("takes effect"),
    "due_on": gettext_noop("due on"),
    "fault_count": gettext_noop("faults"),
    "file_count": gettext_noop("files"),
    "first_proof_id": gettext_noop("first proof"),
    "form": gettext_noop("form"),
    "from_channel": gettext_noop("instead of by"),
    "from_person_id": gettext_noop("given by"),
    "in_chat": gettext_noop("in the chat"),
    "invoice_id": gettext_noop("invoice"),
    "is_for_others": gettext_noop("open to other businesses"),
    "is_lost": gettext_noop("the number is somebody else's now"),
    "is_on": gettext_noop("switched on"),
    "is_whole": gettext_noop("for the whole invoice"),
    "issued_on": gettext_noop("issued on"),
    "language": gettext_noop("language"),
    "locked_on": gettext_noop("closed up to"),
    "message_id": gettext_noop("message"),
    "message_kind": gettext_noop("kind of message"),
    "method": gettext_noop("paid by"),
    "name": gettext_noop("what it is"),
    "notice": gettext_noop("notice"),
    "number": gettext_noop("number"),
    "on": gettext_noop("held on"),
    "on_day": gettext_noop("promised for"),
    "on_id": gettext_noop("who that is"),
    "other_id": gettext_noop("the other one"),
    "owed_minor": gettext_noop("still owed"),
    "page": gettext_noop("page"),
    "payment_id": gettext_noop("payment"),
    "permission": gettext_noop("what was tried"),
    "person_id": gettext_noop("person"),
    "promise_id": gettext_noop("promise"),
    "purpose_id": gettext_noop("which one"),
    "purpose_kind": gettext_noop("what for"),
    "reason": gettext_noop("reason"),
    "restoration_id": gettext_noop("way back in"),
    "reversal_id": gettext_noop("reversed by"),
    "role": gettext_noop("role"),
    "scopes": gettext_noop("may do"),
    "since": gettext_noop("since"),
    "state": gettext_noop("how it stood before"),
    "taken_minor": gettext_noop("taken back"),
    "taking_id": gettext_noop("taking of the role"),
    "tax_minor": gettext_noop("tax"),
    "to_credit_minor": gettext_noop("kept as credit"),
    "to_owed_minor": gettext_noop("taken off what is owed"),
    "template_name": gettext_noop("template"),
    "total_minor": gettext_noop("total"),
    "try_count": gettext_noop("tries"),
    "undone": gettext_noop("undone with it"),
    "until": gettext_noop("until"),
    "value": gettext_noop("set to"),
    "verb": gettext_noop("what was done"),
    "version": gettext_noop("version"),
    "wait_seconds": gettext_noop("seconds to wait"),
    "way": gettext_noop("how"),
    "what": gettext_noop("which"),
    "when": gettext_noop("when"),
    "why": gettext_noop("why"),
}
"""Field of a fact → how it is called where it is shown."""

CUSTOMERS_DETAILS = DETAILS | {
    "contact_id": gettext_noop("How they are reached"),
    "language": gettext_noop("Language they are written to in"),
}

HABITS = {
    "evening_summary": gettext_noop("The summary of the evening"),
    "every_evening": gettext_noop("A summary on quiet evenings too"),
    "payment_news": gettext_noop("News of payments"),
    "quiet_hours": gettext_noop("Quiet hours"),
    "receipts": gettext_noop("Receipts"),
    "reminders": gettext_noop("Reminders"),
    "ticks": gettext_noop("News that an invoice arrived"),
    "unpaid_list": gettext_noop("The list of what is unpaid"),
}

STOPPED = {
    "link": gettext_noop("by the link that was sent"),
    "operator": gettext_noop("by an operator"),
    "shown": gettext_noop("they showed a second factor"),
}
"""How something about a person's proofs was stopped."""

REASONS = {
    "elsewhere": gettext_noop("it belongs to somebody else"),
    "frozen": gettext_noop("it was too late to stop it"),
    "no_consent": gettext_noop("no owner had let support look"),
    "not_allowed": gettext_noop("they may not do that"),
    "not_proved": gettext_noop("they did not prove that it was them"),
    "own": gettext_noop("they had asked for it themselves"),
    "unknown_partner": gettext_noop("the platform does not know them as a partner"),
}
"""Why something was refused."""

TRIED = {
    "approval:ask": gettext_noop("Ask for an approval"),
    "approval:withdraw": gettext_noop("Take back what somebody asked to have approved"),
    "business:enter": gettext_noop("Open a page of the business"),
    "invitation:accept": gettext_noop("Take up an invitation"),
    "person:prove": gettext_noop("Show that it is them"),
    "pin:check": gettext_noop("Give their PIN"),
}
"""What is asked of somebody without being a permission of a role."""

ACCOUNTS = WAYS | {
    "cash": gettext_noop("Cash"),
    "stk_paybill": gettext_noop("M-PESA paybill with prompts"),
    "stk_till": gettext_noop("M-PESA till with prompts"),
}

METHODS = {
    "bank": gettext_noop("Bank"),
    "cash": gettext_noop("Cash"),
    "mpesa_paybill": gettext_noop("M-PESA paybill"),
    "mpesa_phone": gettext_noop("M-PESA to a telephone"),
    "mpesa_stk": gettext_noop("M-PESA prompt"),
    "mpesa_till": gettext_noop("M-PESA till"),
    "other": gettext_noop("Another way"),
}

CHANNELS = {
    "code": gettext_noop("a code"),
    "email": gettext_noop("e-mail"),
    "sms": gettext_noop("text message"),
    "whatsapp": gettext_noop("WhatsApp"),
}

PROOFS = {
    "recovery_codes": gettext_noop("recovery codes"),
    "text_message": gettext_noop("a code by text message"),
    "totp": gettext_noop("an authenticator app"),
    "webauthn": gettext_noop("a passkey"),
}

WHY_SO = {
    "account": gettext_noop("the account differs"),
    "amount": gettext_noop("the amount differs"),
    "currency": gettext_noop("the currency differs"),
    "hand": gettext_noop("somebody asked for it"),
    "maybe_two": gettext_noop("it may be two payments"),
    "maybe_two_by_hand": gettext_noop("it may be two payments"),
    "maybe_same": gettext_noop("it may be what was counted by hand"),
    "phone": gettext_noop("the telephone differs"),
    "promise": gettext_noop("what was promised did not come"),
    "step": gettext_noop("its day had come"),
    "unknown": gettext_noop("there is no such invoice"),
}

VERBS = {
    "added": gettext_noop("a way to be paid was added"),
    "closed": gettext_noop("a way to be paid was closed"),
    "rekeyed": gettext_noop("a way to be paid got new keys"),
}

VALUES: Mapping[str, Mapping[str, str]] = {
    "account_kind": ACCOUNTS,
    "channel": CHANNELS,
    "from_channel": CHANNELS,
    "method": METHODS,
    "name": HABITS,
    "purpose_kind": {kind: words for kind, (words, _group) in ABOUT.items()},
    "reason": WHY_SO,
    "role": {role.value: words for role, words in ROLES.items()},
    "verb": VERBS,
    "way": CHANNELS,
    "what": PROOFS,
    "why": {**ENDED, **STOPPED, **REASONS},
}
"""Field → the words of the codes that it holds."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fact, to be chosen."""

    name: str
    words: str


def title(kind: str) -> str:
    """What a fact of that kind says happened. A kind that no room has any more is said by its name."""
    declared = wiring.fact_types.get(kind)
    return _(declared.title) if declared else kind


def about(subject_kind: str) -> str:
    """What a thing of that kind is called."""
    known = ABOUT.get(subject_kind)
    return _(known[0]) if known else subject_kind.replace("_", " ")


def grouped(kinds: Sequence[str]) -> list[tuple[str, list[Kind]]]:
    """The kinds by what they are about, both in the order of their words."""
    groups: dict[str, list[Kind]] = {}
    for name in kinds:
        group = _group_of(name)
        groups.setdefault(_(group), []).append(Kind(name, title(name)))
    by_words = sorted(groups.items(), key=lambda group: group[0].casefold())
    for _group, found in by_words:
        found.sort(key=lambda one: one.words.casefold())
    return by_words


def _group_of(kind: str) -> str:
    declared = wiring.fact_types.get(kind)
    return ABOUT[subject_kind_of(declared)][1] if declared else OTHER


def subject_kind_of(declared: type[Fact]) -> str:
    """What facts of that kind are about; some say so one by one, and this is what they say unless told otherwise."""
    for field in dataclasses.fields(declared):
        if field.name == "subject_kind":
            return str(field.default)
    return declared.subject_kind


def field(name: str) -> str:
    known = FIELDS.get(name)
    return _(known) if known else name.replace("_", " ")


def value(kind: str, name: str, code: str) -> str | None:
    """A code in words; None where it has none."""
    if name == "changed":
        details = CUSTOMERS_DETAILS if kind.startswith("invoicing.") else DETAILS
        return ", ".join(_(details[one]) if one in details else one for one in code.split(","))
    if name == "country":
        return COUNTRIES[code].name if code in COUNTRIES else None
    if name == "permission":
        return _permission(code)
    if name == "approval_kind":
        named = {one.name: one.words for one in approvals.kinds()}
        return _(named[code]) if code in named else None
    words = VALUES.get(name, {}).get(code)
    return _(words) if words else None


def _permission(code: str) -> str | None:
    known = TRIED | {one.name: one.words for one in permissions.declared()}
    known |= {one.name: one.words for one in platform.declared()}
    return _(known[code]) if code in known else None
