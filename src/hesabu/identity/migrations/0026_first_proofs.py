"""What waits before the number alone opens an account for good; since when a PIN is known; a second word for restorations."""

from django.db import migrations, models

import hesabu.kit.ids
from hesabu.store.migration import house_table

ID = models.UUIDField(
    default=hesabu.kit.ids.new_id, editable=False, primary_key=True, serialize=False
)


class Migration(migrations.Migration):
    dependencies = [("identity", "0025_disconnecting")]

    operations = [
        migrations.CreateModel(
            name="FirstProof",
            fields=[
                ("id", ID.clone()),
                ("person_id", models.UUIDField(db_index=True)),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("reminded_at", models.DateTimeField(null=True)),
                ("stopped_at", models.DateTimeField(null=True)),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "identity_first_proof"},
        ),
        *house_table("identity_first_proof", "SELECT, INSERT, UPDATE"),
        migrations.AddField("Person", "pin_set_at", models.DateTimeField(null=True)),
        migrations.AddField("Restoration", "needs_word", models.BooleanField(default=False)),
        migrations.AddField("Restoration", "agreed_by_id", models.UUIDField(null=True)),
        migrations.AddField("Restoration", "agreed_at", models.DateTimeField(null=True)),
        migrations.RunSQL(
            "DELETE FROM identity_notice_choice WHERE kind = 'application.finished'",
            migrations.RunSQL.noop,
        ),
    ]
