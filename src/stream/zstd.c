/*
 * Level 3 and one worker beside us: pg_dump is the slower one then, and a higher level would change that.
 * The checksum of zstd is switched on, which the library leaves off; pg_dump's archives have none (-Z0).
 *
 * The facts that only a restore needs lie in a skippable frame after the data. zstd -d and every reader of
 * the format pass over it (RFC 8878, section 3.1.2), and since it is part of what age encrypts, it is as
 * private as the data. It comes last because it holds what is known only at the end.
 *
 * The library passes over a skippable frame without showing it. So the first eight bytes of each frame are
 * looked at here: no frame of data is shorter, and a skippable one has its number and its length there.
 * Bytes after the last frame are another frame or an error, never ignored.
 */
#include "stream/zstd.h"

#include <string.h>

#include <zstd.h>

#include "base/library.h"

enum {
	LEVEL = 3,           /* pg_dump is what takes the time; higher levels would */
	WORKERS = 1,         /* compresses while we encrypt what came before */
	JOB_SIZE = 2 << 20,  /* what it takes at once; larger costs memory and gains nothing */
	ROOM_SIZE = 1 << 20, /* so many chunks that encrypting can be shared */
	HEAD_SIZE = 8,       /* magic number and length of a skippable frame */
	LARGEST_WINDOW = 27, /* 128 MiB: what stock zstd accepts without being told more */
};

#define ZSTD_FUNCTIONS(each)                                                                     \
	each(ZSTD_, isError) each(ZSTD_, getErrorName) each(ZSTD_, createCCtx) each(ZSTD_, freeCCtx) \
	    each(ZSTD_, CCtx_setParameter) each(ZSTD_, compressStream2) each(ZSTD_, createDCtx)      \
	        each(ZSTD_, freeDCtx) each(ZSTD_, DCtx_setParameter) each(ZSTD_, DStreamOutSize)     \
	            each(ZSTD_, decompressStream)

static struct {
	ZSTD_FUNCTIONS(LIBRARY_FIELD)
} zstd;
static const char *const functions[] = {ZSTD_FUNCTIONS(LIBRARY_NAME) NULL};

static struct library library = {
    .name = "libzstd",
    .files = {LIBRARY_FILE("libzstd", "1")},
    .hint = "Install it (libzstd1 on Debian): backups are compressed with it.",
    .functions = functions,
    .table = &zstd,
};

static const uint32_t skippable_magic = 0x184D2A5D; /* any of 0x184D2A50 to ...5F */

/* zstd's numbers are little-endian, whatever the machine. */
static void put_number(char *out, uint32_t number)
{
	for (int i = 0; i < 4; i++)
		out[i] = (char)(number >> (8 * i));
}

static uint32_t get_number(const char *in)
{
	uint32_t number = 0;

	for (int i = 0; i < 4; i++)
		number |= (uint32_t)(unsigned char)in[i] << (8 * i);
	return number;
}

/* --- compressing ------------------------------------------------------ */

struct compressor {
	struct sink sink;
	struct arena arena; /* holds this, too */
	struct sink *next;
	const struct str *tail;
	ZSTD_CCtx *context;
	char *room;
	size_t room_size;
};

static bool refuse_code(size_t code, const char *what, struct error *err)
{
	return error_set(err, ERROR_STORAGE, "could not %s: %s", what, zstd.getErrorName(code));
}

static bool compress_some(struct compressor *it, ZSTD_inBuffer *in, ZSTD_EndDirective directive,
                          bool *is_done, struct error *err)
{
	ZSTD_outBuffer out = {it->room, it->room_size, 0};
	const size_t left = zstd.compressStream2(it->context, &out, in, directive);

	if (zstd.isError(left))
		return refuse_code(left, "compress", err);
	*is_done = directive == ZSTD_e_end ? left == 0 : in->pos == in->size;
	return out.pos == 0 || sink_write(it->next, (struct str){it->room, out.pos}, err);
}

static bool compress(struct compressor *it, struct str bytes, ZSTD_EndDirective directive, struct error *err)
{
	ZSTD_inBuffer in = {bytes.text, bytes.len, 0};

	for (bool is_done = false; !is_done;)
		if (!compress_some(it, &in, directive, &is_done, err))
			return false;
	return true;
}

