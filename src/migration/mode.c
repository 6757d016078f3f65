#include "migration/mode.h"

/* What a statement asks of the file it stands in. */
enum demand {
	DEMAND_NONE, /* \echo, SET: the same everywhere */
	DEMAND_TRANSACTION,
	DEMAND_PLAIN,
	DEMAND_CONTROL, /* it begins or ends transactions itself */
};

static const char hint_to_split[] =
    "Move it to a migration of its own, or write \"-- rung: transaction: none\" in the head: then every "
    "statement commits by itself, and what is done stays done when a later one fails.";
static const char hint_to_remove[] = "The migration is one transaction already. Remove it, or write \"-- "
                                     "rung: transaction: none\" in the head "
                                     "to steer transactions yourself.";

static enum demand demand_of(const struct statement *statement, int server_version)
{
	const struct statement_kind kind = server_version && statement->kind.varies_by_version
	                                       ? statement_kind_of(statement_lexer(statement), server_version)
	                                       : statement->kind;

	if (statement->echo)
		return DEMAND_NONE;
	if (directive_value(statement, "batch").len > 0)
		return DEMAND_PLAIN;
	switch (kind.class) {
	case STATEMENT_BEGIN:
	case STATEMENT_COMMIT:
	case STATEMENT_ROLLBACK:
		return DEMAND_CONTROL;
	case STATEMENT_PLAIN:
		return DEMAND_PLAIN;
	case STATEMENT_OTHER:
	case STATEMENT_SAVEPOINT:
	case STATEMENT_COPY_IN:
	case STATEMENT_COPY_OUT:
		break;
	}
	return kind.changes_session ? DEMAND_NONE : DEMAND_TRANSACTION;
}

/* What to call a statement with DEMAND_PLAIN. */
static const char *plain_name(const struct statement *statement)
{
	if (directive_value(statement, "batch").len > 0)
		return "a batch";
	return statement->kind.name ? statement->kind.name : "this statement";
}

static bool complain_at(const struct statement *statement, const char *hint, struct error *err)
{
	const struct place place = statement_place(statement, 0);

	error_hint(err, "%s", hint);
	return error_at(err, &place);
}

/* --- one transaction -------------------------------------------------- */

static struct str next_word(struct str *rest)
{
	const struct str text = str_trim(*rest);
	size_t len = 0;

	while (len < text.len && !char_is_space(text.text[len]))
		len++;
	*rest = str_slice(text, len, text.len);
	return str_slice(text, 0, len);
}

/* Whether the text is one of `phrases` (two words each, the second may be ""), whatever its case and blanks.
 */
static bool is_one_of(struct str text, const char *const (*phrases)[2])
{
	const struct str first = next_word(&text);
	const struct str second = next_word(&text);

	for (; text.len == 0 && (*phrases)[0]; phrases++)
		if (str_is_folded(first, (*phrases)[0]) && str_is_folded(second, (*phrases)[1]))
			return true;
	return false;
}

/* Without options: those would be lost with the statement. */
static bool is_bare_begin(const struct statement *statement)
{
	static const char *const phrases[][2] = {
	    {"begin", ""}, {"begin", "work"}, {"begin", "transaction"}, {"start", "transaction"}, {NULL, NULL}};

	return !statement->echo && is_one_of(statement->text, phrases);
}

static bool is_bare_commit(const struct statement *statement)
{
	static const char *const phrases[][2] = {{"commit", ""}, {"commit", "work"}, {"commit", "transaction"},
	                                         {"end", ""},    {"end", "work"},    {"end", "transaction"},
	                                         {NULL, NULL}};

	return !statement->echo && is_one_of(statement->text, phrases);
}

/* The statements of a file, without an own BEGIN and COMMIT around all of them. */
struct span {
	const struct statement *first;
	const struct statement *end;
	bool is_wrapped;
};

static struct span span_of(const struct script *script)
{
	static const struct statement nothing;
	const struct statement *first = script->count ? script->statements : &nothing;
	const struct statement *end = first + script->count;

	while (first < end && first->echo)
		first++;
	while (end > first && end[-1].echo)
		end--;
	if (end - first >= 2 && is_bare_begin(first) && is_bare_commit(end - 1))
		return (struct span){first + 1, end - 1, true};
	return (struct span){first, end, false};
}

/* The first statement with that demand, or NULL. */
static const struct statement *find_demand(const struct span *span, enum demand demand, int server_version)
{
	for (const struct statement *statement = span->first; statement < span->end; statement++)
		if (demand_of(statement, server_version) == demand)
			return statement;
	return NULL;
}

static bool control_error(const struct statement *statement, struct error *err)
{
	struct str rest = statement->text;
	const struct str word = next_word(&rest);

	error_set(err, ERROR_FILES, "cannot run %.*s inside the transaction of the migration", STR_ARGS(word));
	return complain_at(statement, hint_to_remove, err);
}

