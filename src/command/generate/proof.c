/*
 * The only proof that counts is a server's: what was generated runs as it would, and the catalog is read once
 * more. Nothing that made the SQL is trusted to judge it.
 *
 * Up comes first, and down starts from what it left, not from a fresh TO: so a pair is proved as it is used.
 */
#include "command/generate/proof.h"

#include <string.h>

#include "catalog/catalog_changes.h"
#include "catalog/changes_text.h"
#include "command/generate/change_run.h"
#include "command/generate/pair_files.h"
#include "command/generate/pair_series.h"
#include "command/generate/seeded_rows.h"
#include "command/generate/side_copy.h"

enum { MOST_TOLD = 5 };

struct proof {
	const struct proof_options *options;
	struct arena *arena;
	struct scratch_database scratch;
	const char *conninfo;
	struct prerequisites prerequisites;
	struct seeded_rows rows;
	struct proof_result *result;
	bool is_careful; /* with rows only where no statement may fail on them */
};

static void proof_clear(struct proof *proof)
{
	scratch_database_close(&proof->scratch);
}
#define scoped_proof SCOPED(proof_clear)

static bool open_session(const struct proof *proof, struct session **out, struct error *err)
{
	const struct session_options options =
	    scratch_server_session_options(&proof->options->room->server, proof->conninfo);

	return session_open(&options, out, err);
}

/* One direction. */
struct way {
	const char *name;
	enum direction direction;
	const struct change_script *script;
	const struct side *target;
};

/* --- running ---------------------------------------------------------------- */

static bool blame_statement(const struct proof *proof, const struct change_script *script, const char *way,
                            const struct change_statement *failed, struct error *err)
{
	proof->result->refused = script;
	proof->result->failed = failed;
	if (!failed)
		return error_context(err, "while proving the SQL %s", way);
	return error_context(err, "while proving the SQL %s, in the statement\n%.400s%s", way, failed->sql,
	                     strlen(failed->sql) > 400 ? "..." : "");
}

static bool run_script(const struct proof *proof, const struct way *way, struct error *err)
{
	const struct change_statement *failed = NULL;
	scoped_session struct session *db = NULL;

	return open_session(proof, &db, err) &&
	       (change_run(db, way->script, &proof->prerequisites, &failed, err) ||
	        blame_statement(proof, way->script, way->name, failed, err));
}

/* --- comparing ---------------------------------------------------------------- */

/* What a database has to be like now. */
struct state {
	const struct catalog *catalog;
	const char *title;
};

static bool blame_result(const struct proof *proof, const char *way, const struct state *target,
                         const struct catalog_changes *changes, struct error *err)
{
	struct buffer text = {.arena = proof->arena};

	changes_text(changes, MOST_TOLD, &text);
	error_set(err, ERROR_FOUND, "the SQL %s does not lead to %s", way, target->title);
	return error_detail(err, "What differs then:\n%s", buffer_cstr(&text));
}

/* A catalog that is the same leaves nothing to be generated; who does not see that would generate for ever.
 */
static bool check_nothing_left(const struct proof *proof, const char *way, const struct catalog *result,
                               const struct state *target, struct error *err)
{
	const struct change_options options = {.parts = proof->options->parts};
	struct change_script script;

	if (!change_script_make(result, target->catalog, &options, proof->arena, &script, err))
		return false;
	return (!script.count && !script.unmodelled_count) ||
	       error_set(err, ERROR_FOUND, "after the SQL %s more is generated, although nothing differs: %s",
	                 way, script.count ? script.statements[0].sql : script.unmodelled[0]);
}

static bool check_result(const struct proof *proof, const char *way, const struct state *target,
                         struct error *err)
{
	struct name_list ignored = {0};
	struct catalog_changes changes;
	struct catalog result;

	if (!side_look(proof->options->room, proof->conninfo, &result, err))
		return false;
	catalog_filter_apply(proof->options->filter, proof->arena, &result, &ignored);
	catalog_compare(&result, target->catalog, proof->options->parts, proof->arena, &changes);
	if (changes.count)
		return blame_result(proof, way, target, &changes, err);
	return check_nothing_left(proof, way, &result, target, err);
}

