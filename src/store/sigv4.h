/*
 * sigv4.h - signing requests to S3-compatible storage (AWS Signature Version 4)
 *
 * Pure text and digests: nothing here knows a network or a clock. The secret
 * key goes into the signature and nowhere else.
 */
#ifndef RUNG_STORE_SIGV4_H
#define RUNG_STORE_SIGV4_H

#include <stdint.h>

#include "store/http_header.h"

struct sigv4_key {
	const char *access_key;
	const char *secret_key;
	const char *session_token; /* of temporary credentials, else NULL */
	const char *region;
};

struct sigv4_request {
	const char *method;
	const char *path;  /* from "/", encoded as in the URL */
	const char *query; /* as from uri_query() */
	const char *payload_sha256;
	struct http_header_list headers; /* names in lower case; "host" must be among them */
};

#define SIGV4_EMPTY_SHA256 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

/* Adds x-amz-date, x-amz-content-sha256, x-amz-security-token and authorization to the headers. */
void sigv4_sign(struct sigv4_request *request, const struct sigv4_key *key, int64_t now_s,
                struct arena *arena);

/* What is signed, step by step; for tests and for comparing with a server's complaint. */
char *sigv4_canonical(const struct sigv4_request *request, struct arena *arena);

#endif
