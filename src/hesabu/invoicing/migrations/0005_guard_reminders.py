"""Reminders under the same guard as everything else, deposits frozen with their invoice, and a first turn for everybody who
was here before."""

from django.db import migrations

from hesabu.store.migration import append_only, composite_fk, house_table, tenant_table

FROZEN = """
CREATE FUNCTION invoicing_deposit_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an issued invoice does not change: it is credited' USING ERRCODE = 'HSB11';
END $$;
CREATE TRIGGER invoicing_invoice_deposit
    BEFORE UPDATE OF deposit_minor ON invoicing_invoice FOR EACH ROW
    WHEN (OLD.state <> 'draft' AND OLD.deposit_minor <> NEW.deposit_minor)
    EXECUTE FUNCTION invoicing_deposit_is_frozen();
"""
UNFROZEN = """
DROP TRIGGER invoicing_invoice_deposit ON invoicing_invoice; DROP FUNCTION invoicing_deposit_is_frozen();
"""
FIRST_TURNS = """
INSERT INTO invoicing_turn (id, kind, business_id, subject_id, next_at)
SELECT gen_random_uuid(), 'customer', business_id, customer_id, now() FROM invoicing_invoice
WHERE state IN ('issued', 'part_paid') GROUP BY business_id, customer_id;
INSERT INTO invoicing_turn (id, kind, business_id, subject_id, next_at)
SELECT gen_random_uuid(), k.kind, b.id, b.id, now() - interval '1 day'
FROM identity_business b, (VALUES ('evening_summary'), ('unpaid_list')) AS k (kind);
"""


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0004_reminders"), ("identity", "0002_guard")]

    operations = [
        *tenant_table("invoicing_promise", composite_key=True, grants="SELECT, INSERT, UPDATE"),
        *tenant_table("invoicing_reminder", grants="SELECT, INSERT"),
        *tenant_table("invoicing_habit", grants="SELECT, INSERT, UPDATE"),
        *house_table("invoicing_turn"),
        composite_fk("invoicing_promise", "invoice_id", "invoicing_invoice"),
        composite_fk("invoicing_reminder", "invoice_id", "invoicing_invoice"),
        composite_fk("invoicing_reminder", "customer_id", "invoicing_customer"),
        composite_fk("invoicing_reminder", "promise_id", "invoicing_promise"),
        composite_fk("invoicing_habit", "customer_id", "invoicing_customer"),
        *append_only("invoicing_reminder"),
        migrations.RunSQL(FROZEN, UNFROZEN),
        migrations.RunSQL(FIRST_TURNS, migrations.RunSQL.noop),
    ]
