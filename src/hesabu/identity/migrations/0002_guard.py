"""Who may see and change what. A person may read their own memberships, and the businesses those lead to, unbound."""

from django.db import migrations

from hesabu.store.migration import house_table, tenant_table

MINE = "person_id = (SELECT current_setting('hesabu.person')::uuid)"
MEMBER = f"id IN (SELECT business_id FROM identity_membership WHERE {MINE})"


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_begin")]

    operations = [
        *house_table("identity_person", "SELECT, INSERT, UPDATE"),
        *tenant_table("identity_membership", also=MINE),
        *tenant_table(
            "identity_business", grants="SELECT, INSERT, UPDATE", column="id", also=MEMBER
        ),
    ]
