/*
 * The server's words are read for what is missing, as no field of its answer names it. On a server of our own
 * they are in English; on another one a role that is not recognized is simply reported as the server did.
 *
 * Packages are those of Debian and of apt.postgresql.org. Where the name follows the rule postgresql-NN-NAME
 * it needs no row.
 */
#include "command/generate/prerequisite.h"

#include <string.h>

#include "base/str.h"
#include "pg/query.h"

/* --- what the other side has --------------------------------------------- */

/* The columns of extensions.sql. */
enum {
	EXTENSION_NAME,
	EXTENSION_SCHEMA,
	EXTENSION_VERSION,
	EXTENSION_SELF,
};

bool prerequisites_load(struct session *db, struct arena *arena, struct prerequisites *out, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query(db, SQL_generate_extensions, NO_PARAMS, &rows, err))
		return false;
	for (size_t i = 0; i < rows_count(rows); i++) {
		out->self = rows_copy(rows, i, EXTENSION_SELF, arena);
		if (!rows_text(rows, i, EXTENSION_NAME))
			continue;
		*ARENA_PUSH(arena, out->extensions, out->extension_count) = (struct extension_place){
		    .name = rows_copy(rows, i, EXTENSION_NAME, arena),
		    .schema = rows_copy(rows, i, EXTENSION_SCHEMA, arena),
		    .version = rows_copy(rows, i, EXTENSION_VERSION, arena),
		};
	}
	return true;
}

const struct extension_place *prerequisites_find(const struct prerequisites *prerequisites, const char *name)
{
	for (size_t i = 0; i < prerequisites->extension_count; i++)
		if (strcmp(prerequisites->extensions[i].name, name) == 0)
			return &prerequisites->extensions[i];
	return NULL;
}

/* --- extensions ---------------------------------------------------------- */

static bool create_schema(const char *name, struct session *db, struct arena *arena, struct error *err)
{
	return strncmp(name, "pg_", 3) == 0 ||
	       execute(db, arena_printf(arena, "CREATE SCHEMA IF NOT EXISTS %s", quote_name(arena, name)),
	               NO_PARAMS, err);
}

bool extension_place_create(const struct extension_place *place, struct session *db, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *plain = arena_printf(&arena, "CREATE EXTENSION IF NOT EXISTS %s SCHEMA %s",
	                                 quote_name(&arena, place->name), quote_name(&arena, place->schema));
	const char *exact =
	    arena_printf(&arena, "%s VERSION %s CASCADE", plain, quote_literal(&arena, place->version));

	return create_schema(place->schema, db, &arena, err) &&
	       (execute(db, exact, NO_PARAMS, err) ||
	        execute(db, arena_printf(&arena, "%s CASCADE", plain), NO_PARAMS, err));
}

/* Where an extension cannot be had, the SQL may do without it. */
static bool is_fatal(const struct error *err)
{
	return err->kind != ERROR_SQL;
}

static bool widen_search_path(const struct prerequisites *prerequisites, struct session *db,
                              struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *path = "\"$user\", public";

	for (size_t i = 0; i < prerequisites->extension_count; i++)
		path = arena_printf(&arena, "%s, %s", path, quote_name(&arena, prerequisites->extensions[i].schema));
	return execute(db,
	               arena_printf(&arena, "ALTER DATABASE %s SET search_path = %s",
	                            quote_name(&arena, session_database(db)), path),
	               NO_PARAMS, err);
}

bool prerequisites_create(const struct prerequisites *prerequisites, struct session *db, struct error *err)
{
	for (size_t i = 0; i < prerequisites->extension_count; i++)
		if (!extension_place_create(&prerequisites->extensions[i], db, err) && is_fatal(err))
			return false;
	return widen_search_path(prerequisites, db, err);
}

static bool move(const struct extension_place *found, const struct extension_place *wanted,
                 struct session *db, struct error *err)
{
	scoped_arena struct arena arena = {0};

	if (!wanted || strcmp(found->schema, wanted->schema) == 0)
		return true;
	return (create_schema(wanted->schema, db, &arena, err) &&
	        execute(db,
	                arena_printf(&arena, "ALTER EXTENSION %s SET SCHEMA %s", quote_name(&arena, found->name),
	                             quote_name(&arena, wanted->schema)),
	                NO_PARAMS, err)) ||
	       !is_fatal(err);
}

bool prerequisites_move(const struct prerequisites *prerequisites, struct session *db, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct prerequisites here = {0};

	if (!prerequisites->extension_count)
		return true;
	if (!prerequisites_load(db, &arena, &here, err))
		return false;
	for (size_t i = 0; i < here.extension_count; i++)
		if (!move(&here.extensions[i], prerequisites_find(prerequisites, here.extensions[i].name), db, err))
			return false;
	return true;
}

/* --- refusals ------------------------------------------------------------ */

bool refusal_is_of_absence(const struct error *refusal)
{
	static const char *const states[] = {"42883", "42704", "3F000", "42P01"};

	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++)
		if (strcmp(refusal->sqlstate, states[i]) == 0)
			return true;
	return false;
}

