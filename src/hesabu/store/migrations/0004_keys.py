"""Since when each secret is in use; and a narrow door in append-only tables for words that are sealed again or erased."""

from django.db import migrations

from hesabu.store.migration import OWNER, house_table

SECRETS = """
CREATE TABLE store_secret (
    name text NOT NULL, digest bytea NOT NULL, first_seen_at timestamptz NOT NULL, last_seen_at timestamptz NOT NULL,
    PRIMARY KEY (name, digest)
);
"""
# Its arguments are the columns that may change. All others must stay as they are, the act must be named, and only the
# owner's role may do it; that role could drop the trigger, so it is a rail against slips, not a wall against the owner.
WORDS = f"""
CREATE FUNCTION hesabu_refuse_change_but_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_user = '{OWNER}'
       AND current_setting('hesabu.rewriting', true) IN ('sealing again', 'erasing')
       AND to_jsonb(OLD) - TG_ARGV = to_jsonb(NEW) - TG_ARGV THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23H01';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("store", "0003_pace")]

    operations = [
        migrations.RunSQL(SECRETS, "DROP TABLE store_secret"),
        *house_table("store_secret", "SELECT, INSERT, UPDATE, DELETE"),
        migrations.RunSQL(WORDS, "DROP FUNCTION hesabu_refuse_change_but_words()"),
    ]
