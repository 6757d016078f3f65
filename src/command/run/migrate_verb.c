/*
 * Around a run stand a question, a backup and hooks, and their order is what this file is for. The
 * question and what can be known of the backup come before the lock; the before-hook and the backup under
 * it, when it is certain that there is something to do. The hook comes before the backup: where it stops
 * writers, nothing is written between backup and migration.
 *
 * What a before-hook began (maintenance mode) the after-hook ends, however the run went, and once. After
 * a failure the hooks' own errors are warnings: the first error is what matters.
 *
 * A relative target is marked as finished when nothing can fail any more. So the after-hook runs and the
 * last line is written before the mark (conclude()); a command that could not say that it was done is
 * then known as unfinished, and the same "-4" takes no step twice.
 *
 * A dry run and a script go through the same inspection as the run, and refuse the same in the same
 * words.
 */
#include "command/run/migrate_verb.h"

#include <string.h>

#include "apply/run.h"
#include "base/clock.h"
#include "base/number_text.h"
#include "command/converge/file_convergence.h"
#include "command/converge/file_difference.h"
#include "command/generate/schema_export.h"
#include "command/run/hooks.h"
#include "pg/address.h"

/* The hooks of a direction. */
struct hooks {
	enum setting before;
	enum setting after;
};

static struct hooks hooks_of(enum direction direction)
{
	if (direction == DIRECTION_UP)
		return (struct hooks){SETTING_HOOK_BEFORE_UPGRADE, SETTING_HOOK_AFTER_UPGRADE};
	return (struct hooks){SETTING_HOOK_BEFORE_DOWNGRADE, SETTING_HOOK_AFTER_DOWNGRADE};
}

/* What the callbacks of one run share. */
struct verb_run {
	struct context *context;
	const struct migrate_options *options;
	struct backup_first *backup_first; /* NULL for a run that needs none */
	struct plan plan;
	migrate_confirm confirm;
	bool has_begun;    /* the before-hook ran, so one of the others must */
	bool is_concluded; /* the last word is said */
	int64_t began_ms;
};

bool migrate_verb_check_tree(struct context *context, struct error *err)
{
	const struct tree *tree = &context->tree;

	for (size_t i = 0; i < tree->finding_count; i++) {
		const struct finding *finding = &tree->findings[i];
		struct event event = event_of_warning(finding->message);

		event.action = finding_name(finding->kind);
		event.place = finding->path;
		if (!finding->is_error)
			event_emit(context->reporter, &event);
	}
	return tree_check(tree, err);
}

/* What converges behind a step that is still to be done is not known before that. */
static const char *convergence_text(struct context *context, const struct file_convergence *convergence,
                                    const struct step *step)
{
	struct convergence known;

	if (step->action != STEP_CONVERGE)
		return step->kept_sql;
	if (file_convergence_known(convergence, step, &known))
		return *known.sql ? known.sql : NULL;
	event_note(context->reporter, "the statements that converge %s are known only after the steps before it",
	           step_name(step));
	return NULL;
}

static void emit_step(struct context *context, const struct file_convergence *convergence,
                      const struct step *step)
{
	struct event event =
	    event_of_step(EVENT_PLANNED, step_action_name(step->action), step_version(step), step_name(step));

	event.breaking = step_breaking(step);
	event.sql = convergence_text(context, convergence, step);
	event_emit(context->reporter, &event);
}

static void last_word(struct context *context, const char *text, size_t steps, int64_t duration_ms)
{
	event_done(context->reporter, text, duration_ms, (int64_t)steps);
}

static bool dry_run(struct context *context, const struct migrate_options *run_options,
                    const struct file_convergence *convergence, struct error *err)
{
	struct plan plan;

	if (!migrate_preview(run_options, context->arena, &plan, err))
		return false;
	for (size_t i = 0; i < plan.count; i++)
		emit_step(context, convergence, &plan.steps[i]);
	backup_first_foretell(context, &plan);
	last_word(context,
	          plan.count ? arena_printf(context->arena, "dry run: %zu step%s planned, nothing was changed",
	                                    plan.count, plural(plan.count))
	                     : "dry run: nothing to do",
	          plan.count, -1);
	return true;
}

/* --- scripts ---------------------------------------------------------- */

static void print(void *context, const char *text)
{
	report_verbatim(context, text);
}

/* What could be printed has been; that it is not all is no success. */
static bool tell_stop(const struct error *stop, struct error *err)
{
	if (stop->kind == ERROR_NONE)
		return true;
	error_set(err, ERROR_FOUND, "the script ends before its target: %s", stop->message);
	error_detail(err, "%s", stop->detail);
	return error_hint(err, "%s", stop->hint);
}

