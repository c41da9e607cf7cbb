"""A first PIN that the number alone set is told and waits, and what a borrowed phone set up can be taken back whole; the taking
of an admin's role waits, too; a person's own hours."""

from django.db import migrations, models

import hesabu.kit.ids
import hesabu.store.fields
from hesabu.store.migration import house_table

ID = models.UUIDField(
    default=hesabu.kit.ids.new_id, editable=False, primary_key=True, serialize=False
)


class Migration(migrations.Migration):
    dependencies = [("identity", "0027_pin_for_payments")]

    operations = [
        migrations.AddField("FirstProof", "what", models.TextField(default="way")),
        migrations.AddField("FirstProof", "told_at", models.DateTimeField(null=True)),
        migrations.AddField("FirstProof", "known", hesabu.store.fields.SealedJSON(null=True)),
        migrations.AddField("Person", "timezone", models.TextField(default="")),
        migrations.CreateModel(
            name="Taking",
            fields=[
                ("id", ID.clone()),
                ("person_id", models.UUIDField(db_index=True)),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("stopped_at", models.DateTimeField(null=True)),
                ("stopped_by_id", models.UUIDField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "identity_taking"},
        ),
        *house_table("identity_taking", "SELECT, INSERT, UPDATE"),
    ]
