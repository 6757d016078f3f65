/*
 * PostgreSQL alone knows what a statement needs, so nothing is sorted here: what fails is simply tried again
 * after the others. Each round with another one after it makes at least one statement, and statements mostly
 * stand near their order, so few rounds do.
 *
 * Each statement is a transaction of its own. Settings of a file (search_path above all) hold for what
 * follows in it, also when that is tried a second time; they are repeated in every round, and the session is
 * as new before each file.
 *
 * Of several that fail in the end one is the cause. A missing name may be missing because the statement that
 * makes it failed too; any other refusal is nobody else's fault, so the first of those is told, with the rest
 * behind it.
 */
#include "command/generate/desired_sql.h"

#include <string.h>

#include "base/interrupt.h"
#include "base/number_text.h"
#include "command/generate/desired_files.h"
#include "pg/query.h"

struct loading {
	const struct desired_sql_options *options;
	struct session *db;
	struct arena arena;
	struct desired_files files;
	bool has_all_extensions; /* those of the other side were made, wanted or not */
	size_t progress;         /* of this round */
	size_t open;             /* statements that failed in it */
};

static void loading_clear(struct loading *loading)
{
	desired_files_clear(&loading->files);
	arena_clear(&loading->arena);
}
#define scoped_loading SCOPED(loading_clear)

static const char *name_of(const struct loading *loading)
{
	return loading->options->path ? loading->options->path : loading->options->text_name;
}

/* --- one statement -------------------------------------------------------- */

static const char *sql_of(const struct desired_item *item, const char *sql, struct arena *arena)
{
	return item->facts.kind == DESIRED_SETTING ? desired_setting_sql(&item->facts, sql, arena) : sql;
}

/* Without a schema of its own an extension goes where the other side has it. */
static const struct extension_place *place_of(const struct loading *loading, const struct desired_item *item)
{
	if (item->facts.kind != DESIRED_EXTENSION || item->facts.says_schema || item->facts.says_version)
		return NULL;
	return prerequisites_find(loading->options->prerequisites, item->facts.extension);
}

static bool send(const struct loading *loading, const struct desired_item *item, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct extension_place *place = place_of(loading, item);
	const char *sql = NULL;

	if (place)
		return extension_place_create(place, loading->db, err);
	return statement_sql(item->statement, &arena, &sql, err) &&
	       execute_simple(loading->db, sql_of(item, sql, &arena), NULL, NULL, err);
}

/* Several roles may be missing for one statement. */
static bool send_with_roles(const struct loading *loading, const struct desired_item *item, struct error *err)
{
	while (!send(loading, item, err))
		if (err->kind != ERROR_SQL ||
		    !prerequisites_make_role(loading->options->prerequisites, err, loading->db))
			return false;
	return true;
}

static void keep_refusal(struct loading *loading, struct desired_item *item, const struct error *refusal)
{
	const struct place place =
	    statement_place_of_character(item->statement, session_error_position(loading->db));

	if (!item->refusal)
		item->refusal = arena_new(&loading->arena, struct error);
	*item->refusal = *refusal;
	(void)!error_at(item->refusal, &place);
}

/* False only when the whole thing has to end. */
static bool try_item(struct loading *loading, struct desired_item *item, struct error *err)
{
	const bool was_done = item->is_done;

	if (!interrupt_check(err))
		return false;
	item->is_done = send_with_roles(loading, item, err);
	if (item->is_done) {
		loading->progress += !was_done;
		return true;
	}
	loading->open++;
	keep_refusal(loading, item, err);
	return err->kind == ERROR_SQL;
}

/* --- rounds --------------------------------------------------------------- */

static bool begin_file(const struct loading *loading, struct error *err)
{
	return execute_simple(loading->db,
	                      "RESET SESSION AUTHORIZATION; RESET ALL; SET check_function_bodies = off", NULL,
	                      NULL, err);
}

static bool wants_run(const struct desired_item *item)
{
	switch (item->facts.kind) {
	case DESIRED_SKIPPED:
	case DESIRED_ROWS:
		return false;
	case DESIRED_SETTING:
		return true;
	case DESIRED_PLAIN:
	case DESIRED_ROUTINE:
	case DESIRED_EXTENSION:
		break;
	}
	return !item->is_done;
}

static bool run_file(struct loading *loading, struct desired_file *file, struct error *err)
{
	if (!file->count)
		return true;
	if (!begin_file(loading, err))
		return false;
	for (size_t i = 0; i < file->count; i++)
		if (wants_run(&file->items[i]) && !try_item(loading, &file->items[i], err))
			return false;
	return true;
}

static bool run_round(struct loading *loading, struct error *err)
{
	loading->progress = loading->open = 0;
	for (size_t i = 0; i < loading->files.count; i++)
		if (!run_file(loading, &loading->files.items[i], err))
			return false;
	return true;
}

/* --- what failed ---------------------------------------------------------- */

struct refusals {
	const struct error *cause;
	const struct error **others;
	size_t other_count;
};

static bool is_better_cause(const struct error *refusal, const struct error *cause)
{
	return !cause || (refusal_is_of_absence(cause) && !refusal_is_of_absence(refusal));
}

static void gather(const struct loading *loading, struct arena *arena, struct refusals *out)
{
	for (size_t i = 0; i < loading->files.count; i++)
		for (size_t j = 0; j < loading->files.items[i].count; j++) {
			const struct desired_item *item = &loading->files.items[i].items[j];

			if (item->is_done || !item->refusal)
				continue;
			*ARENA_PUSH(arena, out->others, out->other_count) = item->refusal;
			if (is_better_cause(item->refusal, out->cause))
				out->cause = item->refusal;
		}
}

