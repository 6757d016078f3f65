#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "command/climbing.h"
#include "command/commands.h"
#include "command/facts.h"
#include "command/trial.h"
#include "config/url.h"
#include "migration/graph.h"

/* The cycle as far as it has come. */
struct cycle {
	struct context *context;
	struct trial trial;
	struct arena arenas[2];  /* snapshots live as long as the next migration needs them */
	struct snapshot nothing; /* of the empty database */
	struct snapshot before;  /* of the migration in question */
	size_t found;
	bool is_reversible; /* so far all the way down */
	bool is_stuck;      /* the next migration cannot be tried */
};

/* What is said of one migration, at the end of its line. */
struct line {
	struct buffer text;
	bool is_failed;
	int64_t began_ms;
};

static void cycle_clear(struct cycle *cycle)
{
	trial_close(&cycle->trial);
	arena_clear(&cycle->arenas[0]);
	arena_clear(&cycle->arenas[1]);
}
#define scoped_cycle SCOPED(cycle_clear)

/* --- telling ---------------------------------------------------------- */

static void say(struct line *line, const char *word)
{
	buffer_printf(&line->text, "%s%s", line->text.len ? ", " : "", word);
}

static void find(struct cycle *cycle, struct line *line, const char *rule, const char *place,
                 const char *text)
{
	cycle->found++;
	line->is_failed = true;
	event_emit(cycle->context->reporter, &(struct event){
	                                         .kind = EVENT_FINDING,
	                                         .action = rule,
	                                         .place = place,
	                                         .text = text,
	                                         .duration_ms = -1,
	                                         .fraction = -1,
	                                         .count = -1,
	                                     });
}

static const char *words_of(const struct error *err, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	buffer_text(&text, err->message);
	if (err->sqlstate[0])
		buffer_printf(&text, " (%s)", err->sqlstate);
	if (err->detail[0])
		buffer_printf(&text, "\n%s", err->detail);
	return buffer_cstr(&text);
}

/* A refusal of the migration is a finding; anything else ends the test. False in that case. */
static bool blame(struct cycle *cycle, struct line *line, const char *rule, const char *path,
                  const struct error *err)
{
	if (!trial_is_refusal(err))
		return false;
	find(cycle, line, rule, err->place[0] ? err->place : path, words_of(err, cycle->context->arena));
	return true;
}

static void end_line(struct cycle *cycle, const char *name, const struct line *line)
{
	event_emit(cycle->context->reporter, &(struct event){
	                                         .kind = line->is_failed ? EVENT_STEP_FAILED : EVENT_STEP_DONE,
	                                         .name = name,
	                                         .text = line->text.text,
	                                         .duration_ms = clock_now_ms() - line->began_ms,
	                                         .fraction = -1,
	                                         .count = -1,
	                                     });
}

static struct line begin_line(struct cycle *cycle, const char *name)
{
	event_emit(cycle->context->reporter,
	           &(struct event){
	               .kind = EVENT_STEP_BEGIN, .name = name, .duration_ms = -1, .fraction = -1, .count = -1});
	return (struct line){.text = {.arena = cycle->context->arena}, .began_ms = clock_now_ms()};
}

/* --- one migration ---------------------------------------------------- */

static bool up(struct cycle *cycle, struct line *line, const struct migration *migration, struct error *err)
{
	if (trial_climb(&cycle->trial, CLIMB_UP, number_text(cycle->context->arena, migration->number), err)) {
		say(line, "up");
		return true;
	}
	cycle->is_stuck = true;
	return blame(cycle, line, "up", migration->shown_path, err);
}

static bool must_be_idempotent(const struct cycle *cycle, const struct migration *migration)
{
	const enum on_change own = migration->directives.on_change;
	const enum on_change answer =
	    own == ON_CHANGE_UNSET ? database_plan_options(cycle->context).on_change : own;

	return answer == ON_CHANGE_REAPPLY || option_is_given(cycle->context, "--strict");
}

/* Where it need not be, one line says so and is no finding. */
static void not_idempotent(struct cycle *cycle, struct line *line, const struct migration *migration,
                           const char *place, const char *text)
{
	if (must_be_idempotent(cycle, migration))
		find(cycle, line, "not-idempotent", place,
		     arena_printf(cycle->context->arena, "applied a second time: %s", text));
	else
		say(line, "not twice");
}

