/*
 * Carriage returns and the byte order mark are left out because git and editors put them in and take them
 * out. Nothing else is: a comment that was edited makes another checksum, as only the server could say
 * what it changes.
 *
 * The file is gone through once for two answers, its checksum and whether it is UTF-8, and pages are given
 * back as they are passed: what is megabytes large is usually data. Blocks end between characters so that
 * the second answer is the same as for the whole.
 */
#include "migration/checksum.h"

#include "base/digest.h"

/* Large enough that giving pages back costs nothing, small enough not to be felt. */
enum { BLOCK_SIZE = 1024 * 1024 };

struct str text_without_bom(struct str text)
{
	return str_starts(text, "\xEF\xBB\xBF") ? str_slice(text, 3, text.len) : text;
}

static char *finish(struct digest *digest, struct arena *arena)
{
	uint8_t bytes[DIGEST_SIZE];

	digest_finish(digest, bytes);
	return hex_text(arena, bytes, sizeof(bytes));
}

char *checksum_of_text(struct arena *arena, struct str text)
{
	scoped_digest struct digest *digest = digest_open();

	digest_add_text(digest, text_without_bom(text));
	return finish(digest, arena);
}

/* The end of the block that starts at `from`, moved back so that no character is cut. */
static size_t block_end(struct str text, size_t from)
{
	size_t end = from + BLOCK_SIZE;

	if (end >= text.len)
		return text.len;
	for (size_t back = 0; back < 3 && ((unsigned char)text.text[end] & 0xC0) == 0x80; back++)
		end--;
	return end;
}

char *checksum_file(struct arena *arena, const struct file_text *file, size_t *bad)
{
	scoped_digest struct digest *digest = digest_open();
	const struct str text = file->text;
	size_t from = text.len - text_without_bom(text).len;

	while (from < text.len) {
		const struct str block = str_slice(text, from, block_end(text, from));
		const size_t good = utf8_check(block);

		if (good < block.len) {
			*bad = from + good;
			return NULL;
		}
		digest_add_text(digest, block);
		from += block.len;
		file_text_release(file, from);
	}
	return finish(digest, arena);
}
