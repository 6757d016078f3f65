/*
 * A server that takes HTTPS PUT as a store; a token from RUNG_BACKUP_TOKEN.
 *
 * What is small is sent with its length, and again when it got lost. What is
 * large is sent in chunks while it is made, and then there is one try only:
 * it is not kept. Where a server wants a length first (411), the rest is
 * spooled to a nameless temporary file, encrypted as it comes here, and sent
 * from there. HTTP has no listing, so none is pretended.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/scratch.h"
#include "base/thread.h"
#include "store/retry.h"
#include "store/store_kind.h"

enum {
	PATIENCE_MS = 60 * 1000,
	SMALL_SIZE = 1024 * 1024,
	CHUNK_SIZE = 64 * 1024,
};

struct web_store {
	struct store store;
	struct http_options options;
	struct http *http;
	const char *authorization; /* "Bearer ..."; NULL without a token */
	int most_tries;
	int64_t retry_ms;
	struct reporter *reporter;
};

static struct web_store *web_store_of(struct store *store)
{
	return (struct web_store *)store;
}

/* --- opening ------------------------------------------------------------------ */

/* A line end in it would begin another header. */
static bool read_token(struct web_store *store, struct arena *arena, struct error *err)
{
	const char *token = getenv("RUNG_BACKUP_TOKEN");

	for (const char *c = token ? token : ""; *c; c++)
		if (*c <= ' ' || *c == 0x7f)
			return error_set(err, ERROR_CONFIG, "cannot use RUNG_BACKUP_TOKEN: it is not one word");
	if (token && *token)
		store->authorization = arena_printf(arena, "Bearer %s", token);
	return true;
}

/* A query would be a part of every object's name, and what stands after "#" is never sent. */
static bool check_url(const char *url, struct error *err)
{
	if (strpbrk(url, "?#"))
		return error_set(err, ERROR_CONFIG, "cannot keep backups at a URL with \"?\" or \"#\"");
	return http_check_url(url, err);
}

static void web_close(struct store *store)
{
	http_close(&web_store_of(store)->http);
}

/* At the end of a command that failed nobody waits for the tries of a server that is away. */
static void web_hurry(struct store *store)
{
	web_store_of(store)->most_tries = 1;
}

/* --- requests ------------------------------------------------------------------- */

static char *url_of(const struct store *store, const char *name, struct arena *arena)
{
	return arena_printf(arena, "%s/%s", store->name, uri_encode(arena, str_of(name), URI_KEEP_SLASH));
}

static struct http_request request_of(const struct web_store *store, const char *method, const char *url,
                                      struct arena *arena)
{
	struct http_request request = {.method = method, .url = url};

	if (store->authorization)
		http_header_add(&request.headers, arena, "authorization", store->authorization);
	return request;
}

/* Before another try: says so, and waits on behalf of `http`. */
static bool wait_for_next_try(const struct web_store *store, const struct http *http,
                              const struct http_request *request, const struct http_answer *answer, int tries,
                              struct error *err)
{
	scoped_arena struct arena arena = {0};
	const int64_t wait_ms = retry_wait_ms(tries, store->retry_ms, answer);

	retry_say(store->reporter, retry_task(request->method, request->url, &arena), answer, "", tries, wait_ms);
	return retry_wait(http, wait_ms, false) || error_set(err, ERROR_CANCELLED, "cancelled");
}

/*
 * The rest of a download that broke off must be that of the same object. A weak tag ("W/...") would never
 * match.
 */
static void insist_on_object(struct http_request *request, const struct http_answer *answer,
                             struct arena *arena)
{
	const char *etag = http_header_find(&answer->headers, "etag");

	if (answer->received && etag && !str_starts(str_of(etag), "W/") &&
	    !http_header_find(&request->headers, "if-match"))
		http_header_add(&request->headers, arena, "if-match", etag);
}

/* Asks until there is a clear answer or the tries are used up; a broken download is continued. */
static bool ask(const struct web_store *store, struct http *http, struct http_request *request,
                struct arena *arena, struct http_answer *out, struct error *err)
{
	for (int tries = 1;; tries++) {
		if (!http_exchange(http, request, arena, out, err))
			return false;
		request->skip += out->received;
		insist_on_object(request, out, arena);
		if (http_is_good(out) || !retry_is_due(out) || out->was_body_read || tries == store->most_tries)
			return true;
		if (!wait_for_next_try(store, http, request, out, tries, err))
			return false;
	}
}

