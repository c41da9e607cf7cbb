"""What the merchant counted by a slip can be taken back, and why stays written."""

from django.db import migrations, models

import hesabu.store.fields


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_guard")]

    operations = [
        migrations.AddField(
            "paymentrow",
            "withdrawn_reason",
            hesabu.store.fields.SealedText(editable=True, null=True),
        ),
        migrations.AddField("paymentrow", "withdrawn_at", models.DateTimeField(null=True)),
    ]
