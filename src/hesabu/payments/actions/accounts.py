"""The places where a business receives money: adding one, no longer offering one.

Changing where money goes is what a thief would do first. So doors ask for the PIN before they come here; where a second
owner or a manager is there, one of them approves; and every change but the first is frozen for two days, told to all
owners, and stopped by a word of any of them:

    add_account ── another is offered already ──▶ offered from `thaws_at` on
    add_account ── it is offered already, with other keys of the provider ──▶ the old keys count until `rekeys_at`
    close_account ── it is offered ──▶ offered until `closes_at`
    stop_change ── before that ──▶ as it was
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_noop

from hesabu.identity import actions as people
from hesabu.identity import approvals
from hesabu.identity import queries as identity
from hesabu.identity.permissions import needs
from hesabu.kit import clock, crypto, ids, phones
from hesabu.kit.countries import COUNTRIES
from hesabu.ledger import actions as ledger
from hesabu.payments import rules
from hesabu.payments.actions.collectors import collector
from hesabu.payments.errors import (
    AccountIncomplete,
    AccountNotFound,
    ChangeNotFrozen,
    WayNotInCountry,
)
from hesabu.payments.facts import (
    PaymentAccountAdded,
    PaymentAccountChangeStopped,
    PaymentAccountClosed,
    PaymentAccountFrozen,
    PaymentAccountRekeyed,
)
from hesabu.payments.models import PaymentAccount
from hesabu.payments.permissions import (
    PAYMENT_ACCOUNT_APPROVE,
    PAYMENT_ACCOUNT_CHANGE,
    PAYMENT_ACCOUNT_STOP,
)
from hesabu.payments.providers.port import credentials_now
from hesabu.payments.types import AccountKind, Provider
from hesabu.store import letters, tenancy
from hesabu.store.facts import publish

_LABELS = {
    AccountKind.STK_PAYBILL: "M-PESA Paybill",
    AccountKind.STK_TILL: "M-PESA Buy Goods",
    AccountKind.TILL: "M-PESA Buy Goods",
    AccountKind.PAYBILL: "M-PESA Paybill",
    AccountKind.PHONE: "M-PESA Send Money",
    AccountKind.BANK: "Bank",
    AccountKind.CASH: "Cash",
}


FROZEN = timedelta(hours=48)
ADD = approvals.kind(
    "payments.add_account",
    words=gettext_noop("Add a way to be paid"),
    asks=PAYMENT_ACCOUNT_CHANGE,
    approves=PAYMENT_ACCOUNT_APPROVE,
)
CLOSE = approvals.kind(
    "payments.close_account",
    words=gettext_noop("Close a way to be paid"),
    asks=PAYMENT_ACCOUNT_CHANGE,
    approves=PAYMENT_ACCOUNT_APPROVE,
)


@needs(PAYMENT_ACCOUNT_CHANGE)
def add_account(
    kind: str,
    number: str = "",
    account: str | None = None,
    label: str | None = None,
    credentials: Mapping[str, str] | None = None,
) -> UUID:
    """Offer one more way to pay. The same account again is the same account; new keys for it
    replace the old ones, and a second person approves those. New keys, and one more than the first, are frozen for two days,
    for whoever acts from outside. Raises AccountIncomplete, naming the field, WayNotInCountry, and ApprovalNeeded."""
    business_id = tenancy.only()
    try:
        known_kind = AccountKind(kind)
    except ValueError:
        raise AccountIncomplete("There is no such kind of account.", field="kind") from None
    place = COUNTRIES.get(identity.business(business_id).country)
    if place is not None and not place.takes(known_kind.value):
        raise WayNotInCountry(field="kind")
    number = _number(known_kind, number.strip(), business_id)
    account = _account(account)
    is_asked = known_kind in (AccountKind.STK_PAYBILL, AccountKind.STK_TILL)
    keys = None
    if is_asked:
        keys = collector(Provider.MPESA).check_account(
            known_kind, number, account, credentials or {}
        )
    ledger.lock_books([business_id])
    same = PaymentAccount.objects.filter(
        business_id=business_id,
        kind=known_kind,
        number_index=crypto.blind(number),
        account_reference=account,
        is_active=True,
        closes_at=None,
    ).first()
    given = {
        "kind": known_kind.value,
        "number": number,
        "account": account,
        "label": label,
        "credentials": dict(credentials) if credentials else None,
    }
    if same is not None:
        if keys is not None and keys != (same.next_credentials or same.credentials):
            approvals.ask_first(ADD, given | {"has_new_keys": True})
            _rekey(same, keys)
        return same.id
    is_first = not PaymentAccount.objects.filter(business_id=business_id, is_active=True).exists()
    if not is_first:
        approvals.ask_first(ADD, given)
    row = PaymentAccount(
        id=ids.new_id(),
        thaws_at=None if is_first else _frozen_until(),
        business_id=business_id,
        provider=Provider.MPESA if is_asked else Provider.MANUAL,
        kind=known_kind,
        label=(label or "").strip()[:60] or _LABELS[known_kind],
        number=number,
        number_index=crypto.blind(number),
        account_reference=account,
        credentials=keys,
        ledger_role=rules.role_of(known_kind),
        created_at=clock.now(),
    )
    if is_asked:
        row.endpoint_id, _ = letters.open_endpoint(
            Provider.MPESA,
            business_id=business_id,
            subject_id=row.id,
            token=collector(Provider.MPESA).endpoint_token(),
        )
    row.save(force_insert=True)
    publish(
        PaymentAccountAdded(business_id=business_id, subject_id=row.id, account_kind=known_kind)
    )
    if row.thaws_at is not None:
        _tell_frozen(row, "added", row.thaws_at)
    return row.id


@approvals.does(ADD)
def _add(given: approvals.Given) -> None:
    add_account(
        given["kind"], given["number"], given["account"], given["label"], given["credentials"]
    )


def _rekey(row: PaymentAccount, keys: dict[str, str]) -> None:
    """The new keys count from two days on; what is itself not offered yet waits two days more, with them."""
    until = _frozen_until()
    if until is None or _is_frozen(row):
        row.credentials, row.next_credentials, row.rekeys_at = keys, None, None
        row.thaws_at = until or row.thaws_at
    else:
        row.credentials = credentials_now(row)
        row.next_credentials, row.rekeys_at = keys, until
    row.save(update_fields=["credentials", "next_credentials", "rekeys_at", "thaws_at"])
    publish(PaymentAccountRekeyed(business_id=row.business_id, subject_id=row.id))
    if until is not None:
        _tell_frozen(row, "rekeyed" if row.rekeys_at else "added", until)


def _frozen_until() -> datetime | None:
    """The house itself is not held up: its operator set the business up, or acts on its owner's word."""
    is_outside = tenancy.current().actor.kind in ("person", "key", "app", "contact")
    return clock.now() + FROZEN if is_outside else None