static bool refuse(const struct loading *loading, struct error *err)
{
	enum { MOST_TOLD = 5 };
	scoped_arena struct arena arena = {0};
	struct refusals refusals = {0};
	size_t told = 0;

	gather(loading, &arena, &refusals);
	*err = *refusals.cause;
	(void)!prerequisites_explain(loading->options->prerequisites, session_server_version(loading->db), err);
	for (size_t i = 0; i < refusals.other_count && told < MOST_TOLD; i++)
		if (refusals.others[i] != refusals.cause && ++told)
			error_context(err, "%s failed too: %s", refusals.others[i]->place, refusals.others[i]->message);
	if (refusals.other_count > told + 1)
		error_context(err, "and %zu more", refusals.other_count - told - 1);
	return error_context(err, "while loading \"%s\"", name_of(loading));
}

static bool lacks_extension(const struct loading *loading)
{
	scoped_arena struct arena arena = {0};
	struct refusals refusals = {0};

	gather(loading, &arena, &refusals);
	return refusals.cause && refusal_is_of_absence(refusals.cause);
}

static bool run_rounds(struct loading *loading, struct error *err)
{
	const struct prerequisites *prerequisites = loading->options->prerequisites;

	for (;;) {
		if (!run_round(loading, err))
			return false;
		if (!loading->open)
			return true;
		if (loading->progress)
			continue;
		if (loading->has_all_extensions || !prerequisites->extension_count || !lacks_extension(loading))
			return refuse(loading, err);
		loading->has_all_extensions = true;
		if (!prerequisites_create(prerequisites, loading->db, err))
			return false;
	}
}

/* --- bodies --------------------------------------------------------------- */

static bool check_routine(const struct loading *loading, const struct desired_item *item, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *sql = NULL;

	if (!statement_sql(item->statement, &arena, &sql, err) ||
	    !execute_simple(loading->db, "BEGIN; SET LOCAL check_function_bodies = on", NULL, NULL, err))
		return false;
	const bool is_sound =
	    execute_simple(loading->db, desired_routine_sql(&item->facts, sql, &arena), NULL, NULL, err);
	const size_t at = session_error_position(loading->db);
	session_rollback(loading->db);
	if (is_sound)
		return true;
	const size_t added = item->facts.create_len ? strlen(" OR REPLACE") : 0;
	const struct place place = statement_place_of_character(item->statement, at > added ? at - added : 0);
	return error_at(err, &place);
}

/* Where a file turns the check off itself, it knows why, and hears a warning. */
static bool judge_body(const struct loading *loading, const struct desired_file *file, struct error *err)
{
	if (err->kind != ERROR_SQL || !file->sets_body_check)
		return error_context(err, "while checking bodies of routines in \"%s\"", name_of(loading));
	struct event event = event_of_warning(err->message);
	event.place = err->place;
	event_emit(loading->options->reporter, &event);
	return true;
}

static bool check_file(struct loading *loading, struct desired_file *file, struct error *err)
{
	if (!file->count)
		return true;
	if (!begin_file(loading, err))
		return false;
	for (size_t i = 0; i < file->count; i++) {
		struct desired_item *item = &file->items[i];

		if (item->facts.kind == DESIRED_SETTING && !send(loading, item, err))
			return false;
		if (item->facts.kind == DESIRED_ROUTINE && !check_routine(loading, item, err) &&
		    !judge_body(loading, file, err))
			return false;
	}
	return true;
}

static bool check_bodies(struct loading *loading, struct error *err)
{
	for (size_t i = 0; i < loading->files.count; i++)
		if (!check_file(loading, &loading->files.items[i], err))
			return false;
	return begin_file(loading, err) && execute_simple(loading->db, "RESET ALL", NULL, NULL, err);
}

/* --- all ------------------------------------------------------------------ */

static void warn_of_rows(const struct loading *loading)
{
	const struct desired_item *first = NULL;
	size_t count = 0;

	for (size_t i = 0; i < loading->files.count; i++)
		for (size_t j = 0; j < loading->files.items[i].count; j++)
			if (loading->files.items[i].items[j].facts.kind == DESIRED_ROWS && !count++)
				first = &loading->files.items[i].items[j];
	if (!first)
		return;
	event_warning(loading->options->reporter,
	              "%s:%zu: rows are not part of a schema: %zu statement%s that write%s them %s left out",
	              first->statement->source->path, first->statement->line, count, plural(count),
	              count == 1 ? "s" : "", count == 1 ? "was" : "were");
}

static bool load_files(struct loading *loading, struct error *err)
{
	const struct desired_sql_options *options = loading->options;

	return options->path
	           ? desired_files_load(options->path, options->scripts, &loading->arena, &loading->files, err)
	           : desired_text_load(options->text, options->text_name, options->scripts, &loading->arena,
	                               &loading->files, err);
}

static bool read_renames(struct loading *loading, struct error *err)
{
	const struct desired_sql_options *options = loading->options;

	for (size_t i = 0; options->renames && i < loading->files.count; i++)
		if (!rename_hints_read(&loading->files.items[i].script, options->arena, options->renames, err))
			return false;
	return true;
}

bool desired_sql_load(const struct desired_sql_options *options, struct session *db, struct error *err)
{
	scoped_loading struct loading loading = {.options = options, .db = db};

	if (!load_files(&loading, err))
		return false;
	warn_of_rows(&loading);
	if (!read_renames(&loading, err))
		return false;
	return run_rounds(&loading, err) && check_bodies(&loading, err);
}
