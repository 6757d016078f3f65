/*
 * The payload of age (C2SP age.md): chunks of 64 KiB, each sealed by ChaCha20-Poly1305 with its number and,
 * for one of them, the mark of being the last. Both directions have the same difficulty, that a stage
 * learns only at finish() which chunk was the last. So one whole chunk always waits, and is sealed or
 * opened as an ordinary one only when a byte comes after it. The other way, to try a full chunk in both
 * roles, is used for the error alone: it tells a file that was cut from one that was changed.
 *
 * Most time goes into the cipher, and two threads do it: a row of chunks is shared between us and another
 * (worker_pair), as each chunk has its own nonce and place. A row never holds the last chunk. Opened chunks
 * are released in order and only up to the first that fails; what is after it in memory is wiped.
 *
 * Plaintext and keys lie in memory of secret.h, the stage itself included.
 */
#include "crypto/age.h"

#include <sodium.h>
#include <string.h>

#include "base/worker_pair.h"
#include "crypto/age_wrap.h"
#include "crypto/armor.h"
#include "crypto/secret.h"

enum {
	TAG_SIZE = crypto_aead_chacha20poly1305_ietf_ABYTES,
	SEALED_SIZE = AGE_CHUNK_SIZE + TAG_SIZE,
	CHUNKS_AT_ONCE = 16,
};

/*
 * The payload is a row of chunks, each encrypted under its number and whether
 * it is the last: taken out, put elsewhere or put after the end, none fits.
 * 64 bits of counter are more than any file needs, the format has 88.
 */
struct chunk_nonce {
	uint8_t bytes[crypto_aead_chacha20poly1305_ietf_NPUBBYTES];
};

static struct chunk_nonce nonce_of(uint64_t number, bool is_last)
{
	struct chunk_nonce nonce = {0};

	for (int i = 0; i < 8; i++)
		nonce.bytes[10 - i] = (uint8_t)(number >> 8 * i);
	nonce.bytes[11] = is_last;
	return nonce;
}

/* How many of so many bytes; never the end of them, which may be the file's. */
static size_t chunks_now(size_t len, size_t chunk_size)
{
	const size_t whole = (len - 1) / chunk_size;

	return whole < CHUNKS_AT_ONCE ? whole : CHUNKS_AT_ONCE;
}

/* Moves what fits from `*rest` to what is gathered. */
static void gather(uint8_t *into, size_t *len, size_t size, struct str *rest)
{
	const size_t room = size - *len;
	const size_t taken = rest->len < room ? rest->len : room;

	memcpy(into + *len, rest->text, taken);
	*len += taken;
	*rest = str_slice(*rest, taken, rest->len);
}

/* --- writing ------------------------------------------------------------- */

struct seal {
	struct sink sink;
	struct sink *next;
	uint8_t key[32];
	uint64_t number;
	size_t len;
	uint8_t plain[AGE_CHUNK_SIZE]; /* a chunk of which a part is there */
	struct worker_pair *workers;   /* encrypts with us what comes in many chunks */
	uint8_t sealed[CHUNKS_AT_ONCE * SEALED_SIZE];
};

/* A row of chunks: all full, except perhaps the last one of the file. */
struct seal_row {
	struct seal *seal;
	struct str plain;
	bool is_last;
};

static void seal_chunk(void *context, size_t index)
{
	const struct seal_row *row = context;
	struct seal *seal = row->seal;
	const struct chunk_nonce nonce = nonce_of(seal->number + index, row->is_last);
	const struct str plain = str_slice(row->plain, index * AGE_CHUNK_SIZE, (index + 1) * AGE_CHUNK_SIZE);

	crypto_aead_chacha20poly1305_ietf_encrypt(seal->sealed + index * SEALED_SIZE, NULL,
	                                          (const uint8_t *)plain.text, plain.len, NULL, 0, NULL,
	                                          nonce.bytes, seal->key);
}

static bool seal_row(struct seal_row *row, size_t count, struct error *err)
{
	struct seal *seal = row->seal;

	worker_pair_share(seal->workers, seal_chunk, row, count);
	seal->number += count;
	return sink_write(seal->next, (struct str){(const char *)seal->sealed, row->plain.len + count * TAG_SIZE},
	                  err);
}

static bool seal_gathered(struct seal *seal, bool is_last, struct error *err)
{
	struct seal_row row = {.seal = seal, .plain = {(const char *)seal->plain, seal->len}, .is_last = is_last};

	seal->len = 0;
	return seal_row(&row, 1, err);
}

/* What comes in large pieces is not gathered first: copying would cost a tenth of the speed. */
static bool seal_in_place(struct seal *seal, struct str *bytes, struct error *err)
{
	while (bytes->len > AGE_CHUNK_SIZE) {
		const size_t count = chunks_now(bytes->len, AGE_CHUNK_SIZE);
		struct seal_row row = {.seal = seal, .plain = str_slice(*bytes, 0, count * AGE_CHUNK_SIZE)};

		if (!seal_row(&row, count, err))
			return false;
		*bytes = str_slice(*bytes, row.plain.len, bytes->len);
	}
	return true;
}

