"""Payments are found by the day they are booked on: the summary of a day asks for them every evening."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_withdrawn")]

    operations = [
        migrations.AddIndex(
            "paymentrow",
            models.Index(fields=["business_id", "booked_on"], name="payments_payment_day"),
        ),
    ]
