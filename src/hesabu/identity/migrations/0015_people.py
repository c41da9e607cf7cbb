"""People are invited, and some acts wait for a second person."""

from django.db import migrations, models

import hesabu.kit.ids
import hesabu.store.fields
from hesabu.store.migration import house_table, tenant_table

ID = models.UUIDField(
    default=hesabu.kit.ids.new_id, editable=False, primary_key=True, serialize=False
)


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0012_attempts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", ID.clone()),
                ("business_id", models.UUIDField(db_index=True)),
                ("role", models.TextField()),
                ("way", models.TextField()),
                ("secret_hash", models.BinaryField(unique=True)),
                ("address", hesabu.store.fields.SealedText(null=True)),
                ("address_index", models.BinaryField(null=True)),
                ("invited_by_id", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("accepted_by_id", models.UUIDField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "identity_invitation"},
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", ID.clone()),
                ("business_id", models.UUIDField()),
                ("kind", models.TextField()),
                ("given", hesabu.store.fields.SealedJSON()),
                ("amount_minor", models.BigIntegerField(null=True)),
                ("currency", models.CharField(max_length=3, null=True)),
                ("asked_by_id", models.UUIDField()),
                ("for_person_id", models.UUIDField(null=True)),
                ("state", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("answered_by_id", models.UUIDField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "identity_approval",
                "indexes": [
                    models.Index(
                        fields=["business_id", "state", "id"], name="identity_approval_waiting"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ApprovalLimit",
            fields=[
                ("id", ID.clone()),
                ("business_id", models.UUIDField()),
                ("kind", models.TextField()),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
            ],
            options={
                "db_table": "identity_approval_limit",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("business_id", "kind"), name="identity_approval_limit_once"
                    )
                ],
            },
        ),
        *house_table("identity_invitation", "SELECT, INSERT, UPDATE"),
        *tenant_table("identity_approval", composite_key=True, grants="SELECT, INSERT, UPDATE"),
        *tenant_table("identity_approval_limit", composite_key=True),
    ]
