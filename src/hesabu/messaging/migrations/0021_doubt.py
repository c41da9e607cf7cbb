"""Whoever writes from a number may not be who wrote from it before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0020_erased")]

    operations = [
        migrations.AddField("contact", "doubted_at", models.DateTimeField(null=True)),
    ]
