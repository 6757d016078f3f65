#include "backup/restore.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backup/frame.h"
#include "backup/pipe.h"
#include "backup/progress.h"
#include "base/child.h"
#include "base/clock.h"
#include "base/file.h"
#include "pg/address.h"
#include "pg/program.h"

/* One restore: what it needs of programs and places. */
struct restoring {
	const struct restore_options *options;
	struct arena *arena;
	const char *pg_restore;
	const char *psql;
	const char *address; /* of the new database, without its password */
	const char *secret;  /* "PGPASSWORD=...", or NULL */
	const char *const *argv;
	struct pipe_options pipe;
	const char *const *environment;
	enum core core;         /* what was found in it */
	int plain_fd;           /* of the copy for several jobs */
	struct session *beside; /* in a database next to the new one */
	bool is_created;
};

/* --- programs --------------------------------------------------------- */

static bool find_programs(struct restoring *it, struct error *err)
{
	const struct program_wish wish = {
	    .names = (const char *const[]){"pg_restore", "psql", NULL},
	    .bindir = it->options->bindir,
	    .package = "the client package (Debian, Ubuntu: postgresql-client)",
	};
	struct program_place place;

	if (!program_find(&wish, it->arena, &place, err))
		return false;
	it->pg_restore = path_join(it->arena, place.directory, "pg_restore");
	it->psql = path_join(it->arena, place.directory, "psql");
	return true;
}

/* --- proving ---------------------------------------------------------- */

static bool swallow(struct sink **out)
{
	static struct tally nowhere;

	*out = tally_open(&nowhere, NULL);
	return true;
}

/* pg_restore writes the whole script to nowhere: so every block of the archive is read. */
static bool open_proof(void *context, enum core core, struct sink **out, struct error *err)
{
	struct restoring *it = context;

	it->core = core;
	if (core == CORE_SQL)
		return swallow(out);
	it->argv = (const char *const *)memcpy(arena_array(it->arena, const char *, 4),
	                                       ((const char *const[]){it->pg_restore, "--file=/dev/null", NULL}),
	                                       3 * sizeof(char *));
	it->pipe = (struct pipe_options){.argv = it->argv, .circumstance = "while reading the archive"};
	return pipe_open(&it->pipe, NULL, out, err);
}

static bool push(struct restoring *it, const struct peel_options *peeling, struct spool *spool,
                 const char *verb, struct error *err)
{
	struct progress progress = {
	    .verb = verb, .expected_size = spool_size(spool), .reporter = it->options->reporter};
	scoped_sink struct sink *sink = progress_open(&progress, peel_open(peeling));

	return spool_push(spool, sink, err);
}

bool restore_prove(const struct restore_options *options, struct spool *spool, struct arena *arena,
                   struct proof *out, struct error *err)
{
	struct restoring it = {.options = options, .arena = arena};
	struct buffer tail = {.arena = arena};
	const struct peel_options peeling = {.secrets = options->secrets,
	                                     .most_size = options->most_size,
	                                     .is_sealed = options->is_sealed,
	                                     .may_be_script = options->may_be_script,
	                                     .tail = &tail,
	                                     .open = open_proof,
	                                     .context = &it};
	const int64_t began_ms = clock_now_ms();
	struct proof proof = {0};

	if (!find_programs(&it, err) || !push(&it, &peeling, spool, "proving", err))
		return false;
	proof.core = it.core;
	proof.has_facts = tail.len > 0;
	if (proof.has_facts && !frame_read(buffer_str(&tail), arena, &proof.facts, err))
		return false;
	proof.duration_ms = clock_now_ms() - began_ms;
	*out = proof;
	return true;
}

/* --- the new database ------------------------------------------------- */

static bool open_beside(const struct session_options *connection, struct arena *arena, struct session **out,
                        struct error *err)
{
	static const char *const places[] = {"postgres", "template1"};
	struct session_options options = *connection;

	options.role = NULL;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		if (!address_with_database(connection->conninfo, places[i], arena, &options.conninfo, err))
			return false;
		if (session_open(&options, out, err))
			return true;
	}
	return false;
}

/* As SQL has arrays: {"a","b"}. */
static const char *array_text(const char *const *names, size_t count, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	buffer_char(&text, '{');
	for (size_t i = 0; i < count; i++) {
		buffer_text(&text, i ? ",\"" : "\"");
		for (const char *c = names[i]; *c; c++) {
			if (*c == '"' || *c == '\\')
				buffer_char(&text, '\\');
			buffer_char(&text, *c);
		}
		buffer_char(&text, '"');
	}
	buffer_char(&text, '}');
	return buffer_cstr(&text);
}

