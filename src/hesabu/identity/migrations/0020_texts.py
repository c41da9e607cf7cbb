"""Codes by text message as a second step; restoring who lost theirs."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import deletion

import hesabu.kit.ids
import hesabu.store.fields
from hesabu.store.migration import house_table

ID = models.UUIDField(
    default=hesabu.kit.ids.new_id, editable=False, primary_key=True, serialize=False
)


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0016_platform"),
    ]

    operations = [
        migrations.CreateModel(
            name="TextFactor",
            fields=[
                ("id", ID.clone()),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("number", hesabu.store.fields.SealedText()),
                ("since", models.DateTimeField()),
            ],
            options={"db_table": "identity_text_factor"},
        ),
        migrations.CreateModel(
            name="TextCode",
            fields=[
                ("id", ID.clone()),
                ("person_id", models.UUIDField()),
                ("purpose", models.TextField()),
                ("number", hesabu.store.fields.SealedText()),
                ("browser_hash", models.BinaryField()),
                ("code_hash", models.BinaryField()),
                ("wrong_count", models.IntegerField(default=0)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "identity_text_code"},
        ),
        migrations.CreateModel(
            name="Restoration",
            fields=[
                ("id", ID.clone()),
                ("person_id", models.UUIDField(db_index=True)),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("stopped_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "identity_restoration"},
        ),
        *house_table("identity_text_factor"),
        *house_table("identity_text_code"),
        *house_table("identity_restoration", "SELECT, INSERT, UPDATE"),
    ]
