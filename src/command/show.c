/*
 * Everything about one migration, from the file and from the database, and each part may be missing:
 * without a server the file alone is described, and a migration without a file has a record and perhaps
 * its rollback.
 *
 * Facts for people and facts for programs differ where people want a sentence: "none, irreversible: ..."
 * is one line for people and two keys in JSON, so that no program has to take a sentence apart. A
 * property without a key is for people, one without a title for programs.
 *
 * --sql prints what would run and nothing else. For a rollback that is the file or the copy kept in the
 * database, by the same rule as "downgrade" has (entry_prefers_kept_rollback()).
 */
#include <string.h>

#include "apply/step/given_variables.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/number_text.h"
#include "command/commands.h"
#include "command/database/database_state.h"
#include "command/database/half_done.h"
#include "command/project/migration_files.h"
#include "history/rollback_sql.h"
#include "migration/mode.h"
#include "plan/lookup.h"
#include "report/property.h"

/* What is known of one migration; each part may be missing. */
struct subject {
	const struct migration *migration;
	const struct record *record;
	const char *state; /* NULL without a database */
	struct position_list positions;
};

/* --- finding it ------------------------------------------------------- */

/* Files alone tell a lot: without a reachable server the rest is left out. */
static bool load_state(struct context *context, struct database_state *state, struct error *err)
{
	if (!context->database)
		return true;
	if (database_state_load(context, state, err))
		return true;
	if (err->kind == ERROR_CANCELLED)
		return false;
	event_warning(context->reporter, "the database was not read: %s", err->message);
	return true;
}

/* From the files alone where no database was asked. */
static bool find_subject(struct context *context, struct subject *out, struct error *err)
{
	struct database_state state = {0};
	const struct history nothing = {0};
	size_t i;

	if (!load_state(context, &state, err))
		return false;
	const bool is_known = state.comparison.count > 0;
	if (!is_known)
		comparison_build(&context->tree, &nothing, context->arena, &state.comparison);
	if (!lookup_entry(context->operands[0], &state.comparison, context->arena, &i, err))
		return false;
	*out = (struct subject){
	    .migration = state.comparison.entries[i].migration,
	    .record = state.comparison.entries[i].record,
	    .state = is_known ? database_state_word(&state, i) : NULL,
	    .positions = state.positions,
	};
	return true;
}

/* --- describing it ---------------------------------------------------- */

static const char *requirements(const struct directives *directives, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	for (size_t i = 0; i < directives->require_count; i++)
		buffer_printf(&text, "%s%lld", i ? ", " : "", (long long)directives->requires[i]);
	return directives->require_count ? buffer_cstr(&text) : NULL;
}

static const char *waivers(const struct directives *directives, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	for (size_t i = 0; i < directives->waiver_count; i++)
		buffer_printf(&text, "%s%s", i ? ", " : "", directives->waivers[i].rule);
	return directives->waiver_count ? buffer_cstr(&text) : NULL;
}

static const char *duration(struct arena *arena, int64_t ms)
{
	return ms >= 0 ? duration_text(arena, ms) : NULL;
}

/* How it would run, as far as that can be known without a server: in words, and for programs. */
struct running {
	const char *text;
	const char *mode;       /* NULL: not at all */
	const char *statements; /* the same */
};

static struct running way_of_running(struct context *context, const struct migration *migration)
{
	static const struct {
		const char *text, *mode;
	} words[] = {
	    [MODE_TRANSACTIONAL] = {"in one transaction", "transaction"},
	    [MODE_OWN_TRANSACTION] = {"in one transaction, with the mode that the file sets", "transaction"},
	    [MODE_NONTRANSACTIONAL] = {"statement by statement, each committed", "statements"},
	};
	const struct script_options options = database_script_options(context);
	scoped_script struct script script = {0};
	enum run_mode mode;
	struct error err;

	if (!script_load(migration->path, &options, context->arena, &script, &err) ||
	    !mode_of_script(&script, &migration->directives, 0, &mode, &err))
		return (struct running){arena_printf(context->arena, "not at all: %s", err.message), NULL, NULL};
	return (struct running){arena_printf(context->arena, "%zu statement%s, %s", script.count,
	                                     plural(script.count), words[mode].text),
	                        words[mode].mode, number_text(context->arena, (int64_t)script.count)};
}

static const char *flag_text(bool is_so)
{
	return is_so ? "true" : "false";
}

static const char *rollback_text(const struct subject *subject, struct arena *arena)
{
	const struct migration *migration = subject->migration;

	if (migration && migration->has_rollback)
		return migration->shown_rollback_path;
	if (migration && migration->directives.irreversible)
		return arena_printf(arena, "none, irreversible: %s", migration->directives.irreversible);
	return subject->record && subject->record->has_rollback ? "kept in the database" : "none";
}

