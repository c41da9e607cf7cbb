"""Counters that every process shares: how often one visitor did one thing. And what pages keep for a while."""

from django.db import migrations

from hesabu.store.migration import APP, house_table


class Migration(migrations.Migration):
    dependencies = [("store", "0002_guard")]

    operations = [
        migrations.RunSQL(
            "CREATE UNLOGGED TABLE store_pace (name text NOT NULL, who bytea NOT NULL, slot bigint NOT NULL,"
            " count integer NOT NULL, ends_at timestamptz NOT NULL, PRIMARY KEY (name, who, slot));"
            "CREATE INDEX store_pace_over ON store_pace (ends_at);"
            "CREATE UNLOGGED TABLE store_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL,"
            " expires timestamptz NOT NULL);"
            "CREATE INDEX store_cache_expires ON store_cache (expires)",
            "DROP TABLE store_pace; DROP TABLE store_cache",
        ),
        *house_table("store_pace"),
        *house_table("store_cache"),
        migrations.RunSQL(f"REVOKE TRUNCATE ON store_pace, store_cache FROM {APP}", ""),
    ]
