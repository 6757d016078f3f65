# The models of the application, as alembic's env.py had them for --autogenerate. Roles, policies, triggers
# and functions are made by migrations alone.
#
#	[create]
#	desired_command = python3 -m app.models
import os

from sqlalchemy import (
    BigInteger, Boolean, Column, DateTime, Enum, ForeignKey, Identity, Index, MetaData, String, Table, Text,
    UniqueConstraint, create_engine, func, text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

meta = MetaData()


def key():
    return Column("id", UUID, primary_key=True, server_default=text("gen_random_uuid()"))


def number_key():
    return Column("id", BigInteger, Identity(always=True), primary_key=True)


def tenant():
    return Column("tenant_id", ForeignKey("tenants.id", ondelete="CASCADE"), nullable=False)


def moment(name, default="now()"):
    return Column(name, DateTime(timezone=True), nullable=False, server_default=default and text(default))


def must(name, type_, default=None):
    return Column(name, type_, nullable=False, server_default=default)


Table("tenants", meta, key(), must("name", String(100)), must("slug", String(50)), must("plan", String(20), "free"),
      moment("created_at"), UniqueConstraint("slug", name="tenants_slug_key"))
users = Table(
    "users", meta, key(), tenant(), must("email", String(255)), must("password_hash", Text),
    Column("role_text", String(20)), Column("last_login_at", DateTime(timezone=True)), moment("created_at"),
    must("role", Enum("viewer", "editor", "admin", "owner", name="user_role"), "viewer"),
    must("email_verified", Boolean, text("false")),
    UniqueConstraint("tenant_id", "email", name="users_tenant_id_email_key"),
)
Index("idx_users_email", func.lower(users.c.email))
documents = Table(
    "documents", meta, number_key(), tenant(), Column("owner_id", ForeignKey("users.id", ondelete="SET NULL")),
    must("title", Text), must("content", Text, ""), must("metadata", JSONB, "{}"), moment("created_at"),
)
Index("idx_documents_tenant_id", documents.c.tenant_id)
Index("idx_documents_owner_id", documents.c.owner_id)
Index("idx_documents_metadata", documents.c.metadata, postgresql_using="gin",
      postgresql_ops={"metadata": "jsonb_path_ops"})
Index("idx_documents_content", func.to_tsvector(text("'simple'"), text("title || ' ' || content")),
      postgresql_using="gin", _table=documents)
Index("idx_documents_tenant_id_created_at", documents.c.tenant_id, documents.c.created_at.desc())
sessions = Table(
    "sessions", meta, key(), tenant(), Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    moment("created_at"), moment("expires_at", None),
)
for column in ("tenant_id", "user_id", "expires_at"):
    Index(f"idx_sessions_{column}", sessions.c[column])
preferences = Table(
    "user_preferences", meta, Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True), tenant(),
    must("theme", String(20), "system"), must("language", String(10), "en"), must("settings", JSONB, "{}"),
    moment("updated_at"),
)
Index("idx_user_preferences_tenant_id", preferences.c.tenant_id)
trail = Table(
    "audit_trail", meta, number_key(), Column("tenant_id", UUID), must("table_name", Text), must("row_id", Text),
    must("operation", Text), Column("old_values", JSONB), Column("new_values", JSONB), must("changed_by", Text),
    moment("changed_at", "clock_timestamp()"),
)
Index("idx_audit_trail_row", trail.c.table_name, trail.c.row_id)
Index("idx_audit_trail_tenant_id_changed_at", trail.c.tenant_id, trail.c.changed_at.desc())

if __name__ == "__main__":
    meta.create_all(create_engine(os.environ["DATABASE_URL"].replace("+asyncpg", "")))
