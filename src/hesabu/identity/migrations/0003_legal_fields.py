"""What laws ask an invoice with tax to say of its seller, beside name, address and tax number."""

from django.db import migrations

from hesabu.store.fields import SealedText


class Migration(migrations.Migration):
    dependencies = [("identity", "0002_guard")]

    operations = [
        migrations.AddField("business", name, SealedText(editable=True, null=True))
        for name in ("vat_number", "registration_number", "signatory")
    ]