static const char *joined(const struct rows *rows, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	for (size_t i = 0; i < rows_count(rows); i++)
		buffer_printf(&text, "%s\"%s\"", i ? ", " : "", rows_text(rows, i, 0));
	return buffer_cstr(&text);
}

static bool make_roles(struct restoring *it, const struct rows *missing, struct error *err)
{
	for (size_t i = 0; i < rows_count(missing); i++)
		if (!execute(
		        it->beside,
		        arena_printf(it->arena, "CREATE ROLE %s", quote_name(it->arena, rows_text(missing, i, 0))),
		        NO_PARAMS, err))
			return false;
	return true;
}

static bool check_roles(struct restoring *it, const struct facts *facts, struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	const char *wanted = array_text(facts->roles, facts->role_count, it->arena);

	if (!query(it->beside, SQL_backup_restore_roles, PARAMS(wanted), &rows, err))
		return false;
	if (it->options->makes_roles)
		return make_roles(it, rows, err);
	if (rows_count(rows) == 0 || (it->options->no_owner && it->options->no_acl))
		return true;
	error_set(err, ERROR_STORAGE, "the server lacks roles that the backup speaks of: %s",
	          joined(rows, it->arena));
	return error_hint(err, "Create them, or restore with --no-owner --no-acl.");
}

static bool check_extensions(struct restoring *it, const struct facts *facts, struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	const char **names = arena_array(it->arena, const char *, facts->extension_count + 1);

	for (size_t i = 0; i < facts->extension_count; i++)
		names[i] = facts->extensions[i].name;
	const char *wanted = array_text(names, facts->extension_count, it->arena);
	if (!query(it->beside, SQL_backup_restore_extensions, PARAMS(wanted), &rows, err))
		return false;
	if (rows_count(rows) == 0)
		return true;
	error_set(err, ERROR_STORAGE, "the server lacks extensions that the backup needs: %s",
	          joined(rows, it->arena));
	return error_hint(err, "Install their packages on the server.");
}

static bool check_absent(struct restoring *it, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query(it->beside, SQL_backup_restore_exists, PARAMS(it->options->into), &rows, err))
		return false;
	if (rows_count(rows) == 0)
		return true;
	error_set(err, ERROR_USAGE, "cannot restore into \"%s\": a database of that name exists",
	          it->options->into);
	return error_hint(err,
	                  "A restore makes a new database; choose another name, and --swap to put it in place.");
}

static void add_literal(struct buffer *sql, const char *word, const char *value)
{
	if (value && *value)
		buffer_printf(sql, " %s %s", word, quote_literal(sql->arena, value));
}

static void add_locale(struct buffer *sql, const struct database_facts *database)
{
	add_literal(sql, "ENCODING", database->encoding);
	add_literal(sql, "LC_COLLATE", database->collate);
	add_literal(sql, "LC_CTYPE", database->ctype);
	if (database->provider && strcmp(database->provider, "i") == 0) {
		buffer_text(sql, " LOCALE_PROVIDER icu");
		add_literal(sql, "ICU_LOCALE", database->locale);
		add_literal(sql, "ICU_RULES", database->rules);
	} else if (database->provider && strcmp(database->provider, "b") == 0) {
		buffer_text(sql, " LOCALE_PROVIDER builtin");
		add_literal(sql, "BUILTIN_LOCALE", database->locale);
	}
}

static bool create(struct restoring *it, const struct proof *proof, struct error *err)
{
	struct buffer sql = {.arena = it->arena};

	buffer_printf(&sql, "CREATE DATABASE %s TEMPLATE template0", quote_name(it->arena, it->options->into));
	if (proof->has_facts) {
		add_locale(&sql, &proof->facts.database);
		if (!it->options->no_owner && proof->facts.database.owner)
			buffer_printf(&sql, " OWNER %s", quote_name(it->arena, proof->facts.database.owner));
	}
	it->is_created = execute(it->beside, buffer_cstr(&sql), NO_PARAMS, err);
	return it->is_created || error_context(err, "while creating the database \"%s\"", it->options->into);
}

