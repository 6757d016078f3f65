/*
 * judge.h - one migration after the other, each judged by itself
 *
 * Up; down, after which the schema must be what it was before; up again,
 * after which it must be what it was after the first; and a second time over
 * itself. Everything starts from the state that the ups before it make,
 * whatever became of the migrations before it.
 */
#ifndef RUNG_COMMAND_TEST_JUDGE_H
#define RUNG_COMMAND_TEST_JUDGE_H

#include "base/buffer.h"
#include "command/test/test_database.h"
#include "command/test/verdict.h"

/* What is said of one migration, at the end of its line. */
struct judge_line {
	struct buffer text;
	const char *name;
	bool is_failed;
	int64_t began_ms;
};

struct judge {
	struct context *context;
	struct test_database *test_database;
	struct arena arenas[2];  /* what is known of the state before a migration, and of the one after it */
	struct catalog before;   /* the schema as the ups make it, before the next migration */
	struct test_state facts; /* and the rest of it, as the database really has it */
	struct verdicts verdicts;
	enum verdict_kind kind;        /* of the migration in question, so far */
	const struct migration *stuck; /* the way up ends there; NULL: it continues */
	size_t found;
	bool is_changed; /* the database is not as the ups make it */
};

/* `nothing` is what the empty scratch database looks like; it lives as long as the judge. */
MUST_USE bool judge_open(struct context *context, struct test_database *test_database,
                         const struct catalog *nothing, struct judge *out, struct error *err);
void judge_close(struct judge *judge);
#define scoped_judge SCOPED(judge_close)

/* All migrations; the verdicts are complete afterwards. */
MUST_USE bool judge_all(struct judge *judge, struct error *err);

/* --- the state the ups make (judge_state.c) ------------------------------- */

/*
 * Makes it again; judge_clean() only where the database is changed. When a
 * migration does not go up a second time, that is found on `line`, and the
 * judge is stuck.
 */
MUST_USE bool judge_restore(struct judge *judge, struct judge_line *line, size_t at, struct error *err);
MUST_USE bool judge_clean(struct judge *judge, struct judge_line *line, size_t at, struct error *err);

/* Leaves the database as all ups make it, with no copy beside it. */
MUST_USE bool judge_settle(struct judge *judge, struct error *err);

/* --- telling (judge_report.c) ------------------------------------------------------------- */

struct judge_line judge_begin(struct judge *judge, const char *name, double fraction);
void judge_end(struct judge *judge, const struct judge_line *line);
void judge_say(struct judge_line *line, const char *word);

/* A finding, on `line`. */
void judge_find(struct judge *judge, struct judge_line *line, const char *rule, const char *place,
                const char *text);

/* What an error says, for a finding. */
const char *judge_words(const struct error *err, struct arena *arena);

#endif
