/*
 * session_restore.h - the session as it was, after each file
 *
 * A file leaves nothing in the session for the next one: neither user, role
 * and settings nor, where its statements can have made any (kind.h), temporary
 * objects, prepared statements, cursors, advisory locks, LISTEN and the state
 * of sequences. DISCARD ALL would do that, but refuses transaction blocks and
 * takes our own lock and prepared statements with it; so this uses its parts.
 *
 * Files of which no statement can have changed the session, tables and indexes for the most part, are spared
 * all of it (kind.h: what runs no code of the database, evaluates nothing and sets nothing).
 *
 * All of it is said before COMMIT, so that it travels with the migration and
 * reaches the same backend, whatever pooler is in between. What a file put
 * into loaded libraries (dblink's connections, %_SHARED of PL/Perl) and the
 * names of settings it made up stay until the connection ends.
 */
#ifndef RUNG_APPLY_STEP_SESSION_RESTORE_H
#define RUNG_APPLY_STEP_SESSION_RESTORE_H

#include "apply/step/step_script.h"

/* Notes what a statement of the file prepares or deallocates; of all of them, in order, before the plan. */
void session_restore_note(struct step_script *step_script, const struct statement *statement);

/*
 * Appends the messages. Where the transaction ends with this step, and only there, what is deferred runs
 * beforehand, as the file left the session: it may change that too, and temporary tables with deferred
 * constraints could not be dropped.
 */
void session_restore_plan(struct run *run, struct step_script *step_script);

/* The same by itself, where no transaction is open: after a nontransactional migration. */
MUST_USE bool session_restore_run(struct run *run, struct step_script *step_script, struct error *err);

/*
 * Rolls back, and throws away what a rollback leaves: prepared statements, advisory locks of the session,
 * the state of sequences. `step_script` is what failed; NULL when it is not known.
 */
void session_restore_undo(struct run *run, const struct step_script *step_script);

/* The number of the lock; NULL where none of the session's is ours: behind a transaction pooler. */
const char *session_restore_lock(const struct run *run, struct arena *arena);

/* What the journal raised where that lock was gone, in words; other errors stay. Always returns false. */
bool session_restore_explain_lock(const struct step_script *step_script, struct error *err);

/* What a MESSAGE_CHECK raised, in words. */
bool session_restore_explain_error(const struct run *run, const struct step_script *step_script,
                                   struct error *err);

/*
 * Whether it failed because code of the database did what the text of the file did not show: prepared
 * statements, or made what lets any statement run code. From here on all prepared ones are thrown away after
 * each file, or none is spared the rest; what failed may be tried again.
 */
bool session_restore_learns(struct run *run, const struct error *err);

#endif
