"""Tries to sign in are kept; a number is a way in; what opens a session lies hidden."""

from django.db import migrations, models

import hesabu.kit.ids
import hesabu.store.fields
from hesabu.store.migration import house_table

ID = models.UUIDField(
    default=hesabu.kit.ids.new_id, editable=False, primary_key=True, serialize=False
)


def as_text(table: str, column: str, before: str, how: str = "") -> migrations.RunSQL:
    """Hidden words are longer than the words they hide."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ALTER COLUMN {column} TYPE text{how}",
        f"DELETE FROM {table}; ALTER TABLE {table} ALTER COLUMN {column} TYPE {before} USING {column}::{before}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0011_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", ID),
                ("person_id", models.UUIDField(db_index=True, null=True)),
                ("account_index", models.BinaryField()),
                ("address", hesabu.store.fields.SealedText()),
                ("address_index", models.BinaryField()),
                ("agent", hesabu.store.fields.SealedText()),
                ("way", models.TextField()),
                ("outcome", models.TextField()),
                ("at", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "identity_attempt",
                "indexes": [
                    models.Index(
                        fields=["account_index", "address_index", "at"],
                        name="identity_attempt_from",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", ID.clone()),
                ("person_id", models.UUIDField(null=True)),
                ("token_hash", models.BinaryField(unique=True)),
                ("browser_hash", models.BinaryField()),
                ("code_hash", models.BinaryField()),
                ("wrong_count", models.IntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "identity_entry"},
        ),
        *house_table("identity_attempt", "SELECT, INSERT, DELETE"),
        *house_table("identity_entry"),
        # Sessions of before, with their keys in clear, end here: everybody signs in once more.
        migrations.RunSQL(
            "DELETE FROM usersessions_usersession; DELETE FROM django_session",
            migrations.RunSQL.noop,
        ),
        as_text("django_session", "session_key", "varchar(40)"),
        as_text("usersessions_usersession", "session_key", "varchar(40)"),
        as_text("usersessions_usersession", "ip", "inet", " USING host(ip)"),
    ]
