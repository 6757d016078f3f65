/*
 * mode.h - in one transaction, or statement by statement
 *
 * A file is transactional unless its head says "transaction: none" or every
 * statement of it is one that PostgreSQL refuses in a transaction (settings
 * made with SET do not count either way). A batch commits by chunks, so it
 * counts as refused.
 *
 * A transactional file may stand between a BEGIN and a COMMIT of its own, as
 * its first and last statement: those two are the migration's own transaction
 * and are not sent. They are the only statements of class STATEMENT_BEGIN,
 * _COMMIT and _ROLLBACK such a file can have, so who runs it leaves these out.
 * With "transaction: none" blocks of its own are sent as they are.
 *
 * SET TRANSACTION has to come before the first query of its transaction, ours
 * included, and so has what BEGIN says of its own.
 */
#ifndef RUNG_MIGRATION_MODE_H
#define RUNG_MIGRATION_MODE_H

#include "migration/directive.h"
#include "sql/script.h"

enum run_mode {
	MODE_TRANSACTIONAL,
	MODE_OWN_TRANSACTION, /* the same, but the file says of what kind: its isolation level, DEFERRABLE */
	MODE_NONTRANSACTIONAL,
};

/* A statement that may have to be complained of when it is gone; none where `line` is 0. */
struct mode_note {
	size_t line;
	char name[64]; /* what to call it */
	char place[512];
	char excerpt[512];
	int caret;
};

/* What a look at a script's statements, one after the other, says of how it may run. */
struct mode_look {
	int server_version;
	size_t count; /* without \echo */
	struct mode_note begin, commit, control, nontransactional, other;
	struct mode_note prepared;  /* PREPARE TRANSACTION */
	struct mode_note read_only; /* of those that say of what kind the transaction is */
	bool chooses_transaction;   /* there is one */
	struct mode_note open;
	bool was_joined;
	struct error nontransactional_trouble; /* what stands in the way of running it statement by statement */
};

/* `server_version` as libpq gives it (150020); 0: as the script was read. */
void mode_begin(struct mode_look *look, int server_version);
void mode_see(struct mode_look *look, const struct statement *statement);

/* Of a statement that is to be seen next: whether it is a BEGIN and the first of all. Where the mode is to be
 * MODE_OWN_TRANSACTION it may hold options, and the run of the file begins with it. */
bool mode_is_opening(const struct mode_look *look, const struct statement *statement);

/*
 * Decides how a script runs that was seen whole, `directives` being those of its own head. Errors
 * come with their place: nontransactional and other statements in one file, control of
 * the transaction inside a transactional file, blocks that do not close or
 * that hold what cannot run in them.
 */
MUST_USE bool mode_decide(const struct mode_look *look, const struct directives *directives,
                          enum run_mode *out, struct error *err);

/* Both, of one that is in memory. */
MUST_USE bool mode_of_script(const struct script *script, const struct directives *directives,
                             int server_version, enum run_mode *out, struct error *err);

#endif
