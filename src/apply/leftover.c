#include "apply/leftover.h"

#include <string.h>

#include "base/clock.h"
#include "base/buffer.h"
#include "sql/lexer.h"

enum { ASK_EVERY_MS = 500, SPEAK_EVERY_MS = 10000 };

/* --- reading names ---------------------------------------------------- */

/* What CREATE INDEX CONCURRENTLY [IF NOT EXISTS] name ON [ONLY] table says. */
struct index_names {
	const char *index; /* folded as the server does; NULL when the statement names none */
	const char *table; /* as written, schema included */
};

static struct token next(struct lexer *lexer)
{
	return lexer_next_significant(lexer);
}

static bool is_word(struct token token, const char *word)
{
	return token.kind == TOKEN_WORD && str_is_folded(token.text, word);
}

/* An identifier as the catalog has it. */
static char *identifier(struct arena *arena, struct token token)
{
	struct buffer name = {.arena = arena};

	if (token.kind != TOKEN_NAME) {
		for (size_t i = 0; i < token.text.len; i++)
			buffer_char(&name, char_fold(token.text.text[i]));
		return buffer_cstr(&name);
	}
	for (size_t i = 1; i + 1 < token.text.len; i++) {
		buffer_char(&name, token.text.text[i]);
		i += token.text.text[i] == '"';
	}
	return buffer_cstr(&name);
}

/* A table's name with its schema, as written, up to whatever is no part of it. */
static char *written_name(struct arena *arena, struct lexer *lexer, struct token token)
{
	struct buffer name = {.arena = arena};

	for (bool wants_name = true;; wants_name = !wants_name, token = next(lexer)) {
		const bool is_dot = token.kind == TOKEN_PUNCTUATION && str_is(token.text, ".");
		const bool is_name = token.kind == TOKEN_WORD || token.kind == TOKEN_NAME;

		if (wants_name ? !is_name : !is_dot)
			return buffer_cstr(&name);
		buffer_add(&name, token.text);
	}
}

static struct index_names index_names(struct arena *arena, struct str text)
{
	struct lexer lexer = {.text = text};
	struct index_names names = {0};
	struct token token = next(&lexer);

	while (token.kind != TOKEN_END && !is_word(token, "concurrently"))
		token = next(&lexer);
	token = next(&lexer);
	while (is_word(token, "if") || is_word(token, "not") || is_word(token, "exists"))
		token = next(&lexer);
	if (!is_word(token, "on")) {
		names.index = identifier(arena, token);
		next(&lexer); /* ON */
	}
	token = next(&lexer);
	if (is_word(token, "only"))
		token = next(&lexer);
	names.table = written_name(arena, &lexer, token);
	return names;
}

/* --- indexes ---------------------------------------------------------- */

enum index_state { INDEX_ABSENT, INDEX_VALID, INDEX_INVALID, INDEX_IN_THE_MAKING };

static bool look_at_index(struct run *run, const struct index_names *names, struct arena *arena,
                          enum index_state *out, const char **quoted, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query(run->db, SQL_apply_index_state, PARAMS(names->index, names->table), &rows, err))
		return false;
	if (rows_count(rows) == 0) {
		*out = INDEX_ABSENT;
		return true;
	}
	*quoted = arena_printf(arena, "%s.%s", quote_name(arena, rows_text(rows, 0, 1)),
	                       quote_name(arena, rows_text(rows, 0, 2)));
	if (rows_flag(rows, 0, 0))
		*out = INDEX_VALID;
	else
		*out = rows_flag(rows, 0, 3) ? INDEX_IN_THE_MAKING : INDEX_INVALID;
	return true;
}

static bool drop_index(struct run *run, const char *quoted, struct error *err)
{
	scoped_arena struct arena arena = {0};

	event_note(run->climb->reporter, "dropping the invalid index %s that an interrupted build left behind",
	           quoted);
	if (!execute(run->db, arena_printf(&arena, "DROP INDEX CONCURRENTLY IF EXISTS %s", quoted), NO_PARAMS,
	             err))
		return error_context(err, "while dropping the invalid index %s", quoted);
	return true;
}

