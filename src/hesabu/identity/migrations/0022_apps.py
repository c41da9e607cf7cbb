"""Apps that people let act for them: registered, asked for by a code with a challenge, over at last."""

import django.db.models.deletion
from django.db import migrations, models

import hesabu.kit.ids
import hesabu.store.fields
from hesabu.store.migration import house_table


class Migration(migrations.Migration):
    dependencies = [("identity", "0021_notices")]

    operations = [
        migrations.CreateModel(
            name="App",
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
                ("redirect_uris", models.JSONField()),
                ("scopes", models.JSONField()),
                ("secret_hash", models.BinaryField(null=True)),
                ("is_for_others", models.BooleanField(default=False)),
                ("made_by_id", models.UUIDField()),
                ("created_at", models.DateTimeField()),
                ("dropped_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "identity_app"},
        ),
        *house_table("identity_app", "SELECT, INSERT, UPDATE"),
        migrations.AddField("Key", "last_used_from", hesabu.store.fields.SealedText(null=True)),
        migrations.AddField(
            "Grant",
            "app",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="identity.app",
            ),
        ),
        migrations.AddField("Grant", "ends_at", models.DateTimeField(null=True)),
        migrations.AddField("Grant", "has_factor", models.BooleanField(default=False)),
        migrations.AddField("Token", "scopes", models.JSONField(null=True)),
        migrations.AddField("Token", "redirect_uri", models.TextField(default="")),
        migrations.AddField("Token", "challenge", models.TextField(default="")),
    ]
