# The models of the application, as alembic/env.py had them for --autogenerate:
#
#	[create]
#	desired_command = python3 -m app.models
import os

from sqlalchemy import (
    ARRAY, BigInteger, Boolean, Column, Computed, DateTime, Enum, ForeignKey, Identity, Index,
    Integer, Interval, REAL, Text, UniqueConstraint, create_engine, func, text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR, UUID
from sqlalchemy.orm import declarative_base

Base = declarative_base()


def uuid_key():
    return Column(UUID(as_uuid=True), primary_key=True, server_default=text("gen_random_uuid()"))


def number_key():
    return Column(BigInteger, Identity(always=True), primary_key=True)


def belongs_to(table, **options):
    return Column(UUID(as_uuid=True), ForeignKey(f"{table}.id", ondelete="CASCADE"), nullable=False, **options)


def moment(default="now()"):
    return Column(DateTime(timezone=True), nullable=False, server_default=text(default))


class User(Base):
    __tablename__ = "users"
    id = uuid_key()
    email = Column(Text, nullable=False)
    display_name = Column(Text, nullable=False)
    password_hash = Column(Text, nullable=False)
    is_active = Column(Boolean, nullable=False, server_default=text("true"))
    created_at = moment()


Index("users_email_key", func.lower(User.email), unique=True)


class Note(Base):
    __tablename__ = "notes"
    id = uuid_key()
    user_id = belongs_to("users")
    title = Column(Text, nullable=False, server_default="")
    body = Column(Text, nullable=False)
    is_pinned = Column(Boolean, nullable=False, server_default=text("false"))
    created_at = moment()
    updated_at = moment()
    search = Column(TSVECTOR, Computed(
        "setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', body), 'B')"))
    __table_args__ = (
        Index("ix_notes_user_id_created_at", "user_id", text("created_at DESC")),
        Index("ix_notes_search", "search", postgresql_using="gin"),
    )


class Tag(Base):
    __tablename__ = "tags"
    id = number_key()
    user_id = belongs_to("users")
    name = Column(Text, nullable=False)
    __table_args__ = (UniqueConstraint("user_id", "name", name="tags_user_id_name_key"),)


class NoteTag(Base):
    __tablename__ = "note_tags"
    note_id = belongs_to("notes", primary_key=True)
    tag_id = Column(BigInteger, ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True)
    __table_args__ = (Index("ix_note_tags_tag_id", "tag_id"),)


class Conversation(Base):
    __tablename__ = "conversations"
    id = uuid_key()
    user_id = belongs_to("users")
    title = Column(Text, nullable=False, server_default="")
    created_at = moment()
    last_message_at = Column(DateTime(timezone=True))
    __table_args__ = (
        Index("ix_conversations_user_id_last_message_at", "user_id", text("last_message_at DESC NULLS LAST")),
    )


class Message(Base):
    __tablename__ = "messages"
    id = number_key()
    conversation_id = belongs_to("conversations")
    role = Column(Enum("system", "user", "assistant", "tool", name="message_role"), nullable=False)
    content = Column(Text, nullable=False)
    token_count = Column(Integer, nullable=False, server_default=text("0"))
    created_at = moment("clock_timestamp()")
    __table_args__ = (Index("ix_messages_conversation_id_id", "conversation_id", "id"),)


class NoteLink(Base):
    __tablename__ = "note_links"
    from_note_id = belongs_to("notes", primary_key=True)
    to_note_id = belongs_to("notes", primary_key=True)
    kind = Column(Text, primary_key=True, server_default="related")
    strength = Column(REAL, nullable=False, server_default=text("1"))
    created_at = moment()
    __table_args__ = (Index("ix_note_links_to_note_id", "to_note_id"),)


class NoteEmbedding(Base):
    __tablename__ = "note_embeddings"
    note_id = belongs_to("notes", primary_key=True)
    model = Column(Text, nullable=False)
    embedding = Column(ARRAY(REAL), nullable=False)
    created_at = moment()


class Reminder(Base):
    __tablename__ = "reminders"
    id = number_key()
    note_id = belongs_to("notes")
    due_at = Column(DateTime(timezone=True), nullable=False)
    repeats_every = Column(Interval)
    sent_at = Column(DateTime(timezone=True))
    __table_args__ = (Index("ix_reminders_due_at", "due_at", postgresql_where=text("sent_at IS NULL")),)


if __name__ == "__main__":
    # The application itself connects with asyncpg.
    Base.metadata.create_all(create_engine(os.environ["DATABASE_URL"].replace("+asyncpg", "+psycopg2")))