/* --- all ------------------------------------------------------------------------ */

static bool seed(struct proof *proof, struct error *err)
{
	const struct proof_options *options = proof->options;
	scoped_session struct session *db = NULL;

	const struct seeded_rows_options seeding = {.from = &options->from->catalog,
	                                            .to = &options->to->catalog,
	                                            .up = options->up,
	                                            .down = options->down,
	                                            .is_careful = proof->is_careful,
	                                            .not_back = options->not_back};

	return open_session(proof, &db, err) && seeded_rows_make(db, &seeding, proof->arena, &proof->rows, err);
}

static bool check_rows(const struct proof *proof, const struct way *way, struct error *err)
{
	const struct seeded_columns *columns =
	    way->direction == DIRECTION_UP ? &proof->rows.staying : &proof->rows.back;
	scoped_session struct session *db = NULL;

	return open_session(proof, &db, err) && (seeded_rows_check(&proof->rows, columns, db, err) ||
	                                         error_context(err, "while proving the SQL %s", way->name));
}

/* Behind the steps that were done up, or before those that were done down. */
static bool check_step(const struct proof *proof, const struct way *way, size_t step, struct error *err)
{
	const struct proof_files *files = proof->options->files;
	const struct state between = {
	    .catalog = files->steps[step].after,
	    .title = arena_printf(proof->arena, "the state between parts %zu and %zu", step + 1, step + 2)};

	return !between.catalog || check_result(proof, way->name, &between, err);
}

static bool run_files(const struct proof *proof, const struct way *way, struct error *err)
{
	const struct proof_files *files = proof->options->files;
	const bool is_up = way->direction == DIRECTION_UP;

	for (size_t i = 0; i < files->count; i++) {
		if (!pair_files_step(files->files, proof->conninfo, way->direction, err))
			return error_context(err, "while proving the files %s", way->name);
		if (i + 1 < files->count && !check_step(proof, way, is_up ? i : files->count - 2 - i, err))
			return false;
	}
	return true;
}

static bool prove_way(struct proof *proof, const struct way *way, struct error *err)
{
	const struct state target = {&way->target->catalog, way->target->title};

	return (proof->options->files ? run_files(proof, way, err) : run_script(proof, way, err)) &&
	       check_result(proof, way->name, &target, err) && check_rows(proof, way, err);
}

/* Our rows are nobody's: that they do not fit says nothing against the SQL. */
static bool is_of_rows(const struct error *refusal, const struct seeded_rows *rows)
{
	return (refusal->kind == ERROR_SQL || refusal->kind == ERROR_PARTIAL) && rows->table_count &&
	       (strncmp(refusal->sqlstate, "22", 2) == 0 || strncmp(refusal->sqlstate, "23", 2) == 0);
}

/* Then a rollback that fails on rows is no good. */
static bool brings_all_back(const struct proof_options *options)
{
	return options->not_back && !options->not_back->count;
}

static bool prove(const struct proof_options *options, bool is_careful, struct proof_result *out,
                  bool *is_worth_another, struct error *err)
{
	scoped_proof struct proof proof = {
	    .options = options, .arena = options->room->context->arena, .result = out, .is_careful = is_careful};

	const struct way up = {"up", DIRECTION_UP, options->up, options->to};
	const struct way down = {"down", DIRECTION_DOWN, options->down, options->from};

	*out = (struct proof_result){0};
	if (!side_copy(options->room, options->from, options->parts, &proof.scratch, &proof.conninfo, err))
		return false;
	proof.prerequisites.is_own_server = options->room->server.server != NULL;
	if (!seed(&proof, err))
		return false;
	out->seeded = proof.rows.table_count;
	const bool is_up = prove_way(&proof, &up, err);
	if (is_up && (!options->down || prove_way(&proof, &down, err)))
		return true;
	*is_worth_another = is_of_rows(err, &proof.rows) && (!is_up || !brings_all_back(options));
	return false;
}

bool proof_run(const struct proof_options *options, struct proof_result *out, struct error *err)
{
	bool is_worth_another = false;

	return prove(options, false, out, &is_worth_another, err) ||
	       (is_worth_another && prove(options, true, out, &is_worth_another, err));
}
