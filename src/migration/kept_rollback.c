/*
 * A megabyte is far more than a rollback and far less than a dump: what is larger moves data, and has no
 * place in the history, which every run reads or backs up. What reads other files (\i, \copy) is of no use
 * on the day the image lacks them.
 *
 * The text is copied before it is checked. A mapped file can change in between, and what is stored must be
 * what was found to be text.
 */
#include "migration/kept_rollback.h"

#include <string.h>

#include "base/file.h"
#include "migration/checksum.h"

/* Anything larger is data. */
enum { LARGEST_KEPT = 1024 * 1024 };

/* \i, \ir, \include and \copy; mistaking a text for one of them costs a keepsake, not a failure. */
static bool needs_other_files(struct str text)
{
	for (size_t i = 0; i + 2 < text.len; i++) {
		const struct str rest = str_slice(text, i, text.len);

		if ((str_starts(rest, "\\i") && rest.text[2] != 'f') || str_starts(rest, "\\copy"))
			return true;
	}
	return false;
}

static bool read_file(const struct migration *migration, struct file_cache *cache, struct arena *arena,
                      struct file_text *out, struct error *err)
{
	const struct cached_file *cached = cache ? file_cache_find(cache, migration->rollback_path) : NULL;

	if (!cached)
		return file_text_open(migration->rollback_path, ERROR_FILES, arena, out, err);
	*out = (struct file_text){.text = cached->text};
	return true;
}

bool rollback_to_keep_load(const struct migration *migration, struct file_cache *cache, struct arena *arena,
                           struct kept_rollback *out, struct error *err)
{
	struct kept_rollback kept_rollback = {0};
	struct file_text file = {0};

	if (migration->has_rollback && !read_file(migration, cache, arena, &file, err))
		return false;
	if (migration->has_rollback && file.text.len <= LARGEST_KEPT && !needs_other_files(file.text)) {
		kept_rollback.sql = str_copy(arena, file.text);
		kept_rollback.checksum = checksum_of_text(arena, str_of(kept_rollback.sql));
	}
	const bool is_whole =
	    !kept_rollback.sql || file_text_check((struct str){kept_rollback.sql, file.text.len},
	                                          migration->rollback_path, ERROR_FILES, err);
	file_text_close(&file);
	*out = kept_rollback;
	return is_whole;
}
