"""References of tables that take many rows at once, checked for a statement as a whole.

A foreign key asks the parent once for every row, each time by a statement of its own: of what storing a message cost
the database these were a fifth. Here one question is asked for all rows of an INSERT, and one for each row whose
reference an UPDATE changes. What a key does besides, holding on to the parent, is not needed where nobody may delete
parents: their tables lose that right. Where a parent can be deleted, a foreign key stays.
"""

from __future__ import annotations

from django.db.migrations import RunSQL

from offhold.kernel.db.roles import APP

_TRIGGERS = """
CREATE FUNCTION {table}_refer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
{of_all}
  RETURN NULL;
END $$;
CREATE FUNCTION {table}_refers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
{of_one}
  RETURN NULL;
END $$;
CREATE TRIGGER references_of_new AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION {table}_refer();
CREATE TRIGGER references_of_changed AFTER UPDATE OF {columns} ON {table} FOR EACH ROW
  WHEN ((OLD.workspace_id, {old}) IS DISTINCT FROM (NEW.workspace_id, {new})) EXECUTE FUNCTION {table}_refers();
GRANT EXECUTE ON FUNCTION {table}_refer, {table}_refers TO {app};
"""
_REFUSE = """
  IF EXISTS (SELECT FROM {rows} WHERE n.{column} IS NOT NULL AND NOT EXISTS (
    SELECT FROM {parent} p WHERE p.workspace_id = n.workspace_id AND p.id = n.{column})) THEN
    RAISE foreign_key_violation USING MESSAGE = '{table}.{column} refers to nothing in {parent} of its workspace';
  END IF;
"""


def refers(table: str, **parents: str) -> RunSQL:
    """`column=parent`: (workspace_id, column) is NULL or a (workspace_id, id) of `parent`, from which nobody deletes.

    Replaces the foreign keys of those names; rows that are there have been checked by them.
    """
    keys = [f"{table}_workspace_id_{column}_fkey" for column in parents]
    dropped = "".join(f"ALTER TABLE {table} DROP CONSTRAINT {key};" for key in keys)
    revoked = "".join(f"REVOKE DELETE ON {parent} FROM {APP};" for parent in sorted(set(parents.values())))
    made = _TRIGGERS.format(
        table=table, app=APP, columns=", ".join(parents), old=_all("OLD", parents), new=_all("NEW", parents),
        of_all=_refused(table, parents, "new_rows n"), of_one=_refused(table, parents, "(SELECT NEW.*) n"),
    )  # fmt: skip
    back = "".join(
        f"ALTER TABLE {table} ADD FOREIGN KEY (workspace_id, {column}) REFERENCES {parent} (workspace_id, id);"
        for column, parent in parents.items()
    )
    undone = f"DROP FUNCTION {table}_refer CASCADE; DROP FUNCTION {table}_refers CASCADE;"
    given = "".join(f"GRANT DELETE ON {parent} TO {APP};" for parent in sorted(set(parents.values())))
    return RunSQL(dropped + revoked + made, undone + given + back)


def _all(row: str, parents: dict[str, str]) -> str:
    return ", ".join(f"{row}.{column}" for column in parents)


def _refused(table: str, parents: dict[str, str], rows: str) -> str:
    return "".join(
        _REFUSE.format(table=table, column=column, parent=parent, rows=rows) for column, parent in parents.items()
    )
