"""The platform's own people are told of things, see that businesses are there, and agents bring some."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import deletion

import hesabu.kit.ids
from hesabu.store.migration import house_table

ID = models.UUIDField(
    default=hesabu.kit.ids.new_id, editable=False, primary_key=True, serialize=False
)
TABLES = {
    "identity_listing": "SELECT, INSERT, UPDATE",
    "identity_notice": "SELECT, INSERT, UPDATE",
    "identity_notice_choice": "SELECT, INSERT, UPDATE, DELETE",
    "identity_notice_waiting": "SELECT, INSERT, DELETE",
    "identity_notice_reader": "SELECT, INSERT, UPDATE, DELETE",
}


def person(one_to_one=False):
    kind = models.OneToOneField if one_to_one else models.ForeignKey
    return kind(on_delete=deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)


class Migration(migrations.Migration):
    dependencies = [("identity", "0020_texts")]

    operations = [
        migrations.CreateModel(
            name="Listing",
            fields=[
                (
                    "business_id",
                    models.UUIDField(editable=False, primary_key=True, serialize=False),
                ),
                ("country", models.CharField(max_length=2)),
                ("created_at", models.DateTimeField(db_index=True)),
                ("brought_by_id", models.UUIDField(db_index=True, null=True)),
            ],
            options={"db_table": "identity_listing"},
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", ID.clone()),
                ("business_id", models.UUIDField()),
                ("kind", models.TextField()),
                ("subject_kind", models.TextField()),
                ("subject_id", models.UUIDField()),
                ("at", models.DateTimeField(db_index=True)),
                ("spread_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "identity_notice"},
        ),
        migrations.CreateModel(
            name="NoticeChoice",
            fields=[
                ("id", ID.clone()),
                ("person", person()),
                ("kind", models.TextField()),
                ("timing", models.TextField()),
                ("way", models.TextField()),
            ],
            options={
                "db_table": "identity_notice_choice",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "kind"), name="identity_notice_choice_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeWaiting",
            fields=[
                ("id", ID.clone()),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=deletion.PROTECT, related_name="+", to="identity.notice"
                    ),
                ),
                ("person", person()),
                ("way", models.TextField()),
            ],
            options={
                "db_table": "identity_notice_waiting",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "notice"), name="identity_notice_waiting_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeReader",
            fields=[
                ("id", ID.clone()),
                ("person", person(one_to_one=True)),
                ("timezone", models.TextField()),
                ("digested_on", models.DateField(null=True)),
            ],
            options={"db_table": "identity_notice_reader"},
        ),
        *(step for table, grants in TABLES.items() for step in house_table(table, grants)),
        migrations.RunSQL(
            "INSERT INTO identity_listing (business_id, country, created_at)"
            " SELECT id, country, created_at FROM identity_business",
            migrations.RunSQL.noop,
        ),
    ]
