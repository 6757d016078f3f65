/*
 * Signing is ours because libcurl's own (7.88, Debian 12) fails on plain GET and PUT, unsorted queries and
 * keys with "+" or "="; libcurl carries what was signed. Everything is signed anew for each try, as a
 * signature holds the time.
 *
 * A refusal may be something that can be put right at once: a clock that differs, temporary credentials
 * that were renewed meanwhile, another region. Each is done once in a call, since a server that keeps
 * saying so is not helped by more; what was learnt stays with the line. What a server says of being busy is
 * tried again later (retry.h). All else is final.
 *
 * Not every 200 is one. CompleteMultipartUpload answers before it knows how it went and may bring an
 * <Error>, and a document cut short reads like an empty listing; `expected` says what a good answer must
 * be. Where a try got no clear answer, it may have been done: may_have_happened tells anyone who has to know
 * whether a "there is such an object already" may be their own.
 */
#include "store/bucket.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buffer.h"
#include "base/digest.h"
#include "store/bucket_target.h"
#include "store/credentials.h"
#include "store/retry.h"

enum {
	PATIENCE_MS = 60 * 1000,
	/* Bytes after which a broken download has made progress and its tries count anew. */
	PROGRESS_SIZE = 1024 * 1024,
};

/* --- opening -------------------------------------------------------------- */

static const char *environment(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

/*
 * Looser than the provider's rules, which other servers and old buckets do not keep; only what could lead
 * elsewhere in a URL is refused.
 */
static bool is_bucket_name(struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		const char c = name.text[i];

		if (!(char_fold(c) >= 'a' && char_fold(c) <= 'z') && !char_is_digit(c) && c != '-' && c != '.' &&
		    c != '_')
			return false;
	}
	return name.len >= 3 && name.len <= 255;
}

static bool read_url(struct bucket *bucket, const char *url, struct error *err)
{
	const struct str place = str_slice(str_of(url), strlen("s3://"), strlen(url));
	const size_t slash = str_index(place, '/');
	struct str prefix = str_slice(place, slash + 1, place.len);

	if (!is_bucket_name(str_slice(place, 0, slash))) {
		error_set(err, ERROR_CONFIG, "cannot use \"%s\": it does not name a bucket", url);
		return error_hint(err, "Write s3://bucket or s3://bucket/prefix.");
	}
	while (str_ends(prefix, "/"))
		prefix.len--;
	bucket->name = str_copy(&bucket->arena, str_slice(place, 0, slash));
	bucket->prefix = prefix.len ? arena_printf(&bucket->arena, "%.*s/", STR_ARGS(prefix)) : "";
	bucket->url =
	    arena_printf(&bucket->arena, "s3://%s%s%.*s", bucket->name, prefix.len ? "/" : "", STR_ARGS(prefix));
	return true;
}

/*
 * The variable for S3 alone before the one for all services, as the provider's own tools read them. The
 * bucket is added with a slash, so none may be there already.
 */
static bool read_endpoint(struct bucket *bucket, struct error *err)
{
	const char *endpoint = environment("AWS_ENDPOINT_URL_S3");

	if (!endpoint)
		endpoint = environment("AWS_ENDPOINT_URL");
	if (!endpoint)
		return true;
	size_t len = strlen(endpoint);
	while (len > 0 && endpoint[len - 1] == '/')
		len--;
	bucket->endpoint = arena_strndup(&bucket->arena, endpoint, len);
	return http_check_url(bucket->endpoint, err);
}

static bool open_line(struct bucket *bucket, struct error *err)
{
	const struct http_options options = {
	    .ca_variable = "AWS_CA_BUNDLE",
	    .patience_ms = bucket->patience_ms,
	};

	return http_open(&options, &bucket->http, err);
}

static struct bucket *new_bucket(void)
{
	struct arena arena = {0};
	struct bucket *bucket = arena_new(&arena, struct bucket);

	bucket->arena = arena;
	return bucket;
}

bool bucket_open(const struct store_options *options, struct bucket **out, struct error *err)
{
	scoped_bucket struct bucket *bucket = new_bucket();

	bucket->most_tries = RETRY_MOST_TRIES;
	bucket->retry_ms = options->retry_ms;
	bucket->reporter = options->reporter;
	bucket->patience_ms = options->patience_ms ? options->patience_ms : PATIENCE_MS;
	if (!read_url(bucket, options->url, err) || !read_endpoint(bucket, err) ||
	    !credentials_read(&bucket->arena, &bucket->key, err) || !open_line(bucket, err))
		return false;
	*out = TAKE(bucket);
	return true;
}

