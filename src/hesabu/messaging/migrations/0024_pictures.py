"""Pictures that customers send about an invoice, for the people of its business."""

from django.db import migrations, models

import hesabu.kit.ids
from hesabu.store.migration import tenant_table


class Migration(migrations.Migration):
    dependencies = [("messaging", "0023_english")]

    operations = [
        migrations.CreateModel(
            name="Picture",
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
                ("business_id", models.UUIDField()),
                ("contact_id", models.UUIDField()),
                ("message_id", models.UUIDField()),
                ("subject_kind", models.TextField()),
                ("subject_id", models.UUIDField()),
                ("file_id", models.UUIDField(null=True)),
                ("error_code", models.TextField(default="")),
                ("created_at", models.DateTimeField()),
            ],
            options={"db_table": "messaging_picture"},
        ),
        migrations.AddConstraint(
            "picture",
            models.UniqueConstraint(
                fields=("business_id", "message_id", "subject_id"), name="messaging_picture_once"
            ),
        ),
        migrations.AddIndex(
            "picture",
            models.Index(fields=["business_id", "subject_id"], name="messaging_picture_subject"),
        ),
        migrations.AddIndex(
            "picture",
            models.Index(fields=["business_id", "contact_id"], name="messaging_picture_contact"),
        ),
        *tenant_table("messaging_picture"),
    ]
