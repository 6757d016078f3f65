/*
 * kind_rows.h - the table behind kind.h
 */
#ifndef RUNG_SQL_KIND_ROWS_H
#define RUNG_SQL_KIND_ROWS_H

#include <stddef.h>

#include "sql/kind.h"

/*
 * KIND_SETTINGS: leaves nothing in the session but, perhaps, settings. KIND_INERT: nor these, and runs none
 * of the database's code, given that nothing there makes every statement do so (kind_rows.c).
 * KIND_UNLESS_LITERALS: where a literal of it may run some (kind_literal.c), neither is true.
 */
enum {
	KIND_CONCURRENT = 1,
	KIND_SESSION = 2,
	KIND_SETTINGS = 4,
	KIND_LOCKS = 8,
	KIND_CODE = 16,
	KIND_CHAIN = 32,
	KIND_TRANSACTION = 64,
	KIND_INERT = KIND_SETTINGS | 128,
	KIND_UNLESS_LITERALS = 256,
};

struct kind_row {
	const char *pattern; /* kind_pattern.h */
	enum statement_class class;
	enum recovery_kind recovery;
	const char *name;
	unsigned flags;
	int from, before; /* bounds of the server versions that the row is true for; 0 for none */
	enum kept kept;
	enum block_need block;
};

/* The first row that fits decides. */
extern const struct kind_row kind_rows[];
extern const size_t kind_row_count;

/* The one that decides of the statement at which the lexer is, or NULL. `*varies`: others might
 * elsewhere. */
const struct kind_row *kind_row_find(struct lexer lexer, int server_version, bool *varies);

#endif
