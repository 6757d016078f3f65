/*
 * The one place where settings become the options of lower floors, so that a verb cannot forget one of
 * them. Two kinds of databases have two functions: the project's own, with role, pooler and reports; and
 * one for trying, without them.
 *
 * Creating a database is a race between machines that start together, and losing it is success: "already
 * exists" comes as 42P04, or as 23505 from the index of names when both were looking at the same moment.
 * Whether it is missing is asked only after it could not be opened: mostly it can, and then nothing more
 * is asked.
 *
 * A session in another database is needed to create or drop one. It is opened as the login and not in the
 * configured role: CREATEDB is an attribute and is not inherited by SET ROLE.
 */
#include "command/database/database.h"

#include <string.h>

#include "base/program_name.h"
#include "pg/address.h"
#include "pg/history_table.h"
#include "pg/maintenance.h"
#include "pg/option_check.h"
#include "pg/server.h"

/* Where unset means never or none, the lower floors say 0. */
static int64_t ms_or_none(const struct settings *settings, enum setting setting)
{
	const int64_t ms = setting_ms(settings, setting);

	return ms > 0 ? ms : 0;
}

static struct session_options without_role(const struct context *context, const char *conninfo)
{
	return (struct session_options){
	    .conninfo = conninfo,
	    .application_name = "rung " RUNG_VERSION,
	    .connect_timeout_ms = ms_or_none(context->settings, SETTING_CONNECT_TIMEOUT),
	};
}

struct session_options database_options(const struct context *context, const char *conninfo)
{
	struct session_options options = without_role(context, conninfo);

	options.role = setting_text(context->settings, SETTING_ROLE);
	return options;
}

bool database_refuse_none(const struct context *context, struct error *err)
{
	const char *directory = setting_text(context->settings, SETTING_LOCAL_DIR);
	const char *conninfo;
	int pid;

	if (!settings_database(context->settings, context->arena, &conninfo, err) ||
	    !database_check(context, conninfo, err))
		return false;
	settings_refuse_no_database(context->settings, err);
	if (!directory || server_look(directory, &pid) != SERVER_RUNNING)
		return false;
	const char *ways = arena_strdup(context->arena, err->hint);
	return error_hint(
	    err,
	    "A private server is running in \"%s\": export DATABASE_URL=\"$(%s local url)\" uses it. For "
	    "another one: %s",
	    directory, program_name(), ways);
}

/*
 * A database called as the user is seldom the one that is meant. Backups take what pg_dump would, and a
 * restore names its own.
 */
static bool check_named(const struct context *context, const char *conninfo, struct error *err)
{
	const enum command_group group = context->command->group;

	if (group == GROUP_BACKUP || group == GROUP_OTHER || address_names_database(conninfo))
		return true;
	error_set(err, ERROR_CONFIG, "the connection names no database");
	error_detail(err, "libpq would take one that is called as the user.");
	return error_hint(err, "Name it: at the end of the URL (postgresql://host/NAME), as dbname=NAME, or in "
	                       "PGDATABASE.");
}

bool database_check(const struct context *context, const char *conninfo, struct error *err)
{
	const char *direct = settings_direct_database(context->settings, context->arena);

	return (!conninfo || (address_check(conninfo, err) && option_check(conninfo, err) &&
	                      check_named(context, conninfo, err))) &&
	       (!direct || (address_check(direct, err) && option_check(direct, err)) ||
	        error_context(err, "in direct_url"));
}

bool database_open(const struct context *context, struct session **out, struct error *err)
{
	const struct session_options options = database_options(context, context->database);

	return session_open(&options, out, err);
}

/* The server would cut longer names without a word, and a temporary table ends with the connection. */
static bool check_table_name(const struct qualified_name *table, struct error *err)
{
	const size_t most_len = NAME_MOST_LEN - history_table_tail_len();

	if (strncmp(table->schema, "pg_", 3) == 0 || strcmp(table->schema, "information_schema") == 0) {
		error_set(err, ERROR_CONFIG, "the history cannot be kept in the schema \"%s\"", table->schema);
		return error_hint(err, "It belongs to the server or ends with the connection. Name another with "
		                       "--history-table SCHEMA.TABLE.");
	}
	if (strlen(table->schema) <= NAME_MOST_LEN && strlen(table->name) <= most_len)
		return true;
	error_set(err, ERROR_CONFIG, "the name of the history table \"%s.%s\" is too long", table->schema,
	          table->name);
	return error_hint(err,
	                  "A table's name may have %zu bytes, because rung's other tables add _log, _catalog and "
	                  "others to it; a schema's %d.",
	                  most_len, NAME_MOST_LEN);
}

