"""Who takes another provider's account off their own takes its tokens off with it; none is kept, and the library looks."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("identity", "0024_business_page")]

    operations = [
        migrations.RunSQL(
            "GRANT DELETE ON socialaccount_socialtoken TO hesabu_app",
            "REVOKE DELETE ON socialaccount_socialtoken FROM hesabu_app",
        ),
    ]
