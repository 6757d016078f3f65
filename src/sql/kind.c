/*
 * Every statement of every file passes here, several times: the patterns are taken apart once, and a letter
 * tells most statements from most rows (kind_pattern.c has the rest of it).
 *
 * A row alone does not make a statement harmless. One of its literals may be read by the input function of
 * a type of the database (kind_literal.c), and a table is temporary wherever its schema is pg_temp, which
 * the pattern of a long statement would not see; both take back what the row claims. An unknown statement
 * claims nothing, and an empty one leaves nothing.
 *
 * The server's version is not known where files are read without a connection. Then the newest is assumed,
 * and `varies_by_version` tells anyone who has a connection later to ask again.
 */
#include "sql/kind.h"

#include <pthread.h>

#include "sql/kind_literal.h"
#include "sql/kind_pattern.h"
#include "sql/kind_rows.h"

/* Version 0, unknown, is taken for the newest. */
static bool is_true_for(const struct kind_row *row, int server_version)
{
	if (server_version == 0)
		return row->before == 0;
	return server_version >= row->from && (row->before == 0 || server_version < row->before);
}

static struct pattern *patterns; /* of the rows; there to the end */

static void read_patterns(void)
{
	static struct arena arena;

	patterns = arena_array(&arena, struct pattern, kind_row_count);
	for (size_t i = 0; i < kind_row_count; i++)
		pattern_read(kind_rows[i].pattern, &arena, &patterns[i]);
}

static const struct kind_row *find_row(const struct cursor *first, int server_version, bool *varies)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct cursor second = *first;

	if (first->token.kind != TOKEN_WORD)
		return NULL;
	pthread_once(&once, read_patterns);
	const uint32_t initial = pattern_initial(first->token.text.text[0]);
	cursor_advance(&second);
	const uint32_t next = second.token.text.len ? pattern_initial(second.token.text.text[0]) : 0;
	for (size_t i = 0; i < kind_row_count; i++) {
		if (!(patterns[i].initials & initial) ||
		    (patterns[i].seconds != UINT32_MAX && !(patterns[i].seconds & next)))
			continue;
		if (!pattern_matches(&patterns[i], first, &second))
			continue;
		*varies |= kind_rows[i].from || kind_rows[i].before;
		if (is_true_for(&kind_rows[i], server_version))
			return &kind_rows[i];
	}
	return NULL;
}

const struct kind_row *kind_row_find(struct lexer lexer, int server_version, bool *varies)
{
	struct token_list list;
	struct cursor start = cursor_start(lexer, &list);

	cursor_advance(&start);
	return find_row(&start, server_version, varies);
}

/* Tables and functions are temporary wherever they are made while this schema comes first. */
static bool mentions_temporary_schema(struct str text)
{
	static const char name[] = "pg_temp";
	const size_t len = sizeof(name) - 1;

	for (size_t i = 0; i + len <= text.len; i++)
		if (char_fold(text.text[i]) == 'p' && str_is_folded(str_slice(text, i, i + len), name))
			return true;
	return false;
}

struct statement_kind statement_kind(struct str text, int server_version)
{
	return statement_kind_of((struct lexer){.text = text, .joins_lines = true}, server_version);
}

struct statement_kind statement_kind_of(struct lexer lexer, int server_version)
{
	struct token_list list;
	struct cursor start = cursor_start(lexer, &list);
	bool varies = false;

	cursor_advance(&start);
	const struct kind_row *row = find_row(&start, server_version, &varies);
	if (!row)
		return (struct statement_kind){.may_leave = !cursor_at_end(&start),
		                               .may_set = !cursor_at_end(&start),
		                               .varies_by_version = varies};
	const bool is_live = (row->flags & KIND_UNLESS_LITERALS) && statement_has_live_literal(lexer);
	return (struct statement_kind){
	    .class = row->class,
	    .recovery = row->recovery,
	    .name = row->name,
	    .is_concurrent = row->flags & KIND_CONCURRENT,
	    .changes_session = row->flags & KIND_SESSION,
	    .kept = row->kept,
	    .may_set = is_live || (row->flags & KIND_INERT) != KIND_INERT,
	    .may_leave = is_live || !(row->flags & KIND_SETTINGS) || mentions_temporary_schema(lexer.text),
	    .varies_by_version = varies,
	    .brings_code = row->flags & KIND_CODE,
	    .locks_session = row->flags & KIND_LOCKS,
	    .chains = row->flags & KIND_CHAIN,
	    .block = row->block,
	    .sets_transaction = row->flags & KIND_TRANSACTION,
	};
}