bool database_history_table(const struct context *context, struct qualified_name *out, struct error *err)
{
	return qualified_name_parse(setting_text(context->settings, SETTING_HISTORY_TABLE), context->arena, out,
	                            err) &&
	       check_table_name(out, err);
}

bool database_load_history(struct context *context, struct history *out, struct error *err)
{
	scoped_session struct session *db = NULL;
	struct qualified_name table;
	struct server_info facts;

	return database_history_table(context, &table, err) && database_open(context, &db, err) &&
	       history_load(db, &table, HISTORY_TO_SHOW, context->arena, out, &facts, err);
}

struct plan_options database_plan_options(const struct context *context)
{
	const char *text = setting_text(context->settings, SETTING_ON_CHANGE);
	enum on_change on_change = ON_CHANGE_ERROR;

	(void)!on_change_find(str_of(text ? text : ""), &on_change); /* it was read as one of the choices */
	return (struct plan_options){
	    .allow_out_of_order = setting_is_on(context->settings, SETTING_OUT_OF_ORDER),
	    .on_change = on_change,
	};
}

static enum drift_policy drift_policy(const struct settings *settings)
{
	const char *text = setting_text(settings, SETTING_DRIFT);

	return strcmp(text, "refuse") == 0 ? DRIFT_REFUSED
	       : strcmp(text, "warn") == 0 ? DRIFT_WARNED_OF
	                                   : DRIFT_IGNORED;
}

static struct lock_policy lock_policy(const struct settings *settings)
{
	return (struct lock_policy){
	    .lock_timeout_ms = ms_or_none(settings, SETTING_LOCK_TIMEOUT),
	    .lock_wait_ms = ms_or_none(settings, SETTING_LOCK_WAIT),
	    .statement_timeout_ms = setting_ms(settings, SETTING_STATEMENT_TIMEOUT),
	    .cancel_blockers_ms = ms_or_none(settings, SETTING_CANCEL_BLOCKERS),
	    .terminate_blockers_ms = ms_or_none(settings, SETTING_TERMINATE_BLOCKERS),
	    .show_queries = setting_is_on(settings, SETTING_SHOW_QUERIES),
	};
}

static const struct script_variable *given_variables(const struct settings *settings, struct arena *arena)
{
	struct script_variable *given = arena_array(arena, struct script_variable, settings->variable_count);

	for (size_t i = 0; i < settings->variable_count; i++)
		given[i] = (struct script_variable){.name = settings->variables[i].name,
		                                    .value = settings->variables[i].value,
		                                    .is_typed = settings->variables[i].is_typed};
	return given;
}

struct script_options database_script_options(const struct context *context)
{
	return (struct script_options){
	    .root = context->settings->project_dir,
	    .boundary = context->boundary,
	    .given = given_variables(context->settings, context->arena),
	    .given_count = context->settings->variable_count,
	    .hidden_environment = settings_secret_names(context->settings, context->arena),
	};
}

/* What is the same for whichever database. */
static bool init_options(struct context *context, struct migrate_options *out, struct error *err)
{
	*out = (struct migrate_options){
	    .trusted_owner = setting_text(context->settings, SETTING_HISTORY_OWNER),
	    .scripts = database_script_options(context),
	    .plan_options = database_plan_options(context),
	    .locks = lock_policy(context->settings),
	};
	author_init(&out->author, context->arena);
	return database_history_table(context, &out->history, err);
}

bool migrate_options_from_context(struct context *context, enum direction direction,
                                  struct migrate_options *out, struct error *err)
{
	if (!init_options(context, out, err))
		return false;
	out->connection = database_options(context, context->database);
	out->direct_url = settings_direct_database(context->settings, context->arena);
	out->keeps_catalog = setting_is_on(context->settings, SETTING_DRIFT_KEEP);
	out->drift = drift_policy(context->settings);
	out->drift_ignored = setting_list(context->settings, SETTING_DRIFT_IGNORE, context->arena);
	out->tree = &context->tree;
	out->direction = direction;
	out->reporter = context->reporter;
	return true;
}

