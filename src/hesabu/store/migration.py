"""Operations for migrations: what Django's schema editor does not say.

    operations = [CreateModel(...), *tenant_table("invoicing_invoice", composite_key=True),
                  composite_fk("invoicing_line", "invoice_id", "invoicing_invoice"), append_only("ledger_entry")]

The policy of a tenant table compares `business_id` with the set that the transaction bound. `current_setting` without its
second argument raises when nothing was ever bound, and an unset binding is an empty text that is no array: an unbound
query fails either way. The two nested SELECTs make PostgreSQL evaluate the setting once per statement, not per row.
"""

from __future__ import annotations

from django.db.migrations import RunSQL

OWNER, APP, STAFF = "hesabu_owner", "hesabu_app", "hesabu_staff"
BOUND = "ANY ((SELECT current_setting('hesabu.businesses')::uuid[])::uuid[])"
ALL_GRANTS = "SELECT, INSERT, UPDATE, DELETE"


def grant(table: str, what: str = ALL_GRANTS) -> RunSQL:
    """What the application may do with a table; staff may always read it."""
    return RunSQL(
        f"REVOKE ALL ON {table} FROM {APP}, {STAFF}; GRANT {what} ON {table} TO {APP}; GRANT SELECT ON {table} TO {STAFF}",
        f"REVOKE ALL ON {table} FROM {APP}, {STAFF}",
    )


def house_table(table: str, grants: str = ALL_GRANTS) -> list[RunSQL]:
    """A table that belongs to no business: grants, no policy."""
    return [grant(table, grants)]


def tenant_table(
    table: str,
    *,
    composite_key: bool = False,
    grants: str = ALL_GRANTS,
    column: str = "business_id",
    also: str = "",
) -> list[RunSQL]:
    """Row-level security, forced. `also` is a further condition under which the application sees a row, and only sees it."""
    seen = f"{column} = {BOUND}"
    further = (
        f"CREATE POLICY {table}_also ON {table} FOR SELECT TO {APP} USING ({also});" if also else ""
    )
    steps = [
        RunSQL(
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
            f"CREATE POLICY {table}_owner ON {table} TO {OWNER} USING (true) WITH CHECK (true);"
            f"CREATE POLICY {table}_staff ON {table} FOR SELECT TO {STAFF} USING (true);"
            f"CREATE POLICY {table}_bound ON {table} TO {APP} USING ({seen}) WITH CHECK ({seen});"
            f"{further}",
            f"DROP POLICY IF EXISTS {table}_also ON {table}; DROP POLICY {table}_bound ON {table}; DROP POLICY {table}_staff ON {table};"
            f"DROP POLICY {table}_owner ON {table}; ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;"
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
        ),
        grant(table, grants),
    ]
    if composite_key:
        steps.append(
            RunSQL(
                f"ALTER TABLE {table} ADD CONSTRAINT {table}_of_business UNIQUE (business_id, id)",
                f"ALTER TABLE {table} DROP CONSTRAINT {table}_of_business",
            )
        )
    return steps


def composite_fk(
    table: str, column: str, target: str, *, target_column: str = "id", deferred: bool = False
) -> RunSQL:
    """(business_id, column) → (business_id, id): a row can only point at a row of its own business."""
    name = f"{table}_{column}_same_business"
    when = " DEFERRABLE INITIALLY DEFERRED" if deferred else ""
    return RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (business_id, {column}) "
        f"REFERENCES {target} (business_id, {target_column}) ON DELETE NO ACTION{when}",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def append_only(table: str) -> list[RunSQL]:
    """UPDATE, DELETE and TRUNCATE are refused for everybody, the owner too."""
    return [
        RunSQL(
            "CREATE OR REPLACE FUNCTION hesabu_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$"
            " BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23H01'; END $$;"
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION hesabu_refuse_change();",
            f"DROP TRIGGER {table}_append_only ON {table}",
        ),
        RunSQL(
            f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APP}, {STAFF}",
            f"GRANT UPDATE, DELETE ON {table} TO {APP}",
        ),
    ]


def append_only_but_words(table: str, *columns: str) -> list[RunSQL]:
    """Of an append-only table: the owner's role may seal these columns again, or erase what they say, and nothing else."""
    named = ", ".join(f"'{column}'" for column in columns)
    return [
        RunSQL(
            f"DROP TRIGGER {table}_append_only ON {table};"
            f"CREATE TRIGGER {table}_append_only BEFORE DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION hesabu_refuse_change();"
            f"CREATE TRIGGER {table}_words BEFORE UPDATE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION hesabu_refuse_change_but_words({named})",
            f"DROP TRIGGER {table}_words ON {table}; DROP TRIGGER {table}_append_only ON {table};"
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION hesabu_refuse_change()",
        )
    ]
