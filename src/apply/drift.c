/*
 * History and catalog do not know each other; here they meet. The fingerprint of the whole says whether there
 * is a difference, and the kept list of objects which it is. Not every difference is drift:
 *
 *	another server or format    each major version prints expressions in its own way: nothing is compared
 *	another state of history    the run that made it has kept nothing: nothing is compared
 *	another role that looks     "@self" is the role that kept it, wherever that still exists; in a copy that
 *	                            somebody else owns it is who looks now. The better fit counts. What the
 *	                            server shows to some roles only (options of user mappings) does not.
 *	what patterns name          partitions that a job makes, say
 */
#include "apply/drift.h"

#include <string.h>

#include "apply/run.h"
#include "base/buffer.h"
#include "catalog/object_pattern.h"
#include "history/kept_catalog.h"
#include "report/display.h"

/* --- comparing ------------------------------------------------------------ */

static bool is_same(const struct object_list *list, const struct kept_catalog *kept, struct arena *arena)
{
	return strcmp(hex_text(arena, list->fingerprint, DIGEST_SIZE), kept->fingerprint) == 0;
}

/* The server shows these to their owners only. */
static bool depends_on_who_looks(const struct object_move *move)
{
	return move->move == OBJECT_CHANGED && move->kind == &object_kinds[OBJECT_USER_MAPPING];
}

static void take_moves(const struct object_moves *moves, bool is_other_role, const char *const *patterns,
                       struct arena *arena, struct drift *out)
{
	for (size_t i = 0; i < moves->count; i++)
		if ((is_other_role && depends_on_who_looks(&moves->items[i])) ||
		    object_patterns_match(patterns, moves->items[i].identity))
			out->ignored++;
		else
			*ARENA_PUSH(arena, out->moves.items, out->moves.count) = moves->items[i];
	out->state = out->moves.count || !out->ignored ? DRIFT_FOUND : DRIFT_NONE;
}

static void refuse(struct drift *drift, bool is_trouble, const char *why)
{
	drift->state = DRIFT_NOT_COMPARED;
	drift->is_trouble = is_trouble;
	drift->why = why;
}

static void compare(const struct kept_catalog *kept, const struct catalog *catalog,
                    const struct drift_options *options, struct arena *arena, struct drift *out)
{
	const bool is_other_role = strcmp(kept->kept_by, catalog->self) != 0;
	struct object_list before, then_self, now_self;
	struct object_moves moves, other_moves;
	struct error err = {0};

	object_list_make(catalog, PARTS_USUAL, kept->kept_by, arena, &then_self);
	object_list_make(catalog, PARTS_USUAL, NULL, arena, &now_self);
	out->state = DRIFT_NONE;
	if (is_same(&then_self, kept, arena) || is_same(&now_self, kept, arena))
		return;
	if (!object_list_decode(kept->objects, arena, &before, &err)) {
		out->state = DRIFT_FOUND;
		out->why = arena_strdup(arena, err.message);
		return;
	}
	object_list_compare(&before, &then_self, arena, &moves);
	object_list_compare(&before, &now_self, arena, &other_moves);
	take_moves(other_moves.count < moves.count ? &other_moves : &moves, is_other_role, options->ignored,
	           arena, out);
}

/* --- looking -------------------------------------------------------------- */

static void judge(const struct kept_catalog *kept, const struct catalog *catalog,
                  const struct drift_options *options, struct arena *arena, struct drift *out)
{
	const int major = catalog->server_version / 10000;

	out->version = kept->version;
	out->kept_at = kept->kept_at;
	if (!kept->is_current)
		refuse(out, false, "what was kept is of another state of the history");
	else if (kept->format != FINGERPRINT_VERSION)
		refuse(out, false, "it was kept by another version of rung");
	else if (kept->server_major != major)
		refuse(
		    out, false,
		    arena_printf(arena, "it was kept on PostgreSQL %d, and this is %d", kept->server_major, major));
	else
		compare(kept, catalog, options, arena, out);
}

static bool load(struct session *db, const struct drift_options *options, struct arena *arena,
                 struct rows **rows, struct catalog *catalog, struct error *err)
{
	struct read_query queries[KEPT_CATALOG_QUERIES];
	struct catalog_question questions[KEPT_CATALOG_QUERIES] = {{0}};