static bool prepare(struct restoring *it, const struct proof *proof, struct error *err)
{
	const char *password;

	if (!find_programs(it, err) || !open_beside(&it->options->connection, it->arena, &it->beside, err) ||
	    !check_absent(it, err))
		return false;
	if (proof->has_facts &&
	    (!check_roles(it, &proof->facts, err) || !check_extensions(it, &proof->facts, err)))
		return false;
	if (!address_with_database(it->options->connection.conninfo, it->options->into, it->arena, &it->address,
	                           err) ||
	    !address_without_password(it->address, it->arena, &it->address, &password, err))
		return false;
	it->secret = password ? arena_printf(it->arena, "PGPASSWORD=%s", password) : NULL;
	it->environment = memcpy(arena_array(it->arena, const char *, 2), &it->secret, sizeof(char *));
	return create(it, proof, err);
}

/* --- filling it ------------------------------------------------------- */

static const char *const *archive_arguments(struct restoring *it, const char *mode, const char *file)
{
	struct arena *arena = it->arena;
	const char **argv = NULL;
	size_t count = 0;

	*ARENA_PUSH(arena, argv, count) = it->pg_restore;
	*ARENA_PUSH(arena, argv, count) = "--exit-on-error";
	*ARENA_PUSH(arena, argv, count) = "--no-password";
	*ARENA_PUSH(arena, argv, count) = arena_printf(arena, "--dbname=%s", it->address);
	*ARENA_PUSH(arena, argv, count) = mode;
	if (it->options->connection.role)
		*ARENA_PUSH(arena, argv, count) = arena_printf(arena, "--role=%s", it->options->connection.role);
	if (it->options->no_owner)
		*ARENA_PUSH(arena, argv, count) = "--no-owner";
	if (it->options->no_acl)
		*ARENA_PUSH(arena, argv, count) = "--no-acl";
	if (file)
		*ARENA_PUSH(arena, argv, count) = file;
	*ARENA_PUSH(arena, argv, count) = NULL;
	return argv;
}

static const char *const *script_arguments(struct restoring *it)
{
	struct arena *arena = it->arena;
	const char **argv = NULL;
	size_t count = 0;

	*ARENA_PUSH(arena, argv, count) = it->psql;
	*ARENA_PUSH(arena, argv, count) = "--no-psqlrc";
	*ARENA_PUSH(arena, argv, count) = "--quiet";
	*ARENA_PUSH(arena, argv, count) = "--no-password";
	*ARENA_PUSH(arena, argv, count) = "--single-transaction";
	*ARENA_PUSH(arena, argv, count) = "--set=ON_ERROR_STOP=1";
	*ARENA_PUSH(arena, argv, count) = "--output=/dev/null";
	*ARENA_PUSH(arena, argv, count) = "--file=-";
	*ARENA_PUSH(arena, argv, count) = arena_printf(arena, "--dbname=%s", it->address);
	*ARENA_PUSH(arena, argv, count) = NULL;
	return argv;
}

/* Several jobs read the file at different places, which a pipe does not allow. */
static bool open_fill(void *context, enum core core, struct sink **out, struct error *err)
{
	struct restoring *it = context;

	if (core == CORE_ARCHIVE && it->plain_fd > 0) {
		*out = descriptor_open(it->plain_fd, "the copy for several jobs");
		return true;
	}
	it->argv =
	    core == CORE_ARCHIVE ? archive_arguments(it, "--single-transaction", NULL) : script_arguments(it);
	it->pipe = (struct pipe_options){
	    .argv = it->argv, .environment = it->environment, .circumstance = "while restoring"};
	return pipe_open(&it->pipe, NULL, out, err);
}

static bool fill(struct restoring *it, struct spool *spool, struct error *err)
{
	const struct peel_options peeling = {.secrets = it->options->secrets,
	                                     .most_size = it->options->most_size,
	                                     .is_sealed = it->options->is_sealed,
	                                     .may_be_script = it->options->may_be_script,
	                                     .open = open_fill,
	                                     .context = it};

	return push(it, &peeling, spool, "restoring", err);
}

static int open_nameless(struct arena *arena)
{
	const char *directory = getenv("TMPDIR");
	char *path = path_join(arena, directory && *directory ? directory : "/var/tmp", "rung-jobs.XXXXXX");
	const int fd = mkostemp(path, O_CLOEXEC);

	if (fd >= 0)
		unlink(path);
	return fd;
}

