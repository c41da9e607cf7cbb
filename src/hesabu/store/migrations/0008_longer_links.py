"""Tokens of links have 131 bits from now on, where they had 84. What leads somewhere already leads there by the longer token,
too; links that were sent or printed stay good."""

from django.db import migrations

from hesabu.kit import crypto, ids
from hesabu.store import links

OPENED = "SELECT DISTINCT kind, business_id, subject_id FROM store_link ORDER BY subject_id, kind"
OPEN = (
    "INSERT INTO store_link (id, token_hash, kind, business_id, subject_id) VALUES (%s, %s, %s, %s, %s)"
    " ON CONFLICT DO NOTHING"
)
AT_ONCE = 1000


def lengthen(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(OPENED)
        opened = cursor.fetchall()
        for start in range(0, len(opened), AT_ONCE):
            cursor.executemany(
                OPEN,
                [
                    (
                        ids.new_id(),
                        crypto.digest(f"{kind}:{links.token_of(kind, subject_id)}"),
                        kind,
                        business_id,
                        subject_id,
                    )
                    for kind, business_id, subject_id in opened[start : start + AT_ONCE]
                ],
            )


class Migration(migrations.Migration):
    dependencies = [("store", "0007_no_seeds")]

    operations = [migrations.RunPython(lengthen, migrations.RunPython.noop)]
