/*
 * A bucket of S3-compatible object storage as a store. What is asked and
 * answered is in bucket.c, how an object gets there in multipart.c.
 *
 * Retention acts on listings, so a listing that is not complete must never look like one: a page that is
 * cut short, a mark that is missing or comes again, and a listing without an end are errors, and none of
 * what was listed is then used.
 *
 * Removing is not what it seems where versions are kept. A DELETE without a version succeeds and only hides
 * the object; so the version is asked for and removed, and where that is held (object lock) or not ours to
 * do, the caller is told that it is hidden, and until when. The right to look (HEAD) may be missing, and
 * then this is all that can be done.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "store/bucket.h"
#include "store/multipart.h"
#include "store/store_kind.h"
#include "store/xml.h"

/* Pages hold up to a thousand keys; nobody keeps ten million backups. */
enum { MOST_PAGES = 10000, MOST_PATIENCES = 30 };

struct s3_store {
	struct store store;
	struct bucket *bucket;
	uint64_t part_size;
};

static struct s3_store *s3_store_of(struct store *store)
{
	return (struct s3_store *)store;
}

static struct bucket *bucket_of(struct store *store)
{
	return s3_store_of(store)->bucket;
}

static bool s3_open(const struct store_options *options, struct arena *arena, struct store **out,
                    struct error *err)
{
	scoped_bucket struct bucket *bucket = NULL;

	if (!xml_load(err) || !bucket_open(options, &bucket, err) ||
	    (options->will_write && !multipart_check(bucket, err)))
		return false;
	struct s3_store *store = arena_new(arena, struct s3_store);
	store->store.name = arena_strdup(arena, bucket->url);
	store->part_size = multipart_size(options->expected_size);
	store->bucket = TAKE(bucket);
	*out = &store->store;
	return true;
}

static void s3_close(struct store *store)
{
	bucket_close(&s3_store_of(store)->bucket);
}

static void s3_hurry(struct store *store)
{
	bucket_of(store)->most_tries = 1;
}

static bool s3_put(struct store *store, const char *name, struct sink **out, struct error *err)
{
	return multipart_open(bucket_of(store), name, s3_store_of(store)->part_size, out, err);
}

static bool s3_get(struct store *store, const char *name, struct sink *into, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct bucket_call call = {.method = "GET", .name = name, .into = into};
	const char *what = arena_printf(&arena, "read \"%s\"", bucket_path(bucket_of(store), name, &arena));
	struct bucket_answer answer;

	if (!bucket_ask(bucket_of(store), &call, &arena, &answer, err))
		return false;
	if (answer.is_good)
		return sink_finish(into, err);
	store->has_none = strcmp(answer.code, "NoSuchKey") == 0;
	return bucket_refused(&answer, what, err);
}

/* --- pages of a listing ---------------------------------------------------------- */

static const char *row_field(const struct xml_row *row, const char *name)
{
	const char *value = http_header_find(&row->fields, name);

	return value ? value : "";
}

/* Keys come encoded, because XML cannot say all of them; some stores write + for a space. */
static bool decode_key(const char *text, struct arena *arena, char **out)
{
	char *spaced = arena_strdup(arena, text);

	for (char *c = spaced; *c; c++)
		if (*c == '+')
			*c = ' ';
	return uri_decode(arena, str_of(spaced), out);
}

/* The key's name below the store's prefix; NULL when it is no object of ours. */
static const char *name_of(const struct bucket *bucket, const struct xml_row *row, struct arena *arena)
{
	char *key;

	if (!decode_key(row_field(row, "Key"), arena, &key) || !str_starts(str_of(key), bucket->prefix))
		return NULL;
	return key + strlen(bucket->prefix);
}

/* A listing that is not complete must never pass for one: retention would act on it. */
static bool listing_broke_off(const struct bucket *bucket, struct error *err)
{
	return error_set(err, ERROR_STORAGE, "could not list \"%s\": the server's listing is not complete",
	                 bucket->url);
}

static bool has_more(const struct xml_document *page)
{
	const char *truncated = http_header_find(&page->fields, "IsTruncated");

	return truncated && strcmp(truncated, "true") == 0;
}

/*
 * Where a listing is, so that it ends whatever a server answers. That marks of pages go in a circle is
 * found as Brent found it: each is compared with one kept from before, and the one kept is replaced by a
 * later one at 1, 2, 4, 8 ... pages.
 */
struct listing {
	const struct bucket *bucket;
	int64_t began_ms;
	size_t page_count;
	const char *kept;
};

