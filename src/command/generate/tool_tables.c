/*
 * Names that are unmistakable; "migrations" may be anybody's table, and who has one names it in [create]
 * exclude.
 */
#include "command/generate/tool_tables.h"

#include <string.h>

#include "base/buffer.h"
#include "report/display.h"

static const char *const names[] = {
    "django_migrations",    /* Django */
    "alembic_version",      /* SQLAlchemy's Alembic */
    "_prisma_migrations",   /* Prisma */
    "__drizzle_migrations", /* Drizzle */
    "SequelizeMeta",        /* Sequelize */
    "knex_migrations",      /* Knex, Objection, Bookshelf */
    "knex_migrations_lock",
    "kysely_migration", /* Kysely */
    "kysely_migration_lock",
    "mikro_orm_migrations",  /* MikroORM */
    "pgmigrations",          /* node-pg-migrate */
    "ar_internal_metadata",  /* Rails */
    "schema_migrations",     /* Rails, Ecto, dbmate, golang-migrate */
    "flyway_schema_history", /* Flyway */
    "databasechangelog",     /* Liquibase */
    "databasechangeloglock",
    "goose_db_version",            /* goose */
    "atlas_schema_revisions",      /* Atlas */
    "_sqlx_migrations",            /* sqlx */
    "__diesel_schema_migrations",  /* Diesel */
    "seaql_migrations",            /* SeaORM */
    "refinery_schema_history",     /* Refinery */
    "__EFMigrationsHistory",       /* Entity Framework */
    "doctrine_migration_versions", /* Doctrine */
    "aerich",                      /* Tortoise */
};

const char *tool_tables_excluded(const char *patterns, struct arena *arena)
{
	struct buffer out = {.arena = arena};

	buffer_text(&out, patterns ? patterns : "");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		buffer_printf(&out, "%s\"%s\"", out.len ? "," : "", names[i]);
	return buffer_cstr(&out);
}

static bool is_one(const struct object *object, struct arena *arena)
{
	const char *name = object->kind == &object_kinds[OBJECT_TABLE] ? unquote_name(arena, object->name) : "";

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

void tool_tables_tell(const struct catalog *catalog, struct arena *arena, struct reporter *reporter)
{
	for (size_t i = 0; i < catalog->count; i++)
		if (is_one(catalog->objects[i], arena))
			event_note(reporter, "left out, because another tool keeps its history there: table %s",
			           display_line(arena, catalog->objects[i]->identity));
}
