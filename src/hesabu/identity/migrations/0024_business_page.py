"""What a business is is changed on a page: a mail address, a logo, what changed and when; and ways from the chat to a page."""

from django.db import migrations, models

import hesabu.kit.ids
import hesabu.store.fields
from hesabu.store.migration import house_table, tenant_table

ID = models.UUIDField(
    default=hesabu.kit.ids.new_id, editable=False, primary_key=True, serialize=False
)


class Migration(migrations.Migration):
    dependencies = [("identity", "0023_proof")]

    operations = [
        migrations.AddField("business", "email", hesabu.store.fields.SealedText(null=True)),
        migrations.AddField("business", "logo_id", models.UUIDField(null=True)),
        migrations.CreateModel(
            name="BusinessChange",
            fields=[
                ("id", ID.clone()),
                ("business_id", models.UUIDField()),
                ("person_id", models.UUIDField(null=True)),
                ("before", hesabu.store.fields.SealedJSON()),
                ("after", hesabu.store.fields.SealedJSON()),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "identity_business_change",
                "indexes": [
                    models.Index(fields=["business_id", "id"], name="identity_change_newest")
                ],
            },
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", ID.clone()),
                ("person_id", models.UUIDField()),
                ("page", models.TextField()),
                ("token_hash", models.BinaryField(unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "identity_passage"},
        ),
        *tenant_table(
            "identity_business_change", composite_key=True, grants="SELECT, INSERT, UPDATE"
        ),
        *house_table("identity_passage"),
    ]
