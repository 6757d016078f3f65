/*
 * What there is to do, seen anew each time: before the lock is taken, under it,
 * and after a lost connection.
 *
 * A relative target ("+2", "-1") is resolved once. From then on the plan it
 * became is what is wanted, and each look finds what is left of it. That holds
 * beyond the process too: a run that was cut off has left its plan in the
 * history (history/run_record.h), and the same relative command continues with
 * that plan. The run is marked as finished only after its client has heard that
 * all is done, and has done what can still fail: hooks, the last line. So a
 * command that is repeated because it did not end with 0 finds nothing left,
 * instead of taking its steps a second time.
 */
#include <inttypes.h>
#include <string.h>

#include "apply/lock/deploy_lock.h"
#include "apply/lock/pool.h"
#include "apply/run_internal.h"
#include "base/buffer.h"
#include "base/clock.h"

bool run_make_plan(const struct run *run, const char *target, const struct history *history,
                   struct arena *arena, struct plan *plan, struct error *err)
{
	const struct migrate_options *options = run->options;

	switch (options->direction) {
	case DIRECTION_UP:
		return plan_upgrade(options->tree, history, target, &options->plan_options, arena, plan, err);
	case DIRECTION_DOWN:
		return run->stop ? plan_downgrade_part(options->tree, history, target, arena, plan, run->stop, err)
		                 : plan_downgrade(options->tree, history, target, arena, plan, err);
	}
	return false;
}

static bool make_rest(const struct migrate_options *options, const struct plan *wanted,
                      const struct history *history, struct arena *arena, struct plan *plan,
                      struct error *err)
{
	switch (options->direction) {
	case DIRECTION_UP:
		return plan_upgrade_rest(options->tree, history, wanted, &options->plan_options, arena, plan, err);
	case DIRECTION_DOWN:
		return plan_downgrade_rest(options->tree, history, wanted, arena, plan, err);
	}
	return false;
}

/* --- relative targets ------------------------------------------------------ */

static const char *command_name(const struct migrate_options *options)
{
	return options->direction == DIRECTION_UP ? "upgrade" : "downgrade";
}

/* As it is written into the history: the default has a name too. */
static const char *target_text(const struct migrate_options *options)
{
	if (options->target)
		return options->target;
	return options->direction == DIRECTION_UP ? "head" : "-1";
}

static bool is_relative(const struct migrate_options *options)
{
	return target_text(options)[0] == (options->direction == DIRECTION_UP ? '+' : '-');
}

bool run_concludes(const struct run *run)
{
	return run->events->conclude && !run->is_concluded && is_relative(run->options);
}

static const char *newest_name(const struct migrate_options *options, const struct history *history,
                               const struct plan *without, struct arena *arena)
{
	const struct record *newest = NULL;

	for (size_t i = 0; i < history->count; i++)
		if ((!without || !plan_find(without, history->records[i].version)) &&
		    !tree_runs_last(options->tree, history->records[i].version))
			newest = &history->records[i];
	if (!newest)
		return "base";
	return newest->name ? newest->name : arena_printf(arena, "%" PRId64, newest->version);
}

static const char *end_name(const struct migrate_options *options, const struct history *history,
                            const struct plan *plan, struct arena *arena)
{
	if (options->direction == DIRECTION_DOWN)
		return newest_name(options, history, plan, arena);
	return step_name(&plan->steps[plan->count - 1]);
}

static bool is_same_plan(const struct plan *a, const struct plan *b)
{
	for (size_t i = 0; i < a->count && i < b->count; i++)
		if (step_version(&a->steps[i]) != step_version(&b->steps[i]))
			return false;
	return a->count == b->count;
}

/* Where branches end in several places no name may stand for all of them: then NULL. */
static const char *absolute_command(const struct run *run, const char *end, const struct history *history,
                                    const struct plan *plan, struct arena *arena)
{
	const char *command = command_name(run->options);
	struct error ignored;
	struct plan same;

	if (!end)
		return arena_printf(arena, "rung %s", command);
	if (!run_make_plan(run, end, history, arena, &same, &ignored) || !is_same_plan(plan, &same))
		return NULL;
	return arena_printf(arena, "rung %s %s", command, shell_word(arena, end));
}

/* --- what this run sets out to do ------------------------------------------ */

/* The step's name as the list can hold it. */
static const char *step_label(const struct step *step, struct arena *arena)
{
	char *label = arena_strdup(arena, step_name(step));

	for (char *c = label; *c; c++)
		if (*c == ',')
			*c = ';';
	return label;
}

static const char *steps_text(const struct plan *plan, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	for (size_t i = 0; i < plan->count; i++)
		buffer_printf(&text, "%s%s %" PRId64 " %s", i ? ", " : "", step_action_name(plan->steps[i].action),
		              step_version(&plan->steps[i]), step_label(&plan->steps[i], arena));
	return buffer_cstr(&text);
}

