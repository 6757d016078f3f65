/*
 * A directive that is misspelt and passed over is worse than none: "-- rung: transaktion: none" would run a
 * file in a way that nobody meant. Hence a comment that begins with "rung:" must be a row of the table,
 * stand where its row says, and be said once unless it may be said again; even "-- rung transaction: none",
 * with the first colon forgotten, is an error, but only before a name that we know, since prose may begin
 * with our name.
 *
 * All complaints of a head come in one error.
 *
 * The head is read by head.c, without the lexer of scripts: it ends at the first statement, and for a
 * thousand files that is all of them that has to be looked at. Directives further down belong to
 * statements, and script.h collects them. The two agree on what a directive is by comment_kind() and
 * phrase_of() alone.
 */
#include "migration/directive.h"

#include <inttypes.h>
#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "migration/head.h"

enum standing {
	STANDS_IN_HEAD,
	STANDS_ANYWHERE, /* for the file in the head, for one statement before it */
	STANDS_BEFORE_STATEMENT,
};

/* Fills `out` from `value`; the result is what is wrong with it, or NULL. */
typedef const char *read_value(struct str value, struct arena *arena, struct directives *out);

static const char *read_transaction(struct str value, struct arena *arena, struct directives *out)
{
	(void)arena;
	out->transaction_none = str_is_folded(value, "none");
	return out->transaction_none ? NULL : "the only value is \"none\"";
}

static const char *read_irreversible(struct str value, struct arena *arena, struct directives *out)
{
	out->irreversible = str_copy(arena, value);
	return value.len > 0 ? NULL : "the reason is missing";
}

static const char *read_empty(struct str value, struct arena *arena, struct directives *out)
{
	out->empty = str_copy(arena, value);
	return value.len > 0 ? NULL : "the reason is missing";
}

static const char *read_breaking(struct str value, struct arena *arena, struct directives *out)
{
	out->breaking = str_copy(arena, value);
	return value.len > 0 ? NULL : "the reason is missing";
}

static const char *const on_change_names[] = {
    [ON_CHANGE_ERROR] = "error", [ON_CHANGE_REAPPLY] = "reapply", [ON_CHANGE_CONVERGE] = "converge"};

const char *on_change_name(enum on_change on_change)
{
	return on_change == ON_CHANGE_UNSET ? NULL : on_change_names[on_change];
}

bool on_change_find(struct str word, enum on_change *out)
{
	for (enum on_change i = ON_CHANGE_ERROR; i <= ON_CHANGE_CONVERGE; i++)
		if (str_is_folded(word, on_change_names[i])) {
			*out = i;
			return true;
		}
	return false;
}

enum on_change directives_on_change(const struct directives *directives, enum on_change project)
{
	return directives->on_change == ON_CHANGE_UNSET ? project : directives->on_change;
}

static const char *read_on_change(struct str value, struct arena *arena, struct directives *out)
{
	(void)arena;
	if (on_change_find(value, &out->on_change))
		return NULL;
	return "the values are \"converge\", \"reapply\" and \"error\"";
}

static const char *read_order(struct str value, struct arena *arena, struct directives *out)
{
	(void)arena;
	out->order_last = str_is_folded(value, "last");
	return out->order_last ? NULL : "the only value is \"last\"";
}

/* Cuts the next word off `rest`; words stand between blanks and commas. */
static bool next_word(struct str *rest, struct str *word)
{
	size_t from = 0;

	while (from < rest->len && (char_is_space(rest->text[from]) || rest->text[from] == ','))
		from++;
	size_t to = from;
	while (to < rest->len && !char_is_space(rest->text[to]) && rest->text[to] != ',')
		to++;
	*word = str_slice(*rest, from, to);
	*rest = str_slice(*rest, to, rest->len);
	return word->len > 0;
}

static const char *read_requires(struct str value, struct arena *arena, struct directives *out)
{
	struct str word;

	if (value.len == 0)
		return "the numbers are missing";
	while (next_word(&value, &word)) {
		unsigned long long number;

		if (!str_to_number(word, 999999999999999999, &number) || number == 0)
			return "it takes the numbers of migrations";
		*ARENA_PUSH(arena, out->requires, out->require_count) = (int64_t)number;
	}
	return NULL;
}