def _tell_frozen(row: PaymentAccount, verb: str, until: datetime) -> None:
    publish(
        PaymentAccountFrozen(business_id=row.business_id, subject_id=row.id, verb=verb, until=until)
    )


@needs(PAYMENT_ACCOUNT_CHANGE)
def close_account(account_id: UUID) -> None:
    """No longer offer it, from two days on for whoever acts from outside. Its letters are still taken: late money for it is
    booked all the same. Doing it again changes nothing. Raises ApprovalNeeded."""
    row = _locked(account_id)
    if not row.is_active or row.closes_at is not None:
        return
    approvals.ask_first(CLOSE, {"account_id": str(account_id)})
    row.closes_at = _frozen_until()
    row.is_active = row.closes_at is not None and not _is_frozen(row)
    row.save(update_fields=["is_active", "closes_at"])
    publish(PaymentAccountClosed(business_id=row.business_id, subject_id=row.id))
    if row.closes_at is not None and row.is_active:
        _tell_frozen(row, "closed", row.closes_at)


@approvals.does(CLOSE)
def _close(given: approvals.Given) -> None:
    close_account(UUID(given["account_id"]))


@needs(PAYMENT_ACCOUNT_STOP)
def stop_change(account_id: UUID) -> None:
    """Stop a change before it takes effect: what was added is gone, what was closed is offered on, and
    the keys stay the old ones. Raises ChangeNotFrozen."""
    row, now = _locked(account_id), clock.now()
    stopped: list[tuple[str, datetime | None]] = []
    if _is_frozen(row) and row.is_active:
        stopped.append(("added", row.thaws_at))
        row.is_active = False
    elif row.is_active:
        if row.closes_at is not None and row.closes_at > now:
            stopped.append(("closed", row.closes_at))
            row.closes_at = None
        if row.rekeys_at is not None and row.rekeys_at > now:
            stopped.append(("rekeyed", row.rekeys_at))
            row.next_credentials, row.rekeys_at = None, None
    if not stopped:
        people.note_refusal(PAYMENT_ACCOUNT_STOP.name, "frozen")
        raise ChangeNotFrozen()
    row.save(update_fields=["is_active", "closes_at", "next_credentials", "rekeys_at"])
    for verb, until in stopped:
        publish(
            PaymentAccountChangeStopped(
                business_id=row.business_id, subject_id=row.id, verb=verb, until=until
            )
        )


