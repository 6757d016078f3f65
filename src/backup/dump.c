/*
 * A snapshot exists as long as the transaction that exported it, so the control session stays open and
 * idle until pg_dump has ended: its timeouts are lifted, and dump_close() comes after the last byte. In
 * it the rows are counted that a restore is compared with, in the snapshot that pg_dump reads: otherwise
 * each write in between would look like a damaged backup.
 *
 * pg_dump writes the custom format without compression. zstd after it takes 4.3 to 5.7 s where pg_dump's
 * own gzip takes 15.7 to 16.4 s, for 1.2 GB, and gives 10 % less (PostgreSQL 15). Of the formats that are
 * one stream only this one can be restored by several jobs.
 *
 * The password goes through the environment: the arguments of a process are for everybody to read. A
 * pg_dump that is older than the server refuses to work, hence `least_major`; it is looked for before the
 * snapshot is taken, which should not last longer than needed.
 */
#include "backup/dump.h"

#include <string.h>

#include "base/child.h"
#include "base/file.h"
#include "pg/address.h"
#include "pg/program.h"

struct dump {
	struct dump_options options;
	struct arena *arena;
	struct session *db;
	const char *snapshot;
	const char *bindir;
	const char *address; /* without its password, for command lines */
	const char *secret;  /* "PGPASSWORD=...", or NULL */
};

static bool find_programs(const struct dump_options *options, int server_version, struct arena *arena,
                          struct program_place *out, struct error *err)
{
	const struct program_wish wish = {
	    .names = (const char *const[]){"pg_dump", "pg_restore", NULL},
	    .bindir = options->bindir,
	    .least_major = server_version / 10000,
	    .server_major = server_version / 10000,
	    .package = arena_printf(arena, "the client package (Debian, Ubuntu: postgresql-client-%d)",
	                            server_version / 10000),
	};

	return program_find(&wish, arena, out, err) ||
	       error_context(err, "while looking for what a backup of PostgreSQL %d needs",
	                     server_version / 10000);
}

static bool read_size(struct session *db, int64_t *out, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query_row(db, SQL_backup_dump_size, NO_PARAMS, &rows, err))
		return error_context(err, "while asking for the size of the database");
	*out = rows_number(rows, 0, ONLY_COLUMN);
	return true;
}

bool dump_check(const struct dump_options *options, int64_t *database_size, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_session struct session *db = NULL;
	struct program_place place;
	const char *address, *password;

	return address_for_program(options->connection.conninfo, &arena, &address, &password, err) &&
	       session_open(&options->connection, &db, err) &&
	       find_programs(options, session_server_version(db), &arena, &place, err) &&
	       read_size(db, database_size, err);
}

/* --- the snapshot ----------------------------------------------------- */

/* Our own counting waits for locked tables as pg_dump does, which has the same limit by its option. */
static bool limit_lock_wait(struct dump *dump, struct error *err)
{
	const char *sql =
	    arena_printf(dump->arena, "SET LOCAL lock_timeout = %lld", (long long)dump->options.lock_wait_ms);

	return execute(dump->db, sql, NO_PARAMS, err);
}

/* The columns of dump_snapshot.sql. */
enum {
	SNAPSHOT_ID,
	SNAPSHOT_STARTED_AT,
	SNAPSHOT_SERVER,
	SNAPSHOT_ESTIMATED_SIZE,
};

static bool take_snapshot(struct dump *dump, struct dump_state *state, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!execute_simple(dump->db, SQL_backup_dump_begin, NULL, NULL, err) || !limit_lock_wait(dump, err) ||
	    !query_row(dump->db, SQL_backup_dump_snapshot, NO_PARAMS, &rows, err))
		return error_context(err, "while taking the snapshot of a backup");
	dump->snapshot = rows_copy(rows, 0, SNAPSHOT_ID, dump->arena);
	state->database = arena_strdup(dump->arena, session_database(dump->db));
	state->started_at = rows_copy(rows, 0, SNAPSHOT_STARTED_AT, dump->arena);
	state->server = rows_copy(rows, 0, SNAPSHOT_SERVER, dump->arena);
	state->estimated_size = rows_number(rows, 0, SNAPSHOT_ESTIMATED_SIZE);
	return true;
}

static bool prepare_address(struct dump *dump, struct error *err)
{
	const char *password;

	if (!address_for_program(dump->options.connection.conninfo, dump->arena, &dump->address, &password, err))
		return false;
	dump->secret = password ? arena_printf(dump->arena, "PGPASSWORD=%s", password) : NULL;
	return true;
}