/*
 * A full chunk waits for what comes: the last one must know that it is the
 * last, and be empty only when all is.
 */
static bool seal_write(struct sink *sink, struct str bytes, struct error *err)
{
	struct seal *seal = (struct seal *)sink;

	while (bytes.len > 0) {
		if (seal->len == AGE_CHUNK_SIZE && !seal_gathered(seal, false, err))
			return false;
		if (seal->len == 0 && !seal_in_place(seal, &bytes, err))
			return false;
		gather(seal->plain, &seal->len, AGE_CHUNK_SIZE, &bytes);
	}
	return true;
}

static bool seal_finish(struct sink *sink, struct error *err)
{
	struct seal *seal = (struct seal *)sink;

	return seal_gathered(seal, true, err) && sink_finish(seal->next, err);
}

static void seal_discard(struct sink *sink)
{
	sink_discard(((struct seal *)sink)->next);
}

static void seal_close(struct sink *sink)
{
	struct seal *seal = (struct seal *)sink;

	sink_close(&seal->next);
	worker_pair_close(&seal->workers);
	secret_free(seal);
}

static bool write_header(struct seal *seal, const struct recipient_list *recipients,
                         const struct passphrase *passphrase, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_file_key struct file_key key;
	struct buffer header = {.arena = &arena};
	uint8_t nonce[AGE_NONCE_SIZE];

	file_key_make(&key);
	secret_random(nonce, sizeof(nonce));
	payload_key(&key, nonce, seal->key);
	if (!file_key_wrap(&key, recipients, passphrase, &header, err))
		return false;
	buffer_add(&header, (struct str){(const char *)nonce, sizeof(nonce)});
	return sink_write(seal->next, buffer_str(&header), err);
}

bool age_seal(const struct recipient_list *recipients, const struct passphrase *passphrase, struct sink *next,
              struct sink **out, struct error *err)
{
	static const struct sink_class class = {seal_write, seal_finish, seal_discard, seal_close};
	struct seal *seal = secret_alloc(sizeof(*seal));
	scoped_sink struct sink *sink = &seal->sink;

	seal->sink.class = &class;
	seal->next = next;
	seal->workers = worker_pair_open();
	if (!write_header(seal, recipients, passphrase, err))
		return false;
	*out = TAKE(sink);
	return true;
}

/* --- reading ------------------------------------------------------------- */

struct reader {
	struct sink sink;
	struct sink *next;
	struct age_secrets secrets;
	struct arena arena; /* the header's */
	struct age_header_reader header;
	uint8_t nonce[AGE_NONCE_SIZE];
	size_t nonce_len;
	uint8_t key[32];
	uint64_t number;
	size_t len;
	uint8_t sealed[SEALED_SIZE]; /* a chunk of which a part is there */
	struct worker_pair *workers; /* decrypts with us what comes in many chunks */
	uint8_t (*plain)[AGE_CHUNK_SIZE];
};

/* The header, and after it the nonce, from which follows the key of the chunks. */
static bool read_key(struct reader *reader, struct str *rest, struct error *err)
{
	scoped_file_key struct file_key key;
	struct age_header header;

	if (!age_header_take(&reader->header, rest, err))
		return false;
	gather(reader->nonce, &reader->nonce_len, reader->header.is_complete ? AGE_NONCE_SIZE : 0, rest);
	if (reader->nonce_len < AGE_NONCE_SIZE)
		return true;
	if (!age_header_parse(buffer_str(&reader->header.text), &reader->arena, &header, err) ||
	    !file_key_unwrap(&header, &reader->secrets, &key, err))
		return false;
	payload_key(&key, reader->nonce, reader->key);
	arena_clear(&reader->arena);
	reader->plain = secret_alloc(CHUNKS_AT_ONCE * sizeof(*reader->plain));
	reader->workers = worker_pair_open();
	return true;
}

/* As above. */
struct open_row {
	struct reader *reader;
	struct str sealed;
	bool is_last;
	bool fits[CHUNKS_AT_ONCE];
};

static struct str sealed_chunk(const struct open_row *row, size_t index)
{
	return str_slice(row->sealed, index * SEALED_SIZE, (index + 1) * SEALED_SIZE);
}

static bool chunk_fits(const struct open_row *row, size_t index, bool is_last)
{
	const struct reader *reader = row->reader;
	const struct chunk_nonce nonce = nonce_of(reader->number + index, is_last);
	const struct str sealed = sealed_chunk(row, index);

	return crypto_aead_chacha20poly1305_ietf_decrypt(reader->plain[index], NULL, NULL,
	                                                 (const uint8_t *)sealed.text, sealed.len, NULL, 0,
	                                                 nonce.bytes, reader->key) == 0;
}

static void try_chunk(void *context, size_t index)
{
	struct open_row *row = context;

	row->fits[index] = chunk_fits(row, index, row->is_last);
}

