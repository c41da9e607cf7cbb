"""Where money goes changes after two days, so that who is robbed can stop it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_by_day")]

    operations = [
        migrations.AddField("paymentaccount", "thaws_at", models.DateTimeField(null=True)),
        migrations.AddField("paymentaccount", "closes_at", models.DateTimeField(null=True)),
    ]