/* The first name in double quotes; NULL for none. */
static const char *quoted_in(const char *message, struct arena *arena)
{
	const char *from = strchr(message, '"');
	const char *to = from ? strchr(from + 1, '"') : NULL;

	return to ? str_copy(arena, (struct str){from + 1, (size_t)(to - from - 1)}) : NULL;
}

static const char *role_missing(const struct error *refusal, struct arena *arena)
{
	const bool is_role =
	    strcmp(refusal->sqlstate, "42704") == 0 && strncmp(refusal->message, "role \"", 6) == 0;

	return is_role ? quoted_in(refusal->message, arena) : NULL;
}

bool prerequisites_make_role(const struct prerequisites *prerequisites, const struct error *refusal,
                             struct session *db)
{
	scoped_arena struct arena arena = {0};
	const char *name = role_missing(refusal, &arena);
	struct error ignored;

	return prerequisites->is_own_server && name &&
	       execute(db, arena_printf(&arena, "CREATE ROLE %s NOLOGIN", quote_name(&arena, name)), NO_PARAMS,
	               &ignored);
}

/* 'extension "x" is not available', or before 15 'could not open extension control file ".../x.control"'. */
static const char *extension_missing(const struct error *refusal, struct arena *arena)
{
	const bool is_of_extension =
	    strstr(refusal->message, "extension") &&
	    (strcmp(refusal->sqlstate, "0A000") == 0 || strcmp(refusal->sqlstate, "58P01") == 0);
	const char *name = is_of_extension ? quoted_in(refusal->message, arena) : NULL;

	if (!name)
		return NULL;
	const char *file = strrchr(name, '/');
	struct str base = str_of(file ? file + 1 : name);
	if (str_ends(base, ".control"))
		base.len -= strlen(".control");
	return str_copy(arena, base);
}

static const char *package_of(const char *extension, int major, struct arena *arena)
{
	static const struct {
		const char *extension;
		const char *package; /* with %d for the major version */
	} rows[] = {
	    {"vector", "postgresql-%d-pgvector"},
	    {"postgis", "postgresql-%d-postgis-3"},
	    {"postgis_raster", "postgresql-%d-postgis-3"},
	    {"postgis_topology", "postgresql-%d-postgis-3"},
	    {"postgis_sfcgal", "postgresql-%d-postgis-3"},
	    {"postgis_tiger_geocoder", "postgresql-%d-postgis-3"},
	    {"pgrouting", "postgresql-%d-pgrouting"},
	    {"pg_cron", "postgresql-%d-cron"},
	    {"pg_partman", "postgresql-%d-partman"},
	    {"pg_repack", "postgresql-%d-repack"},
	    {"pg_qualstats", "postgresql-%d-pg-qualstats"},
	    {"pg_stat_kcache", "postgresql-%d-pg-stat-kcache"},
	    {"pg_hint_plan", "postgresql-%d-pg-hint-plan"},
	    {"pg_similarity", "postgresql-%d-similarity"},
	    {"pg_squeeze", "postgresql-%d-squeeze"},
	    {"plpython3u", "postgresql-plpython3-%d"},
	    {"plperl", "postgresql-plperl-%d"},
	    {"plperlu", "postgresql-plperl-%d"},
	    {"pltcl", "postgresql-pltcl-%d"},
	    {"pltclu", "postgresql-pltcl-%d"},
	    {"uint", "postgresql-%d-pguint"},
	    {"age", "postgresql-%d-age"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *mark = strstr(rows[i].package, "%d");

		if (strcmp(rows[i].extension, extension) == 0)
			return arena_printf(arena, "%.*s%d%s", (int)(mark - rows[i].package), rows[i].package, major,
			                    mark + 2);
	}
	char *package = arena_printf(arena, "postgresql-%d-%s", major, extension);
	for (char *c = package; *c; c++)
		*c = *c == '_' ? '-' : *c;
	return package;
}

static bool explain_role(const char *name, struct arena *arena, struct error *err)
{
	return error_hint(
	    err,
	    "Create it there (CREATE ROLE %s NOLOGIN), or leave out --server: on a scratch server of "
	    "its own rung creates missing roles.",
	    quote_name(arena, name));
}

bool prerequisites_explain(const struct prerequisites *prerequisites, int server_version, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *role = role_missing(err, &arena);
	const char *extension = extension_missing(err, &arena);

	if (role && !prerequisites->is_own_server)
		return explain_role(role, &arena, err);
	if (!extension)
		return false;
	const struct error refusal = *err;
	error_set(err, refusal.kind, "the scratch server (PostgreSQL %d) does not have the extension \"%s\"",
	          server_version / 10000, extension);
	(void)!error_put_at(err, &refusal);
	return error_hint(err,
	                  "Install it (Debian, Ubuntu: probably the package %s), or name a server that has it: "
	                  "--server URL.",
	                  package_of(extension, server_version / 10000, &arena));
}