/* A chunk that fits only in the other role tells what happened to the file. */
static bool refuse_chunk(const struct open_row *row, size_t index, struct error *err)
{
	struct reader *reader = row->reader;

	if (!chunk_fits(row, index, !row->is_last))
		error_set(err, ERROR_STORAGE,
		          "the encrypted file was changed, in the 64 KiB from byte %llu of its content",
		          (unsigned long long)(reader->number + index) * AGE_CHUNK_SIZE);
	else if (row->is_last)
		error_set(err, ERROR_STORAGE, "the encrypted file was cut short");
	else
		error_set(err, ERROR_STORAGE, "the encrypted file continues after its end");
	secret_wipe(reader->plain, CHUNKS_AT_ONCE * sizeof(*reader->plain));
	return false;
}

/* In their order, up to the first that does not fit. */
static bool release_chunk(const struct open_row *row, size_t index, struct error *err)
{
	const struct reader *reader = row->reader;
	const size_t len = sealed_chunk(row, index).len - TAG_SIZE;

	if (!row->fits[index])
		return refuse_chunk(row, index, err);
	if (len == 0 && reader->number + index > 0)
		return error_set(err, ERROR_STORAGE,
		                 "the encrypted file ends in an empty part, which age does not write");
	return sink_write(reader->next, (struct str){(const char *)reader->plain[index], len}, err);
}

static bool open_row(struct open_row *row, size_t count, struct error *err)
{
	struct reader *reader = row->reader;

	worker_pair_share(reader->workers, try_chunk, row, count);
	for (size_t i = 0; i < count; i++)
		if (!release_chunk(row, i, err))
			return false;
	reader->number += count;
	return true;
}

static bool open_gathered(struct reader *reader, bool is_last, struct error *err)
{
	struct open_row row = {
	    .reader = reader, .sealed = {(const char *)reader->sealed, reader->len}, .is_last = is_last};

	reader->len = 0;
	return open_row(&row, 1, err);
}

static bool open_in_place(struct reader *reader, struct str *bytes, struct error *err)
{
	while (bytes->len > SEALED_SIZE) {
		const size_t count = chunks_now(bytes->len, SEALED_SIZE);
		struct open_row row = {.reader = reader, .sealed = str_slice(*bytes, 0, count * SEALED_SIZE)};

		if (!open_row(&row, count, err))
			return false;
		*bytes = str_slice(*bytes, row.sealed.len, bytes->len);
	}
	return true;
}

/* A full chunk waits until more comes; what is there at the end is the last. */
static bool reader_write(struct sink *sink, struct str bytes, struct error *err)
{
	struct reader *reader = (struct reader *)sink;

	if (reader->nonce_len < AGE_NONCE_SIZE && !read_key(reader, &bytes, err))
		return false;
	while (bytes.len > 0) {
		if (reader->len == SEALED_SIZE && !open_gathered(reader, false, err))
			return false;
		if (reader->len == 0 && !open_in_place(reader, &bytes, err))
			return false;
		gather(reader->sealed, &reader->len, SEALED_SIZE, &bytes);
	}
	return true;
}

static bool reader_finish(struct sink *sink, struct error *err)
{
	struct reader *reader = (struct reader *)sink;

	if (!reader->header.text.len)
		return error_set(err, ERROR_STORAGE, "the encrypted file is empty");
	if (reader->nonce_len < AGE_NONCE_SIZE || reader->len < TAG_SIZE)
		return error_set(err, ERROR_STORAGE, "the encrypted file was cut short");
	return open_gathered(reader, true, err) && sink_finish(reader->next, err);
}

static void reader_discard(struct sink *sink)
{
	sink_discard(((struct reader *)sink)->next);
}

static void reader_close(struct sink *sink)
{
	struct reader *reader = (struct reader *)sink;

	sink_close(&reader->next);
	arena_clear(&reader->arena);
	worker_pair_close(&reader->workers);
	secret_free(reader->plain);
	secret_free(reader);
}

static struct sink *reader_open(const struct age_secrets *secrets, struct sink *next)
{
	static const struct sink_class class = {reader_write, reader_finish, reader_discard, reader_close};
	struct reader *reader = secret_alloc(sizeof(*reader));

	reader->sink.class = &class;
	reader->next = next;
	reader->secrets = *secrets;
	reader->header.text.arena = &reader->arena;
	return &reader->sink;
}

bool age_open(const struct age_secrets *secrets, struct sink *next, struct sink **out, struct error *err)
{
	scoped_sink struct sink *owned = next;

	if (!secrets->identities && !secrets->passphrase) {
		error_set(err, ERROR_CONFIG, "cannot decrypt: there is neither an identity nor a passphrase");
		return error_hint(err, "Name the identity with --identity-file, \"identity_file\" under [backup] in "
		                       "rung.ini or RUNG_BACKUP_IDENTITY_FILE.");
	}
	*out = armor_open(reader_open(secrets, TAKE(owned)));
	return true;
}
