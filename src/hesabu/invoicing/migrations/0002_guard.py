"""What the database refuses by itself: another business's rows, and any change of what was issued."""

from django.db import migrations

from hesabu.store.migration import append_only, composite_fk, tenant_table

FROZEN = """
CREATE FUNCTION invoicing_issued_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'draft' THEN
        RETURN NEW;
    END IF;
    IF (OLD.business_id, OLD.customer_id, OLD.version, OLD.currency, OLD.tax_mode, OLD.net_minor, OLD.tax_minor,
        OLD.total_minor, OLD.discount_minor, OLD.due_on, OLD.number, OLD.number_value, OLD.issued_on, OLD.issued_at,
        OLD.entry_id)
       IS DISTINCT FROM
       (NEW.business_id, NEW.customer_id, NEW.version, NEW.currency, NEW.tax_mode, NEW.net_minor, NEW.tax_minor,
        NEW.total_minor, NEW.discount_minor, NEW.due_on, NEW.number, NEW.number_value, NEW.issued_on, NEW.issued_at,
        NEW.entry_id)
    THEN
        RAISE EXCEPTION 'an issued invoice does not change: it is credited' USING ERRCODE = 'HSB11';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER invoicing_invoice_frozen
    BEFORE UPDATE OF business_id, customer_id, version, currency, tax_mode, net_minor, tax_minor, total_minor,
                     discount_minor, due_on, number, number_value, issued_on, issued_at, entry_id
    ON invoicing_invoice FOR EACH ROW EXECUTE FUNCTION invoicing_issued_is_frozen();

CREATE FUNCTION invoicing_move_is_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'no invoice moves from % to %', OLD.state, NEW.state USING ERRCODE = 'HSB12';
END $$;
CREATE TRIGGER invoicing_invoice_forward
    BEFORE UPDATE OF state ON invoicing_invoice FOR EACH ROW
    WHEN ((OLD.state <> 'draft' AND NEW.state = 'draft')
          OR (OLD.state IN ('void', 'credited') AND NEW.state <> OLD.state)
          OR (OLD.state = 'draft' AND NEW.state NOT IN ('draft', 'issued', 'void')))
    EXECUTE FUNCTION invoicing_move_is_forward();

CREATE FUNCTION invoicing_lines_are_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched_id uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.invoice_id ELSE NEW.invoice_id END;
BEGIN
    IF EXISTS (SELECT FROM invoicing_invoice WHERE state <> 'draft'
               AND (id = touched_id OR (TG_OP = 'UPDATE' AND id = OLD.invoice_id))) THEN
        RAISE EXCEPTION 'an issued invoice does not change: it is credited' USING ERRCODE = 'HSB11';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER invoicing_line_frozen
    BEFORE INSERT OR UPDATE OR DELETE ON invoicing_line FOR EACH ROW EXECUTE FUNCTION invoicing_lines_are_frozen();
"""
UNFROZEN = """
DROP TRIGGER invoicing_line_frozen ON invoicing_line; DROP FUNCTION invoicing_lines_are_frozen();
DROP TRIGGER invoicing_invoice_forward ON invoicing_invoice; DROP FUNCTION invoicing_move_is_forward();
DROP TRIGGER invoicing_invoice_frozen ON invoicing_invoice; DROP FUNCTION invoicing_issued_is_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("invoicing", "0001_begin"),
        ("store", "0002_guard"),
        ("ledger", "0002_guard"),
        ("payments", "0002_guard"),
    ]

    operations = [
        *tenant_table("invoicing_customer", composite_key=True, grants="SELECT, INSERT, UPDATE"),
        *tenant_table("invoicing_item", composite_key=True, grants="SELECT, INSERT, UPDATE"),
        *tenant_table("invoicing_series", composite_key=True, grants="SELECT, INSERT, UPDATE"),
        *tenant_table("invoicing_invoice", composite_key=True, grants="SELECT, INSERT, UPDATE"),
        *tenant_table("invoicing_line", composite_key=True),
        *tenant_table("invoicing_credit_note", composite_key=True, grants="SELECT, INSERT"),
        *tenant_table("invoicing_credit_line", composite_key=True, grants="SELECT, INSERT"),
        *tenant_table("invoicing_paper", composite_key=True, grants="SELECT, INSERT"),
        *tenant_table("invoicing_print", composite_key=True, grants="SELECT, INSERT"),
        *tenant_table("invoicing_allocation", grants="SELECT, INSERT"),
        composite_fk("invoicing_invoice", "customer_id", "invoicing_customer"),
        composite_fk("invoicing_invoice", "entry_id", "ledger_entry"),
        composite_fk("invoicing_line", "invoice_id", "invoicing_invoice"),
        composite_fk("invoicing_credit_note", "invoice_id", "invoicing_invoice"),
        composite_fk("invoicing_credit_note", "entry_id", "ledger_entry"),
        composite_fk("invoicing_credit_line", "credit_note_id", "invoicing_credit_note"),
        composite_fk("invoicing_credit_line", "line_id", "invoicing_line"),
        composite_fk("invoicing_allocation", "invoice_id", "invoicing_invoice"),
        composite_fk("invoicing_allocation", "customer_id", "invoicing_customer"),
        composite_fk("invoicing_allocation", "credit_note_id", "invoicing_credit_note"),
        composite_fk("invoicing_allocation", "payment_id", "payments_payment"),
        *append_only("invoicing_credit_note"),
        *append_only("invoicing_credit_line"),
        *append_only("invoicing_paper"),
        *append_only("invoicing_allocation"),
        migrations.RunSQL(FROZEN, UNFROZEN),
    ]
