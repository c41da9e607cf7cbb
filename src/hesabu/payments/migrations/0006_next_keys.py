"""New keys for a way to be paid take effect after two days, as every change of where money goes does."""

from django.db import migrations, models

import hesabu.store.fields


class Migration(migrations.Migration):
    dependencies = [("payments", "0005_frozen")]

    operations = [
        migrations.AddField(
            "paymentaccount", "next_credentials", hesabu.store.fields.SealedJSON(null=True)
        ),
        migrations.AddField("paymentaccount", "rekeys_at", models.DateTimeField(null=True)),
    ]
