/*
 * Every layer is a stage of the same kind that decides on the first bytes it gets, so any order of
 * encryption and compression is taken off by the same code. A stage waits until it has enough bytes for
 * the longest beginning, or the end.
 *
 * What the file looks like is its writer's choice, so there are limits: four layers; for an object that
 * must be encrypted the first one has to be age, or a plain file put in its place would be taken; each
 * zstd frame and the core may hold as many bytes as the manifest says, or a small file could fill the
 * disk.
 *
 * gzip is run as a program. Only files of others need it, and a library in this process for them would be
 * one more parser of unknown bytes.
 */
#include "backup/restore/unwrap.h"

#include <string.h>

#include "crypto/armor.h"
#include "stream/pipe.h"
#include "stream/zstd.h"

enum {
	HEAD_SIZE = ARMOR_MOST_OUTSIDE + 64, /* enough for every beginning below, and white space before it */
	MOST_LAYERS = 4,                     /* nobody wraps more, who means well */
};

struct unwrap {
	struct sink sink;
	struct arena arena;
	const struct unwrap_options *options;
	struct age_secrets secrets; /* of a raw one, which has no options */
	struct sink *raw_end;       /* where a raw one leads, until its layer is open */
	int layers;
	char head[HEAD_SIZE];
	size_t head_len;
	struct sink *next; /* once it is known */
	bool is_core;      /* what is after it takes off no more layers */
	uint64_t passed;   /* to the core */
};

static struct sink *unwrap_layer(const struct unwrap *outer);

/* --- the layers ------------------------------------------------------- */

static bool open_age(struct unwrap *it, struct sink *inner, struct sink **out, struct error *err)
{
	return age_open(it->options ? &it->options->secrets : &it->secrets, inner, out, err);
}

static bool open_zstd(struct unwrap *it, struct sink *inner, struct sink **out, struct error *err)
{
	return zstd_expand(it->options->most_size, it->options->tail, inner, out, err);
}

static bool open_gzip(struct unwrap *it, struct sink *inner, struct sink **out, struct error *err)
{
	static const char *const argv[] = {"gzip", "-dc", NULL};
	static const struct pipe_options options = {.argv = argv,
	                                            .circumstance = "while expanding what gzip compressed"};

	(void)it;
	return pipe_open(&options, inner, out, err);
}

static const struct layer {
	struct str beginning;
	bool (*open)(struct unwrap *it, struct sink *inner, struct sink **out, struct error *err);
	bool is_encryption;
	bool may_follow_space;
} layers[] = {
    {STR("age-encryption.org/"), open_age, true, false},
    {STR("-----BEGIN AGE ENCRYPTED FILE-----"), open_age, true, true},
    {STR("\x28\xB5\x2F\xFD"), open_zstd, false, false},
    {STR("\x1F\x8B"), open_gzip, false, false},
};

static const struct layer *find_layer(const struct unwrap *it)
{
	const struct str head = {it->head, it->head_len};

	for (size_t i = 0; i < sizeof(layers) / sizeof(*layers); i++) {
		const struct str beginning = layers[i].beginning;
		const struct str text = layers[i].may_follow_space ? str_trim(head) : head;

		if (str_equal(str_slice(text, 0, beginning.len), beginning) &&
		    (it->options || layers[i].is_encryption))
			return &layers[i];
	}
	return NULL;
}

static bool open_core(struct unwrap *it, struct error *err)
{
	const struct str head = {it->head, it->head_len};
	const bool is_archive = str_starts(head, "PGDMP");

	if (!it->options || (it->options->is_sealed && it->layers == 0))
		return error_set(err, ERROR_STORAGE, "cannot read the file: it is not encrypted with age");
	if (!is_archive && (!it->options->may_be_script || head.len == 0))
		return error_set(err, ERROR_STORAGE, "cannot read the file: it contains no pg_dump archive");
	it->is_core = true;
	return it->options->open(it->options->context, is_archive ? CORE_ARCHIVE : CORE_SQL, &it->next, err);
}

static bool open_next(struct unwrap *it, struct error *err)
{
	const struct layer *layer = find_layer(it);

	if (!layer || (it->layers == 0 && it->options && it->options->is_sealed && !layer->is_encryption))
		return open_core(it, err);
	if (it->layers >= MOST_LAYERS)
		return error_set(err, ERROR_STORAGE, "cannot read the file: it is wrapped more than %d times",
		                 MOST_LAYERS);
	return layer->open(it, it->raw_end ? TAKE(it->raw_end) : unwrap_layer(it), &it->next, err);
}

/* --- the stage -------------------------------------------------------- */

/* Whatever layers there are, what is in them is not larger than the manifest says. */
static bool pass_on(struct unwrap *it, struct str bytes, struct error *err)
{
	const uint64_t most = it->is_core ? it->options->most_size : 0;

	it->passed += bytes.len;
	if (most && it->passed > most)
		return error_set(err, ERROR_STORAGE, "the file is larger than it should be: more than %llu bytes",
		                 (unsigned long long)most);
	return sink_write(it->next, bytes, err);
}

static bool begin(struct unwrap *it, struct error *err)
{
	return open_next(it, err) && pass_on(it, (struct str){it->head, it->head_len}, err);
}

static bool unwrap_write(struct sink *sink, struct str bytes, struct error *err)
{
	struct unwrap *it = (struct unwrap *)sink;

	if (!it->next) {
		const size_t wanted = sizeof(it->head) - it->head_len;
		const size_t len = bytes.len < wanted ? bytes.len : wanted;

		memcpy(it->head + it->head_len, bytes.text, len);
		it->head_len += len;
		bytes = str_slice(bytes, len, bytes.len);
		if (it->head_len < sizeof(it->head))
			return true;
		if (!begin(it, err))
			return false;
	}
	return bytes.len == 0 || pass_on(it, bytes, err);
}

static bool unwrap_finish(struct sink *sink, struct error *err)
{
	struct unwrap *it = (struct unwrap *)sink;

	return (it->next || begin(it, err)) && sink_finish(it->next, err);
}

static void unwrap_discard(struct sink *sink)
{
	struct unwrap *it = (struct unwrap *)sink;

	sink_discard(it->next);
	sink_discard(it->raw_end);
}

static void unwrap_close(struct sink *sink)
{
	struct unwrap *it = (struct unwrap *)sink;
	struct arena arena = it->arena;

	sink_close(&it->next);
	sink_close(&it->raw_end);
	arena_clear(&arena);
}

static struct unwrap *new_unwrap(void)
{
	static const struct sink_class class = {unwrap_write, unwrap_finish, unwrap_discard, unwrap_close};
	struct arena arena = {0};
	struct unwrap *it = arena_new(&arena, struct unwrap);

	it->sink.class = &class;
	it->arena = arena;
	return it;
}

static struct sink *unwrap_layer(const struct unwrap *outer)
{
	struct unwrap *it = new_unwrap();

	it->options = outer->options;
	it->layers = outer->layers + 1;
	return &it->sink;
}

struct sink *unwrap_open(const struct unwrap_options *options)
{
	struct unwrap *it = new_unwrap();

	it->options = options;
	return &it->sink;
}

struct sink *unwrap_decrypt_only(const struct age_secrets *secrets, struct sink *next)
{
	struct unwrap *it = new_unwrap();

	it->secrets = *secrets;
	it->raw_end = next;
	return &it->sink;
}
