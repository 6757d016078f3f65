/*
 * psql is told what the program's own sessions have: text is UTF-8, the role
 * is the one that was asked for. RESET ALL behind each file undoes both.
 */
#include "apply/print_internal.h"

#include <stdlib.h>

#include "base/buffer.h"

/* A request with its values in their places: $1 becomes a literal. */
char *print_request_text(struct arena *arena, const struct request *request)
{
	struct buffer text = {.arena = arena};

	for (const char *c = request_sql(request, arena); *c; c++) {
		char *end = NULL;
		const long number = *c == '$' ? strtol(c + 1, &end, 10) : 0;

		if (number < 1 || number > request->params.count) {
			buffer_char(&text, *c);
			continue;
		}
		buffer_text(&text, quote_literal(arena, request->params.values[number - 1]));
		c = end - 1;
	}
	return buffer_cstr(&text);
}

void print_request(const struct printing *printing, const struct request *request)
{
	scoped_arena struct arena arena = {0};

	/* What is written to the history answers that it is one row, which nobody needs to see. */
	print_text(printing, print_request_text(&arena, request));
	print_text(printing, request->history ? "\n\\g /dev/null\n" : ";\n");
}

void print_session(const struct printing *printing)
{
	scoped_arena struct arena arena = {0};
	const char *role = printing->run->connection.role;

	print_text(printing, "SET client_encoding TO 'UTF8';\n");
	if (role)
		print_text(printing, arena_printf(&arena, "SET ROLE %s;\n", quote_name(&arena, role)));
}