static bool compressor_write(struct sink *sink, struct str bytes, struct error *err)
{
	return compress((struct compressor *)sink, bytes, ZSTD_e_continue, err);
}

static bool write_tail(struct compressor *it, struct error *err)
{
	char head[HEAD_SIZE];

	if (!it->tail || it->tail->len == 0)
		return true;
	if (it->tail->len > ZSTD_TAIL_MOST_SIZE)
		return error_set(err, ERROR_STORAGE, "the description of the backup is too long: %zu bytes",
		                 it->tail->len);
	put_number(head, skippable_magic);
	put_number(head + 4, (uint32_t)it->tail->len);
	return sink_write(it->next, (struct str){head, sizeof(head)}, err) &&
	       sink_write(it->next, *it->tail, err);
}

static bool compressor_finish(struct sink *sink, struct error *err)
{
	struct compressor *it = (struct compressor *)sink;

	return compress(it, STR(""), ZSTD_e_end, err) && write_tail(it, err) && sink_finish(it->next, err);
}

static void compressor_discard(struct sink *sink)
{
	sink_discard(((struct compressor *)sink)->next);
}

static void compressor_close(struct sink *sink)
{
	struct compressor *it = (struct compressor *)sink;
	struct arena arena = it->arena;

	sink_close(&it->next);
	zstd.freeCCtx(it->context);
	arena_clear(&arena);
}

static const struct sink_class compressor_class = {compressor_write, compressor_finish, compressor_discard,
                                                   compressor_close};

bool zstd_compress(const struct str *tail, struct sink *next, struct sink **out, struct error *err)
{
	struct arena arena = {0};

	if (!library_load(&library, err)) {
		sink_close(&next);
		return false;
	}
	struct compressor *it = arena_new(&arena, struct compressor);
	it->sink.class = &compressor_class;
	it->next = next;
	it->tail = tail;
	it->room_size = ROOM_SIZE;
	it->room = arena_alloc(&arena, it->room_size);
	it->context = zstd.createCCtx();
	it->arena = arena;
	if (!it->context) {
		compressor_close(&it->sink);
		return error_set(err, ERROR_STORAGE, "could not compress: out of memory");
	}
	*out = &it->sink;
	zstd.CCtx_setParameter(it->context, ZSTD_c_compressionLevel, LEVEL);
	zstd.CCtx_setParameter(it->context, ZSTD_c_checksumFlag, 1);
	/* A library without threads refuses these two, and works as well. */
	zstd.CCtx_setParameter(it->context, ZSTD_c_nbWorkers, WORKERS);
	zstd.CCtx_setParameter(it->context, ZSTD_c_jobSize, JOB_SIZE);
	return true;
}

/* --- expanding -------------------------------------------------------- */

struct expander {
	struct sink sink;
	struct arena arena;
	struct sink *next;
	struct buffer *tail;
	ZSTD_DCtx *context;
	char *room;
	size_t room_size;
	uint64_t passed;
	uint64_t most_size;
	char head[HEAD_SIZE]; /* of the frame that begins; kept until it is known what it is */
	size_t head_len;
	size_t tail_left;  /* of a skippable frame */
	size_t tails;      /* the size of all of them */
	bool is_in_frame;  /* of data */
	bool has_any_data; /* a whole frame of data was seen */
};

static bool pass_on(struct expander *it, struct str bytes, struct error *err)
{
	it->passed += bytes.len;
	if (it->most_size && it->passed > it->most_size)
		return error_set(err, ERROR_STORAGE,
		                 "the compressed data is larger than it should be: more than %llu bytes",
		                 (unsigned long long)it->most_size);
	return bytes.len == 0 || sink_write(it->next, bytes, err);
}

