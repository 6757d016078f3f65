/*
 * A number is given away once. Therefore everything that has one counts: files that cannot be used,
 * rollbacks without a migration, and what only the history knows. Not those that run last: their numbers
 * lie far above on purpose.
 *
 * All files and the lines in 00_master_schema.sql are written together or not at all
 * (migration/rewrite.h), and a file that exists is never overwritten. A wish that makes no sense, such as
 * an impossible name of a branch, is found by reading the text the way it will be read later, before
 * anything is written.
 */
#include "command/project/new_pair.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/buffer.h"
#include "base/file.h"
#include "command/project/migration_files.h"
#include "migration/master.h"
#include "migration/name.h"

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

/* The highest number that is taken. */
static bool find_highest(const struct context *context, const struct pair_wish *wish, int64_t *out,
                         struct error *err)
{
	*out = wish->highest_known;
	return raise_highest(context, SETTING_SCHEMA_DIR, NAME_MIGRATION, out, err) &&
	       raise_highest(context, SETTING_ROLLBACK_DIR, NAME_ROLLBACK, out, err);
}

static bool read_slug(const struct context *context, const struct pair_wish *wish, const char **out,
                      struct error *err)
{
	const int64_t slug_len = setting_number(context->settings, SETTING_SLUG_LENGTH);

	*out = name_slug(context->arena, wish->message, slug_len > 0 ? (size_t)slug_len : 1);
	if (**out)
		return true;
	error_set(err, ERROR_USAGE, "cannot make a file name from \"%s\"", wish->message);
	return error_hint(err, "Describe the migration in a few words, in Latin letters.");
}

static int64_t next_number(const struct context *context, int64_t highest)
{
	int64_t number = name_next_number(highest, context->tree.width, time(NULL));

	while (tree_runs_last(&context->tree, number))
		number++;
	return number;
}

static bool name_pair(const struct context *context, int64_t number, const char *slug, struct new_pair *out,
                      struct error *err)
{
	struct arena *arena = context->arena;
	const char *stem = NULL;

	if (!name_build(setting_text(context->settings, SETTING_NAME_TEMPLATE), number, context->tree.width, slug,
	                arena, &stem, err))
		return false;
	out->up_name = arena_printf(arena, "%s.sql", stem);
	out->down_name = arena_printf(arena, "rollback_%s.sql", stem);
	out->up_path = path_join(arena, setting_text(context->settings, SETTING_SCHEMA_DIR), out->up_name);
	out->down_path = path_join(arena, setting_text(context->settings, SETTING_ROLLBACK_DIR), out->down_name);
	return true;
}

static bool name_pairs(const struct context *context, const struct pair_wish *wish, struct new_pairs *pairs,
                       struct error *err)
{
	const char *slug = NULL;
	int64_t number;

	if (!read_slug(context, wish, &slug, err) || !find_highest(context, wish, &number, err))
		return false;
	for (size_t i = 0; i < pairs->count; i++) {
		const char *own = i ? arena_printf(context->arena, "%s_%zu", slug, i + 1) : slug;

		number = next_number(context, number);
		if (!name_pair(context, number, own, &pairs->items[i], err))
			return false;
	}
	return true;
}

/* --- texts ------------------------------------------------------------ */

/* Which of several pairs. */
struct part {
	const struct pair_wish *wish;
	const struct pair_text *text;
	size_t number; /* from 0 */
	size_t count;
};

/* A message stays on its comment's line, whatever it holds. */
static void add_message(struct buffer *text, const struct part *part)
{
	for (const char *message = part->wish->message; *message; message++)
		buffer_char(text, *message == '\n' || *message == '\r' ? ' ' : *message);
	if (part->count > 1)
		buffer_printf(text, " (%zu of %zu)", part->number + 1, part->count);
}

/* What the first one builds on the others build on by following it. */
static void add_requires(struct buffer *text, const struct migration *const *requires)
{
	for (size_t i = 0; requires && requires[i]; i++)
		buffer_printf(text, "%s%0*" PRId64, i ? ", " : "-- rung: requires: ", requires[i]->width,
		              requires[i]->number);
	if (requires && requires[0])
		buffer_char(text, '\n');
}

static void add_directives(struct buffer *text, const struct part *part)
{
	if (part->wish->branch)
		buffer_printf(text, "-- rung: branch: %s\n", part->wish->branch);
	if (!part->number)
		add_requires(text, part->wish->requires);
}

static void add_text(struct buffer *out, const char *text)
{
	if (text)
		buffer_text(out, text);
}

/* One file of a part. */
struct sheet {
	const char *template;
	const char *head;
	const char *sql;
	const char *pair;
	const char *up_name;
};

