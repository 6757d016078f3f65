/*
 * Whatever bytes are said to be a script, judging them ends, says the same
 * however they come in pieces, and changes nothing of what passes but for
 * commands that are taken out; and a psql that nothing restricts gets no script
 * that a restricted one would not. Built by make fuzz.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "backup/script/script_guard.h"
#include "base/buffer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool pass(bool psql_is_restricted, struct str script, size_t piece, struct buffer *out,
                 struct error *err)
{
	scoped_sink struct sink *sink = script_guard_open(psql_is_restricted, memory_open(out, 1 << 24));

	for (size_t at = 0; at < script.len; at += piece)
		if (!sink_write(sink, str_slice(script, at, at + piece), err))
			return false;
	return sink_finish(sink, err);
}

static void judge(bool psql_is_restricted, struct str script, size_t piece, bool *passes)
{
	scoped_arena struct arena arena = {0};
	struct buffer whole = {.arena = &arena};
	struct buffer pieces = {.arena = &arena};
	struct error whole_err = {0};
	struct error pieces_err = {0};

	*passes = pass(psql_is_restricted, script, script.len + 1, &whole, &whole_err);
	assert(pass(psql_is_restricted, script, piece, &pieces, &pieces_err) == *passes);
	/* Of two faults in one literal either may be named: lines that come alone are judged alone. */
	assert(*passes ? whole_err.message[0] == '\0' : whole_err.hint[0] && pieces_err.hint[0]);
	if (!*passes)
		return;
	assert(str_equal(buffer_str(&whole), buffer_str(&pieces)));
	assert(whole.len <= script.len);
	if (!memmem(script.text, script.len, "restrict ", 9))
		assert(str_equal(buffer_str(&whole), script));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool lenient, strict;

	if (size < 1)
		return 0;
	/* libFuzzer's own copy is of exactly this size, so one byte too far is seen. */
	const struct str script = {(const char *)data + 1, size - 1};

	judge(true, script, 1 + data[0], &lenient);
	judge(false, script, 1 + data[0], &strict);
	assert(lenient || !strict);
	return 0;
}