/* Until the frame or the input ends; `*bytes` keeps what follows the frame. */
static bool expand_data(struct expander *it, struct str *bytes, struct error *err)
{
	ZSTD_inBuffer in = {bytes->text, bytes->len, 0};

	for (bool is_full = false; it->is_in_frame && (in.pos < in.size || is_full);) {
		ZSTD_outBuffer out = {it->room, it->room_size, 0};
		const size_t left = zstd.decompressStream(it->context, &out, &in);

		if (zstd.isError(left))
			return refuse_code(left, "expand the compressed data", err);
		is_full = out.pos == out.size;
		it->is_in_frame = left != 0;
		it->has_any_data |= left == 0;
		if (!pass_on(it, (struct str){it->room, out.pos}, err))
			return false;
	}
	*bytes = str_slice(*bytes, in.pos, bytes->len);
	return true;
}

static void take_tail(struct expander *it, struct str *bytes)
{
	const size_t len = bytes->len < it->tail_left ? bytes->len : it->tail_left;

	if (it->tail)
		buffer_add(it->tail, str_slice(*bytes, 0, len));
	it->tail_left -= len;
	*bytes = str_slice(*bytes, len, bytes->len);
}

/* The head is whole: what begins here? */
static bool begin_frame(struct expander *it, struct error *err)
{
	struct str head = {it->head, sizeof(it->head)};

	it->head_len = 0;
	if ((get_number(it->head) & 0xFFFFFFF0) == (skippable_magic & 0xFFFFFFF0)) {
		it->tail_left = get_number(it->head + 4);
		it->tails += it->tail_left;
		if (it->tails > ZSTD_TAIL_MOST_SIZE)
			return error_set(err, ERROR_STORAGE, "the description in the compressed data is too long");
		return true;
	}
	it->is_in_frame = true;
	return expand_data(it, &head, err);
}

static bool take_head(struct expander *it, struct str *bytes, struct error *err)
{
	const size_t wanted = sizeof(it->head) - it->head_len;
	const size_t len = bytes->len < wanted ? bytes->len : wanted;

	memcpy(it->head + it->head_len, bytes->text, len);
	it->head_len += len;
	*bytes = str_slice(*bytes, len, bytes->len);
	return it->head_len < sizeof(it->head) || begin_frame(it, err);
}

static bool expander_write(struct sink *sink, struct str bytes, struct error *err)
{
	struct expander *it = (struct expander *)sink;

	while (bytes.len > 0) {
		if (it->tail_left)
			take_tail(it, &bytes);
		else if (it->is_in_frame ? !expand_data(it, &bytes, err) : !take_head(it, &bytes, err))
			return false;
	}
	return true;
}

static bool expander_finish(struct sink *sink, struct error *err)
{
	struct expander *it = (struct expander *)sink;

	if (it->is_in_frame || it->head_len || it->tail_left || !it->has_any_data)
		return error_set(err, ERROR_STORAGE, "the compressed data ends too early");
	return sink_finish(it->next, err);
}

static void expander_discard(struct sink *sink)
{
	sink_discard(((struct expander *)sink)->next);
}

static void expander_close(struct sink *sink)
{
	struct expander *it = (struct expander *)sink;
	struct arena arena = it->arena;

	sink_close(&it->next);
	zstd.freeDCtx(it->context);
	arena_clear(&arena);
}

static const struct sink_class expander_class = {expander_write, expander_finish, expander_discard,
                                                 expander_close};

bool zstd_expand(uint64_t most_size, struct buffer *tail, struct sink *next, struct sink **out,
                 struct error *err)
{
	struct arena arena = {0};

	if (!library_load(&library, err)) {
		sink_close(&next);
		return false;
	}
	struct expander *it = arena_new(&arena, struct expander);
	it->sink.class = &expander_class;
	it->next = next;
	it->tail = tail;
	it->most_size = most_size;
	it->room_size = zstd.DStreamOutSize();
	it->room = arena_alloc(&arena, it->room_size);
	it->context = zstd.createDCtx();
	it->arena = arena;
	if (!it->context) {
		expander_close(&it->sink);
		return error_set(err, ERROR_STORAGE, "could not expand the compressed data: out of memory");
	}
	*out = &it->sink;
	zstd.DCtx_setParameter(it->context, ZSTD_d_windowLogMax, LARGEST_WINDOW);
	return true;
}
