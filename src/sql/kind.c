#include "sql/kind.h"

#include <string.h>

/* In the table below what a row does not mention is zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

/* NOTHING: leaves nothing in the session but, perhaps, settings. INERT: nor these. */
enum {
	CONCURRENT = 1,
	SESSION = 2,
	NOTHING = 4,
	LOCKS = 8,
	EVENTS = 16,
	CHAIN = 32,
	TRANSACTION = 64,
	INERT = NOTHING | 128,
};

/*
 * A pattern, which begins with a capital, is matched from the first word on;
 * what follows it does not matter. The first row that fits decides.
 *
 *	WORD|OTHER   one of these words
 *	?WORD        the word may be missing
 *	%            a name, with or without its schema
 *	.            a dot
 *	(*)          anything in parentheses; ?(*) may be missing
 *	(option)     the same, but the option is among it
 *	(+option)    ... and switched on; (-option): switched off
 *	(=)          parentheses with none in them: names, and no call of a function
 *	...          anything up to where the rest fits
 *	$            the end
 *
 * `from` and `before` bound the server versions the row is true for.
 */
static const struct row {
	const char *pattern;
	enum statement_class class;
	enum plain_kind plain;
	const char *name;
	unsigned flags;
	int from, before;
	enum kept kept;
	enum block_need block;
} rows[] = {
    {"BEGIN", STATEMENT_BEGIN, .flags = NOTHING},
    {"START TRANSACTION", STATEMENT_BEGIN, .flags = NOTHING},
    {"COMMIT PREPARED", STATEMENT_PLAIN, PLAIN_OTHER, "COMMIT PREPARED"},
    {"COMMIT|END ?WORK|TRANSACTION AND CHAIN", STATEMENT_COMMIT, .flags = NOTHING | CHAIN,
     .block = BLOCK_EXPLICIT},
    {"COMMIT|END", STATEMENT_COMMIT, .flags = NOTHING},
    {"PREPARE TRANSACTION", STATEMENT_COMMIT, .flags = NOTHING},
    {"ROLLBACK PREPARED", STATEMENT_PLAIN, PLAIN_OTHER, "ROLLBACK PREPARED"},
    {"ROLLBACK ?WORK|TRANSACTION TO", STATEMENT_SAVEPOINT, .flags = NOTHING, .block = BLOCK_EXPLICIT},
    {"ROLLBACK|ABORT ?WORK|TRANSACTION AND CHAIN", STATEMENT_ROLLBACK, .flags = NOTHING | CHAIN,
     .block = BLOCK_EXPLICIT},
    {"ROLLBACK|ABORT", STATEMENT_ROLLBACK, .flags = NOTHING},
    {"SAVEPOINT|RELEASE", STATEMENT_SAVEPOINT, .flags = NOTHING, .block = BLOCK_EXPLICIT},

    {"COPY ?BINARY % ?(*) FROM STDIN|STDOUT", STATEMENT_COPY_IN},
    {"COPY ?BINARY % ?(*) TO STDOUT|STDIN", STATEMENT_COPY_OUT},
    {"COPY (*) TO STDOUT|STDIN", STATEMENT_COPY_OUT},

    {"CREATE ?UNIQUE INDEX CONCURRENTLY", STATEMENT_PLAIN, PLAIN_INDEX_CONCURRENTLY,
     "CREATE INDEX CONCURRENTLY", CONCURRENT | NOTHING},
    {"DROP INDEX CONCURRENTLY", STATEMENT_PLAIN, PLAIN_DROP_INDEX_CONCURRENTLY, "DROP INDEX CONCURRENTLY",
     CONCURRENT | NOTHING},
    {"REINDEX (+CONCURRENTLY)", STATEMENT_PLAIN, PLAIN_REINDEX, "REINDEX CONCURRENTLY", CONCURRENT | NOTHING},
    {"REINDEX ?(*) TABLE|INDEX|SCHEMA|DATABASE|SYSTEM CONCURRENTLY", STATEMENT_PLAIN, PLAIN_REINDEX,
     "REINDEX CONCURRENTLY", CONCURRENT | NOTHING},
    {"REINDEX ?(*) SCHEMA", STATEMENT_PLAIN, PLAIN_REINDEX, "REINDEX SCHEMA"},
    {"REINDEX ?(*) DATABASE", STATEMENT_PLAIN, PLAIN_REINDEX, "REINDEX DATABASE"},
    {"REINDEX ?(*) SYSTEM", STATEMENT_PLAIN, PLAIN_REINDEX, "REINDEX SYSTEM"},
    {"ALTER TABLE ?IF ?EXISTS ?ONLY % DETACH PARTITION % CONCURRENTLY", STATEMENT_PLAIN,
     PLAIN_DETACH_CONCURRENTLY, "DETACH PARTITION CONCURRENTLY", CONCURRENT},
    {"ALTER TYPE % ADD VALUE", STATEMENT_PLAIN, PLAIN_ADD_ENUM_VALUE, "ALTER TYPE ... ADD VALUE",
     .before = 120000},

    {"CREATE DATABASE", STATEMENT_PLAIN, PLAIN_CREATE, "CREATE DATABASE"},
    {"DROP DATABASE", STATEMENT_PLAIN, PLAIN_DROP, "DROP DATABASE"},
    {"ALTER DATABASE % SET TABLESPACE", STATEMENT_PLAIN, PLAIN_REPEATABLE,
     "ALTER DATABASE ... SET TABLESPACE"},
    {"CREATE TABLESPACE", STATEMENT_PLAIN, PLAIN_CREATE, "CREATE TABLESPACE"},
    {"DROP TABLESPACE", STATEMENT_PLAIN, PLAIN_DROP, "DROP TABLESPACE"},

    {"CREATE SUBSCRIPTION ... WITH (-connect)", STATEMENT_OTHER},
    {"CREATE SUBSCRIPTION ... WITH (-create_slot)", STATEMENT_OTHER},
    {"CREATE SUBSCRIPTION", STATEMENT_PLAIN, PLAIN_CREATE, "CREATE SUBSCRIPTION"},
    {"DROP SUBSCRIPTION", STATEMENT_PLAIN, PLAIN_DROP, "DROP SUBSCRIPTION"},
    {"ALTER SUBSCRIPTION % SET|ADD|DROP PUBLICATION ... WITH (-refresh)", STATEMENT_OTHER},
    {"ALTER SUBSCRIPTION % REFRESH|SET PUBLICATION", STATEMENT_PLAIN, PLAIN_REPEATABLE, "ALTER SUBSCRIPTION",
     .from = 140000},
    {"ALTER SUBSCRIPTION % ADD|DROP PUBLICATION", STATEMENT_PLAIN, PLAIN_OTHER, "ALTER SUBSCRIPTION",
     .from = 140000},
    {"ALTER SUBSCRIPTION % SET (failover)", STATEMENT_PLAIN, PLAIN_REPEATABLE, "ALTER SUBSCRIPTION",
     .from = 170000},
    {"ALTER SUBSCRIPTION % SET (two_phase)", STATEMENT_PLAIN, PLAIN_REPEATABLE, "ALTER SUBSCRIPTION",
     .from = 180000},

    {"VACUUM", STATEMENT_PLAIN, PLAIN_REPEATABLE, "VACUUM", NOTHING},
    {"CLUSTER ?VERBOSE $", STATEMENT_PLAIN, PLAIN_REPEATABLE, "CLUSTER without a table"},
    {"CLUSTER (*) $", STATEMENT_PLAIN, PLAIN_REPEATABLE, "CLUSTER without a table"},
    {"REPACK (+CONCURRENTLY)", STATEMENT_PLAIN, PLAIN_REPEATABLE, "REPACK (CONCURRENTLY)", CONCURRENT},
    {"REPACK ?VERBOSE $", STATEMENT_PLAIN, PLAIN_REPEATABLE, "REPACK without a table"},
    {"REPACK (*) $", STATEMENT_PLAIN, PLAIN_REPEATABLE, "REPACK without a table"},
    {"ALTER SYSTEM", STATEMENT_PLAIN, PLAIN_REPEATABLE, "ALTER SYSTEM", NOTHING},

    {"DISCARD ALL", STATEMENT_PLAIN, PLAIN_REPEATABLE, "DISCARD ALL", SESSION},
    {"DISCARD|RESET", STATEMENT_OTHER, .flags = SESSION | NOTHING},
    {"SET TRANSACTION", STATEMENT_OTHER, .flags = NOTHING | TRANSACTION, .block = BLOCK_WANTED},
    {"SET LOCAL transaction_isolation|transaction_read_only|transaction_deferrable", STATEMENT_OTHER,
     .flags = NOTHING | TRANSACTION, .block = BLOCK_WANTED},
    {"SET ?SESSION transaction_isolation|transaction_read_only|transaction_deferrable", STATEMENT_OTHER,
     .flags = SESSION | NOTHING | TRANSACTION},
    {"SET LOCAL", STATEMENT_OTHER, .flags = NOTHING, .block = BLOCK_WANTED},
    {"SET CONSTRAINTS", STATEMENT_OTHER, .block = BLOCK_WANTED},
    {"SET", STATEMENT_OTHER, .flags = SESSION | NOTHING},
    {"SELECT|WITH ... set_config", STATEMENT_OTHER, .flags = SESSION},

    {"SELECT ?pg_catalog ?. pg_advisory_lock|pg_advisory_lock_shared|pg_advisory_unlock|pg_advisory_unlock_"
     "shared|pg_try_advisory_lock|pg_try_advisory_lock_shared (*) $",
     STATEMENT_OTHER, .flags = LOCKS},

    {"LOAD", STATEMENT_OTHER, .flags = SESSION | NOTHING},
    {"PREPARE", STATEMENT_OTHER, .flags = NOTHING, .kept = KEPT_PREPARED},
    {"DECLARE ... WITH HOLD", STATEMENT_OTHER, .kept = KEPT_CURSOR},
    {"DECLARE", STATEMENT_OTHER, .block = BLOCK_NEEDED},
    {"LOCK", STATEMENT_OTHER, .flags = NOTHING, .block = BLOCK_NEEDED},
    {"SELECT ... INTO ?GLOBAL|LOCAL TEMP|TEMPORARY", STATEMENT_OTHER, .kept = KEPT_TEMPORARY},
    {"CREATE ?OR ?REPLACE ?GLOBAL|LOCAL TEMP|TEMPORARY", STATEMENT_OTHER, .kept = KEPT_TEMPORARY},
    {"CREATE ?OR ?REPLACE ?UNLOGGED TABLE|VIEW|SEQUENCE|TYPE|DOMAIN|FUNCTION|PROCEDURE|AGGREGATE ?IF ?NOT "
     "?EXISTS pg_temp",
     STATEMENT_OTHER, .kept = KEPT_TEMPORARY},

    /*
     * What runs none of the database's code, given that no event trigger does. Everything that is not
     * here may: functions called by name, by a default, a check or a cast, and triggers.
     *
     * Inert is what evaluates no expression either. The server does so, if only to see what it comes to, with
     * the bounds of a partition, with what a column is generated from and with expressions of an index; a
     * default or a check of a new table it just keeps. (It builds an index with settings of its own.)
     */
    {"CREATE ?UNLOGGED TABLE ?IF ?NOT ?EXISTS % ?(*) ... AS", STATEMENT_OTHER},
    {"CREATE ?UNLOGGED TABLE ... PARTITION|EXCLUDE", STATEMENT_OTHER, .flags = NOTHING},
    {"CREATE ?UNLOGGED TABLE ... AS (*)", STATEMENT_OTHER, .flags = NOTHING},
    {"CREATE ?UNLOGGED TABLE", STATEMENT_OTHER, .flags = INERT},
    {"CREATE ?UNIQUE INDEX ON ?ONLY % ?USING ?% (=) $", STATEMENT_OTHER, .flags = INERT},
    {"CREATE ?UNIQUE INDEX ?IF ?NOT ?EXISTS % ON ?ONLY % ?USING ?% (=) $", STATEMENT_OTHER, .flags = INERT},
    {"CREATE ?UNIQUE INDEX", STATEMENT_OTHER, .flags = NOTHING},
    {"CREATE ?OR ?REPLACE VIEW|SEQUENCE", STATEMENT_OTHER, .flags = INERT},
    {"CREATE ?OR ?REPLACE ?CONSTRAINT "
     "FUNCTION|PROCEDURE|AGGREGATE|TYPE|DOMAIN|SCHEMA|ROLE|USER|"
     "GROUP|POLICY|TRIGGER|RULE|CAST|OPERATOR|COLLATION|PUBLICATION|SERVER|STATISTICS",
     STATEMENT_OTHER, .flags = NOTHING},
    {"CREATE|ALTER EVENT|EXTENSION", STATEMENT_OTHER, .flags = EVENTS},
    {"ALTER ... (*)", STATEMENT_OTHER},
    {"ALTER ... ADD|TYPE|VALIDATE|ATTACH|UPDATE", STATEMENT_OTHER},
    {"COMMENT|GRANT|REVOKE|DROP", STATEMENT_OTHER, .flags = INERT},
    {"ALTER|DEALLOCATE|NOTIFY|UNLISTEN|SHOW", STATEMENT_OTHER, .flags = NOTHING},
};

