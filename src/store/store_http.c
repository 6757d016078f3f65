/*
 * Each line is a curl multi handle that carries one request at a time. The
 * multi interface, because its poll also wakes for Ctrl-C, for http_stop() and
 * for the descriptor a body comes from; curl's own blocking call does not.
 *
 * A body that comes from a pipe is read without blocking, and curl's transfer is paused while there is
 * nothing; it is woken when the pipe has more. Nothing is read ahead: what was taken from the pipe is gone
 * when the request has to be made again, and `was_body_read` says so.
 *
 * An answer with an error status has a body for people, a good one may be gigabytes for `into`. Which it
 * is, the status decides at the first byte.
 */
#include "store/store_http.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/interrupt.h"
#include "store/store_curl.h"

enum {
	MOST_ANSWER_SIZE = 8 * 1024 * 1024, /* of a body kept in memory: a page of a listing is less than 1 MiB */
	CONNECT_TIMEOUT_S = 30,
	CONTINUE_TIMEOUT_MS = 5000, /* for a server to say whether it wants the body */
	UPLOAD_BUFFER_SIZE = 256 * 1024,
	SLOWEST_BYTES_PER_S = 1,  /* where what we send is made meanwhile */
	SLOWEST_OF_A_SERVER = 64, /* less, for as long as our patience is, is no answer */
	MOST_PATIENCES = 10,      /* for all of an answer that fits into memory, to a request that does */
	SMALL_SIZE = 1024 * 1024,
};

struct http {
	const struct curl_library *curl;
	CURL *easy;
	CURLM *multi;
	struct http_options options;
	bool knows_clock;
	int64_t clock_ahead_s;
	atomic_bool is_stopped;
};

/* One request under way. */
struct exchange {
	const struct http_request *request;
	struct http *http;
	struct arena *arena;
	struct buffer body;
	struct http_answer answer;
	uint64_t to_skip;
	struct curl_slist *headers;
	bool is_paused;
	bool lacks_memory; /* for all that the request says: it must not be sent without a part of that */
	bool has_failed;   /* in `into`; err says how */
	struct error *err;
	char words[CURL_ERROR_SIZE];
};

/* --- the line ------------------------------------------------------------ */

bool http_open(const struct http_options *options, struct http **out, struct error *err)
{
	const struct curl_library *curl;
	struct http *http;

	if (!curl_load(&curl, err))
		return false;
	http = calloc(1, sizeof(*http));
	if (http) {
		*http = (struct http){
		    .curl = curl, .options = *options, .easy = curl->easy_init(), .multi = curl->multi_init()};
		if (http->easy && http->multi) {
			*out = http;
			return true;
		}
	}
	http_close(&http);
	return error_set(err, ERROR_STORAGE, "could not start libcurl");
}

void http_close(struct http **http)
{
	if (!*http)
		return;
	if ((*http)->easy)
		(*http)->curl->easy_cleanup((*http)->easy);
	if ((*http)->multi)
		(*http)->curl->multi_cleanup((*http)->multi);
	free(*http);
	*http = NULL;
}

/* From another thread. The flag first: a wake-up that finds it unset would be slept over. */
void http_stop(struct http *http)
{
	http->is_stopped = true;
	http->curl->multi_wakeup(http->multi);
}

bool http_is_stopped(const struct http *http)
{
	return http->is_stopped;
}

/* --- what curl calls ------------------------------------------------------ */

/* "Fri, 27 Nov 2026 13:24:15 GMT", as every server has to say it. */
static void read_clock(struct http *http, const char *date)
{
	struct tm utc = {0};

	if (!strptime(date, "%a, %d %b %Y %H:%M:%S GMT", &utc))
		return;
	http->clock_ahead_s = (int64_t)timegm(&utc) - (int64_t)time(NULL);
	http->knows_clock = true;
}

bool http_clock(const struct http *http, int64_t *ahead_s)
{
	*ahead_s = http->clock_ahead_s;
	return http->knows_clock;
}

/* A status line begins a new answer: "100 Continue" comes before the real one. */
static size_t take_header(char *bytes, size_t size, size_t count, void *context)
{
	struct exchange *exchange = context;
	const struct str line = str_trim((struct str){bytes, size * count});
	const size_t colon = str_index(line, ':');

	if (str_starts_folded(line, "HTTP/")) {
		exchange->answer.headers = (struct http_header_list){0};
	} else if (colon < line.len) {
		const char *value = str_copy(exchange->arena, str_trim(str_slice(line, colon + 1, line.len)));

		http_header_add(&exchange->answer.headers, exchange->arena,
		                str_copy(exchange->arena, str_slice(line, 0, colon)), value);
		if (str_starts_folded(line, "date:"))
			read_clock(exchange->http, value);
	}
	return size * count;
}

