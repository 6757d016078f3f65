/*
 * test_database.h - a place to try migrations where nothing can be hurt
 *
 * A database of its own on the scratch server, or on a server that somebody
 * names, with everything "rung test" does to it. It is gone on every way out.
 *
 * Each migration is judged in the state that the ups before it make, and
 * nothing else. So anyone who has changed the database in another way says so,
 * and test_database_restore() makes that state again: from a copy that is kept aside
 * and has seen nothing but ups, or where a copy will not do (what databases
 * of a server share: roles, and the settings of a database) by all ups anew.
 */
#ifndef RUNG_COMMAND_TEST_TEST_DATABASE_H
#define RUNG_COMMAND_TEST_TEST_DATABASE_H

#include "command/database/database.h"
#include "command/scratch/scratch_database.h"
#include "migration/graph.h"

struct test_database {
	struct context *context;
	struct scratch_server server;
	struct scratch_database database; /* the one the migrations are tried in */
	struct scratch_database kept;     /* the copy that sees only ups */
	size_t kept_at;                   /* how many it has seen; it is brought up to date when it is needed */
	struct qualified_name history;
	struct graph graph;
	struct tree line;     /* the migrations one after the other, branches side by side no more */
	bool is_straight;     /* the order of `line` is that of its numbers */
	const char *settings; /* of roles and database, when they were last looked at */
	size_t prepared_in;   /* the session in which it is prepared to look, as scratch_database.entered */
	const char *first[2]; /* roles and databases of the server as they were; arrays as it reads them */
};

/* `address` NULL: on a scratch server. */
MUST_USE bool test_database_open(struct context *context, const char *address, struct test_database *out,
                                 struct error *err);
void test_database_close(struct test_database *test_database);
#define scoped_test_database SCOPED(test_database_close)

/* The migration that is tried as number `at` from 0: each comes after what it requires. */
const struct migration *test_database_migration(const struct test_database *test_database, size_t at);

/* Takes the scratch database up or down, silently; `target` as people type it. */
MUST_USE bool test_database_migrate(struct test_database *test_database, enum direction direction,
                                    const char *target, struct error *err);

MUST_USE bool test_database_catalog(struct test_database *test_database, struct arena *arena,
                                    struct catalog *out, struct error *err);

/* What the catalog does not show: rows, sequences, settings of the database; roles and what else is shared.
 */
struct test_state {
	bool is_known;  /* there may be too much to look at */
	bool is_copied; /* a copy of the database has them too */
	const char *own;
	const char *shared;
};

/* test_state.c */
MUST_USE bool test_state_load(struct test_database *test_database, struct arena *arena,
                              struct test_state *out, struct error *err);

/* Never where they are not known. */
bool test_state_equal(const struct test_state *before, const struct test_state *after);

/* Keeps a copy of the database as it is, `at` migrations applied, unless there is one already. */
MUST_USE bool test_database_keep(struct test_database *test_database, size_t at, struct error *err);

/* Drops it: it is in the way of what databases share, or is not what the ups make any more. */
void test_database_forgo(struct test_database *test_database);

/*
 * Whether the server refused something because the copy is in the way, such as dropping a role it names.
 */
bool test_database_is_in_the_way(const struct test_database *test_database, const struct error *err);

/*
 * The database as the first `at` ups make it. A refusal (test_database_is_refusal)
 * speaks of a migration that went up before.
 */
MUST_USE bool test_database_restore(struct test_database *test_database, size_t at, struct error *err);

/*
 * Applies the newest migration a second time. What goes wrong with the
 * migration itself is in `refusal`, whose kind is ERROR_NONE otherwise and
 * ERROR_PARTIAL where not everything of it was taken back.
 */
MUST_USE bool test_database_repeat(struct test_database *test_database, const struct migration *migration,
                                   struct error *refusal, struct error *err);

/* Whether the error speaks of the migration, not of the server or of us. */
bool test_database_is_refusal(const struct error *err);

#endif
