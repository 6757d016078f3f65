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
 * Where something begins and ends is for sql/lexer.h to say. What two versions
 * of psql would read differently, or what psql would put a value of its own
 * into, is refused (1E'x', :e'x', :HOST, a lone carriage return, NUL): nobody
 * who means well writes it. Memory is constant whatever a line or a literal is
 * long and however the bytes come in pieces.
 *
 * The script's own statements can change how psql reads what follows, by
 * standard_conforming_strings and client_encoding; and functions it makes can
 * do that unseen. With a psql that has the restricted mode nothing comes of it.
 * For any other (older than August 2025) the script must read the same under
 * every setting, up to its last backslash: see script_doubt.h.
 */
#ifndef RUNG_BACKUP_SCRIPT_SCRIPT_GUARD_H
#define RUNG_BACKUP_SCRIPT_SCRIPT_GUARD_H

#include "stream/stream.h"

/* Owns `next`. */
struct sink *script_guard_open(bool psql_is_restricted, struct sink *next);

/* Whether this psql has the restricted mode, that is \restrict. */
MUST_USE bool script_guard_probe(const char *psql, struct arena *arena, bool *is_restricted,
                                 struct error *err);

#endif
