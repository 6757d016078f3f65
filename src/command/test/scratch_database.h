/*
 * scratch_database.h - a place to try migrations where nothing can be hurt
 *
 * A database of its own on the scratch server, or on a server that somebody
 * names, with everything "rung test" does to it. It is gone on every way out.
 *
 * Each migration is judged in the state that the ups before it make, and
 * nothing else. So anyone who has changed the database in another way says so,
 * and scratch_database_restore() makes that state again: from a copy that is kept aside
 * and has seen nothing but ups, or where a copy will not do (what databases
 * of a server share: roles, and the settings of a database) by all ups anew.
 */
#ifndef RUNG_COMMAND_TEST_SCRATCH_DATABASE_H
#define RUNG_COMMAND_TEST_SCRATCH_DATABASE_H

#include "catalog/snapshot.h"
#include "command/database/database.h"
#include "migration/graph.h"
#include "pg/server.h"

struct scratch_database {
	struct context *context;
	struct server *server;  /* NULL on somebody's own server */
	struct session *beside; /* connected to another database there */
	struct session *inside; /* to the one the migrations are tried in; NULL when nobody asks anything */
	const char *address;    /* of that other database */
	const char *database;   /* the one the migrations are tried in */
	const char *kept;       /* the copy that sees only ups */
	size_t kept_at;         /* how many it has seen; it is brought up to date when it is needed */
	bool has_database;
	bool has_kept;
	struct snapshot_options snapshots;
	struct qualified_name history;
	struct graph graph;
	struct tree line;     /* the migrations one after the other, branches side by side no more */
	bool is_straight;     /* the order of `line` is that of its numbers */
	const char *first[2]; /* roles and databases of the server as they were; arrays as it reads them */
};

/* `address` NULL: on a scratch server. */
MUST_USE bool scratch_database_open(struct context *context, const char *address,
                                    struct scratch_database *out, struct error *err);
void scratch_database_close(struct scratch_database *scratch_database);
#define scoped_scratch_database SCOPED(scratch_database_close)

/* The migration that is tried as number `at` from 0: each comes after what it requires. */
const struct migration *scratch_database_migration(const struct scratch_database *scratch_database,
                                                   size_t at);

/* Takes the scratch database up or down, silently; `target` as people type it. */
MUST_USE bool scratch_database_migrate(struct scratch_database *scratch_database, enum direction direction,
                                       const char *target, struct error *err);

MUST_USE bool scratch_database_snapshot(struct scratch_database *scratch_database, struct arena *arena,
                                        struct snapshot *out, struct error *err);

/* What a snapshot does not show: rows, sequences, settings of the database; roles and what else is shared. */
struct scratch_state {
	bool is_known;  /* there may be too much to look at */
	bool is_copied; /* a copy of the database has them too */
	const char *own;
	const char *shared;
};

/* scratch_state.c */
MUST_USE bool scratch_state_load(struct scratch_database *scratch_database, struct arena *arena,
                                 struct scratch_state *out, struct error *err);

/* Never where they are not known. */
bool scratch_state_equal(const struct scratch_state *before, const struct scratch_state *after);

/* The session that asks them; it ends before the database is copied or dropped. */
MUST_USE bool scratch_database_inside(struct scratch_database *scratch_database, struct error *err);

/* Keeps a copy of the database as it is, `at` migrations applied, unless there is one already. */
MUST_USE bool scratch_database_keep(struct scratch_database *scratch_database, size_t at, struct error *err);

/* Drops it: it is in the way of what databases share, or is not what the ups make any more. */
void scratch_database_forgo(struct scratch_database *scratch_database);

/*
 * Whether the server refused something because the copy is in the way, such as dropping a role it names.
 */
bool scratch_database_is_in_the_way(const struct scratch_database *scratch_database, const struct error *err);

/*
 * The database as the first `at` ups make it. A refusal (scratch_database_is_refusal)
 * speaks of a migration that went up before.
 */
MUST_USE bool scratch_database_restore(struct scratch_database *scratch_database, size_t at,
                                       struct error *err);

/*
 * Applies the newest migration a second time. What goes wrong with the
 * migration itself is in `refusal`, whose kind is ERROR_NONE otherwise and
 * ERROR_PARTIAL where not everything of it was taken back.
 */
MUST_USE bool scratch_database_repeat(struct scratch_database *scratch_database,
                                      const struct migration *migration, struct error *refusal,
                                      struct error *err);

/* Whether the error speaks of the migration, not of the server or of us. */
bool scratch_database_is_refusal(const struct error *err);

#endif
