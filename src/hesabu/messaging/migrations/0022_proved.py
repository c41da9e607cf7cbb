"""When somebody showed that a number is still theirs, though they had not written for long."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0021_doubt")]

    operations = [
        migrations.AddField("contact", "proved_at", models.DateTimeField(null=True)),
    ]
