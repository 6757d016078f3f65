/*
 * pipeline.h - many statements in one round trip
 *
 * Statements are sent without waiting for the answers of those before them;
 * answers are handed to a function in order, as they arrive. After the first
 * error the server skips everything up to the end of the pipeline. A pipeline
 * costs one round trip as long as what is on its way fits into half a
 * megabyte; a longer one continues as the answers come in, in the same memory.
 *
 *	pipeline_begin(&pipeline, db, receive, context)
 *	pipeline_send(&pipeline, "BEGIN", NO_PARAMS, err) ...
 *	pipeline_end(&pipeline, err)
 *
 * COPY cannot travel this way (libpq).
 */
#ifndef RUNG_PG_PIPELINE_H
#define RUNG_PG_PIPELINE_H

#include <stdint.h>

#include "pg/query.h"
#include "pg/session.h"

struct reply {
	size_t index;              /* of the statement in the pipeline, from 0 */
	const struct rows *rows;   /* NULL unless it succeeded; cleared after the call unless taken */
	const char *tag;           /* command tag, such as "CREATE TABLE 1"; NULL unless it succeeded */
	const struct error *error; /* the server's refusal; NULL otherwise */
	bool is_skipped;           /* not run, because one before it failed */
	struct rows **owned;       /* see reply_take() */
};

/* The rows become the caller's. */
struct rows *reply_take(const struct reply *reply);

typedef void (*pipeline_receive)(void *context, const struct reply *reply);

struct pipeline {
	struct session *session;
	pipeline_receive receive;
	void *context;
	size_t sent;
	size_t received;
	size_t bytes_sent;
	size_t read_at;           /* bytes_sent when answers were last looked for */
	struct error first_error; /* of the server; kind ERROR_NONE while all is well */
	struct error send_error;  /* a statement that could not be sent: those before it were */
	uint64_t said; /* what libpq complained of when the last answer was in, as a number; 0: of nothing */
	bool is_open;
	bool drops_rows; /* of all statements that are sent from here on: a reply has none then */
};

MUST_USE bool pipeline_begin(struct pipeline *pipeline, struct session *session, pipeline_receive receive,
                             void *context, struct error *err);

/*
 * Fails when the statement cannot be sent, or the connection is lost. pipeline_end() then fails as well:
 * what was sent before it may have left a transaction open.
 */
MUST_USE bool pipeline_send(struct pipeline *pipeline, const char *sql, struct params params,
                            struct error *err);

/* Parses `sql` once for the session, to be sent by name; it too has its reply. */
MUST_USE bool pipeline_prepare(struct pipeline *pipeline, const char *name, const char *sql,
                               struct error *err);
MUST_USE bool pipeline_send_prepared(struct pipeline *pipeline, const char *name, struct params params,
                                     struct error *err);

/* Asks the server to send what it has answered so far, at no cost in round trips. */
MUST_USE bool pipeline_flush(struct pipeline *pipeline, struct error *err);

/* Ends it: waits for all answers. False with the first error when a statement failed. */
MUST_USE bool pipeline_end(struct pipeline *pipeline, struct error *err);

/* Leaves a pipeline that was not ended; safe on a zeroed or ended one. */
void pipeline_clear(struct pipeline *pipeline);
#define scoped_pipeline SCOPED(pipeline_clear)

#endif
