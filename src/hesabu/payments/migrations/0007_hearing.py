"""Money that nobody heard of is found in the provider's list; and a prompt's money that the merchant had counted before waits
for their word."""

from django.db import migrations, models

import hesabu.kit.ids
from hesabu.store.migration import composite_fk, tenant_table

GRANTS = "SELECT, INSERT, UPDATE"


def _id() -> tuple[str, models.Field]:
    return (
        "id",
        models.UUIDField(
            default=hesabu.kit.ids.new_id, editable=False, primary_key=True, serialize=False
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("payments", "0006_next_keys")]

    operations = [
        migrations.CreateModel(
            name="Listening",
            fields=[
                _id(),
                ("business_id", models.UUIDField()),
                ("account_id", models.UUIDField()),
                ("registered_at", models.DateTimeField(null=True)),
                ("refused_code", models.TextField(default="")),
                ("list_opened_at", models.DateTimeField(null=True)),
                ("list_refused_code", models.TextField(default="")),
                ("window_from", models.DateTimeField(null=True)),
                ("window_to", models.DateTimeField(null=True)),
                ("rows_read", models.IntegerField(default=0)),
                ("listed_until", models.DateTimeField(null=True)),
                ("next_list_at", models.DateTimeField(null=True)),
                ("missed_from", models.DateTimeField(null=True)),
                ("missed_until", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "payments_listening",
                "constraints": [
                    models.UniqueConstraint(fields=("account_id",), name="payments_listening_once")
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_list_at__isnull", False)),
                        fields=["next_list_at"],
                        name="payments_listening_due",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Twin",
            fields=[
                _id(),
                ("business_id", models.UUIDField()),
                ("payment_id", models.UUIDField()),
                ("by_word_id", models.UUIDField()),
                ("purpose_kind", models.TextField()),
                ("purpose_id", models.UUIDField()),
                ("state", models.TextField(default="asked")),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "payments_twin",
                "constraints": [
                    models.UniqueConstraint(fields=("payment_id",), name="payments_twin_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("by_word_id",),
                        name="payments_twin_open",
                    ),
                ],
            },
        ),
        *tenant_table("payments_listening", composite_key=True, grants=GRANTS),
        *tenant_table("payments_twin", composite_key=True, grants=GRANTS),
        composite_fk("payments_listening", "account_id", "payments_account"),
        composite_fk("payments_twin", "payment_id", "payments_payment"),
        composite_fk("payments_twin", "by_word_id", "payments_payment"),
    ]
