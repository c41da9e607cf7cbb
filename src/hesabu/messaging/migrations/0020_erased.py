"""When it was forgotten what a message said; and what is forgotten next."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0003_ways")]

    operations = [
        migrations.AddField("message", "erased_at", models.DateTimeField(null=True)),
    ]
