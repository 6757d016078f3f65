/*
 * Two threads, each with a line to the bucket, take parts from one queue. With
 * threads a part is sent while pg_dump keeps us waiting, and its
 * encryption and digests use another processor than the dump's compression.
 * They take no signals and touch nothing but the queue, under its lock; the
 * reporter hears of their retries.
 */
#include "store/multipart.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/digest.h"
#include "base/number_text.h"
#include "base/thread.h"
#include "crypto/base64.h"

enum {
	WORKERS = 2,
	BUFFERS = WORKERS, /* a third gains nothing: what fills faster than it is sent waits in any case */
	MEBIBYTE = 1024 * 1024,
	COMFORTABLE_PARTS = 8000,
	PATIENCE_TO_COMPLETE = 10, /* joining thousands of parts may take a store minutes */
};

enum buffer_state { BUFFER_FREE, BUFFER_FILLING, BUFFER_WAITING, BUFFER_SENDING };

/* A part in memory. */
struct part {
	char *bytes;
	size_t len;
	unsigned number; /* from 1 */
	enum buffer_state state;
};

struct multipart;

struct worker {
	struct multipart *upload;
	struct bucket *bucket;
	pthread_t thread;
	bool is_running;
};

struct multipart {
	struct sink sink;
	struct arena arena; /* this struct lies on it */
	struct bucket *bucket;
	const char *name;
	const char *path; /* for messages */
	size_t part_size;
	uint64_t size;
	const char *upload_id; /* NULL while it all fits into one part */
	struct part *filling;
	struct part parts[BUFFERS];
	struct worker workers[WORKERS];
	bool is_conditional; /* ask the server to refuse when the object exists */
	unsigned count;      /* parts handed over */

	/* The queue: everything below, and the parts' states, under the lock. */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	const char **etags; /* by part */
	size_t etag_count;
	bool is_closing;
	bool has_failed;
	struct error failure;
};

static struct multipart *multipart_of(struct sink *sink)
{
	return (struct multipart *)sink;
}

/*
 * The same for all parts, as some stores demand, and in whole MiB. A store takes ten thousand of them:
 * reckoning with eight leaves room for a dump that is larger than was expected.
 */
uint64_t multipart_size(uint64_t expected_size)
{
	const uint64_t needed = (expected_size / COMFORTABLE_PARTS + MEBIBYTE - 1) / MEBIBYTE * MEBIBYTE;

	return needed > MULTIPART_SMALLEST_SIZE ? needed : MULTIPART_SMALLEST_SIZE;
}

/* Some stores want it from anyone who writes where objects are locked. */
static void add_md5(struct http_header_list *headers, struct str body, struct arena *arena)
{
	uint8_t md5[MD5_SIZE];
	char text[BASE64_SIZE(MD5_SIZE)];

	if (digest_md5(body, md5))
		http_header_add(headers, arena, "content-md5",
		                arena_strdup(arena, base64_encode(md5, sizeof(md5), BASE64_PADDED, text)));
}

/* --- beginning, giving up --------------------------------------------------- */

static bool begin(struct bucket *bucket, const char *name, const char *path, struct arena *arena,
                  const char **upload_id, struct error *err)
{
	struct bucket_call call = {.method = "POST", .name = name, .expected = "InitiateMultipartUploadResult"};
	const char *what = arena_printf(arena, "begin to write \"%s\"", path);
	struct bucket_answer answer;

	http_header_add(&call.query, arena, "uploads", "");
	if (!bucket_must(bucket, &call, what, arena, &answer, err))
		return false;
	*upload_id = http_header_find(&answer.document.fields, "UploadId");
	return *upload_id || error_set(err, ERROR_STORAGE, "could not %s: the server named no upload", what);
}

bool multipart_abort(struct bucket *bucket, const char *name, const char *upload_id, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct bucket_call call = {
	    .method = "DELETE", .name = name, .task = "aborting an upload", .is_last_word = true};
	struct bucket_answer answer;

	http_header_add(&call.query, &arena, "uploadId", upload_id);
	if (!bucket_ask(bucket, &call, &arena, &answer, err))
		return false;
	return answer.is_good || answer.http.status == 404 ||
	       bucket_refused(
	           &answer, arena_printf(&arena, "abort writing \"%s\"", bucket_path(bucket, name, &arena)), err);
}

/*
 * To begin an upload shows the right to write and takes no other: who makes backups need not be able to
 * read or remove them.
 */
