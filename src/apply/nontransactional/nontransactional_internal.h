/*
 * nontransactional_internal.h - a nontransactional migration on its way, for the files that run one
 *
 * nontransactional.c begins and ends the run and continues where an earlier one stopped;
 * journaled_statement.c runs one statement, file_transaction.c what belongs to a
 * transaction of the file's own; nontransactional_internal.c knows the statement at hand and writes the
 * journal. Nobody else includes this.
 */
#ifndef RUNG_APPLY_NONTRANSACTIONAL_NONTRANSACTIONAL_INTERNAL_H
#define RUNG_APPLY_NONTRANSACTIONAL_NONTRANSACTIONAL_INTERNAL_H

#include "apply/nontransactional/recovery.h"
#include "apply/step/step_script.h"
#include "history/journal.h"

/* One nontransactional migration on its way. */
struct script_run {
	struct run *run;
	struct step_script *step_script;
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

/* --- the statement at hand: nontransactional_internal.c --- */

const struct statement *script_run_statement(const struct script_run *script_run);
bool script_run_is_rollback(const struct script_run *script_run);

/*
 * Settings are made again after a stop: they are not the database's, but the
 * statements after them need them.
 */
bool script_run_runs_always(const struct statement *statement);

/* The way down has its own rows, so that a half-done rollback is not taken for a half-done apply. */
size_t script_run_journal_number(const struct script_run *script_run);
struct suspect script_run_suspect(const struct script_run *script_run);

/* The file's own statement as it stands: what the server says of it has a place. */
MUST_USE bool script_run_execute_text(struct script_run *script_run, struct error *err);

/* Those of the run, unless the file chooses its own. */
MUST_USE bool script_run_set_timeouts(struct script_run *script_run, bool is_local, struct error *err);

/* --- the journal: nontransactional_internal.c --- */

struct request script_run_request_done(struct script_run *script_run);

/* Writes to it, as the last of the open transaction, or in one of its own where none is open. */
MUST_USE bool script_run_note(struct script_run *script_run, const struct request *requests, size_t count,
                              struct error *err);
MUST_USE bool script_run_note_start(struct script_run *script_run, struct error *err);
MUST_USE bool script_run_note_done(struct script_run *script_run, struct error *err);

/* --- one statement: journaled_statement.c --- */

/* `was_begun`: an earlier run began it, and what that left has been settled. */
MUST_USE bool script_run_execute(struct script_run *script_run, bool was_begun, struct error *err);

/* --- transactions of the file's own, and "\;" groups: file_transaction.c --- */

bool script_run_in_transaction(const struct script_run *script_run);
MUST_USE bool script_run_execute_in_transaction(struct script_run *script_run, struct error *err);

/* Commits a group whose last statement was the one at hand, done now or by an earlier run. */
MUST_USE bool script_run_end_group(struct script_run *script_run, struct error *err);

/* After a refusal: true when the group has been undone and is to begin again, where the run is now. */
MUST_USE bool script_run_retry_group(struct script_run *script_run, struct error *err);

/* The statement at hand was done by an earlier run: opens the transaction that it opened, if that is not
 * done. */
MUST_USE bool script_run_open_chained(struct script_run *script_run, struct error *err);

#endif
