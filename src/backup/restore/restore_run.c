/*
 * Everything is read twice: once to prove it, once to restore it. The proof costs some 4 % of a restore
 * and has no side effects, so a damaged file never leads to half a database. That both passes see the
 * same bytes is for spool.c to hold.
 *
 * Two choices of programs: to read, the newest, because a newer pg_restore reads older archives and not
 * the other way round; to restore, the one nearest to the server, because newer ones send what older
 * servers refuse (newer_settings.c).
 *
 * The session beside the new database is in another one, since a database with a session in it cannot be
 * dropped or renamed. It idles while pg_restore works, for hours perhaps, and is opened again when it is
 * gone.
 *
 * Settings, limits and privileges come after the comparison, because they are for the users of the
 * database: a limit of connections, or CONNECT taken from PUBLIC, could keep us out.
 */
#include "backup/restore/restore_run.h"

#include <stdio.h>
#include <string.h>

#include "backup/metadata_frame.h"
#include "backup/restore/restore_internal.h"
#include "backup/script/script_guard.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "pg/address.h"
#include "pg/maintenance.h"
#include "pg/program.h"
#include "pg/verbose_words.h"
#include "stream/progress.h"

/* --- programs --------------------------------------------------------- */

/* To read, the newest, which knows every archive; to restore, the one nearest to the server. */
static bool find_programs(struct restoring *it, int server_major, int least_major, struct error *err)
{
	const struct program_wish wish = {
	    .names = (const char *const[]){"pg_restore", "psql", NULL},
	    .bindir = it->options->bindir,
	    .least_major = least_major,
	    .server_major = server_major,
	    .package = "the client package (Debian, Ubuntu: postgresql-client)",
	};
	struct program_place place;

	if (!program_find(&wish, it->arena, &place, err))
		return error_context(err, "while looking for what a restore needs");
	it->client_major = place.major;
	it->pg_restore = path_join(it->arena, place.directory, "pg_restore");
	it->psql = path_join(it->arena, place.directory, "psql");
	return true;
}

/* --- proving ---------------------------------------------------------- */

struct proving {
	struct restoring restoring;
	struct archive_reading reading;
};

