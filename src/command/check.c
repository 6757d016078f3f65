/*
 * The verb for CI: every finding is one line with its advice, because lines are found with grep, and the
 * exit code says whether there is any. It continues after a finding; only what cannot be looked at ends it.
 *
 * Files come first and need no server, then a git ref, then the database. --offline is said and not
 * guessed from a missing URL: a check that silently left out the database would be green for the wrong
 * reason.
 *
 * Beside the difference between files and history it looks at who could write to the history or make it
 * run something, and at the newest rows of the log's chain. All of a long log takes a while; "rung log
 * --verify" does that.
 */
#include "command/commands.h"

#include "base/clock.h"
#include "base/number_text.h"
#include "command/converge/file_difference.h"
#include "command/database/database_state.h"
#include "command/database/half_done.h"
#include "command/generate/deep_check.h"
#include "command/project/git_reference.h"
#include "config/url.h"
#include "migration/inspection.h"
#include "plan/advice.h"
#include "report/display.h"

/* One line, advice included: findings are read by grep as well. */
static const char *with_advice(struct arena *arena, const char *text, const char *advice)
{
	return advice && *advice ? arena_printf(arena, "%s. %s", text, advice) : text;
}

static const char *finding_text(const struct finding *finding, struct arena *arena)
{
	return *finding->detail ? arena_printf(arena, "%s (%s)", finding->message, finding->detail)
	                        : finding->message;
}

/* --- files ------------------------------------------------------------ */

static size_t check_files(struct context *context)
{
	const struct script_options options = database_script_options(context);
	struct tree *tree = &context->tree;

	tree_inspect(tree, &options, context->arena);
	for (size_t i = 0; i < tree->finding_count; i++) {
		const struct finding *finding = &tree->findings[i];

		const struct event event = event_of_finding(
		    finding_name(finding->kind), *finding->place ? finding->place : finding->path,
		    with_advice(context->arena, finding_text(finding, context->arena), finding->hint));

		event_emit(context->reporter, &event);
	}
	return tree->finding_count;
}

/* --- history ---------------------------------------------------------- */

/* Of what stopped half-way, how far it came. */
static const char *what_differs(const struct context *context, const struct database_state *state,
                                enum difference_kind kind, const struct comparison_entry *entry,
                                const char *text)
{
	if (kind != DIFFERENCE_PARTIAL && kind != DIFFERENCE_UNWINDING)
		return text;
	return arena_printf(context->arena, "%s: %s", text, half_done_text(context, entry, &state->positions));
}

static size_t check_history(struct context *context, const struct database_state *state)
{
	size_t count = 0;

	for (size_t i = 0; i < state->comparison.count; i++) {
		const struct comparison_entry *entry = &state->comparison.entries[i];
		enum difference_kind kind;

		if (!comparison_difference(&state->comparison, i, &state->options, &kind) ||
		    !comparison_tells(&state->comparison, i, kind))
			continue;
		const struct advice advice = advice_on(kind, entry, &state->comparison, context->arena);
		struct event event = event_of_finding(
		    difference_name(kind), NULL,
		    with_advice(context->arena, what_differs(context, state, kind, entry, advice.text), advice.hint));
		event.version = entry->number;
		event.name = entry_name(entry, context->arena);
		event_emit(context->reporter, &event);
		count++;
	}
	return count;
}

/* Who else can write to the history, or make it run something. */
static size_t check_audit(struct context *context, const struct audit *audit)
{
	for (size_t i = 0; i < audit->count; i++) {
		const struct audit_finding *finding = &audit->findings[i];

		struct event event = event_of_finding(
		    audit_kind_name(finding->kind), NULL,
		    arena_printf(context->arena, "the table %s %s. %s", finding->table, finding->what, finding->fix));

		event.sql = finding->fix;
		event_emit(context->reporter, &event);
	}
	return audit->count;
}

