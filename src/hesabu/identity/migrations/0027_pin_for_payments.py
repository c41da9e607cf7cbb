"""When a chat asks for the PIN before money is counted as received, as each business wants it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0026_first_proofs")]

    operations = [
        migrations.AddField("Business", "pin_for_payments", models.TextField(default="above")),
    ]
