/*
 * The file belongs to a person: comments and order stay, one line changes (ini_edit.h). Before it is
 * written the new text is read by the parser that will read it, and must give the value back: what the
 * format cannot say is found before the file is touched, not by the next command.
 */
#include "command/project/setting_file.h"

#include <string.h>

#include "base/file.h"
#include "command/project/migration_files.h"
#include "config/ini.h"
#include "config/ini_edit.h"

static bool load(const char *path, struct arena *arena, struct str *out, struct error *err)
{
	*out = STR("");
	return !file_exists(path) || migration_files_read(path, arena, out, err);
}

/* What was written is read back the way it will be: the file must say just that, and be right as a whole. */
static bool check(struct str text, const char *path, enum setting setting, const char *value,
                  struct arena *arena, struct error *err)
{
	struct ini ini;

	if (!ini_read(text, path, arena, &ini, err))
		return false;
	return (ini.values[setting].text && strcmp(ini.values[setting].text, value) == 0) ||
	       error_set(err, ERROR_USAGE, "cannot write that value into \"%s\": it would be read differently",
	                 path);
}

static const char *path_of(const struct context *context)
{
	return path_join(context->arena, context->settings->project_dir, "rung.ini");
}

/* What is written does not count while a flag or a variable says something else. */
static void warn_of_stronger(const struct context *context, enum setting setting)
{
	const char *origin = context->settings->values[setting].origin;

	if (setting_is_of_caller(context->settings, setting) || (origin && str_starts(str_of(origin), ".env ")))
		event_warning(context->reporter, "this has no effect while there is %s, which overrides rung.ini",
		              strcmp(origin, "flag") == 0 ? setting_rows[setting].flag : origin);
}

bool setting_file_write(const struct context *context, enum setting setting, const char *value,
                        struct error *err)
{
	const struct setting_row *row = &setting_rows[setting];
	struct arena *arena = context->arena;
	const char *path = path_of(context);
	struct str text;

	if (!setting_check(setting, value, err) || !load(path, arena, &text, err))
		return false;
	const struct str written = ini_with(text, row->section, row->key, value, arena);
	if (!check(written, path, setting, value, arena, err) || !file_write(path, written, 0644, err))
		return false;
	event_note(context->reporter, "wrote %s = %s under [%s] in \"%s\"", row->key, value, row->section, path);
	warn_of_stronger(context, setting);
	return true;
}

bool setting_file_remove(const struct context *context, enum setting setting, struct error *err)
{
	const struct setting_row *row = &setting_rows[setting];
	const char *path = path_of(context);
	struct str text;

	if (!load(path, context->arena, &text, err))
		return false;
	const struct str written = ini_without(text, row->section, row->key, context->arena);
	if (written.len == text.len) {
		event_note(context->reporter, "\"%s\" does not set %s", path, row->key);
	} else {
		if (!file_write(path, written, 0644, err))
			return false;
		event_note(context->reporter, "removed %s from [%s] in \"%s\"", row->key, row->section, path);
	}
	warn_of_stronger(context, setting);
	return true;
}