static bool refused(const char *what, const char *url, const struct http_answer *answer, struct error *err)
{
	if (answer->trouble) {
		error_set(err, ERROR_STORAGE, "could not %s \"%s\": %s", what, url, answer->trouble);
		return answer->advice ? error_hint(err, "%s", answer->advice) : false;
	}
	error_set(err, ERROR_STORAGE, "could not %s \"%s\": the server answered HTTP %d", what, url,
	          answer->status);
	if (answer->status / 100 == 3)
		error_hint(err, HTTP_REDIRECT_HINT);
	if (answer->status == 401 || answer->status == 403)
		error_hint(err, "Check RUNG_BACKUP_TOKEN.");
	if (answer->status == 412)
		error_hint(err, "It was replaced while it was read. Try again.");
	if (answer->status == 409)
		error_hint(err, "The server may require the directory to be created first.");
	return false;
}

/* --- opening ------------------------------------------------------------------ */

#define PROBE_TEXT "rung may write here.\n"

/*
 * A proxy that wants a name and a password, or a server that shows its start page for every name, answers any
 * request with 200. What was just written is therefore read back. A server that lets nobody read says so, and
 * is believed.
 */
static bool check_was_written(const struct web_store *store, const char *url, struct arena *arena,
                              struct error *err)
{
	struct http_request request = request_of(store, "GET", url, arena);
	struct http_answer answer;

	if (!ask(store, store->http, &request, arena, &answer, err))
		return false;
	if (!http_is_good(&answer) || str_equal(answer.body, STR(PROBE_TEXT)))
		return true;
	error_set(err, ERROR_STORAGE,
	          "could not write to \"%s\": the server accepted \"%s\" and returned something else for it",
	          store->store.name, url);
	return error_hint(err, "A proxy may be answering in its place, or the address is not one that takes "
	                       "PUT. Open it with a browser or curl.");
}

/*
 * A little object, removed again where that is allowed: a refusal shows before anything is locked or dumped.
 * A server that replaces nothing took the first of them.
 */
static bool check_may_write(struct web_store *store, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *url = url_of(&store->store, ".rung-may-write", &arena);
	struct http_request request = request_of(store, "PUT", url, &arena);
	struct http_request removal = request_of(store, "DELETE", url, &arena);
	struct http_answer answer;

	request.body = STR(PROBE_TEXT);
	if (!ask(store, store->http, &request, &arena, &answer, err))
		return false;
	if (!http_is_good(&answer) && (answer.trouble || answer.status != 412))
		return refused("write to", store->store.name, &answer, err);
	return check_was_written(store, url, &arena, err) &&
	       http_exchange(store->http, &removal, &arena, &answer, err);
}

static bool web_open(const struct store_options *options, struct arena *arena, struct store **out,
                     struct error *err)
{
	struct web_store *store = arena_new(arena, struct web_store);
	const struct http_options http = {
	    .ca_variable = "SSL_CERT_FILE",
	    .patience_ms = options->patience_ms ? options->patience_ms : PATIENCE_MS,
	};
	size_t len = strlen(options->url);

	while (len > 0 && options->url[len - 1] == '/')
		len--;
	store->store.name = arena_strndup(arena, options->url, len);
	store->options = http;
	store->most_tries = RETRY_MOST_TRIES;
	store->retry_ms = options->retry_ms;
	store->reporter = options->reporter;
	*out = &store->store;
	return check_url(options->url, err) && read_token(store, arena, err) &&
	       http_open(&http, &store->http, err) && (!options->will_write || check_may_write(store, err));
}

/* --- writing ------------------------------------------------------------------ */

struct web_sink {
	struct sink sink;
	struct arena arena; /* this struct lies on it */
	struct web_store *store;
	struct http *http; /* of the thread, so that stopping it does not end the store's */
	const char *url;
	struct buffer small; /* what came so far, until it is not small any more */
	pthread_t thread;
	bool is_sending; /* the thread runs: it reads what we write into the pipe */
	int write_end;
	int read_end;
	bool is_sent; /* the thread's result, when it has ended */
	struct error failure;
};

static struct web_sink *web_sink_of(struct sink *sink)
{
	return (struct web_sink *)sink;
}

