"""When it was forgotten who a customer is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0020_words")]

    operations = [
        migrations.AddField("customer", "erased_at", models.DateTimeField(null=True)),
    ]