/* A lexer one token ahead; copying it is how a match is tried. */
struct cursor {
	struct lexer lexer;
	struct token token;
};

static void advance(struct cursor *cursor)
{
	cursor->token = lexer_next_significant(&cursor->lexer);
}

static bool at_end(const struct cursor *cursor)
{
	return cursor->token.kind == TOKEN_END || cursor->token.kind == TOKEN_SEMICOLON;
}

static bool at_text(const struct cursor *cursor, const char *text)
{
	return str_is(cursor->token.text, text);
}

static bool at_word(const struct cursor *cursor, struct str word)
{
	const struct str text = cursor->token.text;

	if (cursor->token.kind != TOKEN_WORD || text.len != word.len)
		return false;
	for (size_t i = 0; i < word.len; i++)
		if (char_fold(text.text[i]) != char_fold(word.text[i]))
			return false;
	return true;
}

static bool at_any_word(const struct cursor *cursor, struct str words)
{
	struct str word;

	while (str_split_next(&words, '|', &word))
		if (at_word(cursor, word))
			return true;
	return false;
}

static bool match_words(struct cursor *cursor, struct str words)
{
	const bool fits = at_any_word(cursor, words);

	if (fits)
		advance(cursor);
	return fits;
}

static bool match_name(struct cursor *cursor)
{
	for (;;) {
		if (cursor->token.kind != TOKEN_WORD && cursor->token.kind != TOKEN_NAME)
			return false;
		advance(cursor);
		if (!at_text(cursor, "."))
			return true;
		advance(cursor);
	}
}

