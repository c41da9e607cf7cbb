"""Who may see and change what; every key to a row of money carries its business."""

from django.db import migrations

from hesabu.store.migration import composite_fk, house_table, tenant_table


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_begin"), ("store", "0002_guard"), ("ledger", "0002_guard")]

    operations = [
        *tenant_table("payments_account", composite_key=True, grants="SELECT, INSERT, UPDATE"),
        *tenant_table("payments_collection", composite_key=True, grants="SELECT, INSERT, UPDATE"),
        *tenant_table("payments_payment", composite_key=True, grants="SELECT, INSERT, UPDATE"),
        *tenant_table("payments_claim", composite_key=True, grants="SELECT, INSERT, UPDATE"),
        *house_table("payments_token", "SELECT, INSERT, UPDATE"),
        composite_fk("payments_collection", "account_id", "payments_account"),
        composite_fk("payments_payment", "account_id", "payments_account"),
        composite_fk("payments_payment", "collection_id", "payments_collection"),
        composite_fk("payments_claim", "payment_id", "payments_payment"),
    ]
