"""Roles on the platform; owners let support look, for a time."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import deletion

import hesabu.kit.ids
import hesabu.store.fields
from hesabu.store.migration import house_table, tenant_table

ID = models.UUIDField(
    default=hesabu.kit.ids.new_id, editable=False, primary_key=True, serialize=False
)


class Migration(migrations.Migration):
    dependencies = [("identity", "0015_people")]

    operations = [
        migrations.CreateModel(
            name="PlatformMember",
            fields=[
                ("id", ID.clone()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("role", models.TextField()),
                ("granted_at", models.DateTimeField()),
            ],
            options={
                "db_table": "identity_platform_member",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "role"), name="identity_platform_member_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", ID.clone()),
                ("business_id", models.UUIDField()),
                ("person_id", models.UUIDField()),
                ("reason", hesabu.store.fields.SealedText()),
                ("asked_at", models.DateTimeField()),
                ("granted_by_id", models.UUIDField(null=True)),
                ("granted_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "identity_consent"},
        ),
        *house_table("identity_platform_member", "SELECT, INSERT, DELETE"),
        *tenant_table("identity_consent", composite_key=True, grants="SELECT, INSERT, UPDATE"),
    ]
