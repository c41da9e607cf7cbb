"""Keys and apps: how programs sign in."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import hesabu.kit.ids
from hesabu.store.migration import house_table


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0010_accounts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Key",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=hesabu.kit.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("business_id", models.UUIDField(db_index=True)),
                ("name", models.TextField()),
                ("secret_hash", models.BinaryField()),
                ("scopes", models.JSONField()),
                ("addresses", models.JSONField(default=list)),
                ("made_by_id", models.UUIDField()),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("last_used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "identity_key",
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=hesabu.kit.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("business_id", models.UUIDField(db_index=True)),
                ("app_name", models.TextField()),
                ("scopes", models.JSONField()),
                ("created_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_why", models.TextField(default="")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "identity_grant",
            },
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=hesabu.kit.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.TextField()),
                ("secret_hash", models.BinaryField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.grant",
                    ),
                ),
            ],
            options={
                "db_table": "identity_token",
            },
        ),
        *house_table("identity_key", "SELECT, INSERT, UPDATE"),
        *house_table("identity_grant", "SELECT, INSERT, UPDATE"),
        *house_table("identity_token"),
    ]
