"""What was refused, what is taken along, and accounts that close."""

from django.db import migrations, models

import hesabu.kit.ids
import hesabu.store.fields
from hesabu.store.migration import house_table, tenant_table

ID = models.UUIDField(
    default=hesabu.kit.ids.new_id, editable=False, primary_key=True, serialize=False
)


class Migration(migrations.Migration):
    dependencies = [("identity", "0022_apps")]

    operations = [
        migrations.CreateModel(
            name="Refusal",
            fields=[
                ("id", ID.clone()),
                ("business_id", models.UUIDField()),
                ("actor_kind", models.TextField()),
                ("actor_id", models.UUIDField()),
                ("permission", models.TextField()),
                ("why", models.TextField()),
                ("minute", models.DateTimeField()),
                ("count", models.IntegerField(default=1)),
                ("address", hesabu.store.fields.SealedText()),
            ],
            options={
                "db_table": "identity_refusal",
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            "business_id",
                            "actor_kind",
                            "actor_id",
                            "permission",
                            "why",
                            "minute",
                        ),
                        name="identity_refusal_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", ID.clone()),
                ("business_id", models.UUIDField()),
                ("kind", models.TextField()),
                ("subject_id", models.UUIDField()),
                ("asked_by_id", models.UUIDField()),
                ("state", models.TextField()),
                ("done_count", models.IntegerField(default=0)),
                ("total_count", models.IntegerField(default=0)),
                ("file_id", models.UUIDField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("made_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "identity_export",
                "indexes": [
                    models.Index(
                        fields=["business_id", "kind", "subject_id", "id"],
                        name="identity_export_on",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Closing",
            fields=[
                ("id", ID.clone()),
                ("person_id", models.UUIDField()),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("cancelled_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "identity_closing",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("cancelled_at", None), ("done_at", None)),
                        fields=("person_id",),
                        name="identity_closing_open_once",
                    )
                ],
            },
        ),
        *tenant_table("identity_refusal"),
        *tenant_table("identity_export", grants="SELECT, INSERT, UPDATE"),
        *house_table("identity_closing", "SELECT, INSERT, UPDATE"),
    ]
