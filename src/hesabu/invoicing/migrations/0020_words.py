"""Sealed words of what was issued may be sealed again under a new key, and erased when the law no longer wants them; by the
owner's role alone, and only when it says so. Figures, days, numbers and who owes whom stay as they were."""

from django.db import migrations

from hesabu.store.migration import OWNER, append_only_but_words

LINES = """
CREATE OR REPLACE FUNCTION invoicing_lines_are_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched_id uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.invoice_id ELSE NEW.invoice_id END;
BEGIN
    {words}
    IF EXISTS (SELECT FROM invoicing_invoice WHERE state <> 'draft'
               AND (id = touched_id OR (TG_OP = 'UPDATE' AND id = OLD.invoice_id))) THEN
        RAISE EXCEPTION 'an issued invoice does not change: it is credited' USING ERRCODE = 'HSB11';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""
WORDS = f"""
    IF TG_OP = 'UPDATE' AND current_user = '{OWNER}'
       AND current_setting('hesabu.rewriting', true) IN ('sealing again', 'erasing') THEN
        IF to_jsonb(OLD) - 'description' = to_jsonb(NEW) - 'description' THEN
            RETURN NEW;
        END IF;
    END IF;
"""


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0006_by_day"), ("store", "0004_keys")]

    operations = [
        *append_only_but_words("invoicing_credit_note", "reason"),
        *append_only_but_words("invoicing_paper", "snapshot"),
        migrations.RunSQL(LINES.format(words=WORDS), LINES.format(words="")),
    ]