bool dump_open(const struct dump_options *options, struct arena *arena, struct dump **out,
               struct dump_state *state, struct error *err)
{
	scoped_dump struct dump *dump = arena_new(arena, struct dump);
	struct program_place place;

	*dump = (struct dump){.options = *options, .arena = arena};
	if (!prepare_address(dump, err) || !session_open(&options->connection, &dump->db, err) ||
	    !session_lift_timeouts(dump->db, err) ||
	    !find_programs(options, session_server_version(dump->db), arena, &place, err) ||
	    !take_snapshot(dump, state, err))
		return false;
	dump->bindir = place.directory;
	state->pg_dump = arena_printf(arena, "%d", place.major);
	*out = TAKE(dump);
	return true;
}

void dump_close(struct dump **dump)
{
	if (*dump)
		session_close(&(*dump)->db);
	*dump = NULL;
}

/* --- facts ------------------------------------------------------------ */

/* Passwords of roles stay behind: a backup of one database is no place for the keys of all. */
static bool dump_globals(struct dump *dump, struct database_summary *summary, struct error *err)
{
	const char *const argv[] = {path_join(dump->arena, dump->bindir, "pg_dumpall"),
	                            "--globals-only",
	                            "--no-role-passwords",
	                            "--no-password",
	                            arena_printf(dump->arena, "--dbname=%s", dump->address),
	                            NULL};
	const struct child_options child = {
	    .argv = argv, .environment = (const char *const[]){dump->secret, NULL}, .capture = true};
	struct child_result result;

	if (!dump->options.with_globals)
		return true;
	if (!child_must_run(&child, dump->arena, &result, err))
		return error_context(err, "while dumping roles and tablespaces");
	summary->globals = str_copy(dump->arena, result.output);
	return true;
}

bool dump_summary(struct dump *dump, const struct qualified_name *history, struct arena *arena,
                  struct database_summary *out, struct error *err)
{
	const struct summary_options options = {.history = history, .excluded = dump->options.excluded_data};

	return summary_gather(dump->db, &options, arena, out, err) && dump_globals(dump, out, err);
}

const char *dump_pg_restore(const struct dump *dump)
{
	return path_join(dump->arena, dump->bindir, "pg_restore");
}

/* --- pg_dump ---------------------------------------------------------- */

static bool receive(void *context, struct str bytes, struct error *err)
{
	return sink_write(context, bytes, err);
}

/* Compression is ours, and several times as fast as what pg_dump 15 and older have. */
static const char *const *arguments(struct dump *dump)
{
	struct arena *arena = dump->arena;
	const char *role = dump->options.connection.role;
	const char **argv = NULL;
	size_t count = 0;

	*ARENA_PUSH(arena, argv, count) = path_join(arena, dump->bindir, "pg_dump");
	*ARENA_PUSH(arena, argv, count) = "--format=custom";
	*ARENA_PUSH(arena, argv, count) = "--compress=0";
	*ARENA_PUSH(arena, argv, count) = "--no-password";
	*ARENA_PUSH(arena, argv, count) = arena_printf(arena, "--snapshot=%s", dump->snapshot);
	*ARENA_PUSH(arena, argv, count) = arena_printf(arena, "--dbname=%s", dump->address);
	if (dump->options.lock_wait_ms > 0)
		*ARENA_PUSH(arena, argv, count) =
		    arena_printf(arena, "--lock-wait-timeout=%lld", (long long)dump->options.lock_wait_ms);
	if (role)
		*ARENA_PUSH(arena, argv, count) = arena_printf(arena, "--role=%s", role);
	for (const char *const *pattern = dump->options.excluded_data; pattern && *pattern; pattern++)
		*ARENA_PUSH(arena, argv, count) = arena_printf(arena, "--exclude-table-data=%s", *pattern);
	*ARENA_PUSH(arena, argv, count) = NULL;
	return argv;
}

bool dump_run(struct dump *dump, struct sink *into, struct error *err)
{
	const struct child_options child = {
	    .argv = arguments(dump),
	    .environment = (const char *const[]){dump->secret, NULL},
	    .receive = receive,
	    .context = into,
	    .dies_with_us = true,
	};
	struct child_result result;

	return child_must_run(&child, dump->arena, &result, err) ||
	       error_context(err, "while dumping the database with pg_dump");
}
