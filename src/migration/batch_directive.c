/*
 * A batch is a promise that running the statement range by range does what running it once would. Three
 * things are proved of it before anything runs: the directive says by what it goes; the statement holds
 * exactly the bounds this needs; and what goes by pages leaves out what it has done, as an UPDATE moves
 * rows to pages that a later chunk meets. More would take a grammar, and is the writer's: that :lo and :hi
 * are compared with the key of the directive, say.
 *
 * Bounds are parameters of the server and not variables of psql, so that the text is one and the same for
 * all ranges. batch_text() writes "$1" over ":lo" and blanks over the rest: every other byte stays where it
 * was, and a position in the server's error is one in the file. A placeholder has at least three
 * characters; with four columns there are eight parameters, which are written with one digit
 * (BATCH_MOST_COLUMNS).
 *
 * Measurements behind the defaults and the three ways: docs/decisions/0012.
 */
#include "migration/batch_directive.h"

#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "migration/batch_condition.h"
#include "migration/directive.h"
#include "sql/lexer.h"

static const struct batch defaults = {.size = 5000, .max_lag_ms = -1, .time_ms = 250};

bool batch_is_wanted(const struct statement *statement)
{
	return !statement->echo && directive_value(statement, "batch").len > 0;
}

/* --- the directive ---------------------------------------------------- */

static bool complain(const struct statement *statement, struct error *err)
{
	const struct place place = statement_place(statement, 0);

	if (!err->hint[0])
		error_hint(
		    err,
		    "Write it as in: -- rung: batch table=orders key=id size=5000 pause=50ms max-lag=5s time=250ms");
	return error_at(err, &place);
}

static bool read_table(struct str value, struct arena *arena, struct batch *batch)
{
	batch->table = str_copy(arena, value);
	return value.len > 0;
}

/* As SQL reads a name: folded, unless it stands in double quotes. */
static const char *column_name(struct str name, struct arena *arena)
{
	const bool is_quoted = name.len > 2 && str_starts(name, "\"") && str_ends(name, "\"");
	char *column = str_copy(arena, is_quoted ? str_slice(name, 1, name.len - 1) : name);

	for (char *c = column; *c && !is_quoted; c++)
		*c = char_fold(*c);
	return column;
}

static bool read_key(struct str value, struct arena *arena, struct batch *batch)
{
	struct str column;

	while (str_split_next(&value, ',', &column)) {
		if (column.len == 0 || batch->column_count == BATCH_MOST_COLUMNS)
			return false;
		batch->columns[batch->column_count++] = column_name(column, arena);
	}
	return batch->column_count > 0;
}

static bool read_size(struct str value, struct arena *arena, struct batch *batch)
{
	unsigned long long size;

	(void)arena;
	if (!str_to_number(value, 1000000, &size) || size == 0)
		return false;
	batch->size = (int64_t)size;
	return true;
}

static bool read_pause(struct str value, struct arena *arena, struct batch *batch)
{
	return duration_parse(str_copy(arena, value), &batch->pause_ms);
}

static bool read_max_lag(struct str value, struct arena *arena, struct batch *batch)
{
	return duration_parse(str_copy(arena, value), &batch->max_lag_ms);
}

static bool read_time(struct str value, struct arena *arena, struct batch *batch)
{
	return duration_parse(str_copy(arena, value), &batch->time_ms) && batch->time_ms > 0;
}

static bool read_ctid(struct str value, struct arena *arena, struct batch *batch)
{
	(void)arena;
	batch->way = BATCH_BY_CTID;
	return value.len == 0;
}

static bool read_repeat(struct str value, struct arena *arena, struct batch *batch)
{
	(void)arena;
	batch->way = BATCH_REPEAT;
	return value.len == 0;
}

static const struct {
	const char *name;
	bool is_way; /* one of the three, and only one */
	bool (*read)(struct str value, struct arena *arena, struct batch *batch);
} options[] = {
    {"table", false, read_table},     {"key", true, read_key},    {"ctid", true, read_ctid},
    {"repeat", true, read_repeat},    {"size", false, read_size}, {"pause", false, read_pause},
    {"max-lag", false, read_max_lag}, {"time", false, read_time},
};

enum { OPTION_COUNT = sizeof(options) / sizeof(*options) };

/* What the words before this one have said. */
struct reading {
	struct arena *arena;
	struct batch *batch;
	bool seen[OPTION_COUNT];
	const char *way;
};

static bool unknown_option(const struct reading *reading, struct str name, struct error *err)
{
	const char *names[OPTION_COUNT + 1] = {0};

	for (size_t i = 0; i < OPTION_COUNT; i++)
		names[i] = options[i].name;
	const char *meant = str_suggest(str_copy(reading->arena, name), names);
	error_set(err, ERROR_FILES, "a batch has no parameter \"%.*s\"", STR_ARGS(name));
	return meant && error_hint(err, "Did you mean \"%s\"?", meant);
}