static bool is_off(struct str value)
{
	static const char *const offs[] = {"off",     "false", "0",       "'off'",
	                                   "'false'", "'0'",   "\"off\"", "\"false\""};

	for (size_t i = 0; i < sizeof(offs) / sizeof(*offs); i++)
		if (str_is_folded(value, offs[i]))
			return true;
	return false;
}

enum { GROUP_ANY = '*', GROUP_ON = '+', GROUP_OFF = '-', GROUP_PRESENT = '?' };

/* Stands on an option's name; a value may follow, with or without "=". */
static bool option_fits(const struct cursor *cursor, char wanted)
{
	struct cursor value = *cursor;

	advance(&value);
	if (at_text(&value, "="))
		advance(&value);
	return wanted == GROUP_PRESENT || is_off(value.token.text) == (wanted == GROUP_OFF);
}

/* `option` is what stands between the parentheses of the pattern. */
static bool match_group(struct cursor *cursor, struct str option)
{
	const bool has_sign = option.len > 0 && strchr("*+-", option.text[0]);
	const char wanted = has_sign ? option.text[0] : GROUP_PRESENT;
	bool fits = wanted == GROUP_ANY;
	size_t depth = 0;

	option = str_slice(option, has_sign, option.len);
	if (!at_text(cursor, "("))
		return false;
	for (; !at_end(cursor); advance(cursor)) {
		if (at_text(cursor, "(")) {
			depth++;
		} else if (at_text(cursor, ")")) {
			if (--depth == 0) {
				advance(cursor);
				return fits;
			}
		} else if (depth == 1 && at_word(cursor, option)) {
			fits = option_fits(cursor, wanted);
		}
	}
	return false;
}