/* The newest rows of a long one: all of it takes a while. */
static size_t check_log(struct context *context, const struct database_state *state)
{
	if (state->log_trouble)
		event_warning(context->reporter, "the log was not checked: %s", state->log_trouble);
	if (state->log.is_cut)
		event_note(context->reporter,
		           "of the log the newest rows were checked; \"rung log --verify\" checks all");
	log_chain_emit(&state->log, context);
	return log_chain_findings(&state->log);
}

/* What was never kept cannot be compared, which is no finding; that it cannot be read is worth a warning. */
static void tell_not_compared(const struct context *context, const struct drift *drift)
{
	if (!drift->why)
		return;
	if (drift->is_trouble)
		event_warning(context->reporter, "the schema was not compared with how the last run left it: %s",
		              drift->why);
	else
		event_note(context->reporter,
		           "the schema was not compared with how the last run left it: %s; the next run that changes "
		           "something keeps it, or \"rung repair --accept-drift\"",
		           drift->why);
}

/* The fingerprint alone tells that something moved. */
static size_t tell_unnamed(const struct context *context, const struct drift *drift)
{
	const struct event event =
	    event_of_finding("drift", NULL,
	                     arena_printf(context->arena, "the schema was changed since the last run: %s",
	                                  drift_names(drift, context->arena)));

	event_emit(context->reporter, &event);
	return 1;
}

/* A line for each object; what it was like is not known, only that it was another. */
static size_t check_drift(const struct context *context, const struct drift *drift)
{
	const char *since = moment_shown(drift->kept_at, context->arena);

	if (drift->state == DRIFT_NOT_COMPARED)
		tell_not_compared(context, drift);
	if (drift->state == DRIFT_FOUND && !drift->moves.count)
		return tell_unnamed(context, drift);
	for (size_t i = 0; i < drift->moves.count; i++) {
		const struct object_move *move = &drift->moves.items[i];
		const struct event_object object = {
		    .kind = move->kind->name, .identity = move->identity, .change = object_move_name(move->move)};
		struct event event = event_of_finding(
		    "drift", NULL,
		    arena_printf(context->arena, "%s %s was %s since the last run (%s)", move->kind->name,
		                 display_line(context->arena, move->identity), object_move_name(move->move), since));

		event.object = &object;
		event_emit(context->reporter, &event);
	}
	return drift->moves.count;
}

/* --- built anew ------------------------------------------------------- */

static bool check_deep(struct context *context, const struct database_state *state, size_t *count,
                       struct error *err)
{
	const char *server = option_value(context, "--server");
	const bool prints_sql = option_is_given(context, "--fix");
	const struct deep_check_options options = {
	    .state = state,
	    .server_url = server ? url_for_libpq(context->arena, server) : NULL,
	    .names_objects = option_is_given(context, "--deep"),
	    .prints_sql = prints_sql,
	    .is_proved = !option_is_given(context, "--no-proof"),
	    .has_pending = database_state_count(state, DIFFERENCE_PENDING) > 0,
	};

	if (!options.names_objects && !(prints_sql && state->drift.state == DRIFT_FOUND))
		return true;
	return (!server || database_check(context, options.server_url, err)) &&
	       deep_check(context, &options, count, err);
}

/* --- applied again ----------------------------------------------------- */

/* Only where a file was applied again: else the database is what its files made, or that is drift. */
static bool check_made(struct context *context, const struct database_state *state, size_t *count,
                       struct error *err)
{
	static const char *const changes[] = {[FILE_DIFFERENCE_EXTRA] = "added",
	                                      [FILE_DIFFERENCE_OTHER] = "changed",
	                                      [FILE_DIFFERENCE_MISSING] = "removed"};
	struct file_differences differences;