static enum on_change on_change_of(const struct context *context, const struct migration *migration)
{
	return directives_on_change(&migration->directives, database_plan_options(context).on_change);
}

static const char *const when_edited[] = {
    [ON_CHANGE_ERROR] = NULL,
    [ON_CHANGE_REAPPLY] = "apply it again",
    [ON_CHANGE_CONVERGE] = "change the database to what it describes, and apply it again",
};

static void describe_file(struct context *context, const struct subject *subject)
{
	const struct migration *migration = subject->migration;
	const struct directives *head = &migration->directives;
	struct arena *arena = context->arena;
	const struct running running = way_of_running(context, migration);
	const enum on_change on_change = on_change_of(context, migration);
	const struct property facts[] = {
	    {"version", NULL, number_text(arena, migration->number), COLUMN_NUMBER},
	    {"name", "Migration", migration->name, COLUMN_TEXT},
	    {"description", "Description", migration->description, COLUMN_TEXT},
	    {"file", "File", migration->shown_path, COLUMN_TEXT},
	    {"rollback", NULL, migration->has_rollback ? migration->shown_rollback_path : NULL, COLUMN_TEXT},
	    {"irreversible", NULL, head->irreversible, COLUMN_TEXT},
	    {NULL, "Rollback", rollback_text(subject, arena), COLUMN_TEXT},
	    {"breaking", "Breaking", head->breaking, COLUMN_TEXT},
	    {"checksum", "Checksum", migration->checksum, COLUMN_TEXT},
	    {"mode", NULL, running.mode, COLUMN_TEXT},
	    {"statements", NULL, running.statements, COLUMN_NUMBER},
	    {NULL, "Runs", running.text, COLUMN_TEXT},
	    {"on_change", NULL, on_change_name(on_change), COLUMN_TEXT},
	    {NULL, "When edited", when_edited[on_change], COLUMN_TEXT},
	    {"order_last", NULL, flag_text(head->order_last), COLUMN_FLAG},
	    {NULL, "Order", head->order_last ? "after all others" : NULL, COLUMN_TEXT},
	    {"branch", "Branch", head->branch, COLUMN_TEXT},
	    {"old_id", "Old id", head->old_id, COLUMN_TEXT},
	    {"requires", "Requires", requirements(head, arena), COLUMN_TEXT},
	    {"lock_timeout", "Lock timeout", duration(arena, head->lock_timeout_ms), COLUMN_TEXT},
	    {"statement_timeout", "Statement timeout", duration(arena, head->statement_timeout_ms), COLUMN_TEXT},
	    {"allows", "Allows", waivers(head, arena), COLUMN_TEXT},
	};

	properties_print("migration", facts, sizeof(facts) / sizeof(*facts), arena, context->reporter);
}

static void describe_record(struct context *context, const struct subject *subject)
{
	static const struct record never = {0};
	const struct record *record = subject->record ? subject->record : &never;
	const char *took = record->applied_by ? number_text(context->arena, record->duration_ms) : NULL;
	const bool is_half_done = record->state != RECORD_APPLIED;
	const struct comparison_entry entry = {record->version, subject->migration, record};
	const struct batch_progress batch = half_done_batch(context, &entry, &subject->positions);
	const bool is_other =
	    subject->migration && record->checksum && strcmp(record->checksum, subject->migration->checksum) != 0;
	const struct property facts[] = {
	    {"state", "State", subject->state, COLUMN_STATE},
	    {"name", "Name", subject->migration ? NULL : record->name, COLUMN_TEXT},
	    {"has_kept_rollback", NULL, flag_text(record->has_rollback), COLUMN_FLAG},
	    {NULL, "Rollback", subject->migration ? NULL : rollback_text(subject, context->arena), COLUMN_TEXT},
	    {"applied_at", "Applied at", moment_text(record->applied_at, context->arena, context->reporter),
	     COLUMN_TEXT},
	    {"applied_by", "By", record->applied_by, COLUMN_TEXT},
	    {"applied_from", "From", record->applied_from, COLUMN_TEXT},
	    {"duration_ms", "Took", took, COLUMN_DURATION},
	    {"statements_done", NULL, is_half_done ? number_text(context->arena, record->statements_done) : NULL,
	     COLUMN_NUMBER},
	    {"statements", NULL, is_half_done ? half_done_total(context, &entry) : NULL, COLUMN_NUMBER},
	    {NULL, "Done", is_half_done ? half_done_text(context, &entry, &subject->positions) : NULL,
	     COLUMN_TEXT},
	    HALF_DONE_BATCH_PROPERTIES(batch),
	    {"tool_version", "With rung", record->tool_version, COLUMN_TEXT},
	    {"backup", "Backup", record->backup, COLUMN_TEXT},
	    {"variables", "Variables", given_variables_names(record->variables, context->arena), COLUMN_TEXT},
	    {"applied_checksum", "Checksum then", is_other ? record->checksum : NULL, COLUMN_TEXT},
	};

	properties_print("record", facts, sizeof(facts) / sizeof(*facts), context->arena, context->reporter);
}

