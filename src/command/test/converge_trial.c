/*
 * The text that ran before is known to git only. One revision stands for all files: the newest one in which
 * any that converges was another than now. What else was changed since then is part of the upgrade; where
 * that is refused (an applied file was edited that does not run again) nothing is tried.
 *
 * Statements that lose data are run: it is a database that nobody misses.
 */
#include "command/test/converge_trial.h"

#include <string.h>

#include "base/file.h"
#include "command/converge/file_convergence.h"
#include "command/generate/side_migrations.h"
#include "command/project/git.h"
#include "command/test/schema_difference.h"

/* --- the earlier version ------------------------------------------------------- */

static bool converges(const struct context *context, const struct migration *migration)
{
	return directives_on_change(&migration->directives, database_plan_options(context).on_change) ==
	       ON_CHANGE_CONVERGE;
}

/* The words of a command of git, with the paths of all files that converge; NULL where there is none. */
static const char *const *git_words(const struct context *context, const char *const *words)
{
	const char **argv = NULL;
	size_t count = 0;
	size_t files = 0;

	for (; *words; words++)
		*ARENA_PUSH(context->arena, argv, count) = *words;
	for (size_t i = 0; i < context->tree.count; i++)
		if (converges(context, &context->tree.migrations[i])) {
			*ARENA_PUSH(context->arena, argv, count) =
			    path_normalize(context->arena, context->tree.migrations[i].path);
			files++;
		}
	*ARENA_PUSH(context->arena, argv, count) = NULL;
	return files ? argv : NULL;
}

/* NULL where git knows none. */
static const char *find_revision(const struct context *context)
{
	static const char *const log[] = {"git", "log", "-2", "--format=%H", "--", NULL};
	static const char *const changed[] = {"git", "diff", "--name-only", "HEAD", "--", NULL};
	const char *directory = context->settings->project_dir;
	struct str commits;
	struct str edited;
	struct str line;
	struct error ignored;

	if (!git_run(directory, git_words(context, log), STR(""), context->arena, &commits, &ignored) ||
	    !git_run(directory, git_words(context, changed), STR(""), context->arena, &edited, &ignored))
		return NULL;
	if (!edited.len && !str_line_next(&commits, &line))
		return NULL;
	return str_line_next(&commits, &line) && line.len ? str_copy(context->arena, line) : NULL;
}

/* --- the trial --------------------------------------------------------------------- */

struct trial {
	struct judge *judge;
	struct context context; /* of the scratch database, as if it were the configured one */
	struct settings settings;
	struct scratch_database database;
	struct file_convergence convergence;
	struct migrate_options options;
};

static void trial_clear(struct trial *trial)
{
	scratch_database_close(&trial->database);
}
#define scoped_trial SCOPED(trial_clear)

static bool run_earlier(struct trial *trial, const char *revision, struct error *err)
{
	struct scratch_server *server = &trial->judge->test_database->server;
	const struct prerequisites prerequisites = {.is_own_server = server->server != NULL};
	const struct side_name name = {.kind = SIDE_GIT, .shown = revision, .detail = revision};

	if (!scratch_database_init(&trial->database, server, err) ||
	    !scratch_database_create(&trial->database, NULL, err))
		return false;
	const struct side_migrations_options options = {.context = trial->judge->context,
	                                                .name = &name,
	                                                .conninfo = trial->database.address,
	                                                .beside = server->beside,
	                                                .prerequisites = &prerequisites};
	return side_migrations_run(&options, err);
}

/* The role of the settings is not there. */
static bool prepare(struct trial *trial, struct error *err)
{
	const struct scratch_server *server = &trial->judge->test_database->server;

	trial->context = *trial->judge->context;
	trial->settings = *trial->context.settings;
	trial->settings.values[SETTING_ROLE] = (struct setting_value){0};
	trial->context.settings = &trial->settings;
	trial->context.database = trial->database.address;
	file_convergence_init(&trial->context, true, &trial->convergence);
	trial->convergence.server_url = server->server ? NULL : server->address;
	if (!migrate_options_for_scratch(&trial->context, trial->database.address, &trial->context.tree,
	                                 DIRECTION_UP, &trial->options, err))
		return false;
	trial->options.target = "heads";
	trial->options.plan_options.allow_out_of_order = true;
	trial->options.converging = &trial->convergence.converging;
	return true;
}

static bool compare(struct trial *trial, struct judge_line *line, struct error *err)
{
	struct judge *judge = trial->judge;
	struct arena *arena = judge->context->arena;
	struct catalog catalog;

	if (!scratch_database_catalog(&trial->database, &judge->test_database->history, arena, &catalog, err))
		return false;
	if (schema_compare(&judge->before, &catalog) != SCHEMA_DIFFERS)
		judge_say(line, "same as new");
	else
		judge_find(judge, line, "converge-differs", NULL,
		           arena_printf(arena,
		                        "files that converged lead to another schema than on a new database\n%s",
		                        schema_difference_text(&judge->before, &catalog, arena)));
	return true;
}

static bool run_now(struct trial *trial, struct judge_line *line, struct error *err)
{
	struct judge *judge = trial->judge;
	struct migrate_result result;
	struct history history;
	struct plan plan;

	if (!migrate_plan(&trial->options, judge->context->arena, &plan, &history, err)) {
		judge_say(line, "not tried");
		event_note(judge->context->reporter, "edited files were not converged: %s", err->message);
		return err->kind != ERROR_CANCELLED && err->kind != ERROR_SERVER;
	}
	if (migrate_run(&trial->options, NULL, judge->context->arena, &result, err))
		return compare(trial, line, err);
	if (!test_database_is_refusal(err) && err->kind != ERROR_FOUND)
		return false;
	judge_find(judge, line, "converge", err->place[0] ? err->place : NULL,
	           judge_words(err, judge->context->arena));
	return true;
}

static bool try_from(struct judge *judge, const char *revision, struct error *err)
{
	scoped_trial struct trial trial = {.judge = judge};
	struct judge_line line =
	    judge_begin(judge, arena_printf(judge->context->arena, "converge from %.10s", revision), -1);

	if (!run_earlier(&trial, revision, err)) {
		judge_say(&line, "not tried");
		event_note(judge->context->reporter, "edited files were not converged: %s", err->message);
		judge_end(judge, &line);
		return err->kind != ERROR_CANCELLED;
	}
	if (!prepare(&trial, err) || !run_now(&trial, &line, err))
		return false;
	judge_end(judge, &line);
	return true;
}

bool converge_trial(struct judge *judge, struct error *err)
{
	static const char *const nothing[] = {NULL};
	const struct context *context = judge->context;

	if (judge->stuck || !git_words(context, nothing))
		return true;
	const char *revision = find_revision(context);
	if (revision)
		return try_from(judge, revision, err);
	event_note(context->reporter,
	           "how edited files converge was not tried: git has no earlier version of them");
	return true;
}
