"""Recovery codes are hashed from now on. Those that a sealed seed made are given up; their owners see new ones on that page."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("store", "0006_audit"), ("mfa", "0003_authenticator_type_uniq")]

    operations = [
        migrations.RunSQL(
            "UPDATE mfa_authenticator SET data = '{}' WHERE type = 'recovery_codes' AND data ? 'seed'",
            migrations.RunSQL.noop,
        )
    ]