/* --- its SQL ---------------------------------------------------------- */

static bool put_sql(struct context *context, struct str text)
{
	report_verbatim(context->reporter, str_copy(context->arena, text));
	if (text.len && !str_ends(text, "\n"))
		report_verbatim(context->reporter, "\n");
	return true;
}

static bool put_sql_file(struct context *context, const char *path, struct error *err)
{
	struct str text;

	return migration_files_read(path, context->arena, &text, err) && put_sql(context, text);
}

static bool put_kept_rollback(struct context *context, const struct record *record, struct error *err)
{
	scoped_session struct session *db = NULL;
	struct qualified_name table;
	const char *text = NULL;

	if (!database_history_table(context, &table, err) || !database_open(context, &db, err) ||
	    !rollback_sql_load(db, &table, record->version, context->arena, &text, err))
		return false;
	return text ? put_sql(context, str_of(text))
	            : error_set(err, ERROR_FOUND, "the rollback is no longer kept in the database");
}

/* The columns of converged.sql. */
enum {
	CONVERGED_SQL,
	CONVERGED_BACK,
};

/* Of the last time that it did something; the log is where it is kept. */
static bool put_converged(struct context *context, const struct record *record, int column, struct error *err)
{
	scoped_session struct session *db = NULL;
	scoped_rows struct rows *rows = NULL;
	struct arena *arena = context->arena;
	struct qualified_name table;

	if (!record)
		return error_set(err, ERROR_FOUND, "the migration is not applied");
	if (!database_history_table(context, &table, err) || !database_open(context, &db, err) ||
	    !history_read(db, query_render(arena, SQL_history_converged, &table),
	                  PARAMS(number_text(arena, record->version)), &rows, err))
		return false;
	if (rows_count(rows) == 0)
		return error_set(err, ERROR_FOUND, "nothing was run to converge it");
	return put_sql(context, str_of(rows_copy(rows, 0, column, arena)));
}

static bool refuse_gone(const struct context *context, const char *name, bool has_rollback, struct error *err)
{
	error_set(err, ERROR_FILES, "the file of migration \"%s\" is missing", name);
	if (has_rollback)
		return error_hint(err, "Its rollback is kept in the database: \"rung show %s --sql=rollback\".",
		                  shell_word(context->arena, name));
	return error_hint(err, "Restore the file from version control.");
}

/*
 * As it is in the file that would run, or, of a rollback, in the database where "downgrade" takes that.
 */
static bool show_sql(struct context *context, const struct subject *subject, struct error *err)
{
	const struct migration *migration = subject->migration;
	const struct record *record = subject->record;
	const struct comparison_entry entry = {record ? record->version : migration->number, migration, record};
	const bool is_kept = record && record->has_rollback;

	const char *kind = option_value(context, "--sql");

	if (strcmp(kind, "converged") == 0)
		return put_converged(context, record, CONVERGED_SQL, err);
	if (strcmp(kind, "unconverge") == 0)
		return put_converged(context, record, CONVERGED_BACK, err);
	if (*kind == '\0') {
		if (migration)
			return put_sql_file(context, migration->path, err);
		return refuse_gone(context, entry_name(&entry, context->arena), is_kept, err);
	}
	const bool prefers_kept = is_kept && entry_prefers_kept_rollback(&entry);
	if (migration && migration->has_rollback && !prefers_kept)
		return put_sql_file(context, migration->rollback_path, err);
	if (is_kept)
		return put_kept_rollback(context, record, err);
	return error_set(err, ERROR_FOUND, "migration \"%s\" has no rollback: %s",
	                 entry_name(&entry, context->arena), rollback_text(subject, context->arena));
}

/* --- the verb --------------------------------------------------------- */

static bool cmd_show(struct context *context, struct error *err)
{
	struct subject subject = {0};

	if (!find_subject(context, &subject, err))
		return false;
	if (option_is_given(context, "--sql"))
		return show_sql(context, &subject, err);
	if (subject.migration)
		describe_file(context, &subject);
	if (subject.migration && subject.state && !reporter_is_json(context->reporter))
		report_text(context->reporter, "\n");
	if (subject.state)
		describe_record(context, &subject);
	return true;
}

static const struct option_row options[] = {
    {"--sql", 0, "[=rollback|converged|unconverge]",
     "print the SQL of its file, or of its rollback, or what converged it or would undo that, and nothing "
     "else"},
    {0},
};

const struct command command_show = {
    .name = "show",
    .operands = "MIGRATION",
    .help = &HELP_show,
    .group = GROUP_LOOK,
    .needs = NEEDS_TREE,
    .least_operands = 1,
    .most_operands = 1,
    .options = options,
    .run = cmd_show,
};