/* A killed client does not stop its statement: the build may go on, and end well. */
static bool settle_index(struct run *run, const struct statement *statement, enum index_state *out,
                         struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct index_names names = index_names(&arena, statement->text);
	const char *quoted = NULL;
	int64_t speak_at_ms = 0;

	*out = INDEX_ABSENT;
	if (!names.index)
		return true;
	for (;;) {
		if (!look_at_index(run, &names, &arena, out, &quoted, err))
			return error_context(err, "while looking for leftovers of %s", statement->kind.name);
		if (*out != INDEX_IN_THE_MAKING)
			break;
		if (clock_now_ms() >= speak_at_ms) {
			event_note(run->climb->reporter, "waiting for a build of %s that is still going on", quoted);
			speak_at_ms = clock_now_ms() + SPEAK_EVERY_MS;
		}
		if (!clock_sleep_ms(ASK_EVERY_MS))
			return error_set(err, ERROR_CANCELLED, "cancelled");
	}
	if (*out != INDEX_INVALID)
		return true;
	*out = INDEX_ABSENT;
	return drop_index(run, quoted, err);
}

static bool settle_create_index(struct run *run, const struct statement *statement, bool *is_done,
                                struct error *err)
{
	enum index_state state;

	if (!settle_index(run, statement, &state, err))
		return false;
	*is_done = state == INDEX_VALID;
	return true;
}

static bool settle_reindex(struct run *run, const struct statement *statement, bool *is_done,
                           struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_rows struct rows *rows = NULL;

	(void)statement;
	*is_done = false;
	if (!query(run->db, SQL_apply_index_debris, NO_PARAMS, &rows, err))
		return false;
	for (size_t i = 0; i < rows_count(rows); i++) {
		const char *quoted = arena_printf(&arena, "%s.%s", quote_name(&arena, rows_text(rows, i, 0)),
		                                  quote_name(&arena, rows_text(rows, i, 1)));
		if (!drop_index(run, quoted, err))
			return false;
	}
	return true;
}

/* --- the others ------------------------------------------------------- */

/* The same statement with FINALIZE for its CONCURRENTLY ends a detach that was cut off. */
static bool settle_detach(struct run *run, const struct statement *statement, bool *is_done,
                          struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct lexer lexer = {.text = statement->text};
	struct error refusal;
	size_t from = 0;

	(void)err;
	for (struct token token = next(&lexer); token.kind != TOKEN_END; token = next(&lexer))
		if (is_word(token, "concurrently"))
			from = (size_t)(token.text.text - statement->text.text);
	const char *finalize =
	    arena_printf(&arena, "%.*s FINALIZE", STR_ARGS(str_slice(statement->text, 0, from)));
	*is_done = execute(run->db, finalize, NO_PARAMS, &refusal);
	return true;
}

static bool run_again(struct run *run, const struct statement *statement, bool *is_done, struct error *err)
{
	(void)run;
	(void)statement;
	(void)err;
	*is_done = false;
	return true;
}

static bool ask_a_human(struct run *run, const struct statement *statement, bool *is_done, struct error *err)
{
	(void)run;
	(void)is_done;
	error_set(err, ERROR_SQL, "%s was cut off, and nobody can tell whether it had succeeded",
	          statement->kind.name ? statement->kind.name : "the statement");
	return error_hint(err, "Look for yourself; then take the statement out of the file when it had, and run "
	                       "\"rung repair\".");
}

/* One that no list knew to refuse transactions; most of these only rebuild what there is. */
static bool settle_unknown(struct run *run, const struct statement *statement, bool *is_done,
                           struct error *err)
{
	static const char *const harmless[] = {"reindex", "cluster", "analyze"};
	struct lexer lexer = {.text = statement->text};
	const struct token first = next(&lexer);