bool multipart_check(struct bucket *bucket, struct error *err)
{
	static const char name[] = ".rung-may-write";
	scoped_arena struct arena arena = {0};
	struct error ignored = {0};
	const char *upload_id;

	if (!begin(bucket, name, bucket->url, &arena, &upload_id, err))
		return false;
	/* When it stays: an upload without parts costs nothing, and a sweep finds it. */
	(void)!multipart_abort(bucket, name, upload_id, &ignored);
	return true;
}

/* --- workers ----------------------------------------------------------------- */

/*
 * The length of a part is known and its bytes are kept until it is there, so a part can be sent again; that
 * is what makes an upload of hours survive a line that breaks every few minutes.
 */
static bool send_part(struct worker *worker, const struct part *part, struct arena *arena, const char **etag,
                      struct error *err)
{
	struct multipart *upload = worker->upload;
	struct bucket_call call = {
	    .method = "PUT",
	    .name = upload->name,
	    .body = {part->bytes, part->len},
	    .task = arena_printf(arena, "upload of part %u", part->number),
	};
	struct bucket_answer answer;

	http_header_add(&call.query, arena, "partNumber", number_text(arena, part->number));
	http_header_add(&call.query, arena, "uploadId", upload->upload_id);
	add_md5(&call.headers, call.body, arena);
	if (!bucket_must(worker->bucket, &call, arena_printf(arena, "write \"%s\"", upload->path), arena, &answer,
	                 err))
		return false;
	*etag = http_header_find(&answer.http.headers, "etag");
	return *etag ||
	       error_set(err, ERROR_STORAGE, "could not write \"%s\": the server did not confirm part %u",
	                 upload->path, part->number);
}

/*
 * Under the lock. The first failure is the one to tell. The first failure is the cause, those after it are
 * its consequences.
 */
static void note_failure(struct multipart *upload, const struct error *err)
{
	if (!upload->has_failed)
		upload->failure = *err;
	upload->has_failed = true;
	pthread_cond_broadcast(&upload->changed);
}

/*
 * Under the lock. Parts may come home out of order. Parts end in any order, and the completing list must be
 * in theirs.
 */
static void note_etag(struct multipart *upload, unsigned number, const char *etag)
{
	while (upload->etag_count < number)
		*ARENA_PUSH(&upload->arena, upload->etags, upload->etag_count) = NULL;
	upload->etags[number - 1] = arena_strdup(&upload->arena, etag);
}

/* Under the lock; NULL when there will be no more. */
static struct part *next_part(struct multipart *upload)
{
	for (;;) {
		struct part *next = NULL;

		if (upload->has_failed)
			return NULL;
		for (size_t i = 0; i < BUFFERS; i++)
			if (upload->parts[i].state == BUFFER_WAITING && (!next || upload->parts[i].number < next->number))
				next = &upload->parts[i];
		if (next || upload->is_closing)
			return next;
		pthread_cond_wait(&upload->changed, &upload->lock);
	}
}

static void *work(void *context)
{
	struct worker *worker = context;
	struct multipart *upload = worker->upload;
	struct part *part;

	pthread_mutex_lock(&upload->lock);
	while ((part = next_part(upload))) {
		scoped_arena struct arena arena = {0};
		struct error err = {0};
		const char *etag;

		part->state = BUFFER_SENDING;
		pthread_mutex_unlock(&upload->lock);
		const bool is_sent = send_part(worker, part, &arena, &etag, &err);
		pthread_mutex_lock(&upload->lock);
		part->state = BUFFER_FREE;
		if (is_sent)
			note_etag(upload, part->number, etag);
		else
			note_failure(upload, &err);
		pthread_cond_broadcast(&upload->changed);
	}
	pthread_mutex_unlock(&upload->lock);
	return NULL;
}

static bool start_worker(struct worker *worker, struct error *err)
{
	if (!bucket_again(worker->upload->bucket, &worker->bucket, err))
		return false;
	worker->is_running = thread_start(&worker->thread, work, worker);
	return worker->is_running || error_set(err, ERROR_STORAGE, "could not start a thread");
}

static void join_workers(struct multipart *upload)
{
	pthread_mutex_lock(&upload->lock);
	upload->is_closing = true;
	pthread_cond_broadcast(&upload->changed);
	pthread_mutex_unlock(&upload->lock);
	for (size_t i = 0; i < WORKERS; i++) {
		if (upload->workers[i].is_running)
			pthread_join(upload->workers[i].thread, NULL);
		upload->workers[i].is_running = false;
		bucket_close(&upload->workers[i].bucket);
	}
}

/* --- filling and handing over ---------------------------------------------- */

