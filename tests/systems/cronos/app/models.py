# The models of the service, as env.py had them for --autogenerate; where the database is say the same
# variables as in production:
#
#	[create]
#	desired_command = python3 -m app.models
import os

from sqlalchemy import (
    ARRAY, BigInteger, Boolean, Column, DateTime, ForeignKey, Identity, Index, Integer, MetaData, Table, Text,
    UniqueConstraint, create_engine, text,
)
from sqlalchemy.dialects.postgresql import INET, JSONB
from sqlalchemy.engine import URL

meta = MetaData()


def key():
    return Column("id", BigInteger, Identity(always=True), primary_key=True)


def moment(name, **options):
    return Column(name, DateTime(timezone=True), **options)


def created_at():
    return moment("created_at", nullable=False, server_default=text("now()"))


def must(name, type_, default=None):
    return Column(name, type_, nullable=False, server_default=default)


Table(
    "users", meta, key(), must("email", Text), must("full_name", Text), must("password_hash", Text),
    must("role", Text, "member"), must("is_active", Boolean, text("true")), must("failed_logins", Integer, text("0")),
    moment("locked_until"), created_at(), Column("preferred_name", Text),
    UniqueConstraint("email", name="users_email_key"),
    Index("idx_users_locked_until", "locked_until", postgresql_where=text("locked_until IS NOT NULL")),
)
Table(
    "api_keys", meta, key(), Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    must("name", Text), must("scopes", ARRAY(Text), "{read}"), moment("expires_at"), moment("revoked_at"),
    moment("last_used_at"), created_at(), must("key_prefix", Text), must("key_hash", Text),
    UniqueConstraint("user_id", "name", name="api_keys_user_id_name_key"),
    UniqueConstraint("key_hash", name="api_keys_key_hash_key"),
    Index("idx_api_keys_expires_at", "expires_at", postgresql_where=text("revoked_at IS NULL")),
)
Table(
    "audit_logs", meta, key(), Column("user_id", ForeignKey("users.id", ondelete="SET NULL")),
    Column("api_key_id", ForeignKey("api_keys.id", ondelete="SET NULL")), must("action", Text), must("resource", Text),
    must("outcome", Text), Column("client_address", INET), must("details", JSONB, "{}"), created_at(),
    Index("idx_audit_logs_user_id_created_at", "user_id", text("created_at DESC")),
    Index("idx_audit_logs_created_at", "created_at", postgresql_using="brin"),
)

if __name__ == "__main__":
    part = {name: os.environ.get(f"CRONOS_AI_DB_{name}") for name in ("HOST", "PORT", "NAME", "USER", "PASSWORD")}
    url = URL.create("postgresql+psycopg2", part["USER"], part["PASSWORD"], None, None, part["NAME"],
                     {"host": part["HOST"], "port": part["PORT"]})
    meta.create_all(create_engine(url))