static bool read_word(struct reading *reading, struct str word, struct error *err)
{
	const size_t equals = str_index(word, '=');
	const struct str name = str_slice(word, 0, equals);
	const struct str value = str_slice(word, equals + 1, word.len);

	for (size_t i = 0; i < OPTION_COUNT; i++) {
		if (!str_is_folded(name, options[i].name))
			continue;
		if (reading->seen[i])
			return error_set(err, ERROR_FILES, "a batch has its %s twice", options[i].name);
		if (options[i].is_way && reading->way)
			return error_set(err, ERROR_FILES, "a batch goes by %s or by %s, not both", reading->way,
			                 options[i].name);
		if (!options[i].read(value, reading->arena, reading->batch))
			return error_set(err, ERROR_FILES, "\"%.*s\" is not a valid value for %s of a batch",
			                 STR_ARGS(value), options[i].name);
		reading->seen[i] = true;
		if (options[i].is_way)
			reading->way = options[i].name;
		return true;
	}
	return unknown_option(reading, name, err);
}

/* Cuts the next word off; blanks inside double quotes belong to it. */
static bool next_word(struct str *rest, struct str *word)
{
	bool is_quoted = false;
	size_t len = 0;

	*rest = str_trim(*rest);
	for (; len < rest->len && (is_quoted || !char_is_space(rest->text[len])); len++)
		is_quoted ^= rest->text[len] == '"';
	*word = str_slice(*rest, 0, len);
	*rest = str_slice(*rest, len, rest->len);
	return word->len > 0;
}

/* What every row has beside its columns, and has anew when it is changed. */
static bool check_column(const struct batch *batch, size_t i, struct error *err)
{
	static const char *const system[] = {"xmin", "xmax", "cmin", "cmax", "tableoid"};
	const char *name = batch->columns[i];

	if (strcmp(name, "ctid") == 0) {
		error_set(err, ERROR_FILES, "ctid is no key: it is a way of its own");
		return error_hint(err, "Write \"-- rung: batch table=%s ctid\", without \"key=\".", batch->table);
	}
	for (size_t j = 0; j < sizeof(system) / sizeof(*system); j++)
		if (strcmp(name, system[j]) == 0)
			return error_set(err, ERROR_FILES, "the system column %s cannot be a batch's key", name);
	for (size_t j = 0; j < i; j++)
		if (strcmp(name, batch->columns[j]) == 0)
			return error_set(err, ERROR_FILES, "the key of a batch has the column \"%s\" twice", name);
	return true;
}

static bool check_key(const struct batch *batch, struct error *err)
{
	for (size_t i = 0; i < batch->column_count; i++)
		if (!check_column(batch, i, err))
			return false;
	return true;
}

static bool read_words(struct str text, struct arena *arena, struct batch *batch, struct error *err)
{
	struct reading reading = {.arena = arena, .batch = batch};
	struct str word;

	while (next_word(&text, &word))
		if (!read_word(&reading, word, err))
			return false;
	if (!reading.way)
		return error_set(err, ERROR_FILES, "a batch needs its key, or one of the words ctid and repeat");
	if (batch->way != BATCH_REPEAT && !batch->table)
		return error_set(err, ERROR_FILES, "a batch needs its table");
	return check_key(batch, err);
}

/* --- the statement ------------------------------------------------------ */

static struct token first_word(const struct statement *statement)
{
	struct lexer lexer = statement_lexer(statement);

	return lexer_next_significant(&lexer);
}

static bool check_kind(const struct statement *statement, struct error *err)
{
	static const char *const known[] = {"update", "delete", "insert", "with", "merge"};
	const struct token word = first_word(statement);

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (str_is_folded(word.text, known[i]))
			return true;
	error_set(err, ERROR_FILES, "cannot run %.*s as a batch", STR_ARGS(word.text));
	return error_hint(err, "A batch is an UPDATE, a DELETE or an INSERT ... SELECT.");
}

/* Whether WHERE speaks of more than the range; what follows it (ON CONFLICT) counts as well. */
static bool has_own_condition(const struct statement *statement)
{
	static const char *const of_range[] = {"ctid", "and", "between", "tid"};
	struct lexer lexer = statement_lexer(statement);
	bool is_behind_where = false;
	bool is_known = true;

	for (struct token token = lexer_next_significant(&lexer); token.kind != TOKEN_END;
	     token = lexer_next_significant(&lexer)) {
		/* "o" of "o.ctid" says nothing, so a word counts only when no dot follows. */
		if (!is_known && !str_is(token.text, "."))
			return true;
		is_known = true;
		if (token.kind != TOKEN_WORD && token.kind != TOKEN_NAME)
			continue;
		if (str_is_folded(token.text, "where"))
			is_behind_where = true;
		else if (is_behind_where)
			is_known = false;
		for (size_t i = 0; i < sizeof(of_range) / sizeof(*of_range); i++)
			is_known |= str_is_folded(token.text, of_range[i]);
	}
	return !is_known;
}

