"""Hearing of money sent by hand: whether keys are right, where the provider brings tidings, and its list in case one is lost.

Each asks the provider while no transaction is open, and may be done again. What came of it is written down, for the page and
the command that show it.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hesabu.identity import permissions
from hesabu.identity import queries as identity
from hesabu.identity.permissions import anybody, inner
from hesabu.kit import clock
from hesabu.payments import queries, rules
from hesabu.payments.actions.collectors import collector, lister
from hesabu.payments.errors import AccountNotFound, NoWayToCollect
from hesabu.payments.models import Listening, PaymentAccount
from hesabu.payments.permissions import PAYMENT_ACCOUNT_CHANGE
from hesabu.payments.providers.mpesa.client import rejected
from hesabu.payments.providers.port import (
    AccountKeys,
    Check,
    Registered,
    Registration,
    Rejected,
    Works,
    keys_of,
)
from hesabu.payments.types import AccountKind, Hearing, KeyCheck, Provider
from hesabu.store import letters, tenancy


@inner
def check_keys(
    kind: str, number: str, account: str | None, credentials: dict[str, str]
) -> tuple[dict[str, str], Check]:
    """Whether the provider takes these keys for this number: the keys as they are kept, and what it said. No transaction is open
    meanwhile. Raises AccountIncomplete, naming the field."""
    provider = collector(Provider.MPESA)
    kept = provider.check_account(kind, number, account, credentials)
    keys = AccountKeys(UUID(int=0), AccountKind(kind), number, account, kept)
    return kept, provider.check_keys(keys, clock.now())


@anybody("it opens its own transaction, and asks there for payment_account:change")
def try_keys(
    business_id: UUID,
    actor: tenancy.Actor,
    kind: str,
    number: str,
    account: str | None,
    credentials: dict[str, str],
) -> KeyCheck:
    """Whether the provider would take these keys for this number; nothing is kept. No transaction is open while it is asked.
    Raises AccountIncomplete, naming the field."""
    with tenancy.bound(business_id, actor=actor):
        permissions.require(PAYMENT_ACCOUNT_CHANGE)
    _, said = check_keys(kind, number, account, credentials)
    if isinstance(said, Rejected):
        return KeyCheck(False, said.code, said.words)
    return KeyCheck(isinstance(said, Works), "" if isinstance(said, Works) else said.why, "")


@anybody("it opens its own transactions, and asks there for payment_account:change")
def listen(business_id: UUID, actor: tenancy.Actor, account_id: UUID, phone: str = "") -> Hearing:
    """Have the provider write to us and open its list, and how it stands then. No transaction is open while it is asked; again
    is harmless. Raises AccountNotFound, NoWayToCollect."""
    with tenancy.bound(business_id, actor=actor):
        permissions.require(PAYMENT_ACCOUNT_CHANGE)
    register_account(business_id, account_id)
    open_list(business_id, account_id, phone)
    with tenancy.bound(business_id, actor=actor):
        return queries.hearing(account_id)


@inner
def register_account(business_id: UUID, account_id: UUID) -> Registration:
    """Register the addresses of an account that the provider can be asked about. No transaction is open meanwhile; again is
    harmless. Raises AccountNotFound, and NoWayToCollect for an account whose provider cannot be asked."""
    provider, keys, token, _ = _account(business_id, account_id)
    said = collector(provider).register(keys, token)
    with tenancy.bound(business_id):
        row = _listening(account_id)
        if isinstance(said, Registered) and said.is_new:
            row.registered_at, row.refused_code = clock.now(), ""
        elif isinstance(said, Registered):
            # Where we had registered them, they are ours; else nobody here can tell whose they are.
            row.refused_code = "" if row.registered_at else "already"
        else:
            row.refused_code = said.code if isinstance(said, Rejected) else said.why
        row.save()
    return said


@inner
def look_up(business_id: UUID, account_id: UUID, receipt: str) -> None:
    """Ask the provider about money that was told of and answers nothing: its books for the receipt, where the keys allow it; and
    its list, where it is open to us, soon. What they say comes as letters. No transaction is open meanwhile."""
    provider, keys, token, _ = _account(business_id, account_id)
    wire = collector(provider)
    if wire.can_look_back(keys):
        wire.look_up(keys, receipt, token, clock.now())
    with tenancy.bound(business_id):
        row = _listening(account_id)
        if row.next_list_at is not None and row.window_from is None:
            row.next_list_at = clock.now() + timedelta(seconds=rules.LIST_LATE_SECONDS)
            row.save(update_fields=["next_list_at"])


@inner
def open_list(business_id: UUID, account_id: UUID, phone: str = "") -> Registration:
    """Have the provider open its list of an account to us, and read it from then on. No transaction is open meanwhile; again is
    harmless. `phone` is whom the provider may call about it; without one, the business itself. Raises AccountNotFound,
    NoWayToCollect."""
    provider, keys, token, its_phone = _account(business_id, account_id)
    phone = phone or its_phone
    if _is_shared(business_id, account_id):
        said: Registration = rejected("number_shared")
    elif not phone.startswith("+254"):
        said = rejected("phone_refused")
    else:
        said = lister(provider).open(keys, token, phone)
    with tenancy.bound(business_id):
        row, now = _listening(account_id), clock.now()
        if isinstance(said, Registered):
            row.list_opened_at, row.list_refused_code = row.list_opened_at or now, ""
            row.next_list_at = row.next_list_at or now
        else:
            row.list_refused_code = said.code if isinstance(said, Rejected) else said.why
        row.save()
    return said


def _account(business_id: UUID, account_id: UUID) -> tuple[str, AccountKeys, str, str]:
    """The provider, the keys, the token of the addresses, and whom to call at the business."""
    with tenancy.bound(business_id):
        row = PaymentAccount.objects.filter(business_id=business_id, id=account_id).first()
        if row is None:
            raise AccountNotFound()
        if row.endpoint_id is None or not row.is_active:
            raise NoWayToCollect()
        phone = identity.business(business_id).phone or ""
        return row.provider, keys_of(row), letters.token_of(row.endpoint_id), phone


def _is_shared(business_id: UUID, account_id: UUID) -> bool:
    with tenancy.bound(business_id):
        number_index = queries.list_index_of(account_id)
    holders = queries.holders_of_numbers().get(number_index, set())
    return bool(holders - {business_id})


def _listening(account_id: UUID) -> Listening:
    row, _ = Listening.objects.select_for_update().get_or_create(
        business_id=tenancy.only(), account_id=account_id
    )
    return row
