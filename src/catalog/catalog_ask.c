/*
 * Everything is asked in one pipeline: some fifty queries, one for each catalog, never one for an object. In
 * a transaction of its own they all see the same moment; in somebody else's the settings they need end with a
 * savepoint, so that what is run next is run as before.
 *
 * What pg_get_viewdef and its like print is of the moment they run, not of the snapshot: the server has it no
 * other way, and pg_dump lives with it, too. An object that is dropped meanwhile makes the query fail, or has
 * no definition, which is an error here: what is left of it is in no schema that ever was.
 */
#include <string.h>

#include "catalog/catalog_internal.h"
#include "pg/history_table.h"
#include "pg/pipeline.h"

typedef void (*take_rows)(struct catalog_reading *reading, const struct rows *rows);

/* What each answer of the pipeline is to. */
struct asking {
	struct catalog_reading *reading;
	struct pipeline pipeline;
	int major;
	const struct catalog_query **queries; /* NULL: not of an object */
	take_rows *takes;                     /* NULL: nothing is taken */
	struct rows ***answers;               /* NULL: nobody asked for it but us */
	size_t count;
	size_t prepared;
};

static void take_self(struct catalog_reading *reading, const struct rows *rows)
{
	reading->self = rows_copy(rows, 0, ONLY_COLUMN, reading->arena);
}

static void take_unknown(struct catalog_reading *reading, const struct rows *rows)
{
	for (size_t i = 0; i < rows_count(rows); i++)
		*ARENA_PUSH(reading->arena, reading->unknown, reading->unknown_count) =
		    rows_copy(rows, i, ONLY_COLUMN, reading->arena);
}

/* What is asked beside the objects: behind them, or where they are only listed, before them. */
static const struct remark {
	const char *sql;
	take_rows take;
} remarks[] = {
    {SQL_query_depends, reading_take_dependencies}, {SQL_query_absorbed, reading_take_absorbed},
    {SQL_query_comments, reading_take_comments},    {SQL_query_labels, reading_take_labels},
    {SQL_query_grants, reading_take_grants},        {SQL_query_unknown_catalogs, take_unknown},
};
static const struct remark listing_remarks[] = {
    {SQL_query_comments, reading_take_comments},
    {SQL_query_labels, reading_take_labels},
    {SQL_query_grants, reading_take_grants},
};
enum {
	REMARK_COUNT = sizeof(remarks) / sizeof(*remarks),
	LISTING_REMARK_COUNT = sizeof(listing_remarks) / sizeof(*listing_remarks),
};

static void receive(void *context, const struct reply *reply)
{
	struct asking *asking = context;

	if (!reply->rows)
		return;
	if (asking->answers[reply->index])
		*asking->answers[reply->index] = reply_take(reply);
	else if (asking->queries[reply->index])
		reading_take_objects(asking->reading, asking->queries[reply->index], reply->rows);
	else if (asking->takes[reply->index])
		asking->takes[reply->index](asking->reading, reply->rows);
}

static void expect(struct asking *asking, const struct catalog_query *query, take_rows take)
{
	asking->queries[asking->count] = query;
	asking->takes[asking->count++] = take;
}

/* A statement without parameters is planned once, then: that is most of what a small database takes. */
static bool ask_prepared(struct asking *asking, const char *sql, const struct catalog_query *query,
                         take_rows take, struct error *err)
{
	struct arena *scratch = asking->reading->scratch;
	const char *name = arena_printf(scratch, "rung_catalog_%zu", asking->prepared++);

	if (!*asking->reading->options->is_prepared) {
		expect(asking, NULL, NULL);
		if (!pipeline_prepare(&asking->pipeline, name, sql_of_version(scratch, sql, asking->major), err))
			return false;
	}
	expect(asking, query, take);
	return pipeline_send_prepared(&asking->pipeline, name, NO_PARAMS, err);
}

/* What was sent is libpq's; nothing else that outlives an answer lies on `scratch` where objects are listed.
 */
static bool ask(struct asking *asking, const char *sql, const struct catalog_query *query, take_rows take,
                struct error *err)
{
	struct arena *scratch = asking->reading->scratch;
	const struct arena_mark mark = arena_mark(scratch);

	if (asking->reading->options->is_prepared)
		return ask_prepared(asking, sql, query, take, err);
	expect(asking, query, take);
	const bool is_sent =
	    pipeline_send(&asking->pipeline, sql_of_version(scratch, sql, asking->major), NO_PARAMS, err);
	if (asking->reading->listing)
		arena_rewind(scratch, mark);
	return is_sent;
}

/* What opens and closes a transaction has no plan. */
static bool say(struct asking *asking, const char *sql, struct error *err)
{
	expect(asking, NULL, NULL);
	return pipeline_send(&asking->pipeline, sql, NO_PARAMS, err);
}

