/*
 * Names do the work of an index: a store has nothing but a listing, and some have not even that. An id
 * begins with the time, so that names sort by age, and ends in random digits, so that two runs of one
 * second do not meet; which of these came first it does not say. A part is told by what follows the id, and
 * a name that is not exactly an id and one of these endings is no part of a backup, whatever it looks like:
 * retention removes by these names.
 *
 * A database is a folder, its odd letters written as %2F: a name may hold a slash or begin with a dot, and
 * must not lead out of the store.
 */
#include "store/backup_name.h"

#include <string.h>

#include <sys/random.h>

#include "base/buffer.h"
#include "base/digest.h"

static const char *const suffixes[PART_COUNT] = {
    [PART_OBJECT] = ".dump.zst.age",    [PART_PLAIN_OBJECT] = ".dump.zst", [PART_MANIFEST] = ".json",
    [PART_SIGNATURE] = ".json.minisig", [PART_FAILURE] = ".failed",
};

char *backup_id(const char *created_at, struct arena *arena)
{
	struct buffer id = {.arena = arena};
	uint8_t random[4] = {0};

	for (const char *c = created_at; *c && id.len < 15; c++) {
		if (char_is_digit(*c))
			buffer_char(&id, *c);
		if (id.len == 8)
			buffer_char(&id, 'T');
	}
	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		memcpy(random, &arena, sizeof(random)); /* only has to differ from others of the same second */
	buffer_printf(&id, "Z-%s", hex_text(arena, random, sizeof(random)));
	return buffer_cstr(&id);
}

bool is_backup_id_beginning(struct str text)
{
	static const char pattern[] = "99999999T999999Z-xxxxxxxx";

	if (text.len == 0 || text.len > BACKUP_ID_LEN)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		const char c = text.text[i];
		const bool is_right = pattern[i] == '9'   ? char_is_digit(c)
		                      : pattern[i] == 'x' ? char_is_digit(c) || (c >= 'a' && c <= 'f')
		                                          : c == pattern[i];

		if (!is_right)
			return false;
	}
	return true;
}

bool is_backup_id(struct str text)
{
	return text.len == BACKUP_ID_LEN && is_backup_id_beginning(text);
}

int64_t backup_id_began(const char *id)
{
	int64_t began = 0;

	for (const char *c = id; *c && *c != 'Z'; c++)
		if (char_is_digit(*c))
			began = began * 10 + (*c - '0');
	return began;
}

/* "%" is written so as well, so that two databases never share a folder. */
char *backup_folder(const char *database, struct arena *arena)
{
	struct buffer folder = {.arena = arena};

	for (const char *c = database; *c; c++) {
		const char folded = char_fold(*c);

		if (char_is_digit(*c) || (folded >= 'a' && folded <= 'z') || *c == '_' || *c == '-' ||
		    (*c == '.' && c > database))
			buffer_char(&folder, *c);
		else
			buffer_printf(&folder, "%%%02X", (unsigned char)*c);
	}
	buffer_char(&folder, '/');
	return buffer_cstr(&folder);
}

char *backup_key(const char *database, const char *id, enum part part, struct arena *arena)
{
	return arena_printf(arena, "%s%s%s", backup_folder(database, arena), id, suffixes[part]);
}

bool backup_key_parse(const char *key, struct str *id, enum part *part)
{
	const char *slash = strrchr(key, '/');
	const struct str name = str_of(slash ? slash + 1 : key);

	if (!is_backup_id(str_slice(name, 0, BACKUP_ID_LEN)))
		return false;
	for (int i = 0; i < PART_COUNT; i++) {
		if (!str_is(str_slice(name, BACKUP_ID_LEN, name.len), suffixes[i]))
			continue;
		*id = str_slice(name, 0, BACKUP_ID_LEN);
		*part = (enum part)i;
		return true;
	}
	return false;
}