static void set_out(struct run *run, const struct history *history, const struct plan *plan,
                    struct arena *arena)
{
	const struct migrate_options *options = run->options;
	const char *end = end_name(options, history, plan, arena);

	run->goal = (struct run_goal){
	    .plan = *plan,
	    .record =
	        {
	            .id = run->author.run_id,
	            .command = options->resumes ? "resume" : command_name(options),
	            .target = target_text(options),
	            .from = newest_name(options, history, NULL, arena),
	            .to = end,
	            .steps = steps_text(plan, arena),
	        },
	    .command = absolute_command(run, is_relative(options) ? end : options->target, history, plan, arena),
	};
}

/* --- continuing with a run that was cut off ---------------------------------- */

static bool read_step(const struct migrate_options *options, struct str text, struct arena *arena,
                      struct step *out)
{
	const size_t space = str_index(text, ' ');
	struct str rest = str_slice(text, space + 1, text.len), number;
	unsigned long long version;
	enum step_action action = STEP_APPLY;

	while (action <= STEP_ROLLBACK && !str_is(str_slice(text, 0, space), step_action_name(action)))
		action++;
	if (action > STEP_ROLLBACK || !str_split_next(&rest, ' ', &number) ||
	    !str_to_number(number, INT64_MAX, &version))
		return false;
	/* What only the history may know is known by its number here. */
	struct record *record = arena_alloc(arena, sizeof(*record));
	record->version = (int64_t)version;
	record->name = rest.len ? str_copy(arena, rest) : NULL;
	*out = (struct step){
	    .action = action,
	    .migration = tree_find_number(options->tree, record->version),
	    .record = record,
	};
	return true;
}

static bool read_steps(const struct migrate_options *options, const struct run_record *record,
                       struct arena *arena, struct plan *out, struct error *err)
{
	struct str rest = str_of(record->steps);
	struct plan plan = {0};
	struct str text;

	while (str_split_next(&rest, ',', &text))
		if (!read_step(options, str_trim(text), arena, ARENA_PUSH(arena, plan.steps, plan.count)))
			return error_set(err, ERROR_FOUND, "cannot read the plan of run %s: \"%s\"", record->id,
			                 record->steps);
	*out = plan;
	return true;
}

static bool refuse_other(const struct run *run, const struct run_record *record, struct error *err)
{
	const struct migrate_options *options = run->options;
	scoped_arena struct arena arena = {0};

	error_set(err, ERROR_FOUND, "an unfinished \"%s %s\" leads from %s to %s", record->command,
	          record->target, record->from, record->to);
	error_detail(err, "It was begun %s by %s on %s%s.", moment_shown(record->begun_at, &arena),
	             record->begun_by, record->host, run->may_wait ? "" : ", and may still be running");
	return error_hint(
	    err, "\"rung %s %s\" finishes it. \"rung %s %s --new\" starts from where the database is now.",
	    record->command, record->target, record->command, target_text(options));
}

/* Numbers are what the plan is made of; one of them may belong to another file by now. */
static bool check_names(const struct migrate_options *options, const struct run_record *record,
                        const struct plan *plan, const struct history *history, struct arena *arena,
                        struct error *err)
{
	for (size_t i = 0; i < plan->count; i++) {
		const struct step *step = &plan->steps[i];
		const char *meant = step->record->name;

		if (!meant || !step->migration || step_is_settled(step, history) ||
		    strcmp(meant, step_label(step, arena)) == 0)
			continue;
		error_set(err, ERROR_FOUND,
		          "the unfinished \"%s %s\" meant %s, and the file of that number is %s now", record->command,
		          record->target, meant, step->migration->name);
		return error_hint(err,
		                  "Name the target instead of a number of steps, such as \"rung %s %s\", or start "
		                  "from where the database is now with \"rung %s %s --new\".",
		                  record->command, shell_word(arena, step->migration->name), record->command,
		                  target_text(options));
	}
	return true;
}

/* Its steps are logged as those of the run that set out to do them. */
static void go_on(struct run *run, const struct run_record *record, const struct plan *plan)
{
	run->goal = (struct run_goal){
	    .plan = *plan,
	    .record = *record,
	    .is_continued = true,
	};
	run->author.run_id = record->id;
}

static bool means_unfinished(const struct migrate_options *options, const struct history *history)
{
	const struct run_record *record = history->unfinished;

	return record && is_relative(options) && !options->begins_new &&
	       strcmp(record->command, command_name(options)) == 0 && strchr("+-", record->target[0]) != NULL;
}

static bool is_other_target(const struct migrate_options *options, const struct history *history)
{
	return means_unfinished(options, history) &&
	       strcmp(history->unfinished->target, target_text(options)) != 0;
}