	for (size_t i = 0; i < sizeof(harmless) / sizeof(*harmless); i++)
		if (is_word(first, harmless[i]))
			return run_again(run, statement, is_done, err);
	return ask_a_human(run, statement, is_done, err);
}

static const struct {
	bool (*settle)(struct run *run, const struct statement *statement, bool *is_done, struct error *err);
	const char *means_done[3]; /* SQLSTATEs of a second run that say it was done before */
} kinds[] = {
    [PLAIN_NONE] = {settle_unknown, {0}},
    [PLAIN_INDEX_CONCURRENTLY] = {settle_create_index, {0}},
    [PLAIN_DROP_INDEX_CONCURRENTLY] = {run_again, {"42704", "42P01"}},
    [PLAIN_REINDEX] = {settle_reindex, {0}},
    [PLAIN_DETACH_CONCURRENTLY] = {settle_detach, {"42P01"}},
    [PLAIN_ADD_ENUM_VALUE] = {run_again, {"42710"}},
    [PLAIN_CREATE] = {run_again, {"42P04", "42710"}},
    [PLAIN_DROP] = {run_again, {"3D000", "42704"}},
    [PLAIN_REPEATABLE] = {run_again, {0}},
    [PLAIN_OTHER] = {ask_a_human, {0}},
};

bool leftover_settle(struct run *run, const struct statement *statement, bool *is_done, struct error *err)
{
	return kinds[statement->kind.plain].settle(run, statement, is_done, err);
}

bool leftover_means_done(const struct statement *statement, const struct error *err)
{
	for (const char *const *code = kinds[statement->kind.plain].means_done; *code; code++)
		if (strcmp(err->sqlstate, *code) == 0)
			return true;
	return false;
}

bool leftover_clear(struct run *run, const struct statement *statement, struct error *err)
{
	enum index_state state;
	bool is_done;

	if (statement->kind.plain == PLAIN_INDEX_CONCURRENTLY)
		return settle_index(run, statement, &state, err);
	return statement->kind.plain != PLAIN_REINDEX || settle_reindex(run, statement, &is_done, err);
}

/* Class 42 is found out before anything is done: a wrong word, no such thing, no right to it. */
bool leftover_may_stay(const struct statement *statement, const struct error *failure)
{
	switch (statement->kind.plain) {
	case PLAIN_DROP_INDEX_CONCURRENTLY:
	case PLAIN_DETACH_CONCURRENTLY:
	case PLAIN_DROP: /* an interrupted DROP DATABASE leaves one that cannot be used */
	case PLAIN_OTHER:
		return strncmp(failure->sqlstate, "42", 2) != 0 && strncmp(failure->sqlstate, "3D", 2) != 0;
	case PLAIN_NONE:
	case PLAIN_INDEX_CONCURRENTLY:
	case PLAIN_REINDEX:
	case PLAIN_ADD_ENUM_VALUE:
	case PLAIN_CREATE:
	case PLAIN_REPEATABLE:
		break;
	}
	return false;
}

bool leftover_verify(struct run *run, const struct statement *statement, struct error *err)
{
	scoped_arena struct arena arena = {0};
	enum index_state state = INDEX_VALID;
	const char *quoted = NULL;

	if (statement->kind.plain != PLAIN_INDEX_CONCURRENTLY)
		return true;
	const struct index_names names = index_names(&arena, statement->text);
	if (names.index && !look_at_index(run, &names, &arena, &state, &quoted, err))
		return false;
	if (state == INDEX_ABSENT)
		return error_set(err, ERROR_SQL, "an index \"%s\" exists already, but it is not one of %s",
		                 names.index, names.table);
	if (state != INDEX_VALID)
		return error_set(err, ERROR_SQL,
		                 "the server reported success, but the index \"%s\" on %s is not valid", names.index,
		                 names.table);
	return true;
}