bool migrate_options_for_scratch(struct context *context, const char *conninfo, const struct tree *tree,
                                 enum direction direction, struct migrate_options *out, struct error *err)
{
	if (!init_options(context, out, err))
		return false;
	out->connection = without_role(context, conninfo);
	out->is_alone = true;
	out->tree = tree;
	out->direction = direction;
	return true;
}

/* libpq calls the directory of a unix socket a host too. */
static char *title(const char *name, const char *host, struct arena *arena)
{
	if (!host || host[0] == '\0' || host[0] == '/' || host[0] == '@')
		return arena_printf(arena, "\"%s\" on this machine", name);
	return arena_printf(arena, "\"%s\" on %s", name, host);
}

char *database_title(const struct session *db, struct arena *arena)
{
	return title(session_database(db), session_host(db), arena);
}

char *database_meant(const struct context *context)
{
	const char *conninfo = context->database ? context->database : "";
	const char *name;
	struct error ignored;

	if (!address_database(conninfo, context->arena, &name, &ignored))
		return arena_strdup(context->arena, "the database");
	return title(name, address_setting(conninfo, "host", context->arena), context->arena);
}

/* --- creating and dropping -------------------------------------------- */

static bool open_beside(const struct context *context, struct session **out, struct error *err)
{
	const struct session_options options = without_role(context, context->database);

	return maintenance_open(&options, context->arena, out, err);
}

static bool look_for(struct session *beside, const char *name, bool *exists, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query(beside, SQL_database_exists, PARAMS(name), &rows, err))
		return false;
	*exists = rows_count(rows) > 0;
	return true;
}

static bool create(struct session *beside, const char *name, const char *owner, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *quoted = quote_name(&arena, name);
	const char *sql =
	    owner ? arena_printf(&arena, "CREATE DATABASE %s OWNER %s", quoted, quote_name(&arena, owner))
	          : arena_printf(&arena, "CREATE DATABASE %s", quoted);

	return execute(beside, sql, NO_PARAMS, err) ||
	       error_context(err, "while creating the database \"%s\"", name);
}

/* Refused because somebody else was a moment faster: by name, or by the index of names. */
static bool is_there_already(const struct error *err)
{
	return strcmp(err->sqlstate, "42P04") == 0 || strcmp(err->sqlstate, "23505") == 0;
}

bool database_create_beside(struct session *beside, const char *name, const char *owner, bool *created,
                            struct error *err)
{
	bool exists;

	*created = false;
	if (!look_for(beside, name, &exists, err))
		return false;
	if (exists)
		return true;
	*created = create(beside, name, owner, err);
	return *created || is_there_already(err);
}

/* True when it can be opened, no matter who created it. */
bool database_create_missing(const struct context *context, bool *created, struct error *err)
{
	const char *role = setting_text(context->settings, SETTING_ROLE);
	scoped_session struct session *itself = NULL;
	scoped_session struct session *beside = NULL;
	struct error ignored;
	const char *name;
	bool exists = true;

	*created = false;
	if (database_open(context, &itself, err))
		return true;
	/* Why it cannot be opened stays in `err` unless it turns out to be missing. */
	if (err->kind != ERROR_SERVER || !address_database(context->database, context->arena, &name, &ignored) ||
	    !open_beside(context, &beside, &ignored) || !look_for(beside, name, &exists, &ignored))
		return false;
	/* Somebody else may have created it meanwhile; anything else fails a second time as it did. */
	if (exists)
		return database_open(context, &itself, err);
	return database_create_beside(beside, name, role, created, err);
}

/* WITH (FORCE) is PostgreSQL 13's; before it, everybody is sent away first. */
static bool drop(struct session *beside, const char *name, struct arena *arena, struct error *err)
{
	const bool has_force = session_server_version(beside) >= 130000;
	const char *sql = arena_printf(arena, "DROP DATABASE IF EXISTS %s%s", quote_name(arena, name),
	                               has_force ? " WITH (FORCE)" : "");

	if (!has_force && !execute(beside, SQL_database_empty, PARAMS(name), err))
		return false;
	return execute(beside, sql, NO_PARAMS, err);
}

bool database_drop(const struct context *context, struct error *err)
{
	scoped_session struct session *beside = NULL;
	const char *name;

	return address_database(context->database, context->arena, &name, err) &&
	       open_beside(context, &beside, err) &&
	       (drop(beside, name, context->arena, err) ||
	        error_context(err, "while dropping the database \"%s\"", name));
}