def _is_frozen(row: PaymentAccount) -> bool:
    return row.thaws_at is not None and row.thaws_at > clock.now()


def _locked(account_id: UUID) -> PaymentAccount:
    business_id = tenancy.only()
    ledger.lock_books([business_id])
    row = PaymentAccount.objects.filter(business_id=business_id, id=account_id).first()
    if row is None:
        raise AccountNotFound()
    return row


def account_for(kinds: tuple[str, ...], account_id: UUID | None = None) -> PaymentAccount:
    """The account that money of these kinds arrived on: the one named, else the newest offered of
    the likeliest kind, else a plain one made for it, not offered to customers. Inside a binding
    whose book is locked."""
    business_id = tenancy.only()
    rows = PaymentAccount.objects.filter(business_id=business_id)
    if account_id is not None:
        row = rows.filter(id=account_id).first()
        if row is None:
            raise AccountNotFound()
        return row
    for kind in kinds:
        row = rows.filter(kind=kind).order_by("-is_active", "-id").first()
        if row is not None:
            return row
    kind = AccountKind(kinds[-1])
    return PaymentAccount.objects.create(
        id=ids.new_id(),
        business_id=business_id,
        provider=Provider.MANUAL,
        kind=kind,
        label=_LABELS[kind],
        number="",
        number_index=crypto.blind(""),
        ledger_role=rules.role_of(kind),
        is_active=False,
        created_at=clock.now(),
    )


def _number(kind: AccountKind, number: str, business_id: UUID) -> str:
    if kind is AccountKind.CASH:
        return ""
    if kind is AccountKind.PHONE:
        return phones.parse_phone(number, identity.business(business_id).country)
    if kind is AccountKind.BANK:
        if not 4 <= len(number) <= 40 or not number.isprintable():
            raise AccountIncomplete("A bank account number is missing.", field="number")
        return number
    if not (number.isascii() and number.isdigit() and 5 <= len(number) <= 7):
        raise AccountIncomplete("A paybill or till has 5 to 7 digits.", field="number")
    return number


def _account(account: str | None) -> str | None:
    """What payers type as account, where it is always the same; M-PESA prompts show 12 letters."""
    plain = (account or "").strip()
    if not plain:
        return None
    if len(plain) > 40 or not plain.isprintable():
        raise AccountIncomplete("The account is too long.", field="account")
    return plain