/*
 * An UPDATE moves rows, often to pages a later chunk comes by, and pages are
 * repeated until a pass changes nothing: it must know its own work.
 */
static bool check_condition(const struct statement *statement, const struct batch *batch, struct error *err)
{
	if (batch->way != BATCH_BY_CTID || str_is_folded(first_word(statement).text, "delete") ||
	    has_own_condition(statement))
		return true;
	error_set(err, ERROR_FILES, "a batch by ctid would process the rows again that it has changed");
	return error_hint(err, "Its WHERE must exclude rows that are done, as with \"and total is null\".");
}

/* --- the placeholders --------------------------------------------------- */

/* How many columns bounds have; none where the statement limits itself. */
static size_t bound_count(const struct batch *batch)
{
	switch (batch->way) {
	case BATCH_BY_KEY:
		return batch->column_count;
	case BATCH_BY_CTID:
		return 1;
	case BATCH_REPEAT:
		return 0;
	}
	return 0;
}

/* The parameter a variable stands for, from 1; 0 for none of ours. */
static size_t parameter_of(struct str variable, const struct batch *batch)
{
	const struct str name = str_slice(variable, 1, variable.len);
	const size_t count = bound_count(batch);
	const bool is_low = str_starts(name, "lo");

	if (!is_low && !str_starts(name, "hi"))
		return 0;
	const size_t base = is_low ? 1 : count + 1;
	if (name.len == 2)
		return count == 1 ? base : 0;
	for (size_t i = 0; i < count && batch->way == BATCH_BY_KEY; i++)
		if (name.text[2] == '_' && str_is(str_slice(name, 3, name.len), batch->columns[i]))
			return base + i;
	return 0;
}

/* "id > :lo and id <= :hi", or the same of several columns. */
static const char *range_example(const struct batch *batch, struct arena *arena)
{
	struct buffer names = {.arena = arena};
	struct buffer low = {.arena = arena};
	struct buffer high = {.arena = arena};

	if (bound_count(batch) <= 1) {
		const char *name = batch->way == BATCH_BY_KEY ? batch->columns[0] : "ctid";
		return arena_printf(arena, "%s > :lo and %s <= :hi", name, name);
	}
	for (size_t i = 0; i < batch->column_count; i++) {
		const char *comma = i ? ", " : "";
		buffer_printf(&names, "%s%s", comma, batch->columns[i]);
		buffer_printf(&low, "%s:lo_%s", comma, batch->columns[i]);
		buffer_printf(&high, "%s:hi_%s", comma, batch->columns[i]);
	}
	return arena_printf(arena, "(%s) > (%s) and (%s) <= (%s)", buffer_cstr(&names), buffer_cstr(&low),
	                    buffer_cstr(&names), buffer_cstr(&high));
}

static bool is_bound(struct str variable)
{
	const struct str name = str_slice(variable, 1, variable.len);

	return str_is(name, "lo") || str_is(name, "hi") || str_starts(name, "lo_") || str_starts(name, "hi_");
}

static bool check_placeholders(const struct statement *statement, const struct batch *batch,
                               struct arena *arena, struct error *err)
{
	struct lexer lexer = statement_lexer(statement);
	const size_t wanted = 2 * bound_count(batch);
	unsigned seen = 0;

	for (struct token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
		const size_t parameter = token.kind == TOKEN_VARIABLE ? parameter_of(token.text, batch) : 0;

		if (parameter)
			seen |= 1U << parameter;
		else if (token.kind == TOKEN_VARIABLE && is_bound(token.text))
			return error_set(err, ERROR_FILES, "the batch has no bound \"%.*s\"", STR_ARGS(token.text));
	}
	for (size_t i = 1; i <= wanted; i++)
		if (!(seen & 1U << i)) {
			error_set(err, ERROR_FILES, "the statement of a batch has no bounds");
			return error_hint(err, "Its WHERE needs both bounds: \"%s\".", range_example(batch, arena));
		}
	return batch_condition_check(statement, batch, range_example(batch, arena), err);
}

bool batch_parse(const struct statement *statement, struct arena *arena, struct batch *out, struct error *err)
{
	struct batch batch = defaults;

	if (!read_words(directive_value(statement, "batch"), arena, &batch, err) || !check_kind(statement, err) ||
	    !check_placeholders(statement, &batch, arena, err) || !check_condition(statement, &batch, err))
		return complain(statement, err);
	*out = batch;
	return true;
}

char *batch_text(const struct statement *statement, const struct batch *batch, struct arena *arena)
{
	char *text = str_copy(arena, statement->text);
	struct lexer lexer = statement_lexer(statement);

	for (struct token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
		const size_t parameter = token.kind == TOKEN_VARIABLE ? parameter_of(token.text, batch) : 0;

		if (parameter) {
			char *at = text + (token.text.text - statement->text.text);
			memset(at, ' ', token.text.len);
			at[0] = '$';
			at[1] = (char)('0' + parameter);
		}
	}
	return text;
}