static bool fill_by_jobs(struct restoring *it, struct spool *spool, struct error *err)
{
	scoped_fd int fd = open_nameless(it->arena);
	struct child_result result;

	if (fd < 0)
		return error_set(err, ERROR_STORAGE, "could not create a temporary file: %m");
	it->plain_fd = fd;
	if (!fill(it, spool, err))
		return false;
	const struct child_options child = {
	    .argv = archive_arguments(it, arena_printf(it->arena, "--jobs=%d", it->options->jobs),
	                              arena_printf(it->arena, "/proc/self/fd/%d", fd)),
	    .environment = it->environment,
	    .capture = true,
	    .dies_with_us = true,
	    .inherited = fd,
	};
	return child_must_run(&child, it->arena, &result, err) || error_context(err, "while restoring");
}

/* --- what is not in an archive ---------------------------------------- */

/* These hold lists whose parts are quoted already. */
static bool is_list_setting(const char *name)
{
	static const char *const names[] = {"search_path", "temp_tablespaces", "session_preload_libraries",
	                                    "local_preload_libraries"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcasecmp(names[i], name) == 0)
			return true;
	return false;
}

/* "app.name" is two words, each a name of its own. */
static const char *quote_setting(struct arena *arena, const char *name)
{
	const char *dot = strchr(name, '.');

	if (!dot)
		return quote_name(arena, name);
	return arena_printf(arena, "%s.%s", quote_name(arena, arena_strndup(arena, name, (size_t)(dot - name))),
	                    quote_name(arena, dot + 1));
}

static void add_settings(struct buffer *sql, const struct facts *facts, const char *database)
{
	struct arena *arena = sql->arena;

	for (size_t i = 0; i < facts->setting_count; i++) {
		const struct setting_facts *setting = &facts->settings[i];
		const char *value =
		    is_list_setting(setting->name) ? setting->value : quote_literal(arena, setting->value);

		if (setting->role)
			buffer_printf(sql, "ALTER ROLE %s IN DATABASE %s SET %s TO %s;\n",
			              quote_name(arena, setting->role), database, quote_setting(arena, setting->name),
			              value);
		else
			buffer_printf(sql, "ALTER DATABASE %s SET %s TO %s;\n", database,
			              quote_setting(arena, setting->name), value);
	}
}

static void add_privileges(struct buffer *sql, const struct facts *facts, const char *database)
{
	if (facts->database.has_privileges)
		buffer_printf(sql, "REVOKE ALL ON DATABASE %s FROM PUBLIC;\n", database);
	for (size_t i = 0; i < facts->privilege_count; i++) {
		const struct privilege_facts *privilege = &facts->privileges[i];

		buffer_printf(sql, "GRANT %s ON DATABASE %s TO %s%s;\n", privilege->privilege, database,
		              *privilege->grantee ? quote_name(sql->arena, privilege->grantee) : "PUBLIC",
		              privilege->is_grantable ? " WITH GRANT OPTION" : "");
	}
}

static bool dress(struct restoring *it, const struct proof *proof, struct error *err)
{
	const struct facts *facts = &proof->facts;
	const char *database = quote_name(it->arena, it->options->into);
	struct buffer sql = {.arena = it->arena};

	if (!proof->has_facts)
		return true;
	add_settings(&sql, facts, database);
	if (facts->database.comment)
		buffer_printf(&sql, "COMMENT ON DATABASE %s IS %s;\n", database,
		              quote_literal(it->arena, facts->database.comment));
	if (!it->options->no_acl)
		add_privileges(&sql, facts, database);
	return sql.len == 0 || execute_simple(it->beside, buffer_cstr(&sql), NULL, NULL, err) ||
	       error_context(err, "while setting up the database \"%s\"", it->options->into);
}

static bool compare_and_analyze(struct restoring *it, const struct proof *proof, size_t *compared,
                                struct error *err)
{
	scoped_session struct session *db = NULL;
	struct session_options options = it->options->connection;

	*compared = 0;
	options.role = NULL;
	if (!address_with_database(options.conninfo, it->options->into, it->arena, &options.conninfo, err) ||
	    !session_open(&options, &db, err))
		return false;
	if (proof->has_facts && !facts_compare(db, &it->options->history, &proof->facts, compared, err))
		return false;
	event_debug(it->options->reporter, "analyzing \"%s\"", it->options->into);
	return execute_simple(db, "ANALYZE", NULL, NULL, err);
}

