#include "migration/way_back.h"

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

static bool read_file(const struct migration *migration, struct shelf *shelf, struct arena *arena,
                      struct file_text *out, struct error *err)
{
	const struct shelved *shelved = shelf ? shelf_find(shelf, migration->rollback_path) : NULL;

	if (!shelved)
		return file_text_open(migration->rollback_path, ERROR_FILES, arena, out, err);
	*out = (struct file_text){.text = shelved->text};
	return true;
}

bool way_back_load(const struct migration *migration, struct shelf *shelf, struct arena *arena,
                   struct way_back *out, struct error *err)
{
	struct way_back way_back = {0};
	struct file_text file = {0};

	if (migration->has_rollback && !read_file(migration, shelf, arena, &file, err))
		return false;
	if (migration->has_rollback && file.text.len <= LARGEST_KEPT && !needs_other_files(file.text)) {
		way_back.sql = str_copy(arena, file.text);
		way_back.checksum = checksum_of_text(arena, str_of(way_back.sql));
	}
	const bool is_whole = !way_back.sql || file_text_check((struct str){way_back.sql, file.text.len},
	                                                       migration->rollback_path, ERROR_FILES, err);
	file_text_close(&file);
	*out = way_back;
	return is_whole;
}