static bool print_script(struct context *context, const struct migrate_options *run_options, const char *from,
                         struct error *err)
{
	const char *kind = option_value(context, "--sql");
	struct error stop = {0};
	const struct print_options print_options = {
	    .is_brief = strcmp(kind, "brief") == 0,
	    .stop = run_options->single_transaction ? NULL : &stop,
	    .from = from,
	    .print = print,
	    .context = context->reporter,
	};

	return migrate_print(run_options, &print_options, err) && tell_stop(&stop, err);
}

/* --- where to --------------------------------------------------------- */

static bool split_range(struct context *context, const char *text, struct migrate_target *out,
                        struct error *err)
{
	const size_t colon = str_index(str_of(text), ':');

	if (!option_is_given(context, "--sql") || option_is_given(context, "--dry-run")) {
		error_set(err, ERROR_USAGE, "a range such as \"%s\" is only for --sql", text);
		return error_hint(err, "\"rung %s %s\" starts where the database is.", context->command->name,
		                  shell_word(context->arena, text + colon + 1));
	}
	if (colon == 0 || !text[colon + 1]) {
		error_set(err, ERROR_USAGE, "\"%s\" is half a range", text);
		return error_hint(err, "Give both ends, as in base:head or 03:07.");
	}
	*out = (struct migrate_target){arena_strndup(context->arena, text, colon), text + colon + 1};
	return true;
}

/* A URL that is wrong stays wrong, also where no database is needed. */
static bool check_database(const struct context *context, bool may_lack, struct error *err)
{
	const char *conninfo;

	return settings_database(context->settings, context->arena, &conninfo, err) &&
	       database_check(context, conninfo, err) &&
	       (conninfo || may_lack || database_refuse_none(context, err));
}

/* Text with "@" is no range but a connection string, which is shown as a whole or not at all. */
bool migrate_verb_read_target(struct context *context, bool may_lack, struct migrate_target *out,
                              struct error *err)
{
	const char *text = context->operands[0];
	struct migrate_target target = {.to = text};

	if (text && strchr(text, ':') && !strchr(text, '@') && !split_range(context, text, &target, err))
		return false;
	*out = target;
	return check_database(context, target.from || (may_lack && option_is_given(context, "--sql")), err);
}

/* --- the run itself --------------------------------------------------- */

/* Known by name before anything is tried; that it works is found out by asking (apply/lock/pool.h). */
static void tell_pooler(const struct context *context, const struct migrate_options *run_options)
{
	const char *host;
	const char *direct;

	if (!run_options->direct_url && address_is_pooled(context->database, context->arena, &host, &direct))
		event_note(context->reporter,
		           "\"%s\" is a pooled connection: migrations run one at a time, each in a transaction of "
		           "its own. Files that cannot run in a transaction need direct_url: the same with \"%s\".",
		           host, direct);
}

static bool before(const struct migrate_intent *intent, void *context, const char **backup, struct error *err)
{
	struct verb_run *verb_run = context;

	verb_run->plan = *intent->plan;
	verb_run->has_begun = true;
	tell_pooler(verb_run->context, verb_run->options);
	return hook_run(verb_run->context, hooks_of(verb_run->options->direction).before, intent->plan, NULL,
	                err) &&
	       (!verb_run->backup_first || backup_first_take(verb_run->backup_first, intent, backup, err));
}

/* Before the lock is taken; what cannot be backed up need not be asked about. */
static bool confirm(const struct migrate_intent *intent, void *context, struct error *err)
{
	struct verb_run *verb_run = context;

	if (verb_run->backup_first && !backup_first_check(verb_run->backup_first, intent, err))
		return false;
	return !verb_run->confirm || verb_run->confirm(verb_run->context, intent->plan, err);
}

/*
 * What the before-hook began (maintenance mode, say) the after-hook ends,
 * however the run went. After a failure its own trouble is only a warning:
 * the first error is what matters.
 */
static void tell_failure(struct verb_run *verb_run, enum direction direction, const struct error *failure)
{
	const enum setting hooks[] = {hooks_of(direction).after, SETTING_HOOK_FAILED};
	struct error trouble;

	for (size_t i = 0; verb_run->has_begun && i < sizeof(hooks) / sizeof(*hooks); i++)
		if (!hook_run(verb_run->context, hooks[i], &verb_run->plan, failure, &trouble))
			event_warning(verb_run->context->reporter, "%s", trouble.message);
}

