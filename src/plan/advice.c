#include "plan/advice.h"

#include <inttypes.h>

/* Nothing applied builds on it, and it is the only such one: a downgrade takes back this one alone. */
static bool is_only_head(const struct rung *rung, const struct ladder *ladder, struct arena *arena)
{
	size_t *heads;

	return ladder && graph_heads(&ladder->graph, ladder->applied, arena, &heads) == 1 &&
	       ladder->rungs[heads[0]].number == rung->number;
}

static bool has_way_back(const struct rung *rung)
{
	return !rung->migration->directives.irreversible &&
	       (rung->record->has_rollback || rung->migration->has_rollback);
}

/*
 * What people do all day comes first: write on at the newest file of a
 * database of their own. Accepting a file comes last: it makes the record say
 * what nobody has seen to be true of the database.
 */
static struct advice on_edited(const struct rung *rung, const struct ladder *ladder, struct arena *arena)
{
	const char *again =
	    is_only_head(rung, ladder, arena) && has_way_back(rung)
	        ? arena_printf(arena,
	                       "On a database of your own, \"rung downgrade\" (%s) and \"rung upgrade\" run it "
	                       "anew. Otherwise put ",
	                       rung->record->has_rollback ? "with the rollback kept of what ran"
	                                                  : "with the rollback as it is now")
	        : "Put ";

	return (struct advice){
	    "was changed after it was applied",
	    arena_printf(
	        arena,
	        "%sthe file back as it was applied and write the change into a new migration. If it "
	        "may run again, say so in its head: \"-- rung: on-change: reapply\". Only if it makes no "
	        "difference to the database, accept it with \"rung repair %" PRId64 "\"; that runs nothing.",
	        again, rung->number),
	};
}

/* Written by hand, or by a script that ran the orchestrator, 00_master_schema.sql. */
static struct advice on_impossible(const struct rung *rung, struct arena *arena)
{
	return (struct advice){
	    "is in the history, but no migration can have that number",
	    arena_printf(arena,
	                 "Numbers begin at 1. Drop the record with \"rung repair --forget -- %" PRId64
	                 "\"; nothing is run by that.",
	                 rung->number),
	};
}

static struct advice on_missing(const struct rung *rung, struct arena *arena)
{
	if (rung->number < 1)
		return on_impossible(rung, arena);
	const char *way_back =
	    rung->record->has_rollback
	        ? "go down below it with \"rung downgrade\" (its rollback is kept in the database)"
	        : "deploy the version that has it";

	return (struct advice){
	    "is applied, but its file is missing",
	    arena_printf(arena,
	                 "Bring the file back from version control, or %s. Only if it is gone for good, drop its "
	                 "record with \"rung repair %" PRId64 " --forget\".",
	                 way_back, rung->number),
	};
}

static struct advice on_renamed(const struct rung *rung, struct arena *arena)
{
	const char *former = rung->record->name;

	if (!rung_is_other_file(rung))
		return (struct advice){
		    arena_printf(arena, "was applied as \"%s\"", former),
		    arena_printf(arena,
		                 "Give the file its old name back, or accept the new one with \"rung repair %" PRId64
		                 "\".",
		                 rung->number),
		};
	return (struct advice){
	    arena_printf(arena, "has the number under which \"%s\" was applied", former),
	    arena_printf(arena,
	                 "If it is a new migration, move it with \"rung renumber\"; if it is the same one under "
	                 "another name, accept it with \"rung repair %" PRId64 "\".",
	                 rung->number),
	};
}

static struct advice on_partial(const struct rung *rung, struct arena *arena)
{
	return (struct advice){
	    "stopped half-way",
	    arena_printf(
	        arena,
	        "Go on behind its last finished statement with \"rung resume\". To start it over, undo by "
	        "hand what it did, then clear it with \"rung repair %" PRId64 "\".",
	        rung->number),
	};
}

struct advice advice_on(enum difference_kind kind, const struct rung *rung, const struct ladder *ladder,
                        struct arena *arena)
{
	switch (kind) {
	case DIFFERENCE_PENDING:
		return (struct advice){"is not applied yet", "Apply it with \"rung upgrade\"."};
	case DIFFERENCE_REAPPLICABLE:
		return (struct advice){"was edited and is to be applied again", "Apply it with \"rung upgrade\"."};
	case DIFFERENCE_UNWINDING:
		return (struct advice){"is half rolled back",
		                       "Finish that with \"rung downgrade\"; then it can go up again."};
	case DIFFERENCE_OUT_OF_ORDER:
		return (struct advice){
		    arena_printf(arena, "is older than the newest applied, \"%s\"",
		                 ladder_newest_name(ladder, arena)),
		    "Move it past the others with \"rung renumber\", or apply it where it is with \"rung upgrade "
		    "--out-of-order\".",
		};
	case DIFFERENCE_EDITED:
		return on_edited(rung, ladder, arena);
	case DIFFERENCE_MISSING:
		return on_missing(rung, arena);
	case DIFFERENCE_RENAMED:
		return on_renamed(rung, arena);
	case DIFFERENCE_PARTIAL:
		return on_partial(rung, arena);
	}
	return (struct advice){0};
}
