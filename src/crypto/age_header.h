/*
 * age_header.h - the text an age file begins with
 *
 *	age-encryption.org/v1
 *	-> X25519 XEl0dJ6y3C7KZkgmgWUicg63EyXJiwBJW8PdYJ/cYBE
 *	qRS0AMjdjPvZ/WT08U2KL4G+PIooA3hy38SvLpvaC1E
 *	--- HK2NmOBN9Dpq0Gw6xMCuhFcQlQLvZ/wQUi/2scLG75s
 *
 * Grammar only: what a stanza means is age_wrap.h. Everything that is not
 * exactly as the specification writes it is refused, since a reader that is
 * lenient here lets two different headers mean the same.
 */
#ifndef RUNG_CRYPTO_AGE_HEADER_H
#define RUNG_CRYPTO_AGE_HEADER_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

enum {
	AGE_HEADER_LARGEST = 1024 * 1024,
	AGE_HEADER_MOST_STANZAS = 64,
	AGE_MAC_SIZE = 32,
};

struct age_stanza {
	const struct str *arguments; /* at least one, the type */
	size_t argument_count;
	const uint8_t *body;
	size_t body_size;
};

struct age_header {
	struct age_stanza *stanzas;
	size_t count;
	struct str authenticated; /* what the MAC covers: all up to and with "---" */
	uint8_t mac[AGE_MAC_SIZE];
};

/* Gathers a header from pieces of a file. A zeroed one with `text.arena` set is ready. */
struct age_header_reader {
	struct buffer text;
	size_t line_start;
	bool is_complete;
};

/*
 * Takes from `*rest` what belongs to the header and leaves the payload there.
 * Refuses what is no age file as soon as that can be seen.
 */
MUST_USE bool age_header_take(struct age_header_reader *reader, struct str *rest, struct error *err);

/* `text` is a whole header; the result looks into it and lies on `arena`. */
MUST_USE bool age_header_parse(struct str text, struct arena *arena, struct age_header *out,
                               struct error *err);

/* Writing, in this order: begin, a stanza for each recipient, the mark, and after it the MAC of all that. */
void age_header_begin(struct buffer *text);
void age_header_stanza(struct buffer *text, const char *arguments, const uint8_t *body, size_t body_size);
void age_header_mark(struct buffer *text);
void age_header_end(struct buffer *text, const uint8_t mac[AGE_MAC_SIZE]);

#endif
