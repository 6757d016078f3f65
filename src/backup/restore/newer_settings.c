/*
 * pg_restore has no option that leaves these settings out, and an older pg_restore may not be there, or
 * not know the archive. So its errors are read, in the words of LC_ALL=C (restore_run.c sets it), and
 * excused.
 *
 * An excuse too many would pass a damaged restore for a good one, so it takes three things: the first
 * other error stops pg_restore at once, each error that was printed is about one of these settings, and
 * the total that pg_restore itself prints at the end is the one to be expected. With several jobs the
 * lines of the processes mix, and only the last two hold.
 *
 * A script is changed as little as possible: only in the lines before its first statement that is no
 * setting. A line counts only when its statement ends in it; anything else may be the inside of a
 * literal.
 */
#include "backup/restore/newer_settings.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"

static const struct setting_row {
	struct str statement;
	int major; /* of the first client that sends it and the first server that knows it */
} settings[] = {
    {STR("SET transaction_timeout = 0;"), 17},
};

enum { SETTING_COUNT = sizeof(settings) / sizeof(*settings), PER_MAJOR = 10000 };

struct newer_settings newer_settings_of(int client_major, int server_version)
{
	struct newer_settings it = {0};

	for (size_t i = 0; i < SETTING_COUNT; i++)
		it.unknown += client_major >= settings[i].major && server_version < settings[i].major * PER_MAJOR;
	return it;
}

/* Compared whole: a line that says anything more is not pg_dump's. */
static bool is_unknown(struct str line, int server_version)
{
	for (size_t i = 0; i < SETTING_COUNT; i++)
		if (server_version < settings[i].major * PER_MAJOR && str_equal(line, settings[i].statement))
			return true;
	return false;
}

/* --- what pg_restore says ---------------------------------------------- */

/* "Command was: SET transaction_timeout = 0;" */
static bool is_about_setting(struct str line)
{
	const struct str before = STR("Command was: ");

	return str_starts(line, before.text) && is_unknown(str_slice(line, before.len, line.len), 0);
}

static bool refuse(struct str error, struct error *err)
{
	enum { ENOUGH = 1500 };

	error_set(err, ERROR_STORAGE, "\"pg_restore\" met an error");
	return error_detail(err, "%.*s", STR_ARGS(str_trim(str_slice(error, 0, ENOUGH))));
}

/* Only the end of a line says that all of it is there. Where several processes print, lines mix. */
bool newer_settings_watch(const void *watcher, struct str errors, struct error *err)
{
	const struct newer_settings *it = watcher;
	struct str rest = errors;

	while (it->unknown && !it->by_jobs && memchr(rest.text, '\n', rest.len)) {
		const struct str here = rest;
		struct str line;

		(void)str_line_next(&rest, &line);
		if (!str_starts(line, "pg_restore: error: "))
			continue;
		if (!memchr(rest.text, '\n', rest.len))
			return true;
		(void)str_line_next(&rest, &line);
		if (!is_about_setting(line))
			return refuse(here, err);
	}
	return true;
}

static size_t count_of(struct str text, const char *word)
{
	size_t count = 0;

	for (const char *at = text.text;
	     text.len && (at = memmem(at, (size_t)(text.text + text.len - at), word, strlen(word)));
	     at += strlen(word))
		count++;
	return count;
}

/* Several processes print at once: their pieces mix, but each piece stays whole. */
static bool are_all_about_settings(struct str errors)
{
	size_t about = 0;

	for (size_t i = 0; i < SETTING_COUNT; i++) {
		char line[100];

		snprintf(line, sizeof(line), "\nCommand was: %s", settings[i].statement.text);
		about += count_of(errors, line);
	}
	return count_of(errors, "error: ") == about;
}

/*
 * The count is pg_restore's own, printed when all others have ended: every error of a statement is in it.
 * Its main process makes the settings at the beginning, and again after what several jobs did.
 */
bool newer_settings_excuse(const void *watcher, const struct child_result *result)
{
	const struct newer_settings *it = watcher;
	const struct str errors = str_trim(result->errors);
	char expected[80];

	snprintf(expected, sizeof(expected), "\npg_restore: warning: errors ignored on restore: %zu",
	         it->unknown * (it->by_jobs ? 2 : 1));
	return it->unknown && result->exit_code == 1 && str_ends(errors, expected) &&
	       are_all_about_settings(errors);
}

/* --- scripts ------------------------------------------------------------ */

struct header {
	struct sink sink;
	struct arena arena;
	struct buffer line; /* as far as it was read */
	int server_version;
	bool is_over;
	struct sink *next;
};

enum { LONGEST_LINE = 4096 }; /* no line of a header is as long */

/* A statement must end in its line: what continues in the next one may be a literal. */
static bool is_of_header(struct str line)
{
	static const struct {
		const char *beginning;
		const char *end;
	} forms[] = {{"--", ""},
	             {"\\restrict ", ""},
	             {"SET ", ";"},
	             {"SELECT pg_catalog.set_config('search_path', '', ", ";"}};

	line = str_trim(line);
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		if (str_starts(line, forms[i].beginning) && str_ends(line, forms[i].end))
			return true;
	return line.len == 0;
}

static bool end_line(struct header *it, struct error *err)
{
	const struct str line = buffer_str(&it->line);

	it->is_over = !is_of_header(line) || line.len > LONGEST_LINE;
	it->line.len = 0;
	return is_unknown(str_trim(line), it->server_version) || sink_write(it->next, line, err);
}

static bool header_write(struct sink *sink, struct str bytes, struct error *err)
{
	struct header *it = (struct header *)sink;

	while (bytes.len > 0 && !it->is_over) {
		const size_t end = str_index(bytes, '\n');
		const size_t len = end < bytes.len ? end + 1 : end;

		buffer_add(&it->line, str_slice(bytes, 0, len));
		bytes = str_slice(bytes, len, bytes.len);
		if ((end < len || it->line.len > LONGEST_LINE) && !end_line(it, err))
			return false;
	}
	return bytes.len == 0 || sink_write(it->next, bytes, err);
}

static bool header_finish(struct sink *sink, struct error *err)
{
	struct header *it = (struct header *)sink;

	return (it->line.len == 0 || end_line(it, err)) && sink_finish(it->next, err);
}

static void header_discard(struct sink *sink)
{
	sink_discard(((struct header *)sink)->next);
}

static void header_close(struct sink *sink)
{
	struct header *it = (struct header *)sink;
	struct arena arena = it->arena;

	sink_close(&it->next);
	arena_clear(&arena);
}

struct sink *newer_settings_open(int server_version, struct sink *next)
{
	static const struct sink_class class = {header_write, header_finish, header_discard, header_close};
	struct arena arena = {0};
	struct header *it = arena_new(&arena, struct header);

	*it =
	    (struct header){.sink.class = &class, .arena = arena, .server_version = server_version, .next = next};
	it->line.arena = &it->arena;
	return &it->sink;
}
