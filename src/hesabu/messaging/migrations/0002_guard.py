"""Who may see and change what."""

from django.db import migrations

from hesabu.store.migration import house_table, tenant_table


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_begin")]

    operations = [
        *house_table("messaging_contact", "SELECT, INSERT, UPDATE"),
        *house_table("messaging_dispatch", "SELECT, INSERT, UPDATE"),
        *house_table("messaging_conversation"),
        *house_table("messaging_refusal", "SELECT, INSERT"),
        *tenant_table("messaging_message", grants="SELECT, INSERT, UPDATE"),
        *tenant_table("messaging_upload"),
    ]
