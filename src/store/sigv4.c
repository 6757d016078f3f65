/*
 * AWS Signature Version 4 as its documentation has it; tests sign the documentation's own examples and
 * compare. What makes signing fail in practice is never the cryptography but the text that is signed: it
 * has to be, byte for byte, what the server makes of the request when it arrives. So path and query are
 * encoded once, by uri_encode(), and both the URL and this text are made of the result; all headers that we
 * set are signed, and the host is written as curl will write it (bucket.c).
 *
 * The payload's real SHA-256 is signed and not UNSIGNED-PAYLOAD: the server then notices a byte that
 * changed on the way.
 */
#include "store/sigv4.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buffer.h"
#include "base/digest.h"

static const char algorithm[] = "AWS4-HMAC-SHA256";

static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct http_header *)a)->name, ((const struct http_header *)b)->name);
}

static struct http_header_list sorted(const struct http_header_list *headers, struct arena *arena)
{
	struct http_header_list list = {0};

	for (size_t i = 0; i < headers->count; i++)
		http_header_add(&list, arena, headers->items[i].name, headers->items[i].value);
	if (list.count)
		qsort(list.items, list.count, sizeof(*list.items), compare_names);
	return list;
}

/* Spaces around a value do not count, a run of them inside counts as one. */
static void add_value(struct buffer *buffer, const char *value)
{
	const struct str trimmed = str_trim(str_of(value));

	for (size_t i = 0; i < trimmed.len; i++)
		if (trimmed.text[i] != ' ' || trimmed.text[i - 1] != ' ')
			buffer_char(buffer, trimmed.text[i]);
}

static char *signed_names(const struct http_header_list *headers, struct arena *arena)
{
	const struct http_header_list list = sorted(headers, arena);
	struct buffer buffer = {.arena = arena};

	for (size_t i = 0; i < list.count; i++)
		buffer_printf(&buffer, "%s%s", i ? ";" : "", list.items[i].name);
	return buffer_cstr(&buffer);
}

char *sigv4_canonical(const struct sigv4_request *request, struct arena *arena)
{
	const struct http_header_list list = sorted(&request->headers, arena);
	struct buffer buffer = {.arena = arena};

	buffer_printf(&buffer, "%s\n%s\n%s\n", request->method, request->path, request->query);
	for (size_t i = 0; i < list.count; i++) {
		buffer_printf(&buffer, "%s:", list.items[i].name);
		add_value(&buffer, list.items[i].value);
		buffer_char(&buffer, '\n');
	}
	buffer_printf(&buffer, "\n%s\n%s", signed_names(&list, arena), request->payload_sha256);
	return buffer_cstr(&buffer);
}

static struct str digest_str(const uint8_t digest[DIGEST_SIZE])
{
	return (struct str){(const char *)digest, DIGEST_SIZE};
}

/* The key of one day, region and service, so that it is worth little elsewhere. */
static void derive_key(const struct sigv4_key *key, const char *day, struct arena *arena,
                       uint8_t out[DIGEST_SIZE])
{
	const char *const steps[] = {day, key->region, "s3", "aws4_request"};
	struct str secret = str_of(arena_printf(arena, "AWS4%s", key->secret_key));

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		digest_hmac(secret, str_of(steps[i]), out);
		secret = digest_str(out);
	}
}

/* gmtime_r() and not gmtime(), as two threads sign at once. */
static const char *time_text(int64_t now_s, struct arena *arena)
{
	const time_t now = (time_t)now_s;
	char text[sizeof("20130524T000000Z") + 32];
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(text, sizeof(text), "%Y%m%dT%H%M%SZ", &utc);
	return arena_strdup(arena, text);
}

void sigv4_sign(struct sigv4_request *request, const struct sigv4_key *key, int64_t now_s,
                struct arena *arena)
{
	const char *now = time_text(now_s, arena);
	const char *day = arena_strndup(arena, now, strlen("20130524"));
	const char *scope = arena_printf(arena, "%s/%s/s3/aws4_request", day, key->region);
	uint8_t day_key[DIGEST_SIZE];
	uint8_t signature[DIGEST_SIZE];

	http_header_add(&request->headers, arena, "x-amz-content-sha256", request->payload_sha256);
	http_header_add(&request->headers, arena, "x-amz-date", now);
	if (key->session_token)
		http_header_add(&request->headers, arena, "x-amz-security-token", key->session_token);

	const char *to_sign = arena_printf(arena, "%s\n%s\n%s\n%s", algorithm, now, scope,
	                                   digest_hex(arena, str_of(sigv4_canonical(request, arena))));
	derive_key(key, day, arena, day_key);
	digest_hmac(digest_str(day_key), str_of(to_sign), signature);
	http_header_add(&request->headers, arena, "authorization",
	                arena_printf(arena, "%s Credential=%s/%s,SignedHeaders=%s,Signature=%s", algorithm,
	                             key->access_key, scope, signed_names(&request->headers, arena),
	                             hex_text(arena, signature, sizeof(signature))));
}
