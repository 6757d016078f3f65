/*
 * A number is given away once. Therefore everything that has one counts: files that cannot be used,
 * rollbacks without a migration, and what only the history knows. Not those that run last: their numbers
 * lie far above on purpose.
 *
 * Both files and the line in 00_master_schema.sql are written together or not at all
 * (migration/rewrite.h), and a file that exists is never overwritten. A wish that makes no sense, such as
 * an impossible name of a branch, is found by reading the text the way it will be read later, before
 * anything is written.
 */
#include "command/project/new_pair.h"

#include <inttypes.h>
#include <time.h>

#include "base/buffer.h"
#include "base/file.h"
#include "command/project/migration_files.h"
#include "migration/master.h"
#include "migration/name.h"

/* The pair that is to be written. */
struct new_pair {
	const struct pair_wish *wish;
	const char *up_name;
	const char *down_name;
	const char *up_path;
	const char *down_path;
};

/* --- naming ----------------------------------------------------------- */

/* Counts files that cannot be used as they are, too, and rollbacks without a migration: their number is
 * taken. */
static bool raise_highest(const struct context *context, enum setting directory, enum name_role role,
                          int64_t *highest, struct error *err)
{
	const char *path = setting_text(context->settings, directory);
	struct directory files;

	if (!directory_exists(path))
		return true;
	if (!directory_read(path, context->arena, &files, err))
		return false;
	for (size_t i = 0; i < files.count; i++) {
		const struct name name = name_parse(files.names[i]);

		if (name.role == role && name.number > *highest && !tree_runs_last(&context->tree, name.number))
			*highest = name.number;
	}
	return true;
}

static bool name_stem(const struct context *context, const struct pair_wish *wish, const char **stem,
                      struct error *err)
{
	const int64_t slug_len = setting_number(context->settings, SETTING_SLUG_LENGTH);
	const char *slug = name_slug(context->arena, wish->message, slug_len > 0 ? (size_t)slug_len : 1);
	int64_t highest = wish->highest_known;

	if (!*slug) {
		error_set(err, ERROR_USAGE, "cannot make a file name from \"%s\"", wish->message);
		return error_hint(err, "Describe the migration in a few words, in Latin letters.");
	}
	if (!raise_highest(context, SETTING_SCHEMA_DIR, NAME_MIGRATION, &highest, err) ||
	    !raise_highest(context, SETTING_ROLLBACK_DIR, NAME_ROLLBACK, &highest, err))
		return false;
	int64_t number = name_next_number(highest, context->tree.width, time(NULL));
	while (tree_runs_last(&context->tree, number))
		number++;
	return name_build(setting_text(context->settings, SETTING_NAME_TEMPLATE), number, context->tree.width,
	                  slug, context->arena, stem, err);
}

static bool name_pair(const struct context *context, const struct pair_wish *wish, struct new_pair *out,
                      struct error *err)
{
	struct arena *arena = context->arena;
	const char *stem = NULL;

	if (!name_stem(context, wish, &stem, err))
		return false;
	*out = (struct new_pair){
	    .wish = wish,
	    .up_name = arena_printf(arena, "%s.sql", stem),
	    .down_name = arena_printf(arena, "rollback_%s.sql", stem),
	};
	out->up_path = path_join(arena, setting_text(context->settings, SETTING_SCHEMA_DIR), out->up_name);
	out->down_path = path_join(arena, setting_text(context->settings, SETTING_ROLLBACK_DIR), out->down_name);
	return true;
}

/* --- texts ------------------------------------------------------------ */

/* A message stays on its comment's line, whatever it holds. */
static void add_message(struct buffer *text, const char *message)
{
	for (; *message; message++)
		buffer_char(text, *message == '\n' || *message == '\r' ? ' ' : *message);
}

static void add_directives(struct buffer *text, const struct pair_wish *wish)
{
	if (wish->branch)
		buffer_printf(text, "-- rung: branch: %s\n", wish->branch);
	for (size_t i = 0; wish->requires && wish->requires[i]; i++)
		buffer_printf(text, "%s%0*" PRId64, i ? ", " : "-- rung: requires: ", wish->requires[i]->width,
		              wish->requires[i]->number);
	if (wish->requires && wish->requires[0])
		buffer_char(text, '\n');
}

/* What is in braces and is none of the words is dropped; the templates are ours. */
static struct str fill(const char *template, const char *sql, const struct pair_wish *wish, const char *pair,
                       struct arena *arena)
{
	struct buffer text = {.arena = arena};
	struct str rest = str_of(template);

	while (rest.len > 0) {
		const size_t brace = str_index(rest, '{');

		buffer_add(&text, str_slice(rest, 0, brace));
		rest = str_slice(rest, brace, rest.len);
		if (str_starts(rest, "{message}"))
			add_message(&text, wish->message);
		else if (str_starts(rest, "{pair}"))
			buffer_text(&text, pair);
		else if (str_starts(rest, "{directives}"))
			add_directives(&text, wish);
		rest = str_slice(rest, str_index(rest, '}') + 1, rest.len);
	}
	if (sql)
		buffer_text(&text, sql);
	return buffer_str(&text);
}

/* --- writing ---------------------------------------------------------- */

static bool add_master(const struct context *context, const struct new_pair *pair, struct rewrite *rewrite,
                       struct error *err)
{
	const char *path = context->tree.master_path;
	struct str text;

	if (!path)
		return true;
	if (!migration_files_read(path, context->arena, &text, err))
		return false;
	rewrite_move_with(rewrite, path, path, master_with(text, pair->up_name, &context->tree, context->arena));
	return true;
}

/* A wish that makes no sense, such as a branch with an impossible name, writes nothing. */
static bool add_files(const struct context *context, const struct new_pair *pair, struct rewrite *rewrite,
                      struct error *err)
{
	const struct pair_wish *wish = pair->wish;
	const struct str up = fill(wish->up_template, wish->up_sql, wish, pair->down_name, context->arena);
	const struct str down = fill(wish->down_template, wish->down_sql, wish, pair->up_name, context->arena);
	struct directives directives;

	if (!directives_parse(up, pair->up_name, context->arena, &directives, err)) {
		err->kind = ERROR_USAGE;
		return false;
	}
	rewrite_create(rewrite, pair->up_path, up);
	rewrite_create(rewrite, pair->down_path, down);
	return true;
}

static bool check_requires(const struct pair_wish *wish, struct error *err)
{
	for (size_t i = 0; wish->requires && wish->requires[i]; i++) {
		if (!wish->requires[i]->directives.order_last)
			continue;
		error_set(err, ERROR_USAGE, "nothing can depend on \"%s\": it runs after all others",
		          wish->requires[i]->name);
		return error_hint(err, "Remove it, or remove \"order: last\" from its file.");
	}
	return true;
}

bool new_pair_write(struct context *context, const struct pair_wish *wish, struct error *err)
{
	struct rewrite rewrite = {.arena = context->arena};
	struct new_pair pair;

	if (!check_requires(wish, err) || !name_pair(context, wish, &pair, err) ||
	    !add_files(context, &pair, &rewrite, err) || !add_master(context, &pair, &rewrite, err) ||
	    !rewrite_perform(&rewrite, err))
		return false;
	migration_files_say(context, &rewrite, true);
	return true;
}
