/*
 * step_query.h - what every step says alike, parsed once a session
 *
 * Parsing them a thousand times is what otherwise costs most on the server.
 * Their names are ones that no file is likely to choose for its own.
 */
#ifndef RUNG_APPLY_STEP_STEP_QUERY_H
#define RUNG_APPLY_STEP_STEP_QUERY_H

#include "history/request.h"

enum step_query {
	STEP_BEGIN,
	STEP_COMMIT,
	STEP_LIMITS,
	STEP_LIMITS_BEFORE_14,
	STEP_RESTORE_USER,
	STEP_RESTORE_ROLE,
	STEP_RESTORE_SETTINGS,
	STEP_SETTLE,
	STEP_CLOSE_CURSORS,
	STEP_DISCARD_TEMPORARY,
	STEP_DISCARD_SEQUENCES,
	STEP_UNLISTEN,
	STEP_CHECK_USER,
	STEP_CHECK_SESSION,
	STEP_QUERY_COUNT,
};

extern const struct prepared_query step_queries[STEP_QUERY_COUNT];

#endif
