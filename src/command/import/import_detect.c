/*
 * The names come from each tool's documentation of its defaults. Order matters: a file that only one tool
 * has comes first, then names, and what has to be opened last; tern's and golang-migrate's directories
 * hold files that goose's row would have to read.
 *
 * It is only a suggestion in an error, so whatever cannot be read is taken for not there.
 */
#include "command/import/import_detect.h"

#include <string.h>

#include "base/file.h"
#include "base/str.h"

/* A file whose name begins and ends so, in this directory of the project; the first row that fits counts. */
static const struct mark {
	const char *directory;
	const char *begins;
	const char *ends;
	const char *holds; /* in the text of the file; NULL: the name is enough */
	const char *tool;
} marks[] = {
    {".", "alembic.ini", "", NULL, "alembic"},
    {".", "sqitch.plan", "", NULL, "sqitch"},
    {".", "flyway.", "", NULL, "flyway"},
    {"sql", "V", ".sql", NULL, "flyway"},
    {"src/main/resources/db/migration", "V", ".sql", NULL, "flyway"},
    {"migrations", "tern.conf", "", NULL, "tern"},
    {"migrations", "", ".up.sql", NULL, "golang-migrate"},
    {"db/migrations", "", ".up.sql", NULL, "golang-migrate"},
    {"migrations", "", ".sql", "-- +goose", "goose"},
    {"db/migrations", "", ".sql", "-- +goose", "goose"},
    {"db/migrations", "", ".sql", "-- migrate:up", "dbmate"},
    {"migrations", "", ".sql", "-- migrate:up", "dbmate"},
    {"migrations", "", ".sql", "---- create above / drop below ----", "tern"},
};

static bool holds(const char *path, const char *words, struct arena *arena)
{
	enum { MOST = 1024 * 1024 };
	struct str text;
	struct error ignored;

	return file_read(path, MOST, ERROR_FILES, arena, &text, &ignored) &&
	       memmem(text.text, text.len, words, strlen(words)) != NULL;
}

static bool fits(const struct mark *mark, const char *directory, const char *name, struct arena *arena)
{
	const struct str text = str_of(name);

	return str_starts(text, mark->begins) && str_ends(text, mark->ends) &&
	       (!mark->holds || holds(path_join(arena, directory, name), mark->holds, arena));
}

const char *import_detect(const char *directory, struct arena *arena)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		const char *path = path_join(arena, directory, marks[i].directory);
		struct directory files;
		struct error ignored;

		if (!directory_exists(path) || !directory_read(path, arena, &files, &ignored))
			continue;
		for (size_t j = 0; j < files.count; j++)
			if (fits(&marks[i], path, files.names[j], arena))
				return marks[i].tool;
	}
	return NULL;
}