bool bucket_again(const struct bucket *bucket, struct bucket **out, struct error *err)
{
	scoped_bucket struct bucket *again = new_bucket();
	const struct arena arena = again->arena;

	*again = *bucket; /* texts stay with the first line, which lives longer */
	again->arena = arena;
	again->http = NULL;
	if (!open_line(again, err))
		return false;
	*out = TAKE(again);
	return true;
}

void bucket_close(struct bucket **bucket)
{
	struct arena arena;

	if (!*bucket)
		return;
	http_close(&(*bucket)->http);
	arena = (*bucket)->arena;
	arena_clear(&arena);
	*bucket = NULL;
}

char *bucket_path(const struct bucket *bucket, const char *name, struct arena *arena)
{
	return name ? arena_printf(arena, "%s/%s", bucket->url, name) : arena_strdup(arena, bucket->url);
}

/* --- time ------------------------------------------------------------------ */

/* By hand: strptime() reads months in the user's language. */
int64_t bucket_time(const char *text)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct tm utc = {0};
	char month[4] = "";

	/* NOLINTBEGIN(cert-err34-c): how many it read tells */
	if (sscanf(text, "%*3c, %d %3s %d %d:%d:%d", &utc.tm_mday, month, &utc.tm_year, &utc.tm_hour, &utc.tm_min,
	           &utc.tm_sec) == 6 &&
	    strlen(month) == 3 && strstr(months, month))
		utc.tm_mon = (int)(strstr(months, month) - months) / 3;
	else if (sscanf(text, "%d-%d-%dT%d:%d:%d", &utc.tm_year, &utc.tm_mon, &utc.tm_mday, &utc.tm_hour,
	                &utc.tm_min, &utc.tm_sec) == 6)
		/* NOLINTEND(cert-err34-c) */
		utc.tm_mon -= 1;
	else
		return 0;
	utc.tm_year -= 1900;
	return (int64_t)timegm(&utc);
}

/* --- one try --------------------------------------------------------------- */

/* What a call needs once, however often it is tried. */
struct attempt {
	const struct bucket_call *call;
	const char *sha256;
	uint64_t received;
	const char *etag; /* of what was received so far */
	int tries;
	bool may_have_happened;
	bool has_set_clock, has_read_credentials, has_moved; /* once each */
};

/* The rest of a download that broke off is asked for with If-Match, lest it be that of another object. */
static bool try_once(struct bucket *bucket, const struct attempt *attempt, struct arena *arena,
                     struct http_answer *out, struct error *err)
{
	const struct bucket_call *call = attempt->call;
	const struct bucket_target target = bucket_target_find(bucket, call->name, arena);
	struct sigv4_request request = {
	    .method = call->method,
	    .path = target.path,
	    .query = uri_query(arena, &call->query),
	    .payload_sha256 = attempt->sha256,
	};

	http_header_add(&request.headers, arena, "host", target.host);
	for (size_t i = 0; i < call->headers.count; i++)
		http_header_add(&request.headers, arena, call->headers.items[i].name, call->headers.items[i].value);
	if (attempt->received && attempt->etag)
		http_header_add(&request.headers, arena, "if-match", attempt->etag);
	sigv4_sign(&request, &bucket->key, (int64_t)time(NULL) + bucket->clock_offset_s, arena);

	const struct http_request http = {
	    .method = call->method,
	    .url = arena_printf(arena, "%s%s%s", target.url, request.query[0] ? "?" : "", request.query),
	    .headers = request.headers,
	    .body = call->body,
	    .into = call->into,
	    .skip = attempt->received,
	    .patience = call->patience,
	    .is_decisive = call->is_decisive,
	    .is_last_word = call->is_last_word,
	};
	return http_exchange(bucket->http, &http, arena, out, err);
}

/* --- judging an answer ------------------------------------------------------ */

static const char *field_or_empty(const struct http_header_list *fields, const char *name)
{
	const char *value = http_header_find(fields, name);

	return value ? value : "";
}

/* Whether a good answer to it has no body. */
static bool is_bare(const struct bucket_call *call)
{
	return strcmp(call->method, "PUT") == 0 || strcmp(call->method, "DELETE") == 0;
}

static void doubt(struct bucket_answer *answer, const char *why)
{
	answer->is_good = false;
	answer->http.trouble = why;
}

/*
 * A good status may still bring an <Error>: Complete says 200 before it knows how it went. And not every 200
 * is the store's: a proxy that wants a name and a password sends its page with that. Storing and removing
 * are answered without a body, and what was stored has a tag.
 */