static bool listing_goes_on(struct listing *listing, const char *mark, struct error *err)
{
	const struct bucket *bucket = listing->bucket;
	const int64_t took_ms = clock_now_ms() - listing->began_ms;
	const size_t count = ++listing->page_count;

	if (listing->kept && strcmp(listing->kept, mark) == 0)
		return error_set(err, ERROR_STORAGE, "could not list \"%s\": the server's listing repeats itself",
		                 bucket->url);
	if (count >= MOST_PAGES || took_ms > bucket->patience_ms * MOST_PATIENCES)
		return error_set(err, ERROR_STORAGE,
		                 "could not list \"%s\": the server's listing has no end: %zu pages in %lld s",
		                 bucket->url, count, (long long)(took_ms / 1000));
	if ((count & (count - 1)) == 0)
		listing->kept = mark;
	return true;
}

static bool add_page(const struct bucket *bucket, const struct xml_document *page, const char *prefix,
                     struct arena *arena, struct object_list *out)
{
	for (size_t i = 0; i < page->row_count; i++) {
		const struct xml_row *row = &page->rows[i];
		unsigned long long size;
		struct stored_object object = {.modified_s = bucket_time(row_field(row, "LastModified"))};

		if (strcmp(row->name, "Contents") != 0)
			continue;
		object.name = name_of(bucket, row, arena);
		if (!object.name || !str_to_number(str_of(row_field(row, "Size")), UINT64_MAX, &size))
			return false;
		object.size = size;
		object_list_add(out, arena, prefix, &object);
	}
	return true;
}

static bool s3_list(struct store *store, const char *prefix, struct arena *arena, struct object_list *out,
                    struct error *err)
{
	struct bucket *bucket = bucket_of(store);
	const char *what = arena_printf(arena, "list \"%s\"", bucket->url);
	struct listing listing = {.bucket = bucket, .began_ms = clock_now_ms()};
	const char *token = NULL;

	do {
		struct bucket_call call = {.method = "GET", .task = "listing", .expected = "ListBucketResult"};
		struct bucket_answer answer;

		http_header_add(&call.query, arena, "list-type", "2");
		http_header_add(&call.query, arena, "encoding-type", "url");
		http_header_add(&call.query, arena, "prefix", arena_printf(arena, "%s%s", bucket->prefix, prefix));
		if (token)
			http_header_add(&call.query, arena, "continuation-token", token);
		if (!bucket_must(bucket, &call, what, arena, &answer, err))
			return false;
		token = has_more(&answer.document)
		            ? http_header_find(&answer.document.fields, "NextContinuationToken")
		            : NULL;
		if (!add_page(bucket, &answer.document, prefix, arena, out) || (has_more(&answer.document) && !token))
			return listing_broke_off(bucket, err);
		if (token && !listing_goes_on(&listing, token, err))
			return false;
	} while (token);
	return true;
}

/* --- removing ---------------------------------------------------------------- */

/* What the store tells about an object before it goes; empty where we may not look. */
struct standing {
	const char *version;        /* NULL without versions */
	const char *retained_until; /* NULL when nothing holds it, or no longer */
};

static bool look_at(struct bucket *bucket, const char *name, struct arena *arena, struct standing *out,
                    struct error *err)
{
	const struct bucket_call call = {.method = "HEAD", .name = name};
	struct bucket_answer answer;

	if (!bucket_ask(bucket, &call, arena, &answer, err))
		return false;
	const char *version = http_header_find(&answer.http.headers, "x-amz-version-id");
	const char *until = http_header_find(&answer.http.headers, "x-amz-object-lock-retain-until-date");
	const bool is_held = until && bucket_time(until) > (int64_t)time(NULL) + bucket->clock_offset_s;
	*out = (struct standing){
	    .version = answer.is_good && version && strcmp(version, "null") != 0 ? version : NULL,
	    .retained_until = answer.is_good && is_held ? until : NULL,
	};
	return true;
}

static bool ask_to_remove(struct bucket *bucket, const char *name, const char *version, struct arena *arena,
                          struct bucket_answer *answer, struct error *err)
{
	struct bucket_call call = {.method = "DELETE", .name = name};

	if (version)
		http_header_add(&call.query, arena, "versionId", version);
	return bucket_ask(bucket, &call, arena, answer, err);
}

static bool is_hidden_only(const struct bucket_answer *answer)
{
	const char *marker = http_header_find(&answer->http.headers, "x-amz-delete-marker");

	return answer->is_good && marker && strcmp(marker, "true") == 0;
}