static bool judge_put(const struct web_sink *put, const struct http_answer *answer, struct error *err)
{
	if (http_is_good(answer))
		return true;
	if (!answer->trouble && answer->status == 412)
		return error_set(err, ERROR_STORAGE, "cannot write \"%s\": it exists", put->url);
	return refused("write", put->url, answer, err);
}

/*
 * "If-None-Match: *": a backup never replaces one. Servers that do not know the condition store it as if it
 * were not there; names are random, so nothing is lost by that.
 */
static struct http_request put_request(const struct web_sink *put, struct arena *arena)
{
	struct http_request request = request_of(put->store, "PUT", put->url, arena);

	request.is_decisive = true;
	http_header_add(&request.headers, arena, "if-none-match", "*");
	http_header_add(&request.headers, arena, "content-type", "application/octet-stream");
	return request;
}

/* When a reply got lost, an object that is there now is the one we sent: names are random. */
static bool send_whole(const struct web_sink *put, struct http *http, struct str body, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct http_request request = put_request(put, &arena);
	struct http_answer answer;
	bool may_have_happened = false;

	request.body = body;
	for (int tries = 1;; tries++) {
		if (!http_exchange(http, &request, &arena, &answer, err))
			return false;
		if (may_have_happened && answer.status == 412)
			return true;
		if (http_is_good(&answer) || !retry_is_due(&answer) || tries == put->store->most_tries)
			return judge_put(put, &answer, err);
		may_have_happened = true;
		if (!wait_for_next_try(put->store, http, &request, &answer, tries, err))
			return false;
	}
}

/* --- the thread that sends ----------------------------------------------------- */

/* 411 asks for a length, 417 is said by those who do not know "Expect": both get the body with its length. */
static bool wants_length(const struct http_answer *answer)
{
	return !answer->trouble && !answer->was_body_read && (answer->status == 411 || answer->status == 417);
}

/* The pipe is non-blocking for curl's sake; here there is nothing else to do but wait. */
static bool spool(const struct web_sink *put, int fd, struct error *err)
{
	scoped_sink struct sink *file = descriptor_open(fd, "a temporary file");
	char chunk[CHUNK_SIZE];

	fcntl(put->read_end, F_SETFL, 0);
	for (;;) {
		const ssize_t got = read(put->read_end, chunk, sizeof(chunk));

		if (got == 0)
			return sink_finish(file, err);
		if (got < 0 && errno != EINTR)
			return error_set(err, ERROR_STORAGE, "could not read from a pipe: %m");
		if (got > 0 && !sink_write(file, (struct str){chunk, (size_t)got}, err))
			return false;
	}
}

static bool send_spooled(const struct web_sink *put, struct error *err)
{
	scoped_fd int fd = -1;

	if (!scratch_open(0, &fd, err) || !spool(put, fd, err))
		return false;
	const off_t size = lseek(fd, 0, SEEK_END);
	void *bytes = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return error_set(err, ERROR_STORAGE, "could not read a temporary file: %m");
	const bool is_sent = send_whole(put, put->http, (struct str){bytes, (size_t)size}, err);
	munmap(bytes, (size_t)size);
	return is_sent;
}

static bool send_chunks(const struct web_sink *put, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct http_request request = put_request(put, &arena);
	struct http_answer answer;

	request.body_from = &put->read_end;
	if (!ask(put->store, put->http, &request, &arena, &answer, err))
		return false;
	if (wants_length(&answer))
		return send_spooled(put, err);
	return judge_put(put, &answer, err);
}

/* Closing the read end tells the writer that nobody listens any more. */
static void *send_from_pipe(void *context)
{
	struct web_sink *put = context;

	put->is_sent = send_chunks(put, &put->failure);
	fd_clear(&put->read_end);
	return NULL;
}

static bool start_sending(struct web_sink *put, struct error *err)
{
	int ends[2];

	if (!http_open(&put->store->options, &put->http, err))
		return false;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_set(err, ERROR_STORAGE, "could not make a pipe: %m");
	put->read_end = ends[0];
	put->write_end = ends[1];
	fcntl(put->read_end, F_SETFL, O_NONBLOCK);
	put->is_sending = thread_start(&put->thread, send_from_pipe, put);
	return put->is_sending || error_set(err, ERROR_STORAGE, "could not start a thread");
}

/* Joined before its result is read: that is what makes `is_sent` and `failure` the thread's last word. */
static void end_sending(struct web_sink *put)
{
	fd_clear(&put->write_end);
	if (put->is_sending)
		pthread_join(put->thread, NULL);
	put->is_sending = false;
}

