"""Row-level security of workspaces and memberships, and the one look-up from a user to their workspaces."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.roles import APP
from offhold.kernel.db.tenancy import definer, tenant


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]
    operations = [
        tenant("workspaces", column="id", rights="SELECT, UPDATE"),
        tenant("memberships"),
        migrations.RunSQL(
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON users, account_emailaddress,"
            f" account_emailconfirmation TO {APP}; GRANT SELECT ON django_content_type, django_migrations TO {APP}",
            migrations.RunSQL.noop,
        ),
        definer(
            "memberships_of",
            "person bigint",
            "TABLE (id bigint, workspace_id bigint, role text, duty_name text, initials text)",
            "SELECT m.id, m.workspace_id, m.role, m.duty_name, m.initials FROM memberships m JOIN users u ON u.id = m.user_id"
            " WHERE m.user_id = person AND u.is_active ORDER BY m.id",
        ),
    ]
