#include "command/setting_file.h"

#include <string.h>

#include "base/file.h"
#include "command/filing.h"
#include "config/ini.h"
#include "config/ini_edit.h"

static bool load(const char *path, struct arena *arena, struct str *out, struct error *err)
{
	*out = STR("");
	return !file_exists(path) || filing_read(path, arena, out, err);
}

/* What was written is read back the way it will be: the file must say just that, and be right as a whole. */
static bool check(struct str text, const char *path, enum setting setting, const char *value,
                  struct arena *arena, struct error *err)
{
	struct ini ini;

	if (!ini_read(text, path, arena, &ini, err))
		return false;
	return (ini.values[setting].text && strcmp(ini.values[setting].text, value) == 0) ||
	       error_set(err, ERROR_USAGE, "cannot write that value into \"%s\": it would read otherwise", path);
}

bool setting_file_write(const struct context *context, enum setting setting, const char *value,
                        struct error *err)
{
	const struct setting_row *row = &setting_rows[setting];
	struct arena *arena = context->arena;
	const char *path = path_join(arena, context->settings->project_dir, "rung.ini");
	struct str text;

	if (!setting_check(setting, value, err) || !load(path, arena, &text, err))
		return false;
	const struct str written = ini_with(text, row->section, row->key, value, arena);
	if (!check(written, path, setting, value, arena, err) || !file_write(path, written, 0644, err))
		return false;
	event_note(context->reporter, "wrote %s = %s under [%s] in \"%s\"", row->key, value, row->section, path);
	return true;
}
