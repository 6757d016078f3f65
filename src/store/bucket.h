/*
 * bucket.h - a line to a bucket: requests signed, answers judged, tries repeated
 *
 * One thread at a time; anyone who wants two uploads at once opens a second line.
 * What a server corrects (the clock, the region) a line remembers.
 */
#ifndef RUNG_STORE_BUCKET_H
#define RUNG_STORE_BUCKET_H

#include "store/sigv4.h"
#include "store/store.h"
#include "store/store_http.h"
#include "store/xml.h"

struct bucket {
	struct arena arena;
	struct http *http;
	const char *name;
	const char *prefix;   /* of all keys, "" or ending in "/" */
	const char *endpoint; /* "https://host:9000"; NULL for the provider's own */
	const char *url;      /* "s3://name/prefix", for messages */
	struct sigv4_key key;
	int64_t clock_offset_s; /* theirs minus ours */
	int most_tries;
	int64_t retry_ms;
	int64_t patience_ms;
	struct reporter *reporter;
};

/* Reads URL and environment. */
MUST_USE bool bucket_open(const struct store_options *options, struct bucket **out, struct error *err);

/* A second line to the same, knowing what the first has learnt. */
MUST_USE bool bucket_again(const struct bucket *bucket, struct bucket **out, struct error *err);
void bucket_close(struct bucket **bucket);
#define scoped_bucket SCOPED(bucket_close)

struct bucket_call {
	const char *method;
	const char *name; /* of the object, below the prefix; NULL for the bucket itself */
	struct http_header_list query;
	struct http_header_list headers;
	struct str body;
	struct sink *into;    /* takes an object's bytes; a broken transfer is continued */
	const char *task;     /* what it is, for who waits for another try; NULL: by method and name */
	const char *expected; /* the root of the document a good answer must be */
	int patience;         /* this and the next two as in store_http.h */
	bool is_decisive;
	bool is_last_word;
};

struct bucket_answer {
	struct http_answer http;
	struct xml_document document;
	const char *code;    /* "AccessDenied"; "" when the server gave none */
	const char *message; /* the server's */
	int tries;
	bool is_good;
	bool may_have_happened; /* an earlier try got no clear answer: it may have been done then */
};

/*
 * Fills `out` with a good answer or a plain refusal. False when we were asked
 * to stop or no clear answer could be had in all tries.
 */
MUST_USE bool bucket_ask(struct bucket *bucket, const struct bucket_call *call, struct arena *arena,
                         struct bucket_answer *out, struct error *err);

/* The same, when a refusal is a failure: "could not <what>: AccessDenied (HTTP 403)". */
MUST_USE bool bucket_must(struct bucket *bucket, const struct bucket_call *call, const char *what,
                          struct arena *arena, struct bucket_answer *out, struct error *err);

/* The error for a refusal; returns false. */
bool bucket_refused(const struct bucket_answer *answer, const char *what, struct error *err);

/* "s3://bucket/prefix/name" */
char *bucket_path(const struct bucket *bucket, const char *name, struct arena *arena);

/* Seconds since 1970 of "Fri, 24 May 2013 00:00:00 GMT" and of "2013-05-24T00:00:00.000Z"; 0 for anything
 * else. */
int64_t bucket_time(const char *text);

#endif
