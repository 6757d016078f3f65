/*
 * Whatever is said to be a signature or a key of minisign, reading it ends;
 * no change of a good signature is good. Built by make fuzz.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/minisign.h"
#include "temporary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct arena lasting;
static struct trusted_key_list trusted;
static struct str good;
static const struct str message = STR("what is signed\n");

static void make_ready(void)
{
	struct signing_key *key = NULL;
	const char *public_key;
	struct error err = {0};

	if (trusted.count)
		return;
	const char *path = arena_printf(&lasting, "%s/key", temporary_folder());
	if (!signing_key_make(path, &lasting, &public_key, &err) || !signing_key_read(path, &key, &err) ||
	    !trusted_key_read(public_key, &lasting, &trusted, &err) ||
	    !signature_make(key, message, "a comment", &lasting, &good, &err))
		abort();
	signing_key_close(&key);
}

static void check_signature(struct str signature)
{
	struct error err = {0};
	const enum signature_verdict verdict = signature_judge(&trusted, message, signature, &err);

	assert((verdict == SIGNATURE_GOOD) == (err.message[0] == '\0'));
	assert(verdict != SIGNATURE_GOOD || str_starts(signature, "untrusted comment: "));
}

/* The first line is signed by nobody, and an end of a line may be missing. */
static void check_changes(struct str edits)
{
	scoped_arena struct arena arena = {0};
	char *text = str_copy(&arena, good);
	const size_t from = str_index(good, '\n') + 1;
	struct error err = {0};

	for (; edits.len >= 3; edits = str_slice(edits, 3, edits.len)) {
		const uint8_t *edit = (const uint8_t *)edits.text;

		text[from + ((size_t)edit[0] << 8 | edit[1]) % (good.len - from)] ^= (char)edit[2];
	}
	if (signature_judge(&trusted, message, (struct str){text, good.len}, &err) == SIGNATURE_GOOD)
		assert(memcmp(text + from, good.text + from, good.len - from - 1) == 0);
}

static void check_keys(struct str text)
{
	scoped_arena struct arena arena = {0};
	scoped_signing_key struct signing_key *key = NULL;
	struct trusted_key_list list = {0};
	struct error err = {0};

	if (!signing_key_read(temporary_file("other", text.text, text.len), &key, &err))
		assert(err.message[0]);
	if (!trusted_key_read(temporary_file("other", text.text, text.len), &arena, &list, &err))
		assert(list.count == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	make_ready();
	if (size < 1)
		return 0;
	const struct str text = {(const char *)data + 1, size - 1};

	switch (data[0] % 3) {
	case 0:
		check_signature(text);
		break;
	case 1:
		check_changes(text);
		break;
	default:
		check_keys(text);
	}
	return 0;
}