static bool twice(struct cycle *cycle, struct line *line, const struct migration *migration,
                  const struct snapshot *once, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct snapshot snapshot = {0};
	struct error refusal;

	if (!trial_repeat(&cycle->trial, migration, &arena, &snapshot, &refusal, err))
		return false;
	if (refusal.kind != ERROR_NONE)
		not_idempotent(cycle, line, migration, refusal.place[0] ? refusal.place : migration->shown_path,
		               words_of(&refusal, cycle->context->arena));
	else if (!catalog_equal(once, &snapshot))
		not_idempotent(cycle, line, migration, migration->shown_path,
		               arena_printf(cycle->context->arena, "the schema is another one\n%s",
		                            catalog_difference(once, &snapshot, &arena)));
	else
		say(line, "twice");
	return true;
}

/* Compares with the state before it and goes up again. */
static bool down_and_up(struct cycle *cycle, struct line *line, const struct migration *migration,
                        struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct snapshot after;

	if (!trial_climb(&cycle->trial, CLIMB_DOWN, "-1", err)) {
		cycle->is_reversible = false;
		cycle->is_stuck = err->kind == ERROR_PARTIAL;
		return blame(cycle, line, "down", migration->shown_rollback_path, err);
	}
	say(line, "down");
	if (!trial_snapshot(&cycle->trial, &arena, &after, err))
		return false;
	if (!catalog_equal(&cycle->before, &after))
		find(cycle, line, "down-differs", migration->shown_rollback_path,
		     arena_printf(cycle->context->arena, "does not lead back to the schema before it\n%s",
		                  catalog_difference(&cycle->before, &after, &arena)));
	return up(cycle, line, migration, err);
}

static bool go_back(struct cycle *cycle, struct line *line, const struct migration *migration,
                    struct error *err)
{
	if (migration->has_rollback)
		return down_and_up(cycle, line, migration, err);
	cycle->is_reversible = false;
	say(line, migration->directives.irreversible ? "irreversible" : "no rollback");
	return true;
}

/* The snapshot after a migration is the one before the next; the arenas take turns. */
static void swap(struct cycle *cycle, const struct snapshot *after)
{
	const struct arena former = cycle->arenas[0];

	cycle->arenas[0] = cycle->arenas[1];
	cycle->arenas[1] = former;
	arena_clear(&cycle->arenas[1]);
	cycle->before = *after;
}

static bool cycle_steps(struct cycle *cycle, struct line *line, const struct migration *migration,
                        struct error *err)
{
	struct snapshot after;

	if (!up(cycle, line, migration, err))
		return false;
	if (cycle->is_stuck)
		return true;
	if (!trial_snapshot(&cycle->trial, &cycle->arenas[1], &after, err) ||
	    !twice(cycle, line, migration, &after, err) || !go_back(cycle, line, migration, err))
		return false;
	swap(cycle, &after);
	return true;
}

static bool try_migration(struct cycle *cycle, const struct migration *migration, struct error *err)
{
	struct line line = begin_line(cycle, migration->name);
	const bool is_done = cycle_steps(cycle, &line, migration, err);

	if (is_done)
		end_line(cycle, migration->name, &line);
	return is_done;
}

/* --- all of them ------------------------------------------------------ */

/* In an order in which each comes after what it requires. */
static bool try_each(struct cycle *cycle, struct error *err)
{
	const struct tree *tree = &cycle->context->tree;
	struct graph graph;

	graph_build(tree->migrations, tree->count, cycle->context->arena, &graph);
	for (size_t i = 0; i < tree->count && !cycle->is_stuck; i++)
		if (!try_migration(cycle, &tree->migrations[graph.order[i]], err))
			return false;
	return true;
}

static bool go_all_the_way(struct cycle *cycle, struct line *line, enum direction direction,
                           const char *target, const struct snapshot *expected, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct snapshot snapshot;

	if (!trial_climb(&cycle->trial, direction, target, err)) {
		cycle->is_stuck = true;
		return blame(cycle, line, target, NULL, err);
	}
	if (!trial_snapshot(&cycle->trial, &arena, &snapshot, err))
		return false;
	if (!catalog_equal(expected, &snapshot))
		find(cycle, line, target, NULL,
		     arena_printf(cycle->context->arena, "%s is not what it was before\n%s", target,
		                  catalog_difference(expected, &snapshot, &arena)));
	return true;
}