static const char *read_branch(struct str value, struct arena *arena, struct directives *out)
{
	static const char *const reserved[] = {"head", "heads", "base", "trunk", NULL};

	if (value.len == 0)
		return "the name is missing";
	for (size_t i = 0; i < value.len; i++) {
		const char c = char_fold(value.text[i]);

		if (!char_is_digit(c) && !(c >= 'a' && c <= 'z') && c != '-' && c != '_' && c != '.')
			return "a branch is named with letters, digits, \"-\", \"_\" and \".\"";
	}
	for (size_t i = 0; reserved[i]; i++)
		if (str_is_folded(value, reserved[i]))
			return "that name has a meaning already";
	out->branch = str_copy(arena, value);
	return NULL;
}

static const char *read_old_id(struct str value, struct arena *arena, struct directives *out)
{
	if (value.len == 0)
		return "the id is missing";
	for (size_t i = 0; i < value.len; i++)
		if (char_is_space(value.text[i]))
			return "an id has no spaces";
	out->old_id = str_copy(arena, value);
	return NULL;
}

static bool is_checksum(struct str word)
{
	for (size_t i = 0; i < word.len; i++)
		if (!strchr("0123456789abcdef", word.text[i]))
			return false;
	return word.len == 64;
}

/* "06_cache CHECKSUM", and "from 01" for one that is a squash itself. */
static const char *read_replaces(struct str value, struct arena *arena, struct directives *out)
{
	struct str name;
	struct str checksum;
	struct str word;
	unsigned long long number;
	unsigned long long from = 0;

	if (!next_word(&value, &name) || !next_word(&value, &checksum) || !is_checksum(checksum) ||
	    !str_to_number(str_slice(name, 0, str_index(name, '_')), 999999999999999999, &number) || number == 0)
		return "it takes the name of a migration and its checksum";
	if (next_word(&value, &word) && (!str_is(word, "from") || !next_word(&value, &word) ||
	                                 !str_to_number(word, number, &from) || next_word(&value, &word)))
		return "only \"from\" and a number may follow the checksum";
	*ARENA_PUSH(arena, out->replaces, out->replace_count) =
	    (struct replaced){.number = (int64_t)number,
	                      .name = str_copy(arena, name),
	                      .checksum = str_copy(arena, checksum),
	                      .from = (int64_t)from};
	return NULL;
}

static const char *read_timeout(struct str value, struct arena *arena, int64_t *ms)
{
	int64_t read;

	if (!duration_parse(str_copy(arena, value), &read))
		return "it takes a duration such as \"250ms\", \"2s\", \"10min\" or \"1h\"";
	if (read > INT32_MAX)
		return "PostgreSQL counts timeouts up to 24 days";
	*ms = read;
	return NULL;
}

static const char *read_lock_timeout(struct str value, struct arena *arena, struct directives *out)
{
	return read_timeout(value, arena, &out->lock_timeout_ms);
}

static const char *read_statement_timeout(struct str value, struct arena *arena, struct directives *out)
{
	return read_timeout(value, arena, &out->statement_timeout_ms);
}

static const char *read_allow(struct str value, struct arena *arena, struct directives *out)
{
	struct str rest = value;
	struct str rule;

	if (!next_word(&rest, &rule))
		return "the rule is missing";
	*ARENA_PUSH(arena, out->waivers, out->waiver_count) = (struct waiver){
	    .rule = str_copy(arena, rule),
	    .reason = str_copy(arena, str_trim(rest)),
	};
	return NULL;
}

/* Belongs to the statement; who runs it reads it. */
static const char *read_batch(struct str value, struct arena *arena, struct directives *out)
{
	(void)arena;
	(void)out;
	return value.len > 0 ? NULL : "what to go through is missing";
}

/* A row that is added above it makes it one more. */
enum { ROW_BATCH = 13, ROW_COUNT };

static const struct row {
	const char *name;
	const char *example;
	enum standing standing;
	bool is_repeatable;
	bool needs_no_colon;
	read_value *read;
} rows[ROW_COUNT] = {
    {"transaction", "transaction: none", STANDS_IN_HEAD, false, false, read_transaction},
    {"irreversible", "irreversible: the old values are gone", STANDS_IN_HEAD, false, false,
     read_irreversible},
    {"empty", "empty: number 07 was withdrawn", STANDS_IN_HEAD, false, false, read_empty},
    {"breaking", "breaking: the old login no longer works", STANDS_IN_HEAD, false, false, read_breaking},
    {"on-change", "on-change: reapply", STANDS_IN_HEAD, false, false, read_on_change},
    {"order", "order: last", STANDS_IN_HEAD, false, false, read_order},
    {"requires", "requires: 04, 07", STANDS_IN_HEAD, true, false, read_requires},
    {"branch", "branch: billing", STANDS_IN_HEAD, false, false, read_branch},
    {"replaces", "replaces: 06_cache 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
     STANDS_IN_HEAD, true, false, read_replaces},
    {"old-id", "old-id: b2c3d4e5", STANDS_IN_HEAD, false, false, read_old_id},
    {"lock-timeout", "lock-timeout: 2s", STANDS_IN_HEAD, false, false, read_lock_timeout},
    {"statement-timeout", "statement-timeout: 1h", STANDS_IN_HEAD, false, false, read_statement_timeout},
    {"allow", "allow: rule-id because ...", STANDS_ANYWHERE, true, false, read_allow},
    [ROW_BATCH] = {"batch", "batch table=orders key=id size=5000", STANDS_BEFORE_STATEMENT, true, true,
                   read_batch},
};

