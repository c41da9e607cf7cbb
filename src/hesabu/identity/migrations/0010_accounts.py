"""Signing in: what the application may do with the tables of the libraries that keep accounts and sessions."""

from django.db import migrations

from hesabu.store.migration import house_table

TABLES = (
    "account_emailaddress",
    "account_emailconfirmation",
    "django_session",
    "mfa_authenticator",
    "socialaccount_socialaccount",
    "usersessions_usersession",
)
LOOKED_AT = ("django_content_type", "socialaccount_socialapp", "socialaccount_socialtoken")


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0003_legal_fields"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("sessions", "0001_initial"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
        ("usersessions", "0001_initial"),
    ]

    operations = [
        *(step for table in TABLES for step in house_table(table)),
        *(step for table in LOOKED_AT for step in house_table(table, "SELECT")),
        migrations.RunSQL(  # hidden addresses are longer than the addresses they hide
            "ALTER TABLE account_emailaddress ALTER COLUMN email TYPE text",
            "ALTER TABLE account_emailaddress ALTER COLUMN email TYPE varchar(254)",
        ),
    ]
