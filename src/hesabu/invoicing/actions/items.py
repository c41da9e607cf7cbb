"""Items: what is sold again and again, with its usual price."""

from __future__ import annotations

from uuid import UUID

from hesabu.identity import queries as identity
from hesabu.identity.permissions import needs
from hesabu.invoicing import errors
from hesabu.invoicing.models import Item
from hesabu.invoicing.permissions import ITEM_KEEP
from hesabu.invoicing.rules import names, taxes, totals
from hesabu.kit import clock, ids
from hesabu.kit.money import Money
from hesabu.store import tenancy


@needs(ITEM_KEEP)
def keep_item(name: str, unit_price: Money, tax_code: str | None = None) -> UUID:
    """Keep an item under its name, or give the one that has it this price and tax."""
    business_id = tenancy.only()
    business = identity.business(business_id)
    kept = totals.clean(name)
    if not kept or len(kept) > totals.DESCRIPTION_MAX:
        raise errors.DescriptionBad(field="name")
    if unit_price.currency != business.currency:
        raise errors.CurrencyBad(unit_price.currency, field="unit_price")
    if not 0 <= unit_price.minor <= totals.TOTAL_MAX_MINOR:
        raise errors.PriceBad(field="unit_price")
    if tax_code is not None:
        taxes.rate(business.country, tax_code, clock.today(business.timezone))
    row, _ = Item.objects.update_or_create(
        business_id=business_id,
        name_key=names.fold(kept),
        create_defaults={
            "id": ids.new_id(),
            "business_id": business_id,
            "name_key": names.fold(kept),
            **_details(kept, unit_price, tax_code),
        },
        defaults=_details(kept, unit_price, tax_code),
    )
    return row.id


def _details(name: str, unit_price: Money, tax_code: str | None) -> dict[str, object]:
    return {
        "name": name,
        "unit_price_minor": unit_price.minor,
        "currency": unit_price.currency,
        "tax_code": tax_code,
        "is_offered": True,
    }


@needs(ITEM_KEEP)
def drop_item(item_id: UUID) -> None:
    """Stop suggesting it. What was invoiced stays."""
    if not Item.objects.filter(business_id=tenancy.only(), id=item_id).update(is_offered=False):
        raise errors.ItemNotFound(str(item_id))
