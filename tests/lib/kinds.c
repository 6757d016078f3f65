/*
 * kinds.c - what kind.h says of statements, for who holds it against a server
 *
 *	kinds rows                 "number claim pattern" of every row that claims something
 *	kinds judge <STATEMENTS    one a line: "row claim plain code kept", what it is taken for
 *
 * A claim is "inert" (nothing of the session can be another after it), "settings" (only they can) or
 *"leaves". A row is the number of what decided, 0 for none; plain, code (brings_code) and kept are 0 or 1.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sql/kind_rows.h"

static const char *claim_of(bool may_set, bool may_leave)
{
	return may_leave ? "leaves" : may_set ? "settings" : "inert";
}

static void print_rows(void)
{
	for (size_t i = 0; i < kind_row_count; i++) {
		const unsigned flags = kind_rows[i].flags;

		if (flags & KIND_SETTINGS)
			printf("%zu %s %s\n", i + 1, claim_of((flags & KIND_INERT) != KIND_INERT, false),
			       kind_rows[i].pattern);
	}
}

static void judge(struct str text)
{
	const struct lexer lexer = {.text = text, .joins_lines = true};
	const struct statement_kind kind = statement_kind_of(lexer, 0);
	bool varies = false;
	const struct kind_row *row = kind_row_find(lexer, 0, &varies);

	printf("%zu %s %d %d %d\n", row ? (size_t)(row - kind_rows) + 1 : 0,
	       claim_of(kind.may_set, kind.may_leave), kind.class == STATEMENT_NONTRANSACTIONAL, kind.brings_code,
	       kind.kept != KEPT_NOTHING);
}

int main(int argc, char **argv)
{
	char *line = NULL;
	size_t size = 0;

	if (argc == 2 && strcmp(argv[1], "rows") == 0) {
		print_rows();
		return 0;
	}
	if (argc != 2 || strcmp(argv[1], "judge") != 0) {
		fputs("usage: kinds rows | judge\n", stderr);
		return 2;
	}
	while (getline(&line, &size, stdin) > 0)
		judge(str_slice(str_of(line), 0, strcspn(line, "\n")));
	free(line);
	return 0;
}
