"""The chain over the facts, and where acts came from."""

from django.db import migrations, models

import hesabu.kit.ids
import hesabu.store.fields
from hesabu.store.migration import append_only, house_table, tenant_table

KEY = models.UUIDField(
    default=hesabu.kit.ids.new_id, editable=False, primary_key=True, serialize=False
)
SEALING = """
CREATE TABLE store_sealing (is_one boolean PRIMARY KEY CHECK (is_one), until_id uuid NOT NULL, at timestamptz NOT NULL);
INSERT INTO store_sealing VALUES (true, '00000000-0000-0000-0000-000000000000', now());
"""


class Migration(migrations.Migration):
    dependencies = [("store", "0004_keys")]

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("id", KEY),
                ("business_id", models.UUIDField()),
                ("seq", models.BigIntegerField()),
                ("from_id", models.UUIDField()),
                ("to_id", models.UUIDField()),
                ("count", models.IntegerField()),
                ("hash", models.BinaryField()),
                ("previous_hash", models.BinaryField()),
                ("sealed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "store_seal",
                "constraints": [
                    models.UniqueConstraint(fields=("business_id", "seq"), name="store_seal_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Origin",
            fields=[
                ("id", KEY),
                ("business_id", models.UUIDField()),
                ("address", hesabu.store.fields.SealedText(editable=True)),
            ],
            options={"db_table": "store_origin"},
        ),
        *tenant_table("store_seal", grants="SELECT"),
        *append_only("store_seal"),
        *tenant_table("store_origin", grants="SELECT, INSERT"),
        migrations.RunSQL(SEALING, "DROP TABLE store_sealing"),
        *house_table("store_sealing", "SELECT"),
    ]