/* Each pair may be right and the sum still wrong: what one leaves behind may hide in the next one's start. */
static bool try_whole(struct cycle *cycle, struct error *err)
{
	static const struct {
		enum direction direction;
		const char *target;
		const char *title;
	} ways[] = {{CLIMB_DOWN, "base", "down to base"}, {CLIMB_UP, "heads", "up to head"}};

	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways) && cycle->is_reversible && !cycle->is_stuck; i++) {
		struct line line = begin_line(cycle, ways[i].title);
		const struct snapshot *expected = ways[i].direction == CLIMB_DOWN ? &cycle->nothing : &cycle->before;

		if (!go_all_the_way(cycle, &line, ways[i].direction, ways[i].target, expected, err))
			return false;
		end_line(cycle, ways[i].title, &line);
	}
	return true;
}

/* --- the verb --------------------------------------------------------- */

/* Where it was said on the command line; a URL from the environment is not meant for experiments. */
static const char *server_asked_for(const struct context *context)
{
	const struct setting_value *url = &context->settings->values[SETTING_DATABASE_URL];
	const char *server = option_value(context, "--server");

	if (server)
		return url_for_libpq(context->arena, server);
	return url->origin && strcmp(url->origin, "flag") == 0 ? context->database : NULL;
}

static bool conclude(struct cycle *cycle, int64_t began_ms, struct error *err)
{
	struct arena *arena = cycle->context->arena;
	const size_t count = cycle->context->tree.count;

	if (cycle->found)
		return error_set(err, ERROR_FOUND, "%zu finding%s", cycle->found, cycle->found == 1 ? "" : "s");
	event_emit(cycle->context->reporter, &(struct event){.kind = EVENT_DONE,
	                                                     .text = arena_printf(arena, "%zu migration%s passed",
	                                                                          count, count == 1 ? "" : "s"),
	                                                     .duration_ms = clock_now_ms() - began_ms,
	                                                     .fraction = -1,
	                                                     .count = (int64_t)count});
	return true;
}

static bool run(struct context *context, struct error *err)
{
	scoped_cycle struct cycle cycle = {.context = context, .is_reversible = true};
	const int64_t began_ms = clock_now_ms();

	if (!climbing_check_tree(context, err) ||
	    !trial_open(context, server_asked_for(context), &cycle.trial, err) ||
	    !trial_snapshot(&cycle.trial, context->arena, &cycle.nothing, err))
		return false;
	cycle.before = cycle.nothing;
	return try_each(&cycle, err) && try_whole(&cycle, err) && conclude(&cycle, began_ms, err);
}

static const struct option_row options[] = {
    {"--strict", 0, NULL, "every migration must be idempotent, not only those that may be applied again"},
    ALLOW_EMPTY_OPTION,
    {"--server", 0, "URL", "on this server, in a database made for it and dropped again"},
    {0},
};

const struct command command_test = {
    .name = "test",
    .operands = "",
    .summary = "the full cycle on a scratch server: up, twice, down, up",
    .group = GROUP_WRITE,
    .needs = NEEDS_TREE,
    .options = options,
    .description =
        "Proves the migrations on a private server that is started for it and gone afterwards. One by one: "
        "up; a "
        "second time, in a copy, to see whether it is idempotent; down, after which the schema must be what "
        "it was "
        "before; and up again. At the end down to base, where nothing may be left, and up to the head.\n"
        "\n"
        "A migration that cannot be applied twice is only noted, unless it may be applied again when edited "
        "(on-change: reapply) or --strict is given. What is found is told with the lines that differ, and "
        "the exit "
        "code is 3.\n"
        "\n"
        "With --server, or a --database-url on the command line, a database is made on that server instead; "
        "the one "
        "that the URL names is not touched.",
    .examples =
        "rung test\ton a scratch server\n"
        "rung test --strict\tall must be idempotent\n"
        "rung test --server postgresql://postgres@localhost/postgres\ton a server with your extensions",
    .run = run,
};
