/*
 * Between "started" and "done" in the journal nobody knows whether a statement took effect, and for each
 * kind there is another way to find out. The kinds are a table; those of indexes have a file of their
 * own.
 *
 * Most are simply run again: either the second run does the same (VACUUM, REINDEX), or its error says
 * that the first one succeeded, and these errors are listed by SQLSTATE, never by words. DETACH
 * CONCURRENTLY is neither: until FINALIZE it blocks every other detach, so FINALIZE is tried first, and
 * its failure is taken to mean that nothing was pending.
 *
 * What may have done anything (a procedure that commits) is never repeated by guess. A person is asked,
 * with both ways on.
 */
#include "apply/nontransactional/recovery.h"

#include <string.h>

#include "apply/nontransactional/index_recovery.h"
#include "sql/lexer.h"

static bool is_word(struct token token, const char *word)
{
	return token.kind == TOKEN_WORD && str_is_folded(token.text, word);
}

/* Only CONCURRENTLY leaves a copy; any other REINDEX is undone whole. */
static bool settle_reindex(struct run *run, const struct suspect *suspect, bool *is_done, struct error *err)
{
	*is_done = false;
	return !suspect->statement->kind.is_concurrent ||
	       index_recovery_drop_copies(run, suspect->statement, err);
}

/* The same statement with FINALIZE for its CONCURRENTLY ends a detach that was cut off. */
static bool settle_detach(struct run *run, const struct suspect *suspect, bool *is_done, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct lexer lexer = statement_lexer(suspect->statement);
	struct error refusal;
	size_t from = 0;

	(void)err;
	for (struct token token = lexer_next_significant(&lexer); token.kind != TOKEN_END;
	     token = lexer_next_significant(&lexer))
		if (is_word(token, "concurrently"))
			from = (size_t)(token.text.text - suspect->statement->text.text);
	const char *finalize =
	    arena_printf(&arena, "%.*s FINALIZE", STR_ARGS(str_slice(suspect->statement->text, 0, from)));
	*is_done = execute(run->db, finalize, NO_PARAMS, &refusal);
	return true;
}

static bool run_again(struct run *run, const struct suspect *suspect, bool *is_done, struct error *err)
{
	(void)run;
	(void)suspect;
	(void)err;
	*is_done = false;
	return true;
}

static bool ask_a_human(struct run *run, const struct suspect *suspect, bool *is_done, struct error *err)
{
	(void)run;
	(void)is_done;
	error_set(err, ERROR_SQL, "%s was interrupted, and it is not known whether it had succeeded",
	          suspect->statement->kind.name ? suspect->statement->kind.name : "the statement");
	return error_hint(
	    err,
	    "Check whether it took effect. If so, write select 1 in its place in the file, and \"rung resume\" "
	    "continues after it. If not, undo what the statements before it did, and \"rung repair "
	    "%lld\" starts over.",
	    (long long)suspect->version);
}

/* One that no list knew to refuse transactions; most of these only rebuild what there is. */
static bool settle_unknown(struct run *run, const struct suspect *suspect, bool *is_done, struct error *err)
{
	static const char *const harmless[] = {"reindex", "cluster", "analyze"};
	struct lexer lexer = statement_lexer(suspect->statement);
	const struct token first = lexer_next_significant(&lexer);

	for (size_t i = 0; i < sizeof(harmless) / sizeof(*harmless); i++)
		if (is_word(first, harmless[i]))
			return run_again(run, suspect, is_done, err);
	return ask_a_human(run, suspect, is_done, err);
}

static const struct {
	bool (*settle)(struct run *run, const struct suspect *suspect, bool *is_done, struct error *err);
	const char *means_done[3]; /* SQLSTATEs of a second run that say it was done before */
} kinds[] = {
    [RECOVERY_NONE] = {settle_unknown, {0}},
    [RECOVERY_INDEX_CONCURRENTLY] = {index_recovery_settle, {0}},
    [RECOVERY_DROP_INDEX_CONCURRENTLY] = {run_again, {"42704", "42P01"}},
    [RECOVERY_REINDEX] = {settle_reindex, {0}},
    [RECOVERY_DETACH_CONCURRENTLY] = {settle_detach, {"42P01"}},
    [RECOVERY_ADD_ENUM_VALUE] = {run_again, {"42710"}},
    [RECOVERY_CREATE] = {run_again, {"42P04", "42710"}},
    [RECOVERY_DROP] = {run_again, {"3D000", "42704"}},
    [RECOVERY_REPEATABLE] = {run_again, {0}},
    [RECOVERY_OTHER] = {ask_a_human, {0}},
};

bool recovery_settle(struct run *run, const struct suspect *suspect, bool *is_done, struct error *err)
{
	return kinds[suspect->statement->kind.recovery].settle(run, suspect, is_done, err);
}

bool recovery_means_done(const struct statement *statement, const struct error *err)
{
	for (const char *const *code = kinds[statement->kind.recovery].means_done; *code; code++)
		if (strcmp(err->sqlstate, *code) == 0)
			return true;
	return false;
}

/*
 * Only what would be in the way of the next try or hide its result. The other kinds are settled when a
 * run finds them begun.
 */
bool recovery_clear(struct run *run, const struct suspect *suspect, struct error *err)
{
	bool is_done;

	switch (suspect->statement->kind.recovery) {
	case RECOVERY_INDEX_CONCURRENTLY:
	case RECOVERY_REINDEX:
		return recovery_settle(run, suspect, &is_done, err);
	case RECOVERY_NONE:
	case RECOVERY_DROP_INDEX_CONCURRENTLY:
	case RECOVERY_DETACH_CONCURRENTLY:
	case RECOVERY_ADD_ENUM_VALUE:
	case RECOVERY_CREATE:
	case RECOVERY_DROP:
	case RECOVERY_REPEATABLE:
	case RECOVERY_OTHER:
		break;
	}
	return true;
}

/* Class 42 is found out before anything is done: a wrong word, no such thing, no right to it. */
bool recovery_may_stay(const struct statement *statement, const struct error *failure)
{
	switch (statement->kind.recovery) {
	case RECOVERY_DROP_INDEX_CONCURRENTLY:
	case RECOVERY_DETACH_CONCURRENTLY:
	case RECOVERY_DROP: /* an interrupted DROP DATABASE leaves one that cannot be used */
	case RECOVERY_OTHER:
		return strncmp(failure->sqlstate, "42", 2) != 0 && strncmp(failure->sqlstate, "3D", 2) != 0;
	case RECOVERY_NONE:
	case RECOVERY_INDEX_CONCURRENTLY:
	case RECOVERY_REINDEX:
	case RECOVERY_ADD_ENUM_VALUE:
	case RECOVERY_CREATE:
	case RECOVERY_REPEATABLE:
		break;
	}
	return false;
}

bool recovery_verify(struct run *run, const struct statement *statement, struct error *err)
{
	return statement->kind.recovery != RECOVERY_INDEX_CONCURRENTLY ||
	       index_recovery_verify(run, statement, err);
}
