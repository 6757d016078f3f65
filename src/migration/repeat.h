/*
 * repeat.h - may a file run again?
 *
 * An edited file that says "on-change: reapply" runs over what it made before.
 * Statements that are bound to fail then, such as CREATE TABLE without IF NOT
 * EXISTS, are found before anything runs. What only the server can know (an
 * UPDATE that counts up, say) is left to "rung test", which applies every
 * file twice.
 */
#ifndef RUNG_MIGRATION_REPEAT_H
#define RUNG_MIGRATION_REPEAT_H

#include "sql/script.h"

/* ERROR_FILES at the first statement that cannot run again, saying how to write it. */
MUST_USE bool repeat_check(const struct script *script, struct error *err);

#endif
