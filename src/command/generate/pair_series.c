/*
 * A script of several parts is cut where it says, and what is true between its parts is not thought out but
 * looked at: they run on a copy, and after each the catalog is read. The rollback of a part is then the
 * difference between two such states, like any other; so each step can be rolled back by itself.
 *
 * Where a rollback has several parts though the part has one (a value of an enum comes back, and is used), it
 * is these that say where to cut: the copy is rolled back part by part, and goes from state to state up
 * again.
 *
 * A rollback takes the forms that lock less where these are one part, and else the plain ones: who rolls back
 * in a hurry wants one step for one.
 */
#include "command/generate/pair_series.h"

#include "command/generate/change_run.h"
#include "command/generate/side_copy.h"

struct cutting {
	const struct change_pair_options *options;
	struct arena *arena;
	struct scratch_database scratch;
	const char *conninfo;
	struct prerequisites prerequisites;
	struct pair_series series;
};

static void cutting_clear(struct cutting *cutting)
{
	scratch_database_close(&cutting->scratch);
}
#define scoped_cutting SCOPED(cutting_clear)

bool change_script_is_alone(const struct change_script *script)
{
	for (size_t i = 0; i < script->count; i++)
		if (script->statements[i].hazards & HAZARD_NO_TRANSACTION)
			return true;
	return false;
}

/* --- on the copy ------------------------------------------------------------------- */

static bool look(const struct cutting *cutting, const struct catalog **out, struct error *err)
{
	struct catalog *catalog = arena_new(cutting->arena, struct catalog);
	struct name_list ignored = {0};

	if (!side_look(cutting->options->room, cutting->conninfo, catalog, err))
		return false;
	catalog_filter_apply(cutting->options->filter, cutting->arena, catalog, &ignored);
	*out = catalog;
	return true;
}

static bool run(const struct cutting *cutting, const struct change_script *script, struct error *err)
{
	const struct session_options options =
	    scratch_server_session_options(&cutting->options->room->server, cutting->conninfo);
	const struct change_statement *failed = NULL;
	scoped_session struct session *db = NULL;

	return session_open(&options, &db, err) &&
	       (change_run(db, script, &cutting->prerequisites, &failed, err) ||
	        error_context(err, "while cutting the change into migrations, in the statement\n%.400s",
	                      failed ? failed->sql : ""));
}

static bool advance(const struct cutting *cutting, const struct change_script *script,
                    const struct catalog **out, struct error *err)
{
	return run(cutting, script, err) && look(cutting, out, err);
}

/* --- parts --------------------------------------------------------------------------- */

/* As a script of its own. */
static struct change_script part_of(const struct change_script *script, size_t part, struct arena *arena)
{
	struct change_script out = {.part_count = 1};

	for (size_t i = 0; i < script->count; i++) {
		if (script->statements[i].part != part)
			continue;
		struct change_statement *statement = ARENA_PUSH(arena, out.statements, out.count);
		*statement = script->statements[i];
		statement->part = 0;
	}
	return out;
}

static bool generate(const struct cutting *cutting, const struct catalog *from, const struct catalog *to,
                     bool is_online, struct change_script *out, struct error *err)
{
	const struct change_options options = {.parts = cutting->options->parts,
	                                       .is_online = is_online,
	                                       .fills_columns = cutting->options->keeps_rows};

	if (!change_script_make(from, to, &options, cutting->arena, out, err))
		return false;
	change_script_skip_bodies(out, cutting->arena);
	return true;
}

static bool generate_back(const struct cutting *cutting, const struct catalog *from, const struct catalog *to,
                          struct change_script *out, struct error *err)
{
	const bool is_online = cutting->options->is_online;

	if (!generate(cutting, from, to, is_online, out, err))
		return false;
	return !is_online || out->part_count <= 1 || generate(cutting, from, to, false, out, err);
}

static void add_step(struct cutting *cutting, const struct change_script *up,
                     const struct change_script *down, const struct catalog *after)
{
	*ARENA_PUSH(cutting->arena, cutting->series.steps, cutting->series.count) =
	    (struct series_step){.up = *up, .down = *down, .after = after};
}

/* --- steps ----------------------------------------------------------------------------- */

static bool refuse(struct error *err)
{
	error_set(err, ERROR_FOUND,
	          "the change needs several transactions, and could not be split into migrations that "
	          "each have a rollback");
	return error_hint(err, "Split the change: describe a schema between the two, and create that first.");
}

/* The states that a rollback goes through, the copy being at the upper one: `states[0]`. */
static bool go_back(const struct cutting *cutting, const struct change_script *down,
                    const struct catalog **states, struct error *err)
{
	for (size_t i = 0; i < down->part_count; i++) {
		const struct change_script part = part_of(down, i, cutting->arena);

		if (!advance(cutting, &part, &states[i + 1], err))
			return false;
	}
	return true;
}