/* --- the whole -------------------------------------------------------- */

/* After Ctrl-C the first statement of a session is cancelled, whatever it is; the second one then gets
 * through. */
static void restoring_clear(struct restoring *it)
{
	struct error refusal;

	for (int i = 0; i < 2 && it->is_created; i++)
		if (execute(it->beside,
		            arena_printf(it->arena, "DROP DATABASE IF EXISTS %s",
		                         quote_name(it->arena, it->options->into)),
		            NO_PARAMS, &refusal) ||
		    refusal.kind != ERROR_CANCELLED)
			break;
	session_close(&it->beside);
}

bool restore_run(const struct restore_options *options, struct spool *spool, const struct proof *proof,
                 struct arena *arena, struct restored *out, struct error *err)
{
	SCOPED(restoring_clear) struct restoring it = {.options = options, .arena = arena};
	const int64_t began_ms = clock_now_ms();
	const bool by_jobs = options->jobs > 1 && proof->core == CORE_ARCHIVE;

	if (!prepare(&it, proof, err) || !(by_jobs ? fill_by_jobs : fill)(&it, spool, err) ||
	    !dress(&it, proof, err) || !compare_and_analyze(&it, proof, &out->tables_compared, err))
		return false;
	it.is_created = false; /* it stays */
	out->duration_ms = clock_now_ms() - began_ms;
	return true;
}

/* --- swapping --------------------------------------------------------- */

static const char *kept_name(const char *current, const char *id, struct arena *arena)
{
	enum { LONGEST_NAME = 63 };
	const size_t rest = strlen("_before_") + strlen(id);
	size_t len = strlen(current);

	/* Cut between characters, should it be cut. */
	if (len + rest > LONGEST_NAME)
		for (len = LONGEST_NAME - rest; len > 0 && ((unsigned char)current[len] & 0xC0) == 0x80;)
			len--;
	return arena_printf(arena, "%.*s_before_%s", (int)len, current, id);
}

static bool allow_connections(struct session *beside, const char *name, bool allowed, struct arena *arena,
                              struct error *err)
{
	return execute(beside,
	               arena_printf(arena, "ALTER DATABASE %s WITH ALLOW_CONNECTIONS %s", quote_name(arena, name),
	                            allowed ? "true" : "false"),
	               NO_PARAMS, err);
}

static bool rename_both(struct session *beside, const char *fresh, const char *current, const char *kept,
                        struct arena *arena, struct error *err)
{
	const char *quoted = quote_name(arena, current);
	const char *sql =
	    arena_printf(arena, "BEGIN; ALTER DATABASE %s RENAME TO %s; ALTER DATABASE %s RENAME TO %s; COMMIT",
	                 quoted, quote_name(arena, kept), quote_name(arena, fresh), quoted);

	if (execute(beside, SQL_backup_restore_terminate, PARAMS(current, fresh), err) &&
	    execute_simple(beside, sql, NULL, NULL, err))
		return true;
	session_rollback(beside);
	return false;
}

/* Also when we were asked to stop: nobody may be kept out for good. */
static bool let_in_again(struct session *beside, const char *name, struct arena *arena, struct error *err)
{
	return allow_connections(beside, name, true, arena, err) ||
	       (err->kind == ERROR_CANCELLED && allow_connections(beside, name, true, arena, err));
}

bool restore_swap(const struct session_options *connection, const char *fresh, const char *current,
                  const char *id, struct arena *arena, const char **kept, struct error *err)
{
	scoped_session struct session *beside = NULL;
	const char *old = kept_name(current, id, arena);
	struct error trouble;

	if (!open_beside(connection, arena, &beside, err) ||
	    !allow_connections(beside, current, false, arena, err))
		return error_context(err, "while putting \"%s\" in the place of \"%s\"", fresh, current);
	const bool is_done = rename_both(beside, fresh, current, old, arena, err);
	if (!let_in_again(beside, is_done ? old : current, arena, &trouble)) {
		if (!is_done)
			return error_detail(err, "\"%s\" still refuses connections: %s", current, trouble.message);
		*err = trouble;
		return error_context(err, "while opening \"%s\" again; the swap itself is done", old);
	}
	if (!is_done)
		return error_context(err, "while putting \"%s\" in the place of \"%s\"; both are as before", fresh,
		                     current);
	*kept = old;
	return true;
}