/* `*found`: the command means the rest of an earlier run. Absolute ones never do: they say where to. */
static bool find_unfinished(struct run *run, const struct history *history, struct arena *arena, bool *found,
                            struct error *err)
{
	const struct migrate_options *options = run->options;
	const struct run_record *record = history->unfinished;
	struct plan plan = {0};

	*found = means_unfinished(options, history);
	if (!*found)
		return true;
	if (is_other_target(options, history))
		return refuse_other(run, record, err);
	if (!read_steps(options, record, arena, &plan, err) ||
	    !check_names(options, record, &plan, history, arena, err))
		return false;
	go_on(run, record, &plan);
	return true;
}

/* --- looking --------------------------------------------------------------- */

/* Others, or we before the connection was lost, may have done some of it meanwhile, and gone further. */
static size_t count_left(const struct plan *wanted, const struct history *history)
{
	size_t left = 0;

	for (size_t i = 0; i < wanted->count; i++)
		left += !step_is_settled(&wanted->steps[i], history);
	return left;
}

static bool plan_what_is_left(struct run *run, struct arena *arena, struct run_plan *planned,
                              struct error *err)
{
	const struct migrate_options *options = run->options;

	if (count_left(&run->goal.plan, &planned->history) == 0)
		return true;
	if (is_relative(options))
		return make_rest(options, &run->goal.plan, &planned->history, arena, &planned->plan, err);
	return run_make_plan(run, options->target, &planned->history, arena, &planned->plan, err);
}

/*
 * The run that is not finished may be at work right now: then it will be, and is none to be refused for. Who
 * has the lock is not at work; ours is given back, to be taken again when there is something to do.
 */
static bool look_under_lock(struct run *run, struct arena *arena, struct history *out, struct error *err)
{
	if (run->facts.is_read_only)
		return true;
	if (!pool_detect(run, err) || !deploy_lock_acquire(run, err))
		return false;
	const bool done = run_load_history(run, HISTORY_TO_CONTINUE, arena, out, err);
	if (run->pooling == POOLING_TRANSACTION)
		session_rollback(run->db);
	deploy_lock_release(run);
	return done;
}

/* The first look runs nothing, and finds nothing to do more often than not; a scratch database has no second.
 */
static enum history_use use_of(const struct run *run)
{
	if (!run->may_wait || run->options->is_alone)
		return HISTORY_TO_RUN;
	return is_relative(run->options) || run->goal.plan.count > 0 ? HISTORY_TO_CONTINUE : HISTORY_TO_PLAN;
}

bool run_plan_load(struct run *run, struct arena *arena, struct run_plan *out, struct error *err)
{
	const struct migrate_options *options = run->options;
	struct run_plan planned = {0};
	bool is_found = run->goal.plan.count > 0;

	/* "Nothing to do" of a standby may be old news. */
	if (!run_load_history(run, use_of(run), arena, &planned.history, err) || !run_check_primary(run, err))
		return false;
	if (!is_found && run->may_wait && is_other_target(options, &planned.history) &&
	    !look_under_lock(run, arena, &planned.history, err))
		return false;
	if (!is_found && !find_unfinished(run, &planned.history, arena, &is_found, err))
		return false;
	if (is_found ? !plan_what_is_left(run, arena, &planned, err)
	             : !run_make_plan(run, options->target, &planned.history, arena, &planned.plan, err))
		return false;
	if (run->goal.plan.count == 0 && planned.plan.count > 0)
		set_out(run, &planned.history, &planned.plan, arena);
	if (run->goal.is_continued && !run->goal.command)
		run->goal.command =
		    absolute_command(run, run->goal.record.to, &planned.history, &planned.plan, arena);
	run->is_recorded = planned.history.unfinished && run->goal.record.id &&
	                   strcmp(planned.history.unfinished->id, run->goal.record.id) == 0;
	*out = planned;
	return true;
}

void run_describe_head(const struct migrate_options *options, const struct history *history,
                       struct migrate_result *out)
{
	for (size_t i = history->count; i-- > 0;) {
		const struct record *newest = &history->records[i];

		if (tree_runs_last(options->tree, newest->version))
			continue;
		out->head = newest->version;
		out->head_name = newest->name ? newest->name : newest->description;
		return;
	}
}

bool run_plan_open(struct run *run, struct session **db, struct arena *arena, struct run_plan *out,
                   struct error *err)
{
	if (!session_open(&run->connection, db, err))
		return false;
	run->db = *db;
	return run_plan_load(run, arena, out, err);
}

bool migrate_plan(const struct migrate_options *options, struct arena *arena, struct plan *plan,
                  struct history *history, struct error *err)
{
	scoped_session struct session *db = NULL;
	struct run run = run_init(options, NULL);
	struct run_plan planned;

	if (!run_plan_open(&run, &db, arena, &planned, err))
		return false;
	run_say_plan(&run, &planned.plan);
	*plan = planned.plan;
	*history = planned.history;
	return true;
}