static bool ask_question(struct asking *asking, const struct catalog_question *question, struct error *err)
{
	asking->answers[asking->count] = question->answer;
	expect(asking, NULL, NULL);
	return pipeline_send(&asking->pipeline, question->sql, question->params, err);
}

static bool ask_remarks(struct asking *asking, const struct remark *asked, size_t count, struct error *err)
{
	for (size_t i = 0; i < count; i++)
		if (!ask(asking, asked[i].sql, NULL, asked[i].take, err))
			return false;
	return true;
}

static bool ask_gone(struct asking *asking, struct error *err)
{
	const struct catalog_reading *reading = asking->reading;
	const struct qualified_name *history = reading->options->history;

	expect(asking, NULL, reading_take_gone);
	return pipeline_send(&asking->pipeline, SQL_query_gone,
	                     PARAMS(history ? history_table_array(history, reading->scratch) : "{}"), err);
}

static bool ask_objects(struct asking *asking, struct error *err)
{
	for (size_t i = 0; i < catalog_query_count; i++)
		if (asking->major >= catalog_queries[i].since &&
		    !ask(asking, catalog_queries[i].sql, &catalog_queries[i], NULL, err))
			return false;
	return true;
}

static bool ask_all(struct asking *asking, struct error *err)
{
	const struct catalog_options *options = asking->reading->options;

	if (!ask(asking, SQL_query_begin, NULL, take_self, err))
		return false;
	for (size_t i = 0; i < options->question_count; i++)
		if (!ask_question(asking, &options->questions[i], err))
			return false;
	if (asking->reading->listing)
		return ask_gone(asking, err) && ask_remarks(asking, listing_remarks, LISTING_REMARK_COUNT, err) &&
		       ask_objects(asking, err);
	return ask_objects(asking, err) && ask_remarks(asking, remarks, REMARK_COUNT, err);
}

/* How it begins and ends: in a transaction of its own, or within the one that is open. */
struct frame {
	const char *begin;
	const char *end;
	const char *release; /* NULL: nothing more */
};

static bool ask_in_frame(struct asking *asking, const struct frame *frame, struct error *err)
{
	return say(asking, frame->begin, err) && ask_all(asking, err) && say(asking, frame->end, err) &&
	       (!frame->release || say(asking, frame->release, err));
}

static bool run(struct session *db, struct catalog_reading *reading, const struct frame *frame,
                struct error *err)
{
	const size_t most = 2 * (catalog_query_count + REMARK_COUNT + 1) + 3 + reading->options->question_count;
	struct asking asking = {
	    .reading = reading,
	    .major = session_server_version(db) / 10000,
	    .queries = arena_array(reading->scratch, const struct catalog_query *, most),
	    .takes = arena_array(reading->scratch, take_rows, most),
	    .answers = arena_array(reading->scratch, struct rows **, most),
	};

	if (!pipeline_begin(&asking.pipeline, db, receive, &asking, err))
		return false;
	const bool is_sent = ask_in_frame(&asking, frame, err);
	struct error failure = {0};
	if (!pipeline_end(&asking.pipeline, &failure)) {
		*err = failure;
		return false;
	}
	if (is_sent && reading->options->is_prepared)
		*reading->options->is_prepared = true;
	return is_sent;
}

/* A role that a pooler lets us take for one transaction only is taken first. */
static bool read_all(struct session *db, struct catalog_reading *reading, struct error *err)
{
	static const struct frame own = {"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "COMMIT", NULL};
	static const struct frame within = {"SAVEPOINT rung_catalog", "ROLLBACK TO SAVEPOINT rung_catalog",
	                                    "RELEASE SAVEPOINT rung_catalog"};

	if (session_transaction(db) == SESSION_IN_TRANSACTION)
		return run(db, reading, &within, err);
	if (!session_role_is_local(db))
		return run(db, reading, &own, err);
	return session_begin(db, own.begin, err) && run(db, reading, &within, err) &&
	       execute(db, "COMMIT", NO_PARAMS, err);
}

/* --- what changed meanwhile ----------------------------------------------- */

/* "cache lookup failed for ...", "could not open relation with OID ...": nobody sees these otherwise. */
static bool is_of_vanished(const struct error *err)
{
	return strcmp(err->sqlstate, "XX000") == 0;
}

bool reading_ask(struct session *db, struct catalog_reading *reading, struct error *err)
{
	const bool is_read = read_all(db, reading, err);

	if (is_read && !reading->vanished)
		return true;
	if (is_read)
		error_set(err, ERROR_SQL, "%s was dropped or changed while it was read", reading->vanished);
	if (strcmp(err->sqlstate, "55P03") == 0)
		error_set(err, ERROR_LOCK, "another session holds a lock on a table that a view is made of");
	if (is_read || is_of_vanished(err) || err->kind == ERROR_LOCK)
		error_hint(err, "Somebody is changing the schema. Try again when that has ended.");
	return error_context(err, "while reading the catalogs");
}