/* What pg_restore leaves out, psql runs: an option that would do nothing is not passed over in silence. */
static bool check_script_options(const struct restore_options *options, struct arena *arena,
                                 struct error *err)
{
	const struct {
		bool is_given;
		const char *name;
	} rows[] = {
	    {options->no_owner, "--no-owner"},
	    {options->no_acl, "--no-acl"},
	    {*skip_text(&options->skip, arena), "--skip"},
	    {options->jobs > 1, "--jobs"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (rows[i].is_given) {
			error_set(err, ERROR_USAGE, "cannot use %s with an SQL script: it is run as it is", rows[i].name);
			return error_hint(err, "An archive (\"pg_dump --format=custom\") can be restored so.");
		}
	return true;
}

/* Nobody runs a script to prove it; it is looked at for what it would do beside filling the new database. */
static bool open_script_proof(struct restoring *it, struct sink **out, struct error *err)
{
	static struct tally nowhere;
	bool is_restricted;

	if (!check_script_options(it->options, it->arena, err) ||
	    !script_guard_probe(it->psql, it->arena, &is_restricted, err))
		return false;
	*out = script_guard_open(is_restricted, tally_open(&nowhere, NULL));
	return true;
}

/* pg_restore writes the whole script to nowhere: so every block of the archive is read. Its list is kept. */
static bool open_proof(void *context, enum core core, struct sink **out, struct error *err)
{
	struct proving *proving = context;
	struct restoring *it = &proving->restoring;
	struct sink *whole;

	it->core = core;
	if (core == CORE_SQL)
		return open_script_proof(it, out, err);
	it->argv = (const char *const *)memcpy(arena_array(it->arena, const char *, 4),
	                                       ((const char *const[]){it->pg_restore, "--file=/dev/null", NULL}),
	                                       3 * sizeof(char *));
	it->pipe = (struct pipe_options){.argv = it->argv, .circumstance = "while reading the archive"};
	proving->reading = (struct archive_reading){.arena = it->arena, .pg_restore = it->pg_restore};
	return pipe_open(&it->pipe, NULL, &whole, err) &&
	       archive_reading_open(&proving->reading, whole, out, err);
}

/* Where the newest pg_restore is older than the archive that is all there is to say. */
static bool say_too_new(const struct proving *proving, struct error *err)
{
	const int least_major = archive_least_major(&proving->reading);
	const int major = proving->restoring.client_major;

	if (err->kind != ERROR_STORAGE || proving->restoring.core != CORE_ARCHIVE || least_major <= major)
		return false;
	error_set(err, ERROR_CONFIG,
	          "cannot read the archive: it needs a pg_restore of PostgreSQL %d or newer, and the newest one "
	          "found is of %d",
	          least_major, major);
	return error_hint(err, "Install postgresql-client-%d, or say where it is with --pg-bindir.", least_major);
}

bool restore_prove(const struct restore_options *options, struct spool *spool, struct arena *arena,
                   struct proof *out, struct error *err)
{
	struct proving proving = {.restoring = {.options = options, .arena = arena}};
	struct restoring *it = &proving.restoring;
	struct buffer tail = {.arena = arena};
	const struct unwrap_options unwrapping = {.secrets = options->secrets,
	                                          .most_size = options->most_size,
	                                          .is_sealed = options->is_sealed,
	                                          .may_be_script = options->may_be_script,
	                                          .tail = &tail,
	                                          .open = open_proof,
	                                          .context = &proving};
	const int64_t began_ms = clock_now_ms();
	struct proof proof = {0};

	if (!find_programs(it, 0, 0, err))
		return false;
	if (!restoring_push(it, &unwrapping, spool, "proving", err))
		return say_too_new(&proving, err);
	proof.core = it->core;
	if (proof.core == CORE_ARCHIVE)
		proof.list = archive_reading_end(&proving.reading);
	proof.has_summary = tail.len > 0;
	if (proof.has_summary && !metadata_frame_read(buffer_str(&tail), arena, &proof.summary, err))
		return false;
	proof.duration_ms = clock_now_ms() - began_ms;
	*out = proof;
	return true;
}

/* --- around the new database ------------------------------------------ */

bool restoring_open_beside(const struct session_options *connection, struct arena *arena,
                           struct session **out, struct error *err)
{
	return maintenance_open(connection, arena, out, err) && session_lift_timeouts(*out, err);
}

/* What these programs say of errors is read: pg_restore's where it is to be excused, and psql's code. */
static const char *const *environment(struct restoring *it)
{
	const char **items = NULL;
	size_t count = 0;

	if (it->newer.unknown || it->proof->core == CORE_SQL)
		*ARENA_PUSH(it->arena, items, count) = "LC_ALL=C";
	if (it->secret)
		*ARENA_PUSH(it->arena, items, count) = it->secret;
	*ARENA_PUSH(it->arena, items, count) = NULL;
	return items;
}

static bool prepare(struct restoring *it, struct error *err)
{
	const char *password;

	if (!restoring_open_beside(&it->options->connection, it->arena, &it->beside, err) ||
	    !find_programs(it, session_server_version(it->beside) / 10000, it->proof->list.least_major, err) ||
	    !preflight_check(it, err))
		return false;
	it->newer = newer_settings_of(it->client_major, session_server_version(it->beside));
	if (!address_with_database(it->options->connection.conninfo, it->options->into, it->arena, &it->address,
	                           err) ||
	    !address_for_program(it->address, it->arena, &it->address, &password, err))
		return false;
	it->secret = password ? arena_printf(it->arena, "PGPASSWORD=%s", password) : NULL;
	it->environment = environment(it);
	return creation_make(it, err);
}

/*
 * Rows and history decide. Catalogs that were printed differently are told: a restore in need must not end
 * over them, and a drill is there to find out.
 */
static bool judge(struct restoring *it, const struct summary_comparison *comparison, struct error *err)
{
	if (comparison->catalog != LIKENESS_DIFFERENT)
		return true;
	if (it->options->is_drill && !it->rights.skipped_text) {
		error_set(err, ERROR_STORAGE,
		          "the restored database has other catalogs than the one that was backed up");
		return error_detail(err, "%s", comparison->differences);
	}
	event_warning(it->options->reporter, "the restored catalogs differ slightly from those recorded: %s",
	              comparison->differences);
	return true;
}

/* Statistics can be made up for at any time: no reason to throw away what was found to be whole. */
static bool analyze(struct restoring *it, struct session *db, struct error *err)
{
	const char *name = it->options->into;

	event_debug(it->options->reporter, "analyzing \"%s\"", name);
	if (execute_simple(db, "ANALYZE", NULL, NULL, err))
		return true;
	if (err->kind == ERROR_CANCELLED || interrupt_requested())
		return false;
	event_warning(it->options->reporter,
	              "\"%s\" is restored and could not be analyzed: %s; run ANALYZE in it", name, err->message);
	return true;
}

static bool compare_and_analyze(struct restoring *it, struct summary_comparison *out, struct error *err)
{
	const struct proof *proof = it->proof;
	scoped_session struct session *db = NULL;
	struct session_options options = it->options->connection;

	options.role = NULL;
	if (!address_with_database(options.conninfo, it->options->into, it->arena, &options.conninfo, err) ||
	    !session_open(&options, &db, err) || !session_lift_timeouts(db, err))
		return false;
	const bool with_owners = !it->options->no_owner && !it->options->no_acl;
	if (proof->has_summary &&
	    (!summary_compare(db, &it->options->history, &proof->summary, with_owners, it->arena, out, err) ||
	     !judge(it, out, err)))
		return false;
	return analyze(it, db, err);
}

/* --- the whole -------------------------------------------------------- */

static void restoring_clear(struct restoring *it)
{
	session_close(&it->beside);
	if (it->list_fd > 0)
		fd_clear(&it->list_fd);
}

/* What idled while the database was filled may be gone; only asking tells. */
static bool come_back_beside(struct restoring *it, struct error *err)
{
	struct error ignored;

	if (it->beside && session_is_alive(it->beside) &&
	    execute(it->beside, SQL_restore_is_there, NO_PARAMS, &ignored))
		return true;
	session_close(&it->beside);
	return restoring_open_beside(&it->options->connection, it->arena, &it->beside, err);
}

/* The backend of a pg_restore that was stopped may still be at work, and ours may be gone with the server. */
static bool drop(struct restoring *it, struct error *err)
{
	const char *sql =
	    arena_printf(it->arena, "DROP DATABASE IF EXISTS %s", quote_name(it->arena, it->options->into));

	if (it->beside)
		session_unwind(it->beside);
	if (!come_back_beside(it, err))
		return false;
	session_unwind(it->beside);
	return execute(it->beside, SQL_restore_terminate, PARAMS(it->options->into, it->options->into), err) &&
	       execute(it->beside, sql, NO_PARAMS, err);
}

static bool has(struct str text, const char *part)
{
	return memmem(text.text, text.len, part, strlen(part));
}

/* pg_restore repeats the command that was refused, "ALTER TABLE public.users OWNER TO app;", as it was. */
static bool tells_of_owner_command(const char *said)
{
	struct str rest = str_of(said);
	struct str line;

	while (str_line_next(&rest, &line))
		if (has(line, ": ALTER ") && has(line, " OWNER TO "))
			return true;
	return false;
}

/*
 * psql, which runs scripts, is told to be verbose: the SQLSTATE stands in front of the server's words, which
 * are in any language. The last is the one that ended it.
 */
static void take_sqlstate(const struct restoring *it, struct error *err)
{
	const char *last = NULL;

	for (const char *code = err->detail; (code = verbose_words_code(code)); code += SQLSTATE_LEN)
		last = code;
	if (it->proof->core != CORE_SQL || !last)
		return;
	snprintf(err->sqlstate, sizeof(err->sqlstate), "%.*s", SQLSTATE_LEN, last);
	error_detail(err, "%s", verbose_words_strip(err->detail, it->arena));
}

static bool is_about_owners(const struct restoring *it, const struct error *err)
{
	return !it->options->no_owner &&
	       (tells_of_owner_command(err->detail) || (!it->is_created && strcmp(err->sqlstate, "42501") == 0));
}

/* psql does not repeat the command. The name of the server's function stands there in every language. */
static bool is_about_owners_of_script(const struct restoring *it, const struct error *err)
{
	return it->proof->core == CORE_SQL && verbose_words_have(err->detail, "42501") &&
	       (strstr(err->detail, "check_is_member_of_role") || strstr(err->detail, "check_can_set_role"));
}

static bool give_up(struct restoring *it, struct error *err)
{
	struct error trouble;

	if (is_about_owners_of_script(it, err))
		error_hint(err, "The script gives things to roles that this one is not a member of: write it with "
		                "\"pg_dump --no-owner\", or restore as a role that is.");
	take_sqlstate(it, err);
	if (!*err->hint && is_about_owners(it, err))
		error_hint(err, "With --no-owner everything belongs to the role that restores.");
	if (strcmp(err->sqlstate, "53100") == 0 || strstr(err->detail, "No space left on device"))
		error_hint(err, "The server's disk is full. Free some space, or restore on another server.");
	if (!it->is_created)
		return error_state(err, "No database was created or changed.");
	if (drop(it, &trouble))
		return error_state(err, "The new database \"%s\" was dropped; no other was changed.",
		                   it->options->into);
	return error_state(err,
	                   "The new database \"%s\" is incomplete and could not be dropped (%s): drop it by "
	                   "hand. No other was changed.",
	                   it->options->into, trouble.message);
}

/* Compared before it gets its settings: a statement_timeout is for its users. */
bool restore_run(const struct restore_options *options, struct spool *spool, const struct proof *proof,
                 struct arena *arena, struct restored *out, struct error *err)
{
	SCOPED(restoring_clear) struct restoring it = {.options = options, .proof = proof, .arena = arena};
	const int64_t began_ms = clock_now_ms();

	if (!prepare(&it, err) || !fill_database(&it, spool, err) ||
	    !compare_and_analyze(&it, &out->comparison, err) || !come_back_beside(&it, err) ||
	    !creation_dress(&it, err))
		return give_up(&it, err);
	out->duration_ms = clock_now_ms() - began_ms;
	return true;
}
