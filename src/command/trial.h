/*
 * trial.h - a place to try migrations where nothing can be hurt
 *
 * A database of its own on the scratch server, or on a server that somebody
 * names, with everything the full cycle of "rung test" does to it. It is gone
 * on every way out.
 */
#ifndef RUNG_COMMAND_TRIAL_H
#define RUNG_COMMAND_TRIAL_H

#include "catalog/snapshot.h"
#include "command/database.h"
#include "pg/server.h"

struct trial {
	struct context *context;
	struct server *server;  /* NULL on somebody's own server */
	struct session *beside; /* connected to another database there */
	const char *address;    /* of that other database */
	const char *database;   /* the one the migrations are tried in */
	const char *twin;       /* a copy of it, where a migration is applied once more */
	const char *bindir;     /* of pg_dump; NULL for the usual places */
	struct tree line;       /* the migrations one after the other, branches side by side no more */
	bool has_database;
	bool has_twin;
};

/* `address` NULL: on a scratch server. */
MUST_USE bool trial_open(struct context *context, const char *address, struct trial *out, struct error *err);
void trial_close(struct trial *trial);
#define scoped_trial SCOPED(trial_close)

/* Takes the trial's database up or down, silently; `target` as people type it. */
MUST_USE bool trial_climb(struct trial *trial, enum direction direction, const char *target,
                          struct error *err);

MUST_USE bool trial_snapshot(struct trial *trial, struct arena *arena, struct snapshot *out,
                             struct error *err);

/*
 * Applies a migration a second time, in a copy of the database, and looks at
 * what that leaves. What goes wrong with the migration itself is in
 * `refusal`, whose kind is ERROR_NONE otherwise.
 */
MUST_USE bool trial_repeat(struct trial *trial, const struct migration *migration, struct arena *arena,
                           struct snapshot *out, struct error *refusal, struct error *err);

/* Whether the error speaks of the migration, not of the server or of us. */
bool trial_is_refusal(const struct error *err);

#endif
