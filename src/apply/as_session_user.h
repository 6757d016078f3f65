/*
 * as_session_user.h - what is ours, said as who we came as, in the middle of a nontransactional file
 *
 * Between the statements of a nontransactional file the session is the file's: it may have taken another user
 * or role, by a statement or by code that one called, and another encoding. What is written to the history
 * meanwhile is written as if it had not. Only for the length of a transaction: what the file set comes back
 * after it.
 */
#ifndef RUNG_APPLY_AS_SESSION_USER_H
#define RUNG_APPLY_AS_SESSION_USER_H

#include "apply/run.h"

/*
 * Runs requests in order, in one round trip: as the last ones of the open transaction, or in one of their own
 * where none is open.
 */
MUST_USE bool as_session_user_run(struct run *run, const struct request *requests, size_t count,
                                  struct error *err);

/* Opens a transaction to read in, where the file can be somebody else; as_session_user_end() closes it. */
MUST_USE bool as_session_user_begin(struct run *run, struct error *err);
void as_session_user_end(struct run *run);

#endif
