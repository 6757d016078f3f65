/*
 * libpq.h - libpq, loaded when a connection or a connection string is first looked at
 *
 * With it come Kerberos, LDAP and GnuTLS, which are most of what starting costs; verbs that need no server do
 * without (docs/decisions/ has the figures). PQfinish() is libpq.finish(), and so on, once libpq_load() has
 * been asked for it: what begins a connection or parses a string asks first, and what has a connection need
 * not. NULL is not given back to it, as there may be no libpq then.
 */
#ifndef RUNG_PG_LIBPQ_H
#define RUNG_PG_LIBPQ_H

#include <libpq-fe.h>

#include "base/library.h"

#ifdef LIBPQ_HAS_CHUNK_MODE
#define LIBPQ_ROW_FUNCTIONS(each) each(PQ, setChunkedRowsMode)
#else
#define LIBPQ_ROW_FUNCTIONS(each) each(PQ, setSingleRowMode)
#endif

/* clang-format off */
#define LIBPQ_FUNCTIONS(each) \
	each(PQ, libVersion) \
	each(PQ, conninfo) each(PQ, conninfoParse) each(PQ, conninfoFree) each(PQ, freemem) \
	each(PQ, connectStart) each(PQ, connectStartParams) each(PQ, connectPoll) each(PQ, finish) \
	each(PQ, connectionNeedsPassword) each(PQ, connectionUsedPassword) \
	each(PQ, status) each(PQ, errorMessage) each(PQ, socket) each(PQ, transactionStatus) \
	each(PQ, parameterStatus) each(PQ, serverVersion) each(PQ, backendPID) \
	each(PQ, db) each(PQ, user) each(PQ, host) each(PQ, port) each(PQ, options) \
	each(PQ, setErrorVerbosity) each(PQ, setNoticeReceiver) each(PQ, setnonblocking) \
	each(PQ, sendQuery) each(PQ, sendQueryParams) each(PQ, sendPrepare) each(PQ, sendQueryPrepared) \
	LIBPQ_ROW_FUNCTIONS(each) \
	each(PQ, enterPipelineMode) each(PQ, exitPipelineMode) each(PQ, pipelineSync) each(PQ, sendFlushRequest) \
	each(PQ, flush) each(PQ, consumeInput) each(PQ, isBusy) each(PQ, getResult) \
	each(PQ, putCopyData) each(PQ, putCopyEnd) each(PQ, getCopyData) \
	each(PQ, getCancel) each(PQ, freeCancel) each(PQ, cancel) \
	each(PQ, resultStatus) each(PQ, resultErrorField) each(PQ, cmdStatus) each(PQ, cmdTuples) \
	each(PQ, ntuples) each(PQ, nfields) each(PQ, fname) each(PQ, ftype) \
	each(PQ, getisnull) each(PQ, getvalue) each(PQ, clear)
/* clang-format on */

struct libpq_library {
	LIBPQ_FUNCTIONS(LIBRARY_FIELD)
};

extern struct libpq_library libpq;

/* ERROR_CONFIG where it is not installed. Not before other threads run. */
MUST_USE bool libpq_load(struct error *err);

#endif
