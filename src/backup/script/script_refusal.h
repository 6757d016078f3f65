/*
 * script_refusal.h - what is said of a script that is not let pass
 *
 * For script_guard.c alone. Lines are counted from 1.
 */
#ifndef RUNG_BACKUP_SCRIPT_SCRIPT_REFUSAL_H
#define RUNG_BACKUP_SCRIPT_SCRIPT_REFUSAL_H

#include "base/error.h"
#include "base/str.h"

/* All return false. */
bool script_refuse(unsigned long long line, const char *what, struct error *err);

/* A command of psql; `text` continues as far as it was read. */
bool script_refuse_command(unsigned long long line, struct str text, struct error *err);

/* A statement that begins or ends a transaction. */
bool script_refuse_transaction(unsigned long long line, struct str word, struct error *err);

/* What a psql without restricted mode may read in another way. */
bool script_refuse_reading(unsigned long long line, const char *what, struct error *err);

#endif