static long status_of(struct exchange *exchange)
{
	long status = 0;

	exchange->http->curl->easy_getinfo(exchange->http->easy, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

/* A server that knows no ranges sends everything again: the beginning is passed over. */
static bool pass_on(struct exchange *exchange, struct str bytes)
{
	if (status_of(exchange) == 200 && exchange->to_skip) {
		const size_t had = bytes.len < exchange->to_skip ? bytes.len : (size_t)exchange->to_skip;

		exchange->to_skip -= had;
		bytes = str_slice(bytes, had, bytes.len);
	}
	if (bytes.len && !sink_write(exchange->request->into, bytes, exchange->err))
		return false;
	exchange->answer.received += bytes.len;
	return true;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
	struct exchange *exchange = context;
	const struct str text = {bytes, size * count};

	if (exchange->request->into && status_of(exchange) / 100 == 2) {
		exchange->has_failed = !pass_on(exchange, text);
		return exchange->has_failed ? 0 : text.len;
	}
	if (exchange->body.len + text.len > MOST_ANSWER_SIZE)
		return 0;
	buffer_add(&exchange->body, text);
	return text.len;
}

/* Nothing there yet: the transfer rests until the descriptor has something, see wait_for_more(). */
static size_t give_body(char *bytes, size_t size, size_t count, void *context)
{
	struct exchange *exchange = context;
	const ssize_t got = read(*exchange->request->body_from, bytes, size * count);

	exchange->answer.was_body_read = true;
	if (exchange->http->is_stopped || (got < 0 && errno != EAGAIN && errno != EINTR))
		return CURL_READFUNC_ABORT;
	exchange->is_paused = got < 0;
	return got < 0 ? CURL_READFUNC_PAUSE : (size_t)got;
}

/* --- making the request ---------------------------------------------------- */

/*
 * A header or a limit that curl had no memory for is a request without it: unconditional where it should
 * have been conditional. It is not sent then.
 */
static void note_setting(struct exchange *exchange, CURLcode result)
{
	exchange->lacks_memory |= result == CURLE_OUT_OF_MEMORY;
}

#define SET(exchange, option, value) \
	note_setting((exchange), (exchange)->http->curl->easy_setopt((exchange)->http->easy, (option), (value)))

static void add_header(struct exchange *exchange, const char *line)
{
	struct curl_slist *longer = exchange->http->curl->slist_append(exchange->headers, line);

	if (longer)
		exchange->headers = longer;
	else
		exchange->lacks_memory = true;
}

static void set_headers(struct exchange *exchange)
{
	const struct http_request *request = exchange->request;
	const struct http_header_list *headers = &request->headers;

	for (size_t i = 0; i < headers->count; i++)
		add_header(exchange, arena_printf(exchange->arena, headers->items[i].value[0] ? "%s: %s" : "%s;%s",
		                                  headers->items[i].name, headers->items[i].value));
	/* curl would call the body a form. */
	if (!http_header_find(headers, "content-type"))
		add_header(exchange, "Content-Type:");
	if (request->body_from) {
		add_header(exchange, "Transfer-Encoding: chunked");
		add_header(exchange, "Expect: 100-continue");
	}
	if (request->skip)
		add_header(exchange,
		           arena_printf(exchange->arena, "Range: bytes=%llu-", (unsigned long long)request->skip));
	SET(exchange, CURLOPT_HTTPHEADER, exchange->headers);
}

static void set_body(struct exchange *exchange)
{
	const struct http_request *request = exchange->request;
	const bool has_body = strcmp(request->method, "PUT") == 0 || strcmp(request->method, "POST") == 0;

	if (request->body_from) {
		SET(exchange, CURLOPT_UPLOAD, 1L);
		SET(exchange, CURLOPT_READFUNCTION, give_body);
		SET(exchange, CURLOPT_READDATA, exchange);
	} else if (has_body) {
		SET(exchange, CURLOPT_POSTFIELDS, request->body.len ? request->body.text : "");
		SET(exchange, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
	}
	if (strcmp(request->method, "HEAD") == 0)
		SET(exchange, CURLOPT_NOBODY, 1L);
	else
		SET(exchange, CURLOPT_CUSTOMREQUEST, request->method);
}

static void set_limits(struct exchange *exchange)
{
	const struct http_options *options = &exchange->http->options;
	const int times = exchange->request->patience ? exchange->request->patience : 1;
	const int64_t patience_s = (options->patience_ms * times + 999) / 1000;

	SET(exchange, CURLOPT_CONNECTTIMEOUT,
	    (long)(patience_s < CONNECT_TIMEOUT_S ? patience_s : CONNECT_TIMEOUT_S));
	SET(exchange, CURLOPT_LOW_SPEED_LIMIT,
	    (long)(exchange->request->body_from ? SLOWEST_BYTES_PER_S : SLOWEST_OF_A_SERVER));
	SET(exchange, CURLOPT_LOW_SPEED_TIME, (long)patience_s);
	if (!exchange->request->body_from && !exchange->request->into && exchange->request->body.len < SMALL_SIZE)
		SET(exchange, CURLOPT_TIMEOUT, (long)(patience_s * MOST_PATIENCES));
	SET(exchange, CURLOPT_EXPECT_100_TIMEOUT_MS, (long)CONTINUE_TIMEOUT_MS);
	SET(exchange, CURLOPT_TCP_KEEPALIVE, 1L);
	/* What gets lost on a connection used before, curl sends again by itself, and says nothing. */
	SET(exchange, CURLOPT_FRESH_CONNECT, exchange->request->is_decisive ? 1L : 0L);
}

/*
 * PATH_AS_IS, because the path is signed and may hold "..": curl would shorten it. NOSIGNAL, because of
 * threads.
 */
static void set_up(struct exchange *exchange)
{
	const char *ca_bundle = getenv(exchange->http->options.ca_variable);

	exchange->http->curl->easy_reset(exchange->http->easy);
	SET(exchange, CURLOPT_URL, exchange->request->url);
	SET(exchange, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(exchange, CURLOPT_PATH_AS_IS, 1L);
	SET(exchange, CURLOPT_NOSIGNAL, 1L);
	SET(exchange, CURLOPT_USERAGENT, "rung/" RUNG_VERSION);
	SET(exchange, CURLOPT_ERRORBUFFER, exchange->words);
	SET(exchange, CURLOPT_UPLOAD_BUFFERSIZE, (long)UPLOAD_BUFFER_SIZE);
	SET(exchange, CURLOPT_HEADERFUNCTION, take_header);
	SET(exchange, CURLOPT_HEADERDATA, exchange);
	SET(exchange, CURLOPT_WRITEFUNCTION, take_body);
	SET(exchange, CURLOPT_WRITEDATA, exchange);
	if (ca_bundle && *ca_bundle)
		SET(exchange, CURLOPT_CAINFO, ca_bundle);
	set_limits(exchange);
	set_body(exchange);
	set_headers(exchange);
}

/* --- carrying it ----------------------------------------------------------- */

/* Sleeps until something happens: on the network, on the body's descriptor, to us. */
static void wait_for_more(struct exchange *exchange)
{
	struct curl_waitfd wake[2];
	unsigned count = 0;

	if (!exchange->request->is_last_word && interrupt_fd() >= 0)
		wake[count++] = (struct curl_waitfd){.fd = interrupt_fd(), .events = CURL_WAIT_POLLIN};
	if (exchange->is_paused)
		wake[count++] = (struct curl_waitfd){.fd = *exchange->request->body_from, .events = CURL_WAIT_POLLIN};
	exchange->http->curl->multi_poll(exchange->http->multi, wake, count, 1000, NULL);
	if (exchange->is_paused) {
		exchange->is_paused = false;
		exchange->http->curl->easy_pause(exchange->http->easy, CURLPAUSE_CONT);
	}
}

static bool must_stop(const struct exchange *exchange)
{
	return exchange->http->is_stopped || (!exchange->request->is_last_word && interrupt_requested());
}

/* Yields curl's verdict, or false when we were asked to stop before there was one. */
static bool carry(struct exchange *exchange, CURLcode *result)
{
	const struct curl_library *curl = exchange->http->curl;

	for (;;) {
		int running = 0;
		int left;

		if (must_stop(exchange))
			return false;
		curl->multi_perform(exchange->http->multi, &running);
		const CURLMsg *message = curl->multi_info_read(exchange->http->multi, &left);
		if (message && message->msg == CURLMSG_DONE) {
			*result = message->data.result;
			return true;
		}
		wait_for_more(exchange);
	}
}

/* What trying again does not fix. */
static bool is_hopeless(CURLcode result)
{
	return result == CURLE_PEER_FAILED_VERIFICATION || result == CURLE_SSL_CACERT_BADFILE ||
	       result == CURLE_UNSUPPORTED_PROTOCOL || result == CURLE_URL_MALFORMAT ||
	       result == CURLE_SSL_CERTPROBLEM;
}

static bool is_about_certificates(CURLcode result)
{
	return result == CURLE_PEER_FAILED_VERIFICATION || result == CURLE_SSL_CACERT_BADFILE;
}

static void conclude(struct exchange *exchange, CURLcode result)
{
	struct http_answer *answer = &exchange->answer;

	answer->status = (int)status_of(exchange);
	answer->body = (struct str){buffer_cstr(&exchange->body), exchange->body.len};
	/* A server that refuses early hangs up while we still send: its answer counts, not that. */
	if (result == CURLE_OK || (answer->status >= 400 && !exchange->has_failed))
		return;
	answer->is_hopeless = is_hopeless(result);
	if (is_about_certificates(result))
		answer->advice = arena_printf(exchange->arena,
		                              "The certificate must be for this host, and of an authority known to "
		                              "the system or in the file that %s names.",
		                              exchange->http->options.ca_variable);
	answer->trouble = arena_strdup(
	    exchange->arena, exchange->words[0] ? exchange->words : exchange->http->curl->easy_strerror(result));
}

static bool exchange_once(struct exchange *exchange)
{
	const struct curl_library *curl = exchange->http->curl;
	CURLcode result = CURLE_OK;

	curl->multi_add_handle(exchange->http->multi, exchange->http->easy);
	const bool is_done = carry(exchange, &result);
	curl->multi_remove_handle(exchange->http->multi, exchange->http->easy);
	if (is_done)
		conclude(exchange, result);
	return is_done;
}

/* A header less may mean another request: without "if-none-match" an upload replaces what is there. */
static bool prepare(struct exchange *exchange)
{
	set_up(exchange);
	return !exchange->lacks_memory ||
	       error_set(exchange->err, ERROR_STORAGE, "could not make a request: out of memory");
}

bool http_exchange(struct http *http, const struct http_request *request, struct arena *arena,
                   struct http_answer *out, struct error *err)
{
	struct exchange exchange = {
	    .request = request,
	    .http = http,
	    .arena = arena,
	    .body = {.arena = arena},
	    .to_skip = request->skip,
	    .err = err,
	};

	const bool is_ready = prepare(&exchange);
	const bool is_done = is_ready && exchange_once(&exchange);
	http->curl->slist_free_all(exchange.headers);
	if (is_ready && !is_done)
		return error_set(err, ERROR_CANCELLED, "cancelled");
	if (!is_ready || exchange.has_failed)
		return false;
	*out = exchange.answer;
	return true;
}

/* --- which servers --------------------------------------------------------- */

static bool is_this_machine(struct str host)
{
	static const char *const ends[] = {"", ":", "/"};
	static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const struct str rest = str_slice(host, strlen(names[i]), host.len);

		for (size_t j = 0; str_starts_folded(host, names[i]) && j < sizeof(ends) / sizeof(*ends); j++)
			if (j == 0 ? rest.len == 0 : str_starts(rest, ends[j]))
				return true;
	}
	return false;
}

/* "https://name:password@host": what curl would take as the host is after the @. */
static bool has_password(struct str url)
{
	const struct str rest = str_slice(url, strlen("http://"), url.len);
	const size_t end = str_index(str_slice(rest, 1, rest.len), '/') + 1;

	return str_index(str_slice(rest, 0, end), '@') < end;
}

bool http_check_url(const char *url, struct error *err)
{
	const struct str text = str_of(url);
	const struct str host = str_slice(text, strlen("http://"), text.len);
	const char *allowed = getenv("RUNG_BACKUP_ALLOW_HTTP");

	if (has_password(text)) /* and is therefore not shown */
		return error_set(err, ERROR_CONFIG, "cannot use a name or password inside the URL of a store");
	if (str_starts_folded(text, "https://"))
		return true;
	if (!str_starts_folded(text, "http://"))
		return error_set(err, ERROR_CONFIG,
		                 "cannot use \"%s\" for backups: it is neither https:// nor http://", url);
	if (is_this_machine(host) || (allowed && strcmp(allowed, "1") == 0))
		return true;
	error_set(err, ERROR_CONFIG, "cannot send backups to \"%s\": the connection is not encrypted", url);
	return error_hint(err, "Use https://, or set RUNG_BACKUP_ALLOW_HTTP=1 on a trusted network.");
}