static const struct row *find_row(struct str name)
{
	for (size_t i = 0; i < ROW_COUNT; i++)
		if (str_is_folded(name, rows[i].name))
			return &rows[i];
	return NULL;
}

/* "lock-timeout: 2s" as name and value; only a batch may leave the colon out. */
struct phrase {
	struct str name;
	struct str value;
	bool has_colon;
};

static struct phrase phrase_of(struct str directive)
{
	size_t end = 0;

	while (end < directive.len && !char_is_space(directive.text[end]) && directive.text[end] != ':')
		end++;
	const struct str rest = str_trim(str_slice(directive, end, directive.len));
	const bool has_colon = str_starts(rest, ":");
	return (struct phrase){
	    .name = str_slice(directive, 0, end),
	    .value = str_trim(str_slice(rest, has_colon, rest.len)),
	    .has_colon = has_colon,
	};
}

static bool unknown_error(struct str name, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *names[ROW_COUNT + 1] = {0};

	for (size_t i = 0; i < ROW_COUNT; i++)
		names[i] = rows[i].name;
	const char *near = str_suggest(str_copy(&arena, name), names);
	error_set(err, ERROR_FILES, "unknown directive \"%.*s\"", STR_ARGS(name));
	if (near)
		return error_hint(err, "Did you mean \"%s\", as in \"-- rung: %s\"?", near,
		                  find_row(str_of(near))->example);
	return error_hint(
	    err, "A comment that starts with \"rung:\" is a directive; \"rung help directives\" lists them.");
}

static bool value_error(const struct row *row, const char *complaint, struct error *err)
{
	error_set(err, ERROR_FILES, "cannot read directive \"%s\": %s", row->name, complaint);
	return error_hint(err, "Write it as in \"-- rung: %s\".", row->example);
}

/* Whether prose may speak of rung, or a colon was forgotten: "-- rung transaction: none". */
static bool forgot_colon(struct str after_word)
{
	const struct phrase phrase = phrase_of(after_word);

	return phrase.has_colon && find_row(phrase.name);
}

enum comment_kind {
	COMMENT_PROSE,
	COMMENT_DIRECTIVE,
	COMMENT_WITHOUT_COLON,
};

static enum comment_kind comment_kind(struct str comment, struct str *directive)
{
	while (str_starts(comment, "-"))
		comment = str_slice(comment, 1, comment.len);
	comment = str_trim(comment);
	if (!str_starts_folded(comment, "rung"))
		return COMMENT_PROSE;

	const struct str after = str_trim(str_slice(comment, 4, comment.len));
	*directive = str_trim(str_slice(after, 1, after.len));
	if (str_starts(after, ":"))
		return COMMENT_DIRECTIVE;
	*directive = after;
	return comment.len > 4 && char_is_space(comment.text[4]) && forgot_colon(after) ? COMMENT_WITHOUT_COLON
	                                                                                : COMMENT_PROSE;
}

struct reading {
	struct str text;
	const char *path;
	struct arena *arena;
	size_t seen_at[ROW_COUNT]; /* offset of the first of its kind, plus one */
	struct directives directives;
	size_t bad_count;
	struct buffer others; /* what is wrong beside the first */
};

static bool error_at_offset(const struct reading *reading, size_t offset, struct error *err)
{
	const struct place place = place_in(reading->text, reading->path, offset);

	return error_at(err, &place);
}

static bool twice_error(struct reading *reading, const struct row *row, struct error *err)
{
	const struct place first = place_in(reading->text, reading->path, reading->seen_at[row - rows] - 1);

	return value_error(row, arena_printf(reading->arena, "it is already in line %zu", first.line), err);
}