static bool tell_success(struct verb_run *verb_run, enum direction direction, struct error *err)
{
	const bool has_begun = verb_run->has_begun;

	verb_run->has_begun = false; /* whatever comes of it, it is not run again */
	if (!has_begun || hook_run(verb_run->context, hooks_of(direction).after, &verb_run->plan, NULL, err))
		return true;
	return error_state(err, "The migrations themselves are done and recorded.");
}

static void say_result(struct context *context, const struct migrate_result *result, int64_t duration_ms)
{
	struct arena *arena = context->arena;
	const char *at = result->head_name ? arena_printf(arena, "at %s", result->head_name) : "empty";

	if (result->steps == 0)
		last_word(context, arena_printf(arena, "nothing to do, the database is %s", at), 0, duration_ms);
	else
		last_word(context, arena_printf(arena, "%zu migration%s done", result->steps, plural(result->steps)),
		          result->steps, duration_ms);
}

/* Its text may say what the database has not, and the file itself could not make. */
static bool has_reapplied(const struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		if (step_runs_again(&plan->steps[i]))
			return true;
	return false;
}

/*
 * The last word is said before the run is marked as finished: where it cannot be written, the run stays open.
 */
static bool conclude(const struct migrate_result *result, void *context, struct error *err)
{
	struct verb_run *verb_run = context;

	verb_run->is_concluded = true;
	if (result->steps && has_reapplied(&verb_run->plan))
		file_differences_tell(verb_run->context);
	if (!tell_success(verb_run, verb_run->options->direction, err))
		return false;
	say_result(verb_run->context, result, clock_now_ms() - verb_run->began_ms);
	return reporter_finish(verb_run->context->reporter, err) ||
	       error_state(err, "The migrations themselves are done and recorded.");
}

/* For a developer's eyes; what was applied stays applied. */
static void dump_schema(struct context *context)
{
	struct error err = {0};

	if (!schema_dump_write(context, &err))
		event_warning(context->reporter, "the file of schema_dump was not written: %s", err.message);
}

static bool perform(struct context *context, const struct migrate_options *run_options, migrate_confirm ask,
                    struct backup_first *backup_first, struct error *err)
{
	struct verb_run verb_run = {.context = context,
	                            .options = run_options,
	                            .backup_first = backup_first,
	                            .confirm = ask,
	                            .began_ms = clock_now_ms()};
	const struct migrate_events events = {
	    .confirm = confirm,
	    .before = before,
	    .backs_up = backup_first && backup_first->is_wanted,
	    .conclude = conclude,
	    .context = &verb_run,
	};
	struct migrate_result result;

	if (!migrate_run(run_options, &events, context->arena, &result, err)) {
		if (backup_first)
			backup_first_advise(backup_first, err);
		tell_failure(&verb_run, run_options->direction, err);
		return false;
	}
	if (!verb_run.is_concluded && !conclude(&result, &verb_run, err))
		return false;
	if (result.steps)
		dump_schema(context);
	return true;
}

/* "upgrade" has an option for it; who only resumes or goes down loses nothing. */
static bool begin_converging(struct context *context, struct file_convergence *convergence,
                             struct migrate_options *run_options, struct error *err)
{
	const char *allowed = option_is_offered(context, "--allow") ? option_value(context, "--allow") : NULL;

	if (allowed && strcmp(allowed, "data-loss") != 0)
		return error_set(err, ERROR_USAGE, "--allow takes \"data-loss\", not \"%s\"", allowed);
	file_convergence_init(context, allowed != NULL, convergence);
	run_options->converging = &convergence->converging;
	return true;
}

bool migrate_verb_perform(struct context *context, const struct migrate_options *run_options,
                          struct error *err)
{
	struct file_convergence convergence;
	struct migrate_options with_convergence = *run_options;

	return begin_converging(context, &convergence, &with_convergence, err) &&
	       perform(context, &with_convergence, NULL, NULL, err);
}

bool migrate_verb_run(struct context *context, const struct migrate_options *run_options, const char *from,
                      migrate_confirm ask, struct error *err)
{
	scoped_backup_first struct backup_first backup_first = {0};
	struct file_convergence convergence;
	struct migrate_options with_convergence = *run_options;

	if (!begin_converging(context, &convergence, &with_convergence, err))
		return false;
	run_options = &with_convergence;
	if (option_is_given(context, "--dry-run"))
		return dry_run(context, run_options, &convergence, err);
	if (option_is_offered(context, "--sql") && option_is_given(context, "--sql")) /* resume has none */
		return print_script(context, run_options, from, err);
	return backup_first_open(context, &backup_first, err) &&
	       perform(context, run_options, ask, &backup_first, err);
}