static void add_word(struct buffer *text, struct str word, const struct part *part, const struct sheet *sheet)
{
	if (str_starts(word, "{message}"))
		add_message(text, part);
	else if (str_starts(word, "{pair}"))
		buffer_text(text, sheet->pair);
	else if (str_starts(word, "{directives}"))
		add_directives(text, part);
	else if (str_starts(word, "{summary}"))
		add_text(text, part->text->summary);
	if (str_starts(word, "{directives}") || str_starts(word, "{head}"))
		add_text(text, sheet->head);
}

/* As the file name has it: "07". */
static struct str number_of(const struct sheet *sheet)
{
	return str_slice(str_of(sheet->up_name), 0, strspn(sheet->up_name, "0123456789"));
}

static void add_sql(struct buffer *out, const struct sheet *sheet)
{
	for (const char *at = sheet->sql; at && *at; at++)
		if (*at == PAIR_NUMBER)
			buffer_add(out, number_of(sheet));
		else
			buffer_char(out, *at);
}

/* What is in braces and is none of the words is dropped; the templates are ours. */
static struct str fill(const struct part *part, const struct sheet *sheet, struct arena *arena)
{
	struct buffer text = {.arena = arena};
	struct str rest = str_of(sheet->template);

	while (rest.len > 0) {
		const size_t brace = str_index(rest, '{');

		buffer_add(&text, str_slice(rest, 0, brace));
		rest = str_slice(rest, brace, rest.len);
		add_word(&text, rest, part, sheet);
		rest = str_slice(rest, str_index(rest, '}') + 1, rest.len);
	}
	add_sql(&text, sheet);
	return buffer_str(&text);
}

/* A wish that makes no sense, such as a branch with an impossible name, writes nothing. */
static bool fill_pair(const struct part *part, struct arena *arena, struct new_pair *pair, struct error *err)
{
	const struct pair_text *text = part->text;
	const struct sheet up = {part->wish->up_template, text->up_head, text->up, pair->down_name,
	                         pair->up_name};
	const struct sheet down = {part->wish->down_template, text->down_head, text->down, pair->up_name,
	                           pair->up_name};
	struct directives directives;

	pair->up = fill(part, &up, arena);
	pair->down = fill(part, &down, arena);
	if (directives_parse(pair->up, pair->up_name, arena, &directives, err))
		return true;
	err->kind = ERROR_USAGE;
	return false;
}

static bool fill_pairs(const struct context *context, const struct pair_wish *wish, struct new_pairs *pairs,
                       struct error *err)
{
	static const struct pair_text none;

	for (size_t i = 0; i < pairs->count; i++) {
		const struct part part = {wish, wish->text_count ? &wish->texts[i] : &none, i, pairs->count};

		if (!fill_pair(&part, context->arena, &pairs->items[i], err))
			return false;
	}
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

bool new_pairs_make(const struct context *context, const struct pair_wish *wish, struct new_pairs *out,
                    struct error *err)
{
	struct new_pairs pairs = {.count = wish->text_count ? wish->text_count : 1};

	pairs.items = arena_array(context->arena, struct new_pair, pairs.count);
	if (!check_requires(wish, err) || !name_pairs(context, wish, &pairs, err) ||
	    !fill_pairs(context, wish, &pairs, err))
		return false;
	*out = pairs;
	return true;
}

/* --- writing ---------------------------------------------------------- */

static bool add_master(const struct context *context, const struct new_pairs *pairs, struct rewrite *rewrite,
                       struct error *err)
{
	const char *path = context->tree.master_path;
	struct str text;

	if (!path)
		return true;
	if (!migration_files_read(path, context->arena, &text, err))
		return false;
	for (size_t i = 0; i < pairs->count; i++)
		text = master_with(text, pairs->items[i].up_name, &context->tree, context->arena);
	rewrite_move_with(rewrite, path, path, text);
	return true;
}

bool new_pairs_write(struct context *context, const struct new_pairs *pairs, struct error *err)
{
	struct rewrite rewrite = {.arena = context->arena};

	for (size_t i = 0; i < pairs->count; i++) {
		rewrite_create(&rewrite, pairs->items[i].up_path, pairs->items[i].up);
		rewrite_create(&rewrite, pairs->items[i].down_path, pairs->items[i].down);
	}
	if (!add_master(context, pairs, &rewrite, err) || !rewrite_perform(&rewrite, err))
		return false;
	migration_files_say(context, &rewrite, true);
	return true;
}

bool new_pair_write(struct context *context, const struct pair_wish *wish, struct error *err)
{
	struct new_pairs pairs;

	return new_pairs_make(context, wish, &pairs, err) && new_pairs_write(context, &pairs, err);
}
