"""Who may see and change what; and the tables that no model needs."""

from django.db import migrations

from hesabu.store.migration import APP, STAFF, append_only, grant, house_table, tenant_table

MARKS = """
CREATE TABLE store_reading (
    reader text NOT NULL, fact_id uuid NOT NULL, business_id uuid NOT NULL,
    PRIMARY KEY (reader, fact_id)
);
CREATE TABLE store_unread (
    reader text NOT NULL, fact_id uuid NOT NULL, business_id uuid NOT NULL, error text NOT NULL, at timestamptz NOT NULL,
    PRIMARY KEY (reader, fact_id)
);
"""
JOBS = f"""
GRANT SELECT, INSERT, UPDATE, DELETE ON procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers,
    procrastinate_workers TO {APP};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP};
GRANT SELECT ON procrastinate_jobs TO {STAFF};
GRANT SELECT ON django_migrations TO {APP}, {STAFF};
"""


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0001_begin"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]

    operations = [
        *tenant_table("store_fact", grants="SELECT, INSERT"),
        *append_only("store_fact"),
        *tenant_table("store_file", grants="SELECT, INSERT, DELETE"),
        *tenant_table("store_idempotency", grants="SELECT, INSERT, UPDATE"),
        *house_table("store_endpoint", "SELECT, INSERT, UPDATE"),
        *house_table("store_letter", "SELECT, INSERT, UPDATE"),
        *house_table("store_link", "SELECT, INSERT"),
        *house_table("store_flag", "SELECT, INSERT, UPDATE"),
        migrations.RunSQL(MARKS, "DROP TABLE store_reading; DROP TABLE store_unread"),
        *tenant_table("store_reading", grants="SELECT, INSERT"),
        grant("store_unread", "SELECT, INSERT, DELETE"),
        migrations.RunSQL(JOBS, migrations.RunSQL.noop),
    ]