/* --- the sink -------------------------------------------------------------------- */

/* Into the pipe; when nobody listens there, the thread knows why. */
static bool feed(struct web_sink *put, struct str bytes, struct error *err)
{
	if (file_write_all(put->write_end, bytes))
		return true;
	end_sending(put);
	*err = put->failure;
	return !put->is_sent ? false
	                     : error_set(err, ERROR_STORAGE,
	                                 "could not write \"%s\": the server answered too early", put->url);
}

static bool web_write(struct sink *sink, struct str bytes, struct error *err)
{
	struct web_sink *put = web_sink_of(sink);

	if (put->write_end >= 0)
		return feed(put, bytes, err);
	if (put->small.len + bytes.len <= SMALL_SIZE) {
		buffer_add(&put->small, bytes);
		return true;
	}
	return start_sending(put, err) && feed(put, buffer_str(&put->small), err) && feed(put, bytes, err);
}

static bool web_finish(struct sink *sink, struct error *err)
{
	struct web_sink *put = web_sink_of(sink);

	if (put->write_end < 0)
		return send_whole(put, put->store->http, buffer_str(&put->small), err);
	end_sending(put);
	if (!put->is_sent)
		*err = put->failure;
	return put->is_sent;
}

/* Told to stop first: the end of the pipe must not look like the end of the data. */
static void web_discard(struct sink *sink)
{
	struct web_sink *put = web_sink_of(sink);

	if (!put->is_sending)
		return;
	http_stop(put->http);
	end_sending(put);
}

static void web_close_sink(struct sink *sink)
{
	struct web_sink *put = web_sink_of(sink);
	struct arena arena;

	fd_clear(&put->write_end);
	fd_clear(&put->read_end);
	http_close(&put->http);
	arena = put->arena;
	arena_clear(&arena);
}

static bool web_put(struct store *store, const char *name, struct sink **out, struct error *err)
{
	static const struct sink_class class = {web_write, web_finish, web_discard, web_close_sink};
	struct arena arena = {0};
	struct web_sink *put = arena_new(&arena, struct web_sink);

	(void)err;
	*put = (struct web_sink){
	    .sink.class = &class,
	    .store = web_store_of(store),
	    .url = url_of(store, name, &arena),
	    .write_end = -1,
	    .read_end = -1,
	};
	put->arena = arena;
	put->small.arena = &put->arena;
	*out = &put->sink;
	return true;
}

/* --- reading, removing ---------------------------------------------------------- */

static bool web_get(struct store *store, const char *name, struct sink *into, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct http_request request = request_of(web_store_of(store), "GET", url_of(store, name, &arena), &arena);
	struct http_answer answer;

	request.into = into;
	if (!ask(web_store_of(store), web_store_of(store)->http, &request, &arena, &answer, err))
		return false;
	store->has_none = !answer.trouble && (answer.status == 404 || answer.status == 410);
	return http_is_good(&answer) ? sink_finish(into, err) : refused("read", request.url, &answer, err);
}

static bool web_list(struct store *store, const char *prefix, struct arena *arena, struct object_list *out,
                     struct error *err)
{
	(void)prefix, (void)arena, (void)out;
	error_set(err, ERROR_STORAGE, "cannot list \"%s\": HTTP has no way to list files", store->name);
	return error_hint(err, "Name a backup by its id, or keep backups in a directory or in object storage.");
}

/* Gone already is as good: a removal that is tried again after a lost answer meets its own work. */
static bool web_remove(struct store *store, const char *name, struct arena *arena,
                       const char **retained_until, struct error *err)
{
	struct http_request request =
	    request_of(web_store_of(store), "DELETE", url_of(store, name, arena), arena);
	struct http_answer answer;

	(void)retained_until;
	if (!ask(web_store_of(store), web_store_of(store)->http, &request, arena, &answer, err))
		return false;
	return http_is_good(&answer) || answer.status == 404 || answer.status == 410 ||
	       refused("remove", request.url, &answer, err);
}

static bool web_clock(struct store *store, int64_t *ahead_s)
{
	return http_clock(web_store_of(store)->http, ahead_s);
}

const struct store_kind store_web = {
    .open = web_open,
    .close = web_close,
    .hurry = web_hurry,
    .clock = web_clock,
    .put = web_put,
    .get = web_get,
    .list = web_list,
    .remove = web_remove,
};
