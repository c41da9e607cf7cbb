"""Telling the provider where tidings of money sent by hand go, once per paybill or till."""

from __future__ import annotations

from uuid import UUID

from hesabu.identity.permissions import inner
from hesabu.payments.actions.collectors import collector
from hesabu.payments.errors import AccountNotFound, NoWayToCollect
from hesabu.payments.models import PaymentAccount
from hesabu.payments.providers.port import Registration, keys_of
from hesabu.store import letters, tenancy


@inner
def register_account(business_id: UUID, account_id: UUID) -> Registration:
    """Register the addresses of an account that the provider can be asked about. No transaction is open meanwhile; again is
    harmless. Raises AccountNotFound, and NoWayToCollect for an account whose provider cannot be asked."""
    with tenancy.bound(business_id):
        row = PaymentAccount.objects.filter(business_id=business_id, id=account_id).first()
        if row is None:
            raise AccountNotFound()
        if row.endpoint_id is None or not row.is_active:
            raise NoWayToCollect()
        provider, keys = row.provider, keys_of(row)
        token = letters.token_of(row.endpoint_id)
    return collector(provider).register(keys, token)
