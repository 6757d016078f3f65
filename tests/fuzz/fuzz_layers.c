/*
 * Whatever is said to be compressed or armored, taking that off ends, gives
 * no more than it may, and says the same however the bytes come in pieces.
 * Built by make fuzz.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "crypto/armor.h"
#include "stream/zstd.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 100000 };

static struct sink *open_layer(bool is_armor, struct tally *tally)
{
	struct sink *sink = NULL;
	struct error err = {0};

	if (is_armor)
		return armor_open(tally_open(tally, NULL));
	return zstd_expand(MOST, NULL, tally_open(tally, NULL), &sink, &err) ? sink : NULL;
}

static bool push(bool is_armor, struct str text, size_t piece, struct tally *tally)
{
	scoped_sink struct sink *sink = open_layer(is_armor, tally);
	struct error err = {0};

	for (size_t at = 0; at < text.len; at += piece)
		if (!sink_write(sink, str_slice(text, at, at + piece), &err))
			return false;
	return sink_finish(sink, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tally whole = {0}, pieces = {0};

	if (size < 2)
		return 0;
	const struct str text = {(const char *)data + 2, size - 2};
	const bool is_armor = data[0] % 2;
	const bool is_good = push(is_armor, text, text.len + 1, &whole);

	assert(push(is_armor, text, 1 + data[1], &pieces) == is_good);
	assert(whole.size <= (is_armor ? size : MOST) && pieces.size <= (is_armor ? size : MOST));
	assert(!is_good || (whole.size == pieces.size && strcmp(whole.sha256, pieces.sha256) == 0));
	return 0;
}