static void read_answer(const struct bucket_call *call, struct arena *arena, struct bucket_answer *answer)
{
	struct xml_document *document = &answer->document;
	const bool has_document = xml_read(answer->http.body, arena, document);

	answer->code = answer->message = "";
	if (has_document && strcmp(document->root, "Error") == 0) {
		answer->code = field_or_empty(&document->fields, "Code");
		answer->message = field_or_empty(&document->fields, "Message");
		return;
	}
	answer->is_good = http_is_good(&answer->http);
	if (!answer->is_good)
		return;
	if (call->expected && (!has_document || strcmp(document->root, call->expected) != 0))
		doubt(answer, "the answer was cut short");
	else if (is_bare(call) && str_trim(answer->http.body).len)
		doubt(answer, "the answer is not an object store's");
	else if (call->name && strcmp(call->method, "PUT") == 0 &&
	         !http_header_find(&answer->http.headers, "etag"))
		doubt(answer, "the server did not confirm it");
}

enum verdict { VERDICT_FINAL, VERDICT_LATER, VERDICT_CLOCK, VERDICT_CREDENTIALS };

/* What the server's words mean for us; the rest is judged by status. */
static const struct {
	const char *code;
	enum verdict verdict;
} verdicts[] = {
    {"SlowDown", VERDICT_LATER},
    {"RequestTimeout", VERDICT_LATER},
    {"InternalError", VERDICT_LATER},
    {"ServiceUnavailable", VERDICT_LATER},
    {"OperationAborted", VERDICT_LATER},
    {"ConditionalRequestConflict", VERDICT_LATER},
    {"RequestTimeTooSkewed", VERDICT_CLOCK},
    {"ExpiredToken", VERDICT_CREDENTIALS},
    {"TokenRefreshRequired", VERDICT_CREDENTIALS},
};

static enum verdict judge(const struct bucket_answer *answer)
{
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(*verdicts); i++)
		if (strcmp(answer->code, verdicts[i].code) == 0)
			return verdicts[i].verdict;
	return retry_is_due(&answer->http) ? VERDICT_LATER : VERDICT_FINAL;
}

/* --- what can be put right at once, each once in a call ------------------------ */

/*
 * A machine without time synchronisation makes backups too. The server's Date is good enough: fifteen
 * minutes of difference are allowed, and the answer took seconds.
 */
static bool set_clock(struct bucket *bucket, struct attempt *attempt, const struct bucket_answer *answer)
{
	const char *date = http_header_find(&answer->http.headers, "date");
	const int64_t theirs = date ? bucket_time(date) : 0;

	if (attempt->has_set_clock || !theirs)
		return false;
	attempt->has_set_clock = true;
	bucket->clock_offset_s = theirs - (int64_t)time(NULL);
	return true;
}

/*
 * Only the file can have changed; credentials of the environment are the same again, and then the second
 * refusal is final. The region stays, as it may have been learnt.
 */
static bool read_credentials(struct bucket *bucket, struct attempt *attempt)
{
	struct sigv4_key key;
	struct error ignored = {0};

	if (attempt->has_read_credentials || !credentials_read(&bucket->arena, &key, &ignored))
		return false;
	attempt->has_read_credentials = true;
	key.region = bucket->key.region;
	bucket->key = key;
	return true;
}