/* The copy is at `states[count]`, and comes to `states[0]` again. */
static bool add_steps_by_rollback(struct cutting *cutting, const struct change_script *down,
                                  const struct catalog *const *states, struct error *err)
{
	for (size_t i = down->part_count; i-- > 0;) {
		const struct change_script part = part_of(down, i, cutting->arena);
		const struct catalog *after;
		struct change_script up;

		if (!generate(cutting, states[i + 1], states[i], false, &up, err))
			return false;
		if (up.part_count > 1)
			return refuse(err);
		if (!advance(cutting, &up, &after, err))
			return false;
		add_step(cutting, &up, &part, after);
	}
	return true;
}

/* `part` leads from `before` to `after`, where the copy is. */
static bool add_steps(struct cutting *cutting, const struct change_script *part, const struct catalog *before,
                      const struct catalog *after, struct error *err)
{
	struct change_script down;

	if (!generate_back(cutting, after, before, &down, err))
		return false;
	if (down.part_count <= 1) {
		add_step(cutting, part, &down, after);
		return true;
	}
	const struct catalog **states = arena_array(cutting->arena, const struct catalog *, down.part_count + 1);
	states[0] = after;
	return go_back(cutting, &down, states, err) && add_steps_by_rollback(cutting, &down, states, err);
}

static bool cut(struct cutting *cutting, const struct change_script *up, struct error *err)
{
	const struct catalog *before;

	if (!look(cutting, &before, err))
		return false;
	for (size_t i = 0; i < up->part_count; i++) {
		const struct change_script part = part_of(up, i, cutting->arena);
		const struct catalog *after;

		if (!advance(cutting, &part, &after, err) || !add_steps(cutting, &part, before, after, err))
			return false;
		before = cutting->series.steps[cutting->series.count - 1].after;
	}
	return true;
}

/* --- renames ---------------------------------------------------------------------------- */

static bool rename_first(const struct cutting *cutting, struct error *err)
{
	const struct renaming *renaming = cutting->options->renaming;
	struct change_script renames = {0};

	if (!renaming || !renaming->count)
		return true;
	renaming_add_up(renaming, cutting->arena, &renames);
	return run(cutting, &renames, err);
}

static void add_step_of_renames(struct pair_series *series, const struct renaming *renaming,
                                struct arena *arena)
{
	struct pair_series out = {0};
	struct series_step first = {.after = &renaming->catalog};

	renaming_add_up(renaming, arena, &first.up);
	renaming_add_down(renaming, arena, &first.down);
	*ARENA_PUSH(arena, out.steps, out.count) = first;
	for (size_t i = 0; i < series->count; i++)
		*ARENA_PUSH(arena, out.steps, out.count) = series->steps[i];
	*series = out;
}

/* With the first step, where that is a transaction both ways. */
static void add_renames(struct pair_series *series, const struct renaming *renaming, struct arena *arena)
{
	if (!renaming || !renaming->count)
		return;
	struct series_step first = series->steps[0];

	renaming_add_up(renaming, arena, &first.up);
	renaming_add_down(renaming, arena, &first.down);
	if (first.up.part_count > 1 || first.down.part_count > 1)
		add_step_of_renames(series, renaming, arena);
	else
		series->steps[0] = first;
}

/* --- all ---------------------------------------------------------------------------------- */

static bool cut_pair(struct cutting *cutting, struct error *err)
{
	const struct change_pair_options *options = cutting->options;
	const struct renaming *renaming = options->renaming;
	struct change_script up;

	if (!generate(cutting, renaming ? &renaming->catalog : &options->from->catalog, &options->to->catalog,
	              options->is_online, &up, err) ||
	    !side_copy(options->room, options->from, options->parts, &cutting->scratch, &cutting->conninfo, err))
		return false;
	cutting->prerequisites.is_own_server = options->room->server.server != NULL;
	if (!rename_first(cutting, err) || !cut(cutting, &up, err))
		return false;
	add_renames(&cutting->series, renaming, cutting->arena);
	return true;
}

bool pair_series_make(const struct change_pair_options *options, const struct change_pair *pair,
                      struct pair_series *out, struct error *err)
{
	scoped_cutting struct cutting cutting = {.options = options, .arena = options->room->context->arena};

	if (pair->up.part_count > 1 || pair->down.part_count > 1) {
		if (!cut_pair(&cutting, err))
			return false;
	} else if (pair->up.count || pair->down.count) {
		add_step(&cutting, &pair->up, &pair->down, NULL);
	}
	*out = cutting.series;
	return true;
}