static bool start_upload(struct multipart *upload, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *upload_id;

	if (!begin(upload->bucket, upload->name, upload->path, &arena, &upload_id, err))
		return false;
	upload->upload_id = arena_strdup(&upload->arena, upload_id);
	for (size_t i = 0; i < WORKERS; i++) {
		upload->workers[i].upload = upload;
		if (!start_worker(&upload->workers[i], err))
			return false;
	}
	return true;
}

/* The lock is given up while waiting; workers end their wait when we are asked to stop. */
static bool take_free_part(struct multipart *upload, struct error *err)
{
	struct part *part = NULL;

	pthread_mutex_lock(&upload->lock);
	while (!upload->has_failed && !part) {
		for (size_t i = 0; i < BUFFERS && !part; i++)
			if (upload->parts[i].state == BUFFER_FREE)
				part = &upload->parts[i];
		if (!part)
			pthread_cond_wait(&upload->changed, &upload->lock);
	}
	if (part)
		part->state = BUFFER_FILLING;
	else
		*err = upload->failure;
	pthread_mutex_unlock(&upload->lock);
	upload->filling = part;
	return part;
}

static bool next_filling(struct multipart *upload, struct error *err)
{
	if (!take_free_part(upload, err))
		return false;
	if (!upload->filling->bytes)
		upload->filling->bytes = malloc(upload->part_size);
	upload->filling->len = 0;
	return upload->filling->bytes ||
	       error_set(err, ERROR_STORAGE, "could not get memory for a part of %zu MiB",
	                 upload->part_size / MEBIBYTE);
}

static bool hand_over(struct multipart *upload, struct error *err)
{
	if (upload->count == MULTIPART_MOST_PARTS) {
		error_set(err, ERROR_STORAGE, "cannot write \"%s\": it is larger than %d parts of %zu MiB",
		          upload->path, MULTIPART_MOST_PARTS, upload->part_size / MEBIBYTE);
		return error_detail(err, "The size of parts is chosen by the expected size, which was too small.");
	}
	if (!upload->upload_id && !start_upload(upload, err))
		return false;
	pthread_mutex_lock(&upload->lock);
	upload->filling->number = ++upload->count;
	upload->filling->state = BUFFER_WAITING;
	pthread_cond_broadcast(&upload->changed);
	pthread_mutex_unlock(&upload->lock);
	upload->filling = NULL;
	return true;
}

/*
 * A full part waits for a byte after it, as the last may be shorter and a single one is sent by a plain
 * PUT.
 */
static bool multipart_write(struct sink *sink, struct str bytes, struct error *err)
{
	struct multipart *upload = multipart_of(sink);

	while (bytes.len > 0) {
		if (upload->filling && upload->filling->len == upload->part_size && !hand_over(upload, err))
			return false;
		if (!upload->filling && !next_filling(upload, err))
			return false;
		struct part *part = upload->filling;
		const struct str fits = str_slice(bytes, 0, upload->part_size - part->len);
		memcpy(part->bytes + part->len, fits.text, fits.len);
		part->len += fits.len;
		upload->size += fits.len;
		bytes = str_slice(bytes, fits.len, bytes.len);
	}
	return true;
}

/* --- finishing --------------------------------------------------------------- */

/* Whether the object is there as we wrote it, as far as we may look; `*may_look` says whether we may. */
static bool is_there(struct multipart *upload, struct arena *arena, bool *may_look)
{
	const struct bucket_call call = {.method = "HEAD", .name = upload->name};
	struct bucket_answer answer;
	struct error ignored = {0};

	*may_look = false;
	if (!bucket_ask(upload->bucket, &call, arena, &answer, &ignored))
		return false;
	*may_look = answer.is_good || answer.http.status == 404;
	const char *len = http_header_find(&answer.http.headers, "content-length");
	unsigned long long size;
	return answer.is_good && len && str_to_number(str_of(len), UINT64_MAX, &size) && size == upload->size;
}

/*
 * The server would not: does that mean that an earlier try of ours, whose
 * answer was lost, had done it? Names are random, so an object of this name is
 * ours; a failed look at it changes nothing about that.
 */
static bool was_done_before(struct multipart *upload, const struct bucket_answer *answer, struct arena *arena)
{
	const bool exists = answer->http.status == 412;
	const bool upload_is_gone = answer->http.status == 404;
	bool may_look;

	if (!answer->may_have_happened || !(exists || upload_is_gone))
		return false;
	return is_there(upload, arena, &may_look) || (exists && !may_look);
}

/* Stores that do not know the condition say so; it is only asked for, so the same is sent without it. */
static bool is_condition_unknown(const struct multipart *upload, const struct bucket_answer *answer)
{
	return upload->is_conditional &&
	       (answer->http.status == 501 || strcmp(answer->code, "NotImplemented") == 0);
}

