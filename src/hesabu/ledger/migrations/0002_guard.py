"""What the database refuses by itself: what does not balance, what changes, what is closed, what is another business's."""

from django.db import migrations

from hesabu.store.migration import append_only, composite_fk, tenant_table

WHOLE = """
CREATE FUNCTION ledger_entries_are_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM new_entries e
        LEFT JOIN (SELECT business_id, entry_id, count(*) AS n FROM ledger_posting
                   WHERE (business_id, entry_id) IN (SELECT business_id, id FROM new_entries)
                   GROUP BY business_id, entry_id) p ON p.business_id = e.business_id AND p.entry_id = e.id
        WHERE p.n IS DISTINCT FROM e.posting_count OR e.posting_count < 2
    ) THEN
        RAISE EXCEPTION 'an entry is written together with all its postings' USING ERRCODE = '23H02';
    END IF;
    IF EXISTS (
        SELECT FROM new_entries e JOIN ledger_book b ON b.business_id = e.business_id
        WHERE e.booked_on <= b.period_locked_on
    ) THEN
        RAISE EXCEPTION 'that period is closed' USING ERRCODE = '23H03';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_entry_whole AFTER INSERT ON ledger_entry
    REFERENCING NEW TABLE AS new_entries FOR EACH STATEMENT EXECUTE FUNCTION ledger_entries_are_whole();

CREATE FUNCTION ledger_postings_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM new_postings GROUP BY business_id, entry_id, currency HAVING sum(amount_minor) <> 0
    ) THEN
        RAISE EXCEPTION 'debits and credits do not add up' USING ERRCODE = '23H04';
    END IF;
    IF EXISTS (
        SELECT FROM (SELECT business_id, entry_id, count(*) AS n, min(line) AS first, max(line) AS last
                     FROM new_postings GROUP BY business_id, entry_id) p
        JOIN ledger_entry e ON e.business_id = p.business_id AND e.id = p.entry_id
        WHERE (p.n, p.first, p.last) <> (e.posting_count, 1, e.posting_count)
    ) THEN
        RAISE EXCEPTION 'an entry is written together with all its postings' USING ERRCODE = '23H02';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_posting_balance AFTER INSERT ON ledger_posting
    REFERENCING NEW TABLE AS new_postings FOR EACH STATEMENT EXECUTE FUNCTION ledger_postings_balance();
"""
UNWHOLE = """
DROP TRIGGER ledger_posting_balance ON ledger_posting; DROP FUNCTION ledger_postings_balance();
DROP TRIGGER ledger_entry_whole ON ledger_entry; DROP FUNCTION ledger_entries_are_whole();
"""
OPENED = """
ALTER TABLE ledger_account ADD CONSTRAINT ledger_account_in_book
    FOREIGN KEY (business_id) REFERENCES ledger_book (business_id);
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_begin"), ("store", "0002_guard")]

    operations = [
        *tenant_table("ledger_book", grants="SELECT, INSERT, UPDATE"),
        *tenant_table("ledger_account", composite_key=True, grants="SELECT, INSERT, UPDATE"),
        *tenant_table("ledger_entry", composite_key=True, grants="SELECT, INSERT"),
        *tenant_table("ledger_posting", grants="SELECT, INSERT"),
        *tenant_table("ledger_balance", grants="SELECT, INSERT, UPDATE"),
        migrations.RunSQL(
            OPENED, "ALTER TABLE ledger_account DROP CONSTRAINT ledger_account_in_book"
        ),
        composite_fk("ledger_posting", "entry_id", "ledger_entry"),
        composite_fk("ledger_posting", "account_id", "ledger_account"),
        composite_fk("ledger_entry", "reverses_id", "ledger_entry"),
        composite_fk("ledger_balance", "account_id", "ledger_account"),
        *append_only("ledger_entry"),
        *append_only("ledger_posting"),
        migrations.RunSQL(WHOLE, UNWHOLE),
    ]