static bool match_flat_group(struct cursor *cursor)
{
	if (!at_text(cursor, "("))
		return false;
	for (advance(cursor); !at_end(cursor) && !at_text(cursor, "("); advance(cursor)) {
		if (at_text(cursor, ")")) {
			advance(cursor);
			return true;
		}
	}
	return false;
}

static bool match_dot(struct cursor *cursor)
{
	const bool fits = at_text(cursor, ".");

	if (fits)
		advance(cursor);
	return fits;
}

static bool match_element(struct cursor *cursor, struct str element)
{
	if (str_is(element, "%"))
		return match_name(cursor);
	if (str_is(element, "$"))
		return at_end(cursor);
	if (str_is(element, "."))
		return match_dot(cursor);
	if (str_is(element, "(=)"))
		return match_flat_group(cursor);
	if (str_starts(element, "("))
		return match_group(cursor, str_slice(element, 1, element.len - 1));
	return match_words(cursor, element);
}

static bool match_pattern(struct cursor *cursor, struct str pattern);

static bool match_anywhere(struct cursor *cursor, struct str pattern)
{
	for (; !at_end(cursor); advance(cursor)) {
		struct cursor attempt = *cursor;

		if (match_pattern(&attempt, pattern))
			return true;
	}
	return false;
}

static bool match_pattern(struct cursor *cursor, struct str pattern)
{
	struct str element;

	while (str_split_next(&pattern, ' ', &element)) {
		const bool may_miss = str_starts(element, "?");

		if (str_is(element, "..."))
			return match_anywhere(cursor, pattern);
		struct cursor before = *cursor;
		if (match_element(cursor, str_slice(element, may_miss, element.len)))
			continue;
		if (!may_miss)
			return false;
		*cursor = before;
	}
	return true;
}

