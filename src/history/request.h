/*
 * request.h - a query with its values, ready to travel
 *
 * The code that makes one says what it is to write; the code that sends it decides how: in
 * a pipeline, by itself, or printed in a script.
 */
#ifndef RUNG_HISTORY_REQUEST_H
#define RUNG_HISTORY_REQUEST_H

#include "pg/query.h"

/* A query of ours that a session parses once. Which one it is its address says; its name is for the server.
 */
struct prepared_query {
	const char *name;
	const char *sql;
	int since; /* server version; 0: all */
};

struct request {
	const struct prepared_query *prepared; /* NULL for what is sent as text */
	const char *sql;
	const struct qualified_name *history; /* whose tables it speaks of (query_render); NULL when none */
	struct params params;
};

/* The values are kept on `arena`; `history` must outlive the request. */
struct request request_make(const struct qualified_name *history, const char *sql, struct params params,
                            struct arena *arena);
struct request request_prepared(const struct qualified_name *history, const struct prepared_query *query,
                                struct params params, struct arena *arena);

/* The text as the server takes it. */
const char *request_sql(const struct request *request, struct arena *arena);

/*
 * Says what it means when a write to the history failed: a trigger, rule or policy that took it away, or
 * rights that are missing. Leaves other errors as they are; returns false.
 */
bool request_explain(const struct session *db, const struct request *request, struct error *err);

/* Runs one request by itself. */
MUST_USE bool request_run(struct session *db, const struct request *request, struct error *err);

#endif