/* It becomes part of the host's name, and a stranger's word must not lead elsewhere. */
static bool is_region(const char *region)
{
	static const char signs[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

	return *region && region[strspn(region, signs)] == '\0';
}

static bool move_region(struct bucket *bucket, struct attempt *attempt, const struct bucket_answer *answer)
{
	const char *region = http_header_find(&answer->http.headers, "x-amz-bucket-region");

	if (!region)
		region = http_header_find(&answer->document.fields, "Region");
	if (attempt->has_moved || answer->is_good || !region || !is_region(region) ||
	    strcmp(region, bucket->key.region) == 0)
		return false;
	attempt->has_moved = true;
	bucket->key.region = arena_strdup(&bucket->arena, region);
	return true;
}

static bool repair_attempt(struct bucket *bucket, struct attempt *attempt, const struct bucket_answer *answer)
{
	const enum verdict verdict = judge(answer);

	return (verdict == VERDICT_CLOCK && set_clock(bucket, attempt, answer)) ||
	       (verdict == VERDICT_CREDENTIALS && read_credentials(bucket, attempt)) ||
	       move_region(bucket, attempt, answer);
}

/* --- asking until there is an answer ------------------------------------------- */

/* Without an answer nothing is known of what the server thinks, so it is said how often it was asked. */
static bool no_answer(const struct bucket *bucket, const struct bucket_answer *answer, struct error *err)
{
	error_set(err, ERROR_STORAGE, "could not reach the store \"%s\": %s", bucket->url, answer->http.trouble);
	if (answer->tries > 1)
		error_detail(err, "Tried %d times.", answer->tries);
	return answer->http.advice ? error_hint(err, "%s", answer->http.advice) : false;
}

/* A download that broke off continues where it stood. */
static void note_received(struct attempt *attempt, const struct http_answer *answer)
{
	attempt->received += answer->received;
	if (answer->received >= PROGRESS_SIZE)
		attempt->tries = 0;
	if (answer->received && http_header_find(&answer->headers, "etag"))
		attempt->etag = http_header_find(&answer->headers, "etag");
}

static void say_again(const struct bucket *bucket, const struct attempt *attempt,
                      const struct bucket_answer *answer, int64_t wait_ms)
{
	scoped_arena struct arena arena = {0};
	const struct bucket_call *call = attempt->call;
	const char *task =
	    call->task ? call->task : retry_task(call->method, bucket_path(bucket, call->name, &arena), &arena);

	retry_say(bucket->reporter, task, &answer->http, answer->code, attempt->tries, wait_ms);
}

/* Whether there is to be another try; waits for it. */
static bool wait_for_next_try(struct bucket *bucket, const struct attempt *attempt,
                              const struct bucket_answer *answer, bool *again, struct error *err)
{
	const struct bucket_call *call = attempt->call;

	*again = judge(answer) == VERDICT_LATER && attempt->tries < bucket->most_tries;
	if (!*again)
		return true;
	const int64_t wait_ms = retry_wait_ms(attempt->tries, bucket->retry_ms, &answer->http);
	say_again(bucket, attempt, answer, wait_ms);
	if (retry_wait(bucket->http, wait_ms, call->is_last_word))
		return true;
	return error_set(err, ERROR_CANCELLED, "cancelled");
}

bool bucket_ask(struct bucket *bucket, const struct bucket_call *call, struct arena *arena,
                struct bucket_answer *out, struct error *err)
{
	struct attempt attempt = {.call = call, .sha256 = digest_hex(arena, call->body)};
	struct bucket_answer answer;
	bool again = true;

	while (again) {
		answer =
		    (struct bucket_answer){.tries = ++attempt.tries, .may_have_happened = attempt.may_have_happened};
		if (!try_once(bucket, &attempt, arena, &answer.http, err))
			return false;
		read_answer(call, arena, &answer);
		note_received(&attempt, &answer.http);
		if (answer.is_good)
			break;
		if (repair_attempt(bucket, &attempt, &answer))
			continue;
		attempt.may_have_happened |= judge(&answer) == VERDICT_LATER;
		if (!wait_for_next_try(bucket, &attempt, &answer, &again, err))
			return false;
	}
	if (answer.http.trouble && !answer.is_good && !answer.code[0])
		return no_answer(bucket, &answer, err);
	*out = answer;
	return true;
}

/* --- refusals ------------------------------------------------------------------- */

static const struct {
	const char *code;
	const char *hint;
} hints[] = {
    {"AccessDenied",
     "Writing needs the rights s3:PutObject and s3:AbortMultipartUpload, reading s3:GetObject and "
     "s3:ListBucket, removing s3:DeleteObject."},
    {"InvalidAccessKeyId", "Check AWS_ACCESS_KEY_ID and the endpoint."},
    {"SignatureDoesNotMatch", "Check AWS_SECRET_ACCESS_KEY."},
    {"ExpiredToken", "Renew the temporary credentials."},
    {"InvalidToken", "Check AWS_SESSION_TOKEN."},
    {"NoSuchBucket", "Check the bucket's name, the endpoint and the region, or create the bucket."},
    {"RequestTimeTooSkewed", "Set the clock of this machine."},
};

bool bucket_refused(const struct bucket_answer *answer, const char *what, struct error *err)
{
	if (answer->code[0])
		error_set(err, ERROR_STORAGE, "could not %s: %s (HTTP %d)", what, answer->code, answer->http.status);
	else
		error_set(err, ERROR_STORAGE, "could not %s: the server answered HTTP %d", what, answer->http.status);
	if (answer->message[0])
		error_detail(err, "The server said: %s", answer->message);
	if (answer->http.status / 100 == 3)
		error_hint(err, HTTP_REDIRECT_HINT);
	for (size_t i = 0; i < sizeof(hints) / sizeof(*hints); i++)
		if (strcmp(answer->code, hints[i].code) == 0)
			error_hint(err, "%s", hints[i].hint);
	if (answer->tries > 1)
		error_context(err, "tried %d times", answer->tries);
	return false;
}

bool bucket_must(struct bucket *bucket, const struct bucket_call *call, const char *what, struct arena *arena,
                 struct bucket_answer *out, struct error *err)
{
	return bucket_ask(bucket, call, arena, out, err) && (out->is_good || bucket_refused(out, what, err));
}
