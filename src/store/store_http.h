/*
 * store_http.h - one request and its answer, over HTTP
 *
 * Knows nothing of signing or trying again. Redirects are not followed: what
 * is sent is signed for one host. Secrets in headers never get into messages.
 * An answer that trickles is none: it must come at some speed, and one kept in
 * memory within ten times our patience.
 */
#ifndef RUNG_STORE_STORE_HTTP_H
#define RUNG_STORE_STORE_HTTP_H

#include <stdint.h>

#include "store/http_header.h"
#include "stream/stream.h"

/* A line to servers: connections are kept between requests. One thread at a time. */
struct http;

struct http_options {
	const char *ca_variable; /* in the environment: a file of certificates to trust instead of the system's */
	int64_t patience_ms;     /* a transfer standing still for longer has failed */
};

MUST_USE bool http_open(const struct http_options *options, struct http **out, struct error *err);
void http_close(struct http **http);

/* How far the server's clock is ahead of ours, by the date of its last answer; false while none had one. */
bool http_clock(const struct http *http, int64_t *ahead_s);
#define scoped_http SCOPED(http_close)

/* From another thread: ends the request under way, and every later one. */
void http_stop(struct http *http);
bool http_is_stopped(const struct http *http);

struct http_request {
	const char *method;
	const char *url;
	struct http_header_list headers;
	struct str body;      /* sent with its length */
	const int *body_from; /* or: sent in chunks until this non-blocking descriptor ends */
	struct sink *into;    /* takes the body of a good answer; NULL to have it in `body` */
	uint64_t skip;        /* so many bytes of it were had before; asks for the rest only */
	int patience;         /* times the usual, for what takes a server long; 0 for once */
	bool is_decisive;     /* matters whether it was done before: nothing is repeated behind our back */
	bool is_last_word;    /* cleans up: continues though we were asked to stop */
};

struct http_answer {
	int status;          /* 0: none came */
	const char *trouble; /* then, or when it broke off: why, in words */
	bool is_hopeless;    /* and the same would happen again */
	const char *advice;  /* then: what to do about it, a sentence; or NULL */
	bool was_body_read;  /* something was taken from `body_from` */
	struct http_header_list headers;
	struct str body;
	uint64_t received; /* bytes passed to `into` */
};

/* For who reports an answer with such a status. */
#define HTTP_REDIRECT_HINT \
	"It redirects to another place, which is not followed: name that place itself, if it is the right one."

/* False when we were asked to stop, or when `into` did not take it. */
MUST_USE bool http_exchange(struct http *http, const struct http_request *request, struct arena *arena,
                            struct http_answer *out, struct error *err);

static inline bool http_is_good(const struct http_answer *answer)
{
	return !answer->trouble && answer->status >= 200 && answer->status < 300;
}

/*
 * http:// is for this machine: elsewhere anyone who listens reads tokens. The
 * environment's RUNG_BACKUP_ALLOW_HTTP=1 permits it, for closed networks.
 */
MUST_USE bool http_check_url(const char *url, struct error *err);

#endif
