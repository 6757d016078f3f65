/*
 * mode.h - in one transaction, or statement by statement
 *
 * A file is transactional unless its head says "transaction: none" or every
 * statement of it is one that PostgreSQL refuses in a transaction (settings
 * made with SET do not count either way). A batch commits by turns, so it
 * counts as refused.
 *
 * A transactional file may stand between a BEGIN and a COMMIT of its own, as
 * its first and last statement: those two are the migration's own transaction
 * and are not sent. They are the only statements of class STATEMENT_BEGIN,
 * _COMMIT and _ROLLBACK such a file can have, so who runs it leaves these out.
 * With "transaction: none" blocks of its own are sent as they are.
 */
#ifndef RUNG_MIGRATION_MODE_H
#define RUNG_MIGRATION_MODE_H

#include "migration/directive.h"
#include "sql/script.h"

enum run_mode {
	MODE_TRANSACTIONAL,
	MODE_PLAIN,
};

/*
 * Decides how a script runs, `directives` being those of its own head. Errors
 * come with their place: plain and other statements in one file, control of
 * the transaction inside a transactional file, blocks that do not close or
 * that hold what cannot run in them. `server_version` as libpq gives it
 * (150020); 0: as the script was read.
 */
MUST_USE bool mode_decide(const struct script *script, const struct directives *directives,
                          int server_version, enum run_mode *out, struct error *err);

#endif