	kept_catalog_queries(options->history, arena, queries);
	for (size_t i = 0; i < KEPT_CATALOG_QUERIES; i++)
		questions[i] = (struct catalog_question){queries[i].sql, queries[i].params,
		                                         i + 1 == KEPT_CATALOG_QUERIES ? rows : NULL};
	const struct catalog_options catalog_options = {
	    .history = options->history,
	    .questions = questions,
	    .question_count = KEPT_CATALOG_QUERIES,
	};
	if (catalog_load(db, &catalog_options, arena, catalog, err))
		return true;
	session_rollback(db);
	return false;
}

void drift_look(struct session *db, const struct drift_options *options, struct arena *arena,
                struct drift *out)
{
	scoped_rows struct rows *rows = NULL;
	struct drift drift = {0};
	struct kept_catalog kept = {0};
	struct catalog catalog;
	struct error err = {0};
	bool found = false;

	if (!load(db, options, arena, &rows, &catalog, &err) ||
	    !kept_catalog_read(rows, arena, &kept, &found, &err))
		refuse(&drift, true, arena_strdup(arena, err.message));
	else if (!found)
		refuse(&drift, false, "nothing was kept yet");
	else
		judge(&kept, &catalog, options, arena, &drift);
	*out = drift;
}

void drift_glance(struct session *db, const struct drift_options *options, struct arena *arena,
                  struct drift *out)
{
	if (kept_catalog_is_unmoved(db, options->history))
		*out = (struct drift){.state = DRIFT_NONE};
	else
		drift_look(db, options, arena, out);
}

/* --- telling -------------------------------------------------------------- */

const char *object_move_text(const struct object_move *move, struct arena *arena)
{
	return arena_printf(arena, "%s %s %s", object_move_name(move->move), move->kind->name,
	                    display_line(arena, move->identity));
}

const char *drift_names(const struct drift *drift, struct arena *arena)
{
	enum { MOST_NAMED = 8 };
	struct buffer names = {.arena = arena};

	if (drift->moves.count == 0)
		return arena_printf(arena, "its fingerprint is another, and %s",
		                    drift->why ? drift->why : "no digest tells of which object");
	for (size_t i = 0; i < drift->moves.count && i < MOST_NAMED; i++)
		buffer_printf(&names, "%s%s", i ? ", " : "", object_move_text(&drift->moves.items[i], arena));
	if (drift->moves.count > MOST_NAMED)
		buffer_printf(&names, " and %zu more", drift->moves.count - MOST_NAMED);
	return buffer_cstr(&names);
}

/* --- before a run --------------------------------------------------------- */

static bool tell(const struct run *run, const struct drift *drift, struct arena *arena, struct error *err)
{
	if (run->options->drift == DRIFT_WARNED_OF) {
		event_warning(
		    run->options->reporter,
		    "the schema was changed since the last run, and will be kept as it is after this one: %s",
		    drift_names(drift, arena));
		return true;
	}
	error_set(err, ERROR_FOUND, "the schema was changed since the last run: %zu object%s", drift->moves.count,
	          drift->moves.count == 1 ? "" : "s");
	error_detail(err, "%s.", drift_names(drift, arena));
	error_hint(
	    err, "\"rung check --fix\" prints the SQL that undoes it. To keep it, continue with \"rung upgrade "
	         "--drift warn\" and put it into a migration with \"rung create MESSAGE --from live\", or accept "
	         "the schema as it is with \"rung repair --accept-drift\".");
	return error_state(err, "The database is as it was before; nothing was changed.");
}

bool drift_check(struct run *run, const struct history *history, const struct plan *plan, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct migrate_options *options = run->options;
	const struct drift_options drift_options = {&options->history, options->drift_ignored};
	struct drift drift;

	if (options->drift == DRIFT_IGNORED || options->direction != DIRECTION_UP || run->is_compared ||
	    plan->count == 0 || !history->exists || history->is_adopted || history->is_outdated)
		return true;
	run->is_compared = true;
	if (options->drift == DRIFT_REFUSED)
		drift_look(run->db, &drift_options, &arena, &drift);
	else
		drift_glance(run->db, &drift_options, &arena, &drift);
	if (drift.state == DRIFT_FOUND)
		return tell(run, &drift, &arena, err);
	if (drift.is_trouble)
		event_warning(options->reporter,
		              "it is not known whether the schema was changed since the last run: %s", drift.why);
	return true;
}
