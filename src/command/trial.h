/*
 * trial.h - a place to try migrations where nothing can be hurt
 *
 * A database of its own on the scratch server, or on a server that somebody
 * names, with everything "rung test" does to it. It is gone on every way out.
 *
 * Each migration is judged in the state that the ups before it make, and
 * nothing else. So whoever has changed the database in another way says so,
 * and trial_restore() makes that state again: from a copy that is kept aside
 * and has seen nothing but ups, or where a copy will not do (what databases
 * of a server share: roles, and the settings of a database) by all ups anew.
 */
#ifndef RUNG_COMMAND_TRIAL_H
#define RUNG_COMMAND_TRIAL_H

#include "catalog/snapshot.h"
#include "command/database.h"
#include "migration/graph.h"
#include "pg/server.h"

struct trial {
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
MUST_USE bool trial_open(struct context *context, const char *address, struct trial *out, struct error *err);
void trial_close(struct trial *trial);
#define scoped_trial SCOPED(trial_close)

/* The migration that is tried as number `at` from 0: each comes after what it requires. */
const struct migration *trial_migration(const struct trial *trial, size_t at);

/* Takes the trial's database up or down, silently; `target` as people type it. */
MUST_USE bool trial_climb(struct trial *trial, enum direction direction, const char *target,
                          struct error *err);

MUST_USE bool trial_snapshot(struct trial *trial, struct arena *arena, struct snapshot *out,
                             struct error *err);

/* What a snapshot does not show: rows, sequences, settings of the database; roles and what else is shared. */
struct trial_facts {
	bool is_known;  /* there may be too much to look at */
	bool is_copied; /* a copy of the database has them too */
	const char *own;
	const char *shared;
};

/* trial_facts.c */
MUST_USE bool trial_look(struct trial *trial, struct arena *arena, struct trial_facts *out,
                         struct error *err);

/* Never where they are not known. */
bool trial_facts_equal(const struct trial_facts *before, const struct trial_facts *after);

/* The session that asks them; it ends before the database is copied or dropped. */
MUST_USE bool trial_inside(struct trial *trial, struct error *err);

/* Keeps a copy of the database as it is, `at` migrations applied, unless there is one already. */
MUST_USE bool trial_keep(struct trial *trial, size_t at, struct error *err);

/* Drops it: it is in the way of what databases share, or is not what the ups make any more. */
void trial_forgo(struct trial *trial);

/* Whether the server refused something because the copy stands in the way, such as dropping a role it names.
 */
bool trial_is_in_the_way(const struct trial *trial, const struct error *err);

/*
 * The database as the first `at` ups make it. A refusal (trial_is_refusal)
 * speaks of a migration that went up before.
 */
MUST_USE bool trial_restore(struct trial *trial, size_t at, struct error *err);

/*
 * Applies the newest migration a second time. What goes wrong with the
 * migration itself is in `refusal`, whose kind is ERROR_NONE otherwise and
 * ERROR_PARTIAL where not everything of it was taken back.
 */
MUST_USE bool trial_repeat(struct trial *trial, const struct migration *migration, struct error *refusal,
                           struct error *err);

/* Whether the error speaks of the migration, not of the server or of us. */
bool trial_is_refusal(const struct error *err);

#endif