/* The request that makes the object visible: the only PUT, or Complete. */
static bool conclude(struct multipart *upload, struct bucket_call call, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *what = arena_printf(&arena, "write \"%s\"", upload->path);
	struct bucket_answer answer;

	call.is_decisive = true;
	if (upload->is_conditional)
		http_header_add(&call.headers, &arena, "if-none-match", "*");
	if (!bucket_ask(upload->bucket, &call, &arena, &answer, err))
		return false;
	if (answer.is_good || was_done_before(upload, &answer, &arena))
		return true;
	if (is_condition_unknown(upload, &answer)) {
		upload->is_conditional = false;
		call.headers.count--;
		return conclude(upload, call, err);
	}
	if (answer.http.status == 412)
		return error_set(err, ERROR_STORAGE, "cannot write \"%s\": it exists", upload->path);
	return bucket_refused(&answer, what, err);
}

static bool put_whole(struct multipart *upload, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct part *part = upload->filling;
	struct bucket_call call = {.method = "PUT", .name = upload->name};

	if (part)
		call.body = (struct str){part->bytes, part->len};
	add_md5(&call.headers, call.body, &arena);
	return conclude(upload, call, err);
}

static struct str complete_text(const struct multipart *upload, struct arena *arena)
{
	struct buffer buffer = {.arena = arena};

	buffer_text(&buffer, "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
	for (size_t i = 0; i < upload->etag_count; i++)
		buffer_printf(&buffer, "<Part><PartNumber>%zu</PartNumber><ETag>%s</ETag></Part>", i + 1,
		              xml_escape(arena, upload->etags[i]));
	buffer_text(&buffer, "</CompleteMultipartUpload>");
	return buffer_str(&buffer);
}

static bool complete(struct multipart *upload, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct bucket_call call = {
	    .method = "POST",
	    .name = upload->name,
	    .body = complete_text(upload, &arena),
	    .task = arena_printf(&arena, "putting %u parts together", upload->count),
	    .expected = "CompleteMultipartUploadResult",
	    .patience = PATIENCE_TO_COMPLETE,
	};

	http_header_add(&call.query, &arena, "uploadId", upload->upload_id);
	http_header_add(&call.headers, &arena, "content-type", "application/xml");
	return conclude(upload, call, err);
}

static bool multipart_finish(struct sink *sink, struct error *err)
{
	struct multipart *upload = multipart_of(sink);

	if (upload->count == 0)
		return put_whole(upload, err);
	if (upload->filling && !hand_over(upload, err))
		return false;
	join_workers(upload);
	if (upload->has_failed) {
		*err = upload->failure;
		return false;
	}
	assert(upload->etag_count == upload->count);
	if (!complete(upload, err))
		return false;
	upload->upload_id = NULL; /* nothing is left to abort */
	return true;
}

/* --- giving up ----------------------------------------------------------------- */

static void multipart_discard(struct sink *sink)
{
	struct multipart *upload = multipart_of(sink);
	struct error ignored = {0};

	for (size_t i = 0; i < WORKERS; i++)
		if (upload->workers[i].bucket)
			http_stop(upload->workers[i].bucket->http);
	join_workers(upload);
	/* Should this fail too, a sweep finds it after a day. */
	if (upload->upload_id && multipart_abort(upload->bucket, upload->name, upload->upload_id, &ignored))
		upload->upload_id = NULL;
}

static void multipart_close(struct sink *sink)
{
	struct multipart *upload = multipart_of(sink);
	struct arena arena;

	join_workers(upload);
	for (size_t i = 0; i < BUFFERS; i++)
		free(upload->parts[i].bytes);
	pthread_mutex_destroy(&upload->lock);
	pthread_cond_destroy(&upload->changed);
	arena = upload->arena;
	arena_clear(&arena);
}

bool multipart_open(struct bucket *bucket, const char *name, uint64_t part_size, struct sink **out,
                    struct error *err)
{
	static const struct sink_class class = {multipart_write, multipart_finish, multipart_discard,
	                                        multipart_close};
	struct arena arena = {0};
	struct multipart *upload = arena_new(&arena, struct multipart);

	(void)err;
	*upload = (struct multipart){
	    .sink.class = &class,
	    .bucket = bucket,
	    .name = arena_strdup(&arena, name),
	    .path = bucket_path(bucket, name, &arena),
	    .part_size = (size_t)part_size,
	    .is_conditional = true,
	    .lock = PTHREAD_MUTEX_INITIALIZER,
	    .changed = PTHREAD_COND_INITIALIZER,
	};
	upload->arena = arena;
	*out = &upload->sink;
	return true;
}
