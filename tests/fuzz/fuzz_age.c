/*
 * Whatever bytes are said to be an age file, reading them ends, touches
 * nothing outside them and says the same however they are cut into pieces; a
 * header that is read is written again as it was; and a good file that was
 * changed anywhere is never taken for good. Built by make fuzz.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/age.h"
#include "crypto/age_header.h"
#include "crypto/bech32.h"
#include "crypto/secret.h"
#include "base/buffer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Scrypt with a work factor of 4 is quick, and its checks are the same. */
enum { MOST_WORK_FACTOR = 4, PLAIN_SIZE = 2 * AGE_CHUNK_SIZE + 100 };

static struct age_secrets secrets;
static struct arena lasting; /* for what is made once */
static struct str good_file;
static char plain[PLAIN_SIZE];

static struct identity_list *make_identity(struct recipient *recipient)
{
	static const char text[] = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
	struct identity_list *list = secret_alloc(sizeof(*list) + sizeof(*list->items));
	struct error err = {0};

	list->count = 1;
	if (!recipient_parse("age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj", &lasting,
	                     recipient, &err) ||
	    !bech32_decode(str_of(text), "AGE-SECRET-KEY-", list->items[0].secret_key))
		abort();
	memcpy(list->items[0].public_key, recipient->public_key, sizeof(recipient->public_key));
	return list;
}

static void make_good_file(struct recipient *recipient)
{
	const struct recipient_list recipients = {recipient, 1};
	struct buffer file = {.arena = &lasting};
	struct sink *sink = NULL;
	struct error err = {0};

	for (size_t i = 0; i < sizeof(plain); i++)
		plain[i] = (char)('a' + i % 26);
	if (!age_seal(&recipients, NULL, memory_open(&file, 2 * PLAIN_SIZE), &sink, &err) ||
	    !sink_write(sink, (struct str){plain, sizeof(plain)}, &err) || !sink_finish(sink, &err))
		abort();
	sink_close(&sink);
	good_file = buffer_str(&file);
}

static void make_ready(void)
{
	static struct recipient recipient;
	struct passphrase *passphrase = NULL;
	struct error err = {0};

	if (secrets.identities)
		return;
	setenv("RUNG_BACKUP_PASSPHRASE", "one two three", 1);
	if (!passphrase_read(NULL, &passphrase, &err))
		abort();
	secrets = (struct age_secrets){make_identity(&recipient), passphrase, MOST_WORK_FACTOR};
	make_good_file(&recipient);
}

/* Whether it is good as a whole; `released` counts what was passed on. */
static bool read_pieces(struct str file, size_t piece, struct tally *released, struct error *err)
{
	scoped_sink struct sink *sink = NULL;

	if (!age_open(&secrets, tally_open(released, NULL), &sink, err))
		abort();
	for (size_t at = 0; at < file.len; at += piece)
		if (!sink_write(sink, str_slice(file, at, at + piece), err))
			return false;
	return sink_finish(sink, err);
}

static void check_file(struct str file, size_t piece)
{
	struct tally whole, pieces;
	struct error whole_err = {0}, pieces_err = {0};
	const bool is_good = read_pieces(file, file.len + 1, &whole, &whole_err);

	assert(read_pieces(file, piece, &pieces, &pieces_err) == is_good);
	assert(whole.size == pieces.size && strcmp(whole.sha256, pieces.sha256) == 0);
	assert(strcmp(whole_err.message, pieces_err.message) == 0);
	assert(is_good == (whole_err.kind == ERROR_NONE) && is_good == (whole_err.message[0] == '\0'));
}

/* There is one way to write a header. */
static void check_header(struct str text)
{
	scoped_arena struct arena arena = {0};
	struct buffer again = {.arena = &arena};
	struct age_header header;
	struct error err = {0};

	if (!age_header_parse(text, &arena, &header, &err))
		return;
	age_header_begin(&again);
	for (size_t i = 0; i < header.count; i++) {
		const struct age_stanza *stanza = &header.stanzas[i];
		struct buffer arguments = {.arena = &arena};

		for (size_t j = 0; j < stanza->argument_count; j++) {
			buffer_text(&arguments, j ? " " : "");
			buffer_add(&arguments, stanza->arguments[j]);
		}
		age_header_stanza(&again, buffer_cstr(&arguments), stanza->body, stanza->body_size);
	}
	age_header_mark(&again);
	assert(str_equal(buffer_str(&again), header.authenticated));
	age_header_end(&again, header.mac);
	assert(str_equal(buffer_str(&again), text));
}

/* Each four bytes change one: three say where, one how. What is left cuts or goes on. */
static void check_changes(struct str edits, size_t piece)
{
	scoped_arena struct arena arena = {0};
	char *file = str_copy(&arena, good_file);
	struct tally released;
	struct error err = {0};

	for (; edits.len >= 4; edits = str_slice(edits, 4, edits.len)) {
		const uint8_t *edit = (const uint8_t *)edits.text;
		file[((size_t)edit[0] << 16 | (size_t)edit[1] << 8 | edit[2]) % good_file.len] ^= (char)edit[3];
	}
	const size_t len = good_file.len - (edits.len ? (size_t)(uint8_t)edits.text[0] : 0);
	const bool is_same = len == good_file.len && memcmp(file, good_file.text, len) == 0;
	assert(read_pieces((struct str){file, len}, 1 + 257 * piece, &released, &err) == is_same);
	assert(released.size <= sizeof(plain) && (!is_same || released.size == sizeof(plain)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	make_ready();
	if (size < 2)
		return 0;
	/* libFuzzer's own copy is of exactly this size, so one byte too far is seen. */
	const struct str text = {(const char *)data + 2, size - 2};
	const size_t piece = 1 + data[1];

	switch (data[0] % 3) {
	case 0:
		check_file(text, piece);
		break;
	case 1:
		check_header(text);
		break;
	default:
		check_changes(text, piece);
	}
	return 0;
}
