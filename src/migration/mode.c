/*
 * Whether a file is one transaction follows from its statements, and the answer comes when the last of them
 * was seen: a COMMIT in the middle is an error, the same one at the end is the file's own. So each
 * statement is seen once, what may have to be complained of is noted with its place (the text is gone by
 * then), and mode_decide() gives the verdict.
 *
 * Both verdicts are prepared side by side. The first trouble that running statement by statement would meet
 * is kept in nontransactional_trouble and is an error only if that is the mode.
 *
 * The rule errs on the safe side. A file is MODE_NONTRANSACTIONAL by itself only if every statement in it
 * (but for SET and \echo) has to be, so nothing that could be rolled back loses its transaction without a
 * word in the head; a mixture is refused, and the hint names both ways out.
 *
 * Which statements the server refuses in a transaction is kind.h's, and it may differ by version: a tree
 * that is inspected without a server has the newest one's answer, and a run asks again.
 */
#include "migration/mode.h"

#include <string.h>

/* What a statement asks of the file it stands in. */
enum demand {
	DEMAND_NONE, /* \echo, SET: the same everywhere */
	DEMAND_TRANSACTION,
	DEMAND_NONTRANSACTIONAL,
	DEMAND_CONTROL, /* it begins or ends transactions itself */
};

static const char hint_to_split[] =
    "Move it to a migration of its own, or write \"-- rung: transaction: none\" at the top: then every "
    "statement commits by itself and stays committed when a later one fails.";
static const char hint_to_remove[] =
    "The migration is one transaction already. Remove it, or write \"-- rung: transaction: none\" at the top "
    "to begin and end transactions yourself.";

static enum demand demand_of(const struct statement *statement, int server_version)
{
	const struct statement_kind kind = server_version && statement->kind.varies_by_version
	                                       ? statement_kind_of(statement_lexer(statement), server_version)
	                                       : statement->kind;

	if (statement->echo)
		return DEMAND_NONE;
	if (directive_value(statement, "batch").len > 0)
		return DEMAND_NONTRANSACTIONAL;
	switch (kind.class) {
	case STATEMENT_BEGIN:
	case STATEMENT_COMMIT:
	case STATEMENT_ROLLBACK:
		return DEMAND_CONTROL;
	case STATEMENT_NONTRANSACTIONAL:
		return DEMAND_NONTRANSACTIONAL;
	case STATEMENT_OTHER:
	case STATEMENT_SAVEPOINT:
	case STATEMENT_COPY_IN:
	case STATEMENT_COPY_OUT:
		break;
	}
	return kind.changes_session ? DEMAND_NONE : DEMAND_TRANSACTION;
}

/* What to call a statement with DEMAND_NONTRANSACTIONAL. */
static struct str nontransactional_name(const struct statement *statement)
{
	if (directive_value(statement, "batch").len > 0)
		return STR("a batch");
	return str_of(statement->kind.name ? statement->kind.name : "this statement");
}

/* --- statements to complain of ---------------------------------------- */

static void note(struct mode_note *note, const struct statement *statement, struct str name)
{
	struct error at;

	if (note->line)
		return;
	const struct place place = statement_place(statement, 0);
	error_at(&at, &place);
	note->line = place.line;
	note->caret = at.caret;
	name = str_slice(name, 0, sizeof(note->name) - 1);
	memcpy(note->name, name.text, name.len);
	note->name[name.len] = '\0';
	memccpy(note->place, at.place, '\0', sizeof(note->place));
	memccpy(note->excerpt, at.excerpt, '\0', sizeof(note->excerpt));
}