/* Version 0, unknown, is taken for the newest. */
static bool is_true_for(const struct row *row, int server_version)
{
	if (server_version == 0)
		return row->before == 0;
	return server_version >= row->from && (row->before == 0 || server_version < row->before);
}

/* One letter tells most statements from most rows; millions of INSERTs pass here. */
static bool may_match(const char *pattern, char initial)
{
	char before = '|';

	for (; *pattern && *pattern != ' '; before = *pattern++)
		if (before == '|' && *pattern == initial)
			return true;
	return false;
}

static bool row_matches(const struct row *row, const struct cursor *first, const struct cursor *second)
{
	struct str pattern = str_of(row->pattern);
	struct cursor cursor = *second;
	struct str words;

	str_split_next(&pattern, ' ', &words);
	return at_any_word(first, words) && match_pattern(&cursor, pattern);
}

static const struct row *find_row(const struct cursor *first, int server_version, bool *varies)
{
	struct cursor second = *first;

	if (first->token.kind != TOKEN_WORD)
		return NULL;
	const char initial = (char)(char_fold(first->token.text.text[0]) - 'a' + 'A');
	advance(&second);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (!may_match(rows[i].pattern, initial) || !row_matches(&rows[i], first, &second))
			continue;
		*varies |= rows[i].from || rows[i].before;
		if (is_true_for(&rows[i], server_version))
			return &rows[i];
	}
	return NULL;
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
	struct cursor start = {.lexer = lexer};
	bool varies = false;

	advance(&start);
	const struct row *row = find_row(&start, server_version, &varies);
	if (!row)
		return (struct statement_kind){
		    .may_leave = !at_end(&start), .may_set = !at_end(&start), .varies_by_version = varies};
	return (struct statement_kind){
	    .class = row->class,
	    .plain = row->plain,
	    .name = row->name,
	    .is_concurrent = row->flags & CONCURRENT,
	    .changes_session = row->flags & SESSION,
	    .kept = row->kept,
	    .may_set = (row->flags & INERT) != INERT,
	    .may_leave = !(row->flags & NOTHING) || mentions_temporary_schema(lexer.text),
	    .varies_by_version = varies,
	    .makes_event_triggers = row->flags & EVENTS,
	    .locks_session = row->flags & LOCKS,
	    .chains = row->flags & CHAIN,
	    .block = row->block,
	    .sets_transaction = row->flags & TRANSACTION,
	};
}
