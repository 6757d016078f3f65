/*
 * walk.h - a plain migration on its way, for the files that run one
 *
 * plain.c begins and ends the walk and goes on where an earlier one stopped;
 * plain_statement.c runs one statement, plain_block.c what belongs to a
 * transaction of the file's own; walk.c knows the statement at hand and writes the
 * journal. Nobody else includes this.
 */
#ifndef RUNG_APPLY_WALK_H
#define RUNG_APPLY_WALK_H

#include "apply/leftover.h"
#include "apply/passage.h"
#include "history/journal.h"

/* One plain migration on its way. */
struct walk {
	struct run *run;
	struct passage *passage;
	struct journal journal;
	struct arena arena;   /* of the statement at hand */
	size_t index;         /* of the statement at hand, from 0 */
	const char *checksum; /* of its text */
	size_t block;         /* index where the open transaction of the file began */
	size_t opener;        /* of the BEGIN that opened it, or that it is chained to */
	bool is_group;        /* the open transaction is that of a "\;" group */
	size_t done;          /* statements that stay done whatever happens now */
	bool leaves_traces;   /* something in the database is not as it was */
	bool sets_timeouts;   /* the file chooses its own */
};

/* --- the statement at hand: walk.c --- */

const struct statement *walk_statement(const struct walk *walk);
bool walk_is_rollback(const struct walk *walk);

/*
 * Settings are made again after a stop: they are not the database's, but the
 * statements after them need them.
 */
bool walk_runs_always(const struct statement *statement);

/* The way down has its own rows, so that a half-done rollback is not taken for a half-done apply. */
size_t walk_journal_number(const struct walk *walk);
struct suspect walk_suspect(const struct walk *walk);

/* --- the journal: walk.c --- */

struct request walk_request_done(struct walk *walk);

/* Writes to it, as the last of the open transaction, or in one of its own where none is open. */
MUST_USE bool walk_note(struct walk *walk, const struct request *requests, size_t count, struct error *err);
MUST_USE bool walk_note_start(struct walk *walk, struct error *err);
MUST_USE bool walk_note_done(struct walk *walk, struct error *err);

/* --- one statement: plain_statement.c --- */

/* `was_begun`: an earlier run began it, and what that left has been settled. */
MUST_USE bool walk_run_statement(struct walk *walk, bool was_begun, struct error *err);

/* The file's own statement as it stands: what the server says of it has a place. */
MUST_USE bool walk_run_it(struct walk *walk, struct error *err);

/* Those of the run, unless the file chooses its own. */
MUST_USE bool walk_set_timeouts(struct walk *walk, bool is_local, struct error *err);

/* --- transactions of the file's own, and "\;" groups: plain_block.c --- */

bool walk_is_in_block(const struct walk *walk);
MUST_USE bool walk_run_in_block(struct walk *walk, struct error *err);

/* Commits a group whose last statement was the one at hand, done now or by an earlier run. */
MUST_USE bool walk_end_group(struct walk *walk, struct error *err);

/* After a refusal: true when the group has been undone and is to begin again, where the walk stands now. */
MUST_USE bool walk_try_group_again(struct walk *walk, struct error *err);

/* The statement at hand was done by an earlier run: opens the transaction that it opened, if that is not
 * done. */
MUST_USE bool walk_open_chained(struct walk *walk, struct error *err);

#endif
