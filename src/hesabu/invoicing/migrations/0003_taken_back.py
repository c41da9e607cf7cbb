"""Money that never came leaves the invoice it had gone to, and an invoice may take the place of another."""

from django.db import migrations, models

from hesabu.store.migration import composite_fk

MOVES_SOMETHING = models.Q(amount_minor__gt=0) | models.Q(
    amount_minor__lt=0, invoice_id__isnull=True, payment_id__isnull=True
)
TAKES_BACK = models.Q(amount_minor__lt=0, payment_id__isnull=False, takes_back_id__isnull=False)
KEY = (
    "ALTER TABLE invoicing_allocation ADD CONSTRAINT invoicing_allocation_of_business UNIQUE (business_id, id)",
    "ALTER TABLE invoicing_allocation DROP CONSTRAINT invoicing_allocation_of_business",
)
FROZEN = """
CREATE FUNCTION invoicing_replacing_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an issued invoice does not change: it is credited' USING ERRCODE = 'HSB11';
END $$;
CREATE TRIGGER invoicing_invoice_replacing
    BEFORE UPDATE OF replaces_id ON invoicing_invoice FOR EACH ROW
    WHEN (OLD.state <> 'draft' AND OLD.replaces_id IS DISTINCT FROM NEW.replaces_id)
    EXECUTE FUNCTION invoicing_replacing_is_frozen();
"""
UNFROZEN = """
DROP TRIGGER invoicing_invoice_replacing ON invoicing_invoice; DROP FUNCTION invoicing_replacing_is_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0002_guard")]

    operations = [
        migrations.AddField("invoice", "replaces_id", models.UUIDField(null=True)),
        migrations.AddField("allocation", "takes_back_id", models.UUIDField(null=True)),
        migrations.RemoveConstraint("allocation", "invoicing_allocation_paid"),
        migrations.RemoveConstraint("allocation", "invoicing_allocation_credit"),
        migrations.RemoveConstraint("allocation", "invoicing_allocation_moves_something"),
        migrations.AddConstraint(
            "allocation",
            models.UniqueConstraint(
                fields=["business_id", "invoice_id", "payment_id"],
                name="invoicing_allocation_paid",
                condition=models.Q(invoice_id__isnull=False, takes_back_id__isnull=True),
            ),
        ),
        migrations.AddConstraint(
            "allocation",
            models.UniqueConstraint(
                fields=["business_id", "customer_id", "payment_id"],
                name="invoicing_allocation_credit",
                condition=models.Q(invoice_id__isnull=True, takes_back_id__isnull=True),
            ),
        ),
        migrations.AddConstraint(
            "allocation",
            models.CheckConstraint(
                condition=MOVES_SOMETHING | TAKES_BACK, name="invoicing_allocation_moves_something"
            ),
        ),
        migrations.AddConstraint(
            "allocation",
            models.UniqueConstraint(
                fields=["business_id", "takes_back_id"],
                name="invoicing_allocation_taken_back_once",
                condition=models.Q(takes_back_id__isnull=False),
            ),
        ),
        migrations.RunSQL(*KEY),
        composite_fk("invoicing_allocation", "takes_back_id", "invoicing_allocation"),
        composite_fk("invoicing_invoice", "replaces_id", "invoicing_invoice"),
        migrations.RunSQL(FROZEN, UNFROZEN),
    ]
