"""Several ways to a person: legs, letters, mail addresses, costs."""

from django.db import migrations, models

import hesabu.kit.ids
import hesabu.store.fields
from hesabu.store.migration import house_table, tenant_table


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0002_guard"),
    ]

    operations = [
        migrations.CreateModel(
            name="EarlyWord",
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
                ("provider_index", models.BinaryField()),
                ("verb", models.TextField()),
                ("code", models.TextField(default="")),
                ("cure", models.TextField(default="none")),
                ("at", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": "messaging_early_word",
            },
        ),
        migrations.CreateModel(
            name="Leg",
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
                ("message_id", models.UUIDField()),
                ("channel", models.TextField()),
                ("state", models.TextField()),
                ("error_code", models.TextField(default="")),
                ("provider_id", hesabu.store.fields.SealedText(editable=True, null=True)),
                ("attempt_count", models.IntegerField(default=0)),
                ("live_from_attempt", models.IntegerField(default=1)),
                ("began_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "messaging_leg",
            },
        ),
        migrations.AddField(
            model_name="contact",
            name="channel",
            field=models.TextField(default="whatsapp"),
        ),
        migrations.AddField(
            model_name="contact",
            name="closed_channels",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="contact",
            name="email",
            field=hesabu.store.fields.SealedText(editable=True, null=True),
        ),
        migrations.AddField(
            model_name="contact",
            name="email_index",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="contact",
            name="reminders_out_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="dispatch",
            name="channel",
            field=models.TextField(default="whatsapp"),
        ),
        migrations.AddField(
            model_name="dispatch",
            name="cost_currency",
            field=models.TextField(default=""),
        ),
        migrations.AddField(
            model_name="dispatch",
            name="cost_millionths",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="dispatch",
            name="is_billable",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="dispatch",
            name="price_category",
            field=models.TextField(default=""),
        ),
        migrations.AddField(
            model_name="message",
            name="category",
            field=models.TextField(default="answer"),
        ),
        migrations.AddField(
            model_name="message",
            name="channel",
            field=models.TextField(default="whatsapp"),
        ),
        migrations.AddField(
            model_name="message",
            name="climbs",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="message",
            name="letter",
            field=hesabu.store.fields.SealedJSON(editable=True, null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="rung_began_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("email_index__isnull", False)),
                fields=["email_index"],
                name="messaging_contact_email",
            ),
        ),
        migrations.AddIndex(
            model_name="dispatch",
            index=models.Index(
                condition=models.Q(("attempt__gt", 0)),
                fields=["asked_at"],
                name="messaging_dispatch_sent",
            ),
        ),
        migrations.AddConstraint(
            model_name="earlyword",
            constraint=models.UniqueConstraint(
                fields=("provider_index", "verb"), name="messaging_early_word_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="leg",
            constraint=models.UniqueConstraint(
                fields=("business_id", "message_id", "channel"), name="messaging_leg_once"
            ),
        ),
        *house_table("messaging_early_word", "SELECT, INSERT, DELETE"),
        *tenant_table("messaging_leg", grants="SELECT, INSERT, UPDATE"),
    ]
