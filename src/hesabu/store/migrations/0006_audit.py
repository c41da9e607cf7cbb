"""The audit is searched by time, kind, person and address, however long the log is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0005_seals")]

    operations = [
        migrations.AddIndex(
            model_name="factrow",
            index=models.Index(fields=["business_id", "at", "id"], name="store_fact_at"),
        ),
        migrations.AddIndex(
            model_name="factrow",
            index=models.Index(fields=["business_id", "kind", "at", "id"], name="store_fact_kind"),
        ),
        migrations.AddIndex(
            model_name="factrow",
            index=models.Index(
                fields=["business_id", "actor_id", "at", "id"],
                name="store_fact_actor",
                condition=models.Q(actor_id__isnull=False),
            ),
        ),
        migrations.AddField(
            model_name="origin", name="address_index", field=models.BinaryField(null=True)
        ),
        migrations.AddIndex(
            model_name="origin",
            index=models.Index(
                fields=["business_id", "address_index", "id"], name="store_origin_address"
            ),
        ),
    ]