static bool mix_error(const struct statement *plain, const struct statement *other, struct error *err)
{
	error_set(err, ERROR_FILES, "cannot run %s (line %zu) in one transaction with what stands in line %zu",
	          plain_name(plain), statement_place(plain, 0).line, statement_place(other, 0).line);
	return complain_at(plain, hint_to_split, err);
}

static bool decide_by_itself(const struct script *script, int server_version, enum run_mode *out,
                             struct error *err)
{
	const struct span span = span_of(script);
	const struct statement *control = find_demand(&span, DEMAND_CONTROL, server_version);
	const struct statement *plain = find_demand(&span, DEMAND_PLAIN, server_version);
	const struct statement *other = find_demand(&span, DEMAND_TRANSACTION, server_version);

	if (control)
		return control_error(control, err);
	if (plain && span.is_wrapped)
		return mix_error(plain, span.first - 1, err);
	if (plain && other)
		return mix_error(plain, other, err);
	*out = plain ? MODE_PLAIN : MODE_TRANSACTIONAL;
	return true;
}

/* --- statement by statement ------------------------------------------- */

static bool never_ends_error(const struct statement *begin, struct error *err)
{
	error_set(err, ERROR_FILES, "a transaction begins and never ends");
	return complain_at(begin, "Every BEGIN needs its COMMIT or ROLLBACK in the same file.", err);
}

static bool refused_in_block_error(const struct statement *statement, const struct statement *opened_by,
                                   struct error *err)
{
	error_set(err, ERROR_FILES, "cannot run %s inside the transaction that begins in line %zu",
	          plain_name(statement), statement_place(opened_by, 0).line);
	return complain_at(statement, "Move it before the BEGIN or behind the COMMIT.", err);
}

/* Statements joined by "\;" travel in one message, which is a transaction too. */
static bool is_joined(const struct script *script, size_t i)
{
	return script->statements[i].joins_next || (i > 0 && script->statements[i - 1].joins_next);
}

static bool joined_error(const struct statement *statement, struct error *err)
{
	error_set(err, ERROR_FILES, "cannot send %s joined to another statement by \"\\;\"",
	          plain_name(statement));
	return complain_at(statement, "End both with a plain semicolon.", err);
}

/* The first two words: "LOCK TABLE", "SAVEPOINT a", "COMMIT AND". */
static struct str first_words(const struct statement *statement)
{
	struct str rest = statement->text;
	const struct str first = next_word(&rest);
	const struct str second = next_word(&rest);

	return (struct str){first.text, second.len ? (size_t)(second.text + second.len - first.text) : first.len};
}

static bool unheld_error(const struct statement *statement, struct error *err)
{
	error_set(err, ERROR_FILES, "cannot run \"%.*s\" where no transaction is open",
	          STR_ARGS(first_words(statement)));
	return complain_at(statement,
	                   "Every statement of this file commits by itself. Write BEGIN before those that belong "
	                   "together, and COMMIT behind them.",
	                   err);
}

/* Outside of a block; the message of a "\;" group is a transaction, but none that has a name or an end. */
static bool runs_outside(const struct statement *statement, bool is_joined)
{
	return statement->echo || statement->kind.block < BLOCK_NEEDED ||
	       (statement->kind.block == BLOCK_NEEDED && is_joined);
}

/*
 * Follows BEGIN and COMMIT through the file; `*open` is the BEGIN in effect. As in psql, a COMMIT that ends
 * nothing and a BEGIN inside of a transaction are for the server to warn of.
 */
static bool check_in_block(const struct statement *statement, int server_version, bool is_joined,
                           const struct statement **open, struct error *err)
{
	const bool is_begin = statement->kind.class == STATEMENT_BEGIN;

	if (!*open && !runs_outside(statement, is_joined))
		return unheld_error(statement, err);
	switch (demand_of(statement, server_version)) {
	case DEMAND_NONE:
	case DEMAND_TRANSACTION:
		return true;
	case DEMAND_PLAIN:
		return *open ? refused_in_block_error(statement, *open, err) : true;
	case DEMAND_CONTROL:
		break;
	}
	if (!is_begin && !statement->kind.chains)
		*open = NULL;
	if (is_begin && !*open)
		*open = statement;
	return true;
}

static bool check_plain(const struct script *script, int server_version, struct error *err)
{
	const struct statement *open = NULL;

	for (size_t i = 0; i < script->count; i++) {
		const struct statement *statement = &script->statements[i];

		if (is_joined(script, i) && demand_of(statement, server_version) == DEMAND_PLAIN)
			return joined_error(statement, err);
		if (!check_in_block(statement, server_version, is_joined(script, i), &open, err))
			return false;
	}
	return !open || never_ends_error(open, err);
}

bool mode_decide(const struct script *script, const struct directives *directives, int server_version,
                 enum run_mode *out, struct error *err)
{
	enum run_mode mode = MODE_PLAIN;

	if (!directives->transaction_none && !decide_by_itself(script, server_version, &mode, err))
		return false;
	if (mode == MODE_PLAIN && !check_plain(script, server_version, err))
		return false;
	*out = mode;
	return true;
}
