"""Invoices are found by the day they were issued on: the summary of a day asks for them every evening."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0005_guard_reminders")]

    operations = [
        migrations.AddIndex(
            "invoice",
            models.Index(fields=["business_id", "issued_on"], name="invoicing_invoice_day"),
        ),
    ]