static bool read_directive(struct reading *reading, struct str directive, size_t offset, struct error *err)
{
	const struct phrase phrase = phrase_of(directive);
	const struct row *row = find_row(phrase.name);

	if (!row)
		return unknown_error(phrase.name, err);
	if (reading->seen_at[ROW_BATCH] && row->standing != STANDS_ANYWHERE)
		return value_error(&rows[ROW_BATCH], "it must be right before its statement, after all others", err);
	if (reading->seen_at[row - rows] && !row->is_repeatable)
		return twice_error(reading, row, err);
	if (!phrase.has_colon && !row->needs_no_colon)
		return value_error(row, "a colon after its name is missing", err);
	reading->seen_at[row - rows] = offset + 1;

	const char *complaint = row->read(phrase.value, reading->arena, &reading->directives);
	return complaint ? value_error(row, complaint, err) : true;
}

static bool read_comment(struct reading *reading, struct str comment, size_t offset, struct error *err)
{
	struct str directive;

	switch (comment_kind(comment, &directive)) {
	case COMMENT_PROSE:
		return true;
	case COMMENT_WITHOUT_COLON:
		return value_error(find_row(phrase_of(directive).name), "a colon after \"rung\" is missing", err) ||
		       error_at_offset(reading, offset, err);
	case COMMENT_DIRECTIVE:
		return read_directive(reading, directive, offset, err) || error_at_offset(reading, offset, err);
	}
	return true;
}

/* The first is the error, the others are its detail. */
static void note_bad(struct reading *reading, const struct error *found, struct error *err)
{
	if (reading->bad_count++ == 0)
		*err = *found;
	else
		buffer_printf(&reading->others, "%s%s: %s", reading->bad_count > 2 ? "; " : "also ", found->place,
		              found->message);
}

static bool conclude(struct reading *reading, struct error *err)
{
	if (reading->bad_count > 1)
		error_detail(err, "%s", buffer_cstr(&reading->others));
	return reading->bad_count == 0;
}

bool directives_parse(struct str text, const char *path, struct arena *arena, struct directives *out,
                      struct error *err)
{
	struct reading reading = {.text = text, .path = path, .arena = arena, .directives = DIRECTIVES_NONE};
	struct head head = head_of(text);
	struct error found = {0};
	struct str comment;
	size_t offset;

	reading.others.arena = arena;
	while (head_next(&head, &comment, &offset))
		if (!read_comment(&reading, comment, offset, &found))
			note_bad(&reading, &found, err);
	if (reading.seen_at[ROW_BATCH] && head.at >= text.len) {
		value_error(&rows[ROW_BATCH], "no statement follows", &found);
		(void)error_at_offset(&reading, reading.seen_at[ROW_BATCH] - 1, &found);
		note_bad(&reading, &found, err);
	}
	*out = reading.directives;
	return conclude(&reading, err);
}

static bool check_state(const struct statement *statement, const struct directive_text *directive,
                        bool is_included, struct error *err)
{
	const struct reading reading = {.text = statement->source->file.text, .path = statement->source->path};
	const struct str name = phrase_of(directive->text).name;
	const struct row *row = find_row(name);

	if (row && (is_included || row->standing != STANDS_IN_HEAD))
		return true;
	if (row)
		value_error(row, "it belongs at the top of the file, before the first statement", err);
	else
		unknown_error(name, err);
	return error_at_offset(&reading, directive->offset, err);
}

bool directives_check_statement(const struct source *file, const struct statement *statement,
                                struct error *err)
{
	const bool is_included = statement->source != file;

	if (statement->directive_count == 0)
		return true;
	const size_t head = head_len(file->file.text);
	for (size_t i = 0; i < statement->directive_count; i++)
		if ((is_included || statement->directives[i].offset >= head) &&
		    !check_state(statement, &statement->directives[i], is_included, err))
			return false;
	return true;
}

bool directives_check_script(const struct script *script, struct error *err)
{
	for (size_t i = 0; i < script->count; i++)
		if (!directives_check_statement(script->sources[0], &script->statements[i], err))
			return false;
	return true;
}

bool directive_read(struct str comment, const char *name, struct str *value)
{
	struct str directive;

	if (comment_kind(comment, &directive) != COMMENT_DIRECTIVE)
		return false;
	const struct phrase phrase = phrase_of(directive);
	*value = phrase.value;
	return str_is_folded(phrase.name, name);
}

struct str directive_value(const struct statement *statement, const char *name)
{
	for (size_t i = statement->directive_count; i-- > 0;) {
		const struct phrase phrase = phrase_of(statement->directives[i].text);

		if (str_is_folded(phrase.name, name))
			return phrase.value;
	}
	return (struct str){0};
}