/*
 * Where versions are kept, removing means removing the version. When that is
 * held or not ours to do, a marker at least hides it: the name is gone from
 * listings, the bytes stay for as long as the store decides.
 */
static bool s3_remove(struct store *store, const char *name, struct arena *arena, const char **retained_until,
                      struct error *err)
{
	struct bucket *bucket = bucket_of(store);
	struct standing standing;
	struct bucket_answer answer;

	if (!look_at(bucket, name, arena, &standing, err))
		return false;
	if (standing.version && !standing.retained_until) {
		if (!ask_to_remove(bucket, name, standing.version, arena, &answer, err))
			return false;
		if (answer.is_good)
			return true;
	}
	if (!ask_to_remove(bucket, name, NULL, arena, &answer, err))
		return false;
	const bool is_gone = answer.http.status == 404 && strcmp(answer.code, "NoSuchBucket") != 0;
	if (!answer.is_good && !is_gone)
		return bucket_refused(&answer, arena_printf(arena, "remove \"%s\"", bucket_path(bucket, name, arena)),
		                      err);
	if (is_hidden_only(&answer))
		*retained_until = standing.retained_until ? standing.retained_until : "its old versions expire";
	return true;
}

/* --- what is unfinished ------------------------------------------------------------------ */

static bool is_abandoned(const struct bucket *bucket, const struct xml_row *row)
{
	const int64_t begun = bucket_time(row_field(row, "Initiated"));

	return begun && (int64_t)time(NULL) + bucket->clock_offset_s - begun > STORE_SWEEP_AGE_S;
}

static void add_uploads(const struct bucket *bucket, const struct xml_document *page, struct arena *arena,
                        struct unfinished_list *out)
{
	for (size_t i = 0; i < page->row_count; i++) {
		const struct xml_row *row = &page->rows[i];
		const char *name = strcmp(row->name, "Upload") == 0 ? name_of(bucket, row, arena) : NULL;

		if (name && store_may_sweep(name))
			*ARENA_PUSH(arena, out->items, out->count) =
			    (struct unfinished){name, row_field(row, "UploadId"), is_abandoned(bucket, row)};
	}
}

/* Where the next page begins; NULL after the last. */
static const char *next_key(const struct xml_document *page, struct arena *arena)
{
	const char *key = has_more(page) ? http_header_find(&page->fields, "NextKeyMarker") : NULL;
	char *decoded;

	return key && *key && decode_key(key, arena, &decoded) ? decoded : NULL;
}

static bool s3_unfinished(struct store *store, struct arena *arena, struct unfinished_list *out,
                          struct error *err)
{
	struct bucket *bucket = bucket_of(store);
	const char *what = arena_printf(arena, "list what is unfinished in \"%s\"", bucket->url);
	struct listing listing = {.bucket = bucket, .began_ms = clock_now_ms()};
	const char *key = NULL;
	const char *upload = NULL;

	do {
		struct bucket_call call = {
		    .method = "GET", .task = "listing what is unfinished", .expected = "ListMultipartUploadsResult"};
		struct bucket_answer answer;

		http_header_add(&call.query, arena, "uploads", "");
		http_header_add(&call.query, arena, "encoding-type", "url");
		http_header_add(&call.query, arena, "prefix", bucket->prefix);
		if (key)
			http_header_add(&call.query, arena, "key-marker", key);
		if (key && upload)
			http_header_add(&call.query, arena, "upload-id-marker", upload);
		if (!bucket_must(bucket, &call, what, arena, &answer, err))
			return false;
		add_uploads(bucket, &answer.document, arena, out);
		key = next_key(&answer.document, arena);
		if (has_more(&answer.document) && !key)
			return listing_broke_off(bucket, err);
		upload = http_header_find(&answer.document.fields, "NextUploadIdMarker");
		if (key && !listing_goes_on(&listing, arena_printf(arena, "%s/%s", key, upload ? upload : ""), err))
			return false;
	} while (key);
	return true;
}

static bool s3_give_up(struct store *store, const struct unfinished *item, struct error *err)
{
	return multipart_abort(bucket_of(store), item->name, item->handle, err);
}

static bool s3_clock(struct store *store, int64_t *ahead_s)
{
	return http_clock(bucket_of(store)->http, ahead_s);
}

const struct store_kind store_s3 = {
    .open = s3_open,
    .close = s3_close,
    .hurry = s3_hurry,
    .clock = s3_clock,
    .put = s3_put,
    .get = s3_get,
    .list = s3_list,
    .remove = s3_remove,
    .unfinished = s3_unfinished,
    .give_up = s3_give_up,
};
