"""A template that is not approved in the contact's language goes in English, and the house is told of the gap."""

from django.db import migrations, models

import hesabu.kit.ids
from hesabu.store.migration import house_table


class Migration(migrations.Migration):
    dependencies = [("messaging", "0022_proved")]

    operations = [
        migrations.AddField("message", "goes_in_english", models.BooleanField(default=False)),
        migrations.CreateModel(
            name="TemplateGap",
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
                ("name", models.TextField()),
                ("language", models.TextField()),
                ("code", models.TextField()),
                ("told_at", models.DateTimeField()),
            ],
            options={"db_table": "messaging_template_gap"},
        ),
        migrations.AddConstraint(
            "templategap",
            models.UniqueConstraint(
                fields=("name", "language"), name="messaging_template_gap_once"
            ),
        ),
        *house_table("messaging_template_gap", "SELECT, INSERT, UPDATE, DELETE"),
    ]