static bool complain_at(const struct mode_note *note, const char *hint, struct error *err)
{
	error_hint(err, "%s", hint);
	snprintf(err->place, sizeof(err->place), "%s", note->place);
	snprintf(err->excerpt, sizeof(err->excerpt), "%s", note->excerpt);
	err->caret = note->caret;
	return false;
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

/*
 * Whether the text is one of `phrases` (two words each, the second may be ""), whatever its case and blanks.
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

/* Without options, which say of what kind the transaction is. */
static bool is_bare_begin(const struct statement *statement)
{
	static const char *const phrases[][2] = {
	    {"begin", ""}, {"begin", "work"}, {"begin", "transaction"}, {"start", "transaction"}, {NULL, NULL}};

	return is_one_of(statement->text, phrases);
}

static bool is_begin(const struct statement *statement)
{
	return !statement->echo && statement->kind.class == STATEMENT_BEGIN;
}

static bool is_bare_commit(const struct statement *statement)
{
	static const char *const phrases[][2] = {{"commit", ""}, {"commit", "work"}, {"commit", "transaction"},
	                                         {"end", ""},    {"end", "work"},    {"end", "transaction"},
	                                         {NULL, NULL}};

	return !statement->echo && is_one_of(statement->text, phrases);
}

static struct str first_word(const struct statement *statement)
{
	struct str rest = statement->text;

	return next_word(&rest);
}

/* READ ONLY, or transaction_read_only with any value. */
static bool is_read_only(const struct statement *statement)
{
	struct lexer lexer = statement_lexer(statement);
	struct token before = {0};

	for (struct token token = lexer_next_significant(&lexer); token.kind != TOKEN_END;
	     token = lexer_next_significant(&lexer)) {
		if (str_is_folded(token.text, "transaction_read_only") ||
		    (str_is_folded(before.text, "read") && str_is_folded(token.text, "only")))
			return true;
		before = token;
	}
	return false;
}

bool mode_is_opening(const struct mode_look *look, const struct statement *statement)
{
	return look->count == 0 && is_begin(statement);
}

static void see_choice(struct mode_look *look, const struct statement *statement)
{
	const bool has_options = mode_is_opening(look, statement) && !is_bare_begin(statement);

	if (statement->echo || !(has_options || statement->kind.sets_transaction))
		return;
	look->chooses_transaction = true;
	if (is_read_only(statement))
		note(&look->read_only, statement, STR(""));
}

/*
 * A BEGIN that is the first statement and a COMMIT that is the last one are the migration's own. Whether a
 * COMMIT is the last only the next statement shows, or the end.
 */
static void see_in_transaction(struct mode_look *look, const struct statement *statement, enum demand demand)
{
	const bool is_opening = mode_is_opening(look, statement);

	if (statement->echo)
		return;
	look->count++;
	if (look->commit.line && !look->control.line)
		look->control = look->commit;
	look->commit.line = 0;
	if (is_opening)
		note(&look->begin, statement, first_word(statement));
	else if (is_bare_commit(statement))
		note(&look->commit, statement, first_word(statement));
	else if (demand == DEMAND_CONTROL)
		note(&look->control, statement, first_word(statement));
	else if (demand == DEMAND_NONTRANSACTIONAL)
		note(&look->nontransactional, statement, nontransactional_name(statement));
	else if (demand == DEMAND_TRANSACTION)
		note(&look->other, statement, STR(""));
}

static bool control_error(const struct mode_note *control, struct error *err)
{
	error_set(err, ERROR_FILES, "cannot run %s inside the transaction of the migration", control->name);
	return complain_at(control, hint_to_remove, err);
}

static bool mix_error(const struct mode_note *refused, const struct mode_note *other, struct error *err)
{
	error_set(err, ERROR_FILES, "cannot run %s (line %zu) in one transaction with the statement in line %zu",
	          refused->name, refused->line, other->line);
	return complain_at(refused, hint_to_split, err);
}

static bool read_only_error(const struct mode_note *choice, struct error *err)
{
	error_set(err, ERROR_FILES, "cannot record a migration in a transaction that is READ ONLY");
	return complain_at(choice,
	                   "Remove READ ONLY, or write \"-- rung: transaction: none\" at the top and BEGIN and "
	                   "COMMIT around what only reads.",
	                   err);
}

static bool decide_transaction(const struct mode_look *look, enum run_mode *out, struct error *err)
{
	if (look->read_only.line)
		return read_only_error(&look->read_only, err);
	*out = look->chooses_transaction ? MODE_OWN_TRANSACTION : MODE_TRANSACTIONAL;
	return true;
}

static bool decide_by_itself(const struct mode_look *look, enum run_mode *out, struct error *err)
{
	const bool is_wrapped = look->begin.line && look->commit.line;

	if (look->begin.line && !is_wrapped)
		return control_error(&look->begin, err);
	if (look->control.line)
		return control_error(&look->control, err);
	if (look->commit.line && !is_wrapped)
		return control_error(&look->commit, err);
	if (look->nontransactional.line && is_wrapped)
		return mix_error(&look->nontransactional, &look->begin, err);
	if (look->nontransactional.line && look->other.line)
		return mix_error(&look->nontransactional, &look->other, err);
	*out = MODE_NONTRANSACTIONAL;
	return look->nontransactional.line || decide_transaction(look, out, err);
}

/* --- statement by statement ------------------------------------------- */

static bool never_ends_error(const struct mode_note *begin, struct error *err)
{
	error_set(err, ERROR_FILES, "a transaction begins and never ends");
	return complain_at(begin, "Every BEGIN needs its COMMIT or ROLLBACK in the same file.", err);
}

static bool refused_in_block_error(const struct mode_note *note, size_t opened_at, struct error *err)
{
	error_set(err, ERROR_FILES, "cannot run %s inside the transaction that begins in line %zu", note->name,
	          opened_at);
	return complain_at(note, "Move it before the BEGIN or after the COMMIT.", err);
}

static bool joined_error(const struct mode_note *note, struct error *err)
{
	error_set(err, ERROR_FILES, "cannot send %s joined to another statement by \"\\;\"", note->name);
	return complain_at(note, "End both with a plain semicolon.", err);
}

/* The first two words: "LOCK TABLE", "SAVEPOINT a", "COMMIT AND". */
static struct str first_words(const struct statement *statement)
{
	struct str rest = statement->text;
	const struct str first = next_word(&rest);
	const struct str second = next_word(&rest);

	return (struct str){first.text, second.len ? (size_t)(second.text + second.len - first.text) : first.len};
}

static bool unheld_error(const struct mode_note *note, struct error *err)
{
	error_set(err, ERROR_FILES, "cannot run \"%s\" where no transaction is open", note->name);
	return complain_at(note,
	                   "Every statement of this file commits by itself. Write BEGIN before those that belong "
	                   "together, and COMMIT after them.",
	                   err);
}

/* Outside of a block; the message of a "\;" group is a transaction, but none that has a name or an end. */
static bool runs_outside(const struct statement *statement, bool is_joined)
{
	return statement->echo || statement->kind.block < BLOCK_NEEDED ||
	       (statement->kind.block == BLOCK_NEEDED && is_joined);
}

/*
 * Follows BEGIN and COMMIT through the file; `open` is the BEGIN in effect. As in psql, a COMMIT that ends
 * nothing and a BEGIN inside of a transaction are for the server to warn of.
 */
static void follow_block(struct mode_look *look, const struct statement *statement)
{
	const bool is_begin = statement->kind.class == STATEMENT_BEGIN;

	if (!is_begin && !statement->kind.chains)
		look->open.line = 0;
	if (is_begin && !look->open.line)
		note(&look->open, statement, STR("BEGIN"));
}

/* Statements joined by "\;" travel in one message, which is a transaction too. */
static bool check_in_block(struct mode_look *look, const struct statement *statement, enum demand demand,
                           struct error *err)
{
	const bool is_joined = statement->joins_next || look->was_joined;
	const bool is_open = look->open.line > 0;
	struct mode_note this = {.line = 0};

	look->was_joined = statement->joins_next;
	if (is_joined && demand == DEMAND_NONTRANSACTIONAL) {
		note(&this, statement, nontransactional_name(statement));
		return joined_error(&this, err);
	}
	if (!is_open && !runs_outside(statement, is_joined)) {
		note(&this, statement, first_words(statement));
		return unheld_error(&this, err);
	}
	if (is_open && demand == DEMAND_NONTRANSACTIONAL) {
		note(&this, statement, nontransactional_name(statement));
		return refused_in_block_error(&this, look->open.line, err);
	}
	if (demand == DEMAND_CONTROL)
		follow_block(look, statement);
	return true;
}

/* What the history says of the file would wait with it for somebody's COMMIT PREPARED, and the run for that.
 */
static bool prepared_error(const struct mode_note *prepared, struct error *err)
{
	error_set(err, ERROR_FILES, "cannot run PREPARE TRANSACTION in a migration");
	return complain_at(
	    prepared,
	    "It leaves a transaction open whose locks outlive the run, with the record of the migration "
	    "in it. End it with COMMIT.",
	    err);
}

static void see_prepared(struct mode_look *look, const struct statement *statement)
{
	struct lexer lexer = statement_lexer(statement);

	if (!statement->echo && statement->kind.class == STATEMENT_COMMIT &&
	    str_is_folded(lexer_next_significant(&lexer).text, "prepare"))
		note(&look->prepared, statement, STR(""));
}

/* --- both ------------------------------------------------------------- */

void mode_begin(struct mode_look *look, int server_version)
{
	look->server_version = server_version;
	look->count = 0;
	look->begin.line = look->commit.line = look->control.line = 0;
	look->nontransactional.line = look->other.line = look->open.line = 0;
	look->read_only.line = look->prepared.line = 0;
	look->chooses_transaction = false;
	look->was_joined = false;
	look->nontransactional_trouble.kind = ERROR_NONE;
}

void mode_see(struct mode_look *look, const struct statement *statement)
{
	const enum demand demand = demand_of(statement, look->server_version);
	struct error *trouble = &look->nontransactional_trouble;

	see_choice(look, statement);
	see_prepared(look, statement);
	see_in_transaction(look, statement, demand);
	if (!trouble->kind)
		(void)!check_in_block(look, statement, demand, trouble); /* it counts only where that is the mode */
}

bool mode_decide(const struct mode_look *look, const struct directives *directives, enum run_mode *out,
                 struct error *err)
{
	enum run_mode mode = MODE_NONTRANSACTIONAL;

	if (look->prepared.line)
		return prepared_error(&look->prepared, err);
	if (!directives->transaction_none && !decide_by_itself(look, &mode, err))
		return false;
	if (mode == MODE_NONTRANSACTIONAL && look->nontransactional_trouble.kind) {
		*err = look->nontransactional_trouble;
		return false;
	}
	if (mode == MODE_NONTRANSACTIONAL && look->open.line)
		return never_ends_error(&look->open, err);
	*out = mode;
	return true;
}

bool mode_of_script(const struct script *script, const struct directives *directives, int server_version,
                    enum run_mode *out, struct error *err)
{
	struct mode_look look;

	mode_begin(&look, server_version);
	for (size_t i = 0; i < script->count; i++)
		mode_see(&look, &script->statements[i]);
	return mode_decide(&look, directives, out, err);
}
