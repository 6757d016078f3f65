/*
 * script_guard.h - what a script may not have psql do
 *
 * A dump in SQL is fed to psql, and psql obeys commands of its own: \connect
 * goes to another database, \! runs a program. This stage lets a script pass
 * that stays in the database it is restored into and in the one transaction
 * around it, and refuses everything else: every backslash command, and COMMIT
 * and its like at the beginning of a statement. Backslashes in literals, quoted
 * names, comments and COPY data are text. The \restrict and \unrestrict that
 * pg_dump writes around a dump are taken out: the restore has a key of its own.
 *
 * It follows psql's lexer a byte at a time, so memory is constant whatever a
 * line or a literal is long and however the bytes come in pieces. Where two
 * versions of psql would read a text differently, and nobody who means well
 * writes it (1E'x', a lone carriage return, NUL), it is refused too. It takes
 * standard_conforming_strings for on and the encoding for one whose characters
 * hold no ASCII inside; for what switches them behind its back there is the
 * restricted mode of psql.
 */
#ifndef RUNG_BACKUP_SCRIPT_GUARD_H
#define RUNG_BACKUP_SCRIPT_GUARD_H

#include "backup/stream.h"

/* Owns `next`. */
struct sink *script_guard_open(struct sink *next);

#endif