	if (option_is_given(context, "--deep") || !state->was_reapplied ||
	    !setting_is_on(context->settings, SETTING_COMPARE))
		return true;
	if (!file_differences_find(context, &state->history, &differences, err))
		return false;
	file_differences_warn(context, &differences);
	for (size_t i = 0; i < differences.count; i++) {
		const struct file_difference *item = &differences.items[i];
		const struct event_object object = {.kind = item->object->kind->name,
		                                    .identity = item->object->identity,
		                                    .change = changes[item->kind]};
		struct event event = event_of_finding("differs", NULL, item->text);

		if (item->migration)
			event.version = item->migration->number;
		event.object = &object;
		event_emit(context->reporter, &event);
	}
	*count += differences.count;
	return true;
}

static bool check_database(struct context *context, size_t *count, struct error *err)
{
	struct database_state state;

	if (!context->database)
		return database_refuse_none(context, err);
	if (!database_state_load_with_audit(context, &state, err))
		return false;
	*count +=
	    check_history(context, &state) + check_audit(context, &state.audit) + check_log(context, &state);
	if (!option_is_given(context, "--deep"))
		*count += check_drift(context, &state.drift);
	return check_deep(context, &state, count, err) && check_made(context, &state, count, err);
}

/* --- a git ref -------------------------------------------------------- */

static bool check_reference(struct context *context, const char *reference, size_t *count, struct error *err)
{
	const struct reference_options options = {
	    .name = reference,
	    .schema_dir = setting_text(context->settings, SETTING_SCHEMA_DIR),
	    .plan = database_plan_options(context),
	};
	struct breach_list breaches;

	if (!reference_compare(&options, &context->tree, context->arena, &breaches, err))
		return false;
	for (size_t i = 0; i < breaches.count; i++) {
		const struct breach *breach = &breaches.items[i];
		const struct event event = event_of_finding(breach_name(breach->kind), breach->path, breach->text);

		event_emit(context->reporter, &event);
	}
	*count += breaches.count;
	return true;
}

/* --- all of it -------------------------------------------------------- */

/* The count is an error and not a note: only an error makes the exit code that a pipeline looks at. */
static bool conclude(struct context *context, size_t count, struct error *err)
{
	if (count)
		return error_set(err, ERROR_VERDICT, "%zu finding%s", count, plural(count));
	event_done(context->reporter,
	           option_is_given(context, "--offline") ? "the files are in order" : "up to date", -1, 0);
	return true;
}

static bool check_options(const struct context *context, struct error *err)
{
	if (!option_is_given(context, "--offline") ||
	    (!option_is_given(context, "--deep") && !option_is_given(context, "--fix")))
		return true;
	return error_set(err, ERROR_USAGE, "--deep and --fix look at a database, and --offline does not");
}

static bool cmd_check(struct context *context, struct error *err)
{
	const char *reference = option_value(context, "--against");

	if (!check_options(context, err))
		return false;
	if (option_is_given(context, "--fix"))
		reporter_put_findings_aside(context->reporter);
	size_t count = check_files(context);
	if (reference && !check_reference(context, reference, &count, err))
		return false;
	if (!option_is_given(context, "--offline") && !check_database(context, &count, err))
		return false;
	return conclude(context, count, err);
}

static const struct option_row options[] = {
    {"--offline", 0, NULL, "check files only; needs no server"},
    {"--against", 0, "REF", "compare with a git ref: migrations that exist there must not change"},
    {"--deep", 0, NULL, "build the applied migrations on a scratch server and compare with that"},
    {"--fix", 0, NULL, "print the SQL that undoes drift, and as a comment the SQL that would keep it"},
    {"--no-proof", 0, NULL, "with --fix: do not try the SQL on a scratch server first"},
    {"--server", 0, "URL", "with --deep or --fix: build on this server, in databases that are dropped again"},
    {0},
};

const struct command command_check = {
    .name = "check",
    .operands = "",
    .help = &HELP_check,
    .group = GROUP_LOOK,
    .needs = NEEDS_TREE,
    .options = options,
    .run = cmd_check,
};
