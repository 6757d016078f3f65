/*
 * Writing two files needs no database, and must work without one. It is asked all the same when one is
 * known, for two reasons: what is written now was tried on an older schema if migrations are pending,
 * which is worth a warning; and a number whose file is gone is still taken in the history. A server that
 * does not answer within 3 s is passed over.
 *
 * Where a schema is wanted, by --from or by the settings, both files are generated, and proved before they
 * are written (generate/generated_pair.h). Else they are templates with comments and no statements. "upgrade"
 * refuses such a file, since people commit it before they write into it.
 */
#include <string.h>

#include "base/buffer.h"
#include "command/commands.h"
#include "command/database/database.h"
#include "command/generate/generated_pair.h"
#include "command/generate/side_name.h"
#include "command/project/migration_files.h"
#include "command/project/new_pair.h"
#include "config/url.h"
#include "history/history_store.h"
#include "migration/template.h"
#include "plan/lookup.h"

static bool wants_empty(const struct context *context)
{
	return option_is_given(context, "--empty") || option_is_given(context, "--manual");
}

/* The schema that is wanted, as a side; NULL for none: an empty pair. */
static const char *wanted_side(const struct context *context)
{
	const char *from = option_value(context, "--from");

	return from ? from : side_name_is_desired(context->settings) && !wants_empty(context) ? "desired" : NULL;
}

/* --- is the database where the files are? ------------------------------ */

/* Who only writes a file does not wait long for a server. */
enum { PATIENCE_MS = 3000 };

/* What a database says that is asked on the way. */
struct look {
	struct history history;
	struct table_sizes sizes;
};

static bool load(const struct context *context, struct look *out, struct error *err)
{
	scoped_session struct session *db = NULL;
	struct session_options options = database_options(context, context->database);
	struct qualified_name table;
	struct server_info facts;

	if (options.connect_timeout_ms == 0 || options.connect_timeout_ms > PATIENCE_MS)
		options.connect_timeout_ms = PATIENCE_MS;
	return database_history_table(context, &table, err) && session_open(&options, &db, err) &&
	       history_load(db, &table, HISTORY_TO_SHOW, context->arena, &out->history, &facts, err) &&
	       (!wanted_side(context) || table_sizes_load(db, context->arena, &out->sizes, err));
}

/*
 * Only what is pending counts. Edited and missing ones are findings of "check", and no reason not to write
 * the next file.
 */
static size_t count_pending(const struct context *context, const struct history *history)
{
	const struct plan_options options = database_plan_options(context);
	struct difference_list differences;
	size_t count = 0;

	plan_compare(&context->tree, history, &options, context->arena, &differences);
	for (size_t i = 0; i < differences.count; i++)
		count += differences.items[i].kind == DIFFERENCE_PENDING;
	return count;
}

/*
 * Where Alembic refuses ("target database is not up to date") because it
 * compares with the database, a template needs no database: it is worth a
 * warning, since what is written next was tried on an older schema. A server
 * that does not answer is no reason to write no file. Empty when it was not
 * asked.
 */
static struct look look_at_database(const struct context *context)
{
	struct look look = {.history = {0}};
	struct error err;

	if (!context->database || wants_empty(context))
		return look;
	if (!load(context, &look, &err)) {
		event_debug(context->reporter, "not compared with the database: %s", err.message);
		return (struct look){.history = {0}};
	}
	const size_t count = count_pending(context, &look.history);
	const struct migration **heads;
	const bool is_forked = tree_heads(&context->tree, context->arena, &heads) > 1;

	if (count > 0)
		event_warning(context->reporter,
		              "target database is not up to date: %zu migration%s pending; \"%s\" applies %s", count,
		              count == 1 ? " is" : "s are", is_forked ? "rung upgrade heads" : "rung upgrade",
		              count == 1 ? "it" : "them");
	return look;
}

/* A number whose file is gone is taken all the same. */
static int64_t highest_applied(const struct tree *tree, const struct history *history)
{
	for (size_t i = history->count; i-- > 0;)
		if (!tree_runs_last(tree, history->records[i].version))
			return history->records[i].version;
	return 0;
}

/* --- the verb --------------------------------------------------------- */

static const struct migration *find_required(const struct context *context, struct str word,
                                             struct error *err)
{
	const char *typed = str_copy(context->arena, str_trim(word));
	const struct migration *migration = NULL;

	if (!lookup_migration(typed, &context->tree, context->arena, &migration, err))
		(void)!error_context(err, "while reading --requires");
	return migration;
}

/* "04, 07" as migrations, ended by NULL; there are fewer of them than characters. */
static bool read_requires(const struct context *context, const char *text,
                          const struct migration *const **out, struct error *err)
{
	const struct migration **list = arena_array(context->arena, const struct migration *, strlen(text) + 2);
	struct str rest = str_of(text);
	struct str word;
	size_t count = 0;

	while (str_split_next(&rest, ',', &word)) {
		list[count] = find_required(context, word, err);
		if (!list[count++])
			return false;
	}
	*out = list;
	return true;
}

/* Quotes around the message may be left out. */
static const char *joined(const char *const *words, struct arena *arena)
{
	struct buffer message = {.arena = arena};

	for (const char *const *word = words; *word; word++)
		buffer_printf(&message, "%s%s", word == words ? "" : " ", *word);
	return buffer_cstr(&message);
}

/* --- from a schema that is wanted ------------------------------------------- */

static bool read_allowed(const struct context *context, struct generated_pair_options *out, struct error *err)
{
	const char *allowed = option_value(context, "--allow");

	out->allows_data_loss = allowed && strcmp(allowed, "data-loss") == 0;
	return !allowed || out->allows_data_loss ||
	       error_set(err, ERROR_USAGE, "--allow takes data-loss, not \"%s\"", allowed);
}

/* Those of the settings, and what is typed as well. */
static const char *all_excluded(const struct context *context)
{
	const char *typed = option_value(context, "--exclude");
	const char *set = setting_text(context->settings, SETTING_CREATE_EXCLUDE);

	return typed && set ? arena_printf(context->arena, "%s,%s", set, typed) : typed ? typed : set;
}

static bool read_generated(const struct context *context, struct generated_pair_options *out,
                           struct error *err)
{
	const char *server = option_value(context, "--server");

	*out = (struct generated_pair_options){
	    .desired = wanted_side(context),
	    .exclude = all_excluded(context),
	    .server_url = server ? url_for_libpq(context->arena, server) : NULL,
	    .is_online = option_is_given(context, "--online"),
	    .keeps_rows = option_is_given(context, "--keep-rows"),
	};
	if (out->is_online && option_is_given(context, "--plain"))
		return error_set(err, ERROR_USAGE, "--online and --plain exclude each other");
	if (wants_empty(context))
		return error_set(err, ERROR_USAGE, "--from and --empty exclude each other");
	return read_allowed(context, out, err);
}

/* `*is_written`: false where there is nothing to write. */
static bool write_generated(struct context *context, const struct look *look, struct pair_wish *wish,
                            bool *is_written, struct error *err)
{
	scoped_generated_pair struct generated_pair generated = {0};
	struct generated_pair_options options;
	struct new_pairs pairs;

	if (!read_generated(context, &options, err))
		return false;
	options.sizes = &look->sizes;
	if (!generated_pair_open(context, &options, &generated, err))
		return false;
	wish->up_template = template_known_up;
	wish->down_template = template_known_down;
	wish->texts = generated.texts;
	wish->text_count = generated.series.count;
	*is_written = wish->text_count > 0;
	return !*is_written ||
	       (new_pairs_make(context, wish, &pairs, err) && generated_pair_prove(&generated, &pairs, err) &&
	        new_pairs_write(context, &pairs, err));
}

static bool is_live(const struct context *context, const char *side)
{
	const char *set = setting_text(context->settings, SETTING_DESIRED);

	return strcmp(strcmp(side, "desired") == 0 && set ? set : side, "live") == 0;
}

/* The database that the SQL was taken from has it already. */
static void say_next(const struct context *context)
{
	const char *side = wanted_side(context);

	if (!side)
		event_note(context->reporter,
		           "Next: write SQL into both files, then \"rung test\" (up, down and up again on a scratch "
		           "server), then \"rung upgrade\"");
	else if (is_live(context, side))
		event_note(context->reporter,
		           "Next: read both files, then \"rung test\"; here \"rung stamp head\" records "
		           "that the database has it already, elsewhere \"rung upgrade\" applies it");
	else
		event_note(context->reporter, "Next: read both files, then \"rung test\", then \"rung upgrade\"");
}

static bool cmd_create(struct context *context, struct error *err)
{
	struct pair_wish wish = {
	    .message = joined(context->operands, context->arena),
	    .up_template = template_up,
	    .down_template = template_down,
	    .branch = option_value(context, "--branch"),
	};
	const char *requires = option_value(context, "--requires");
	bool is_written = true;

	if (!migration_files_load(context, err) ||
	    (requires && !read_requires(context, requires, &wish.requires, err)))
		return false;
	const struct look look = look_at_database(context);
	wish.highest_known = highest_applied(&context->tree, &look.history);
	if (wanted_side(context) ? !write_generated(context, &look, &wish, &is_written, err)
	                         : !new_pair_write(context, &wish, err))
		return false;
	if (is_written)
		say_next(context);
	return true;
}

static const struct option_row options[] = {
    {"--from", 0, "SIDE",
     "write the SQL that leads to this schema: files of SQL, a database, live; default: the setting desired"},
    {"--allow", 0, "data-loss", "write generated statements that lose data, too"},
    {"--keep-rows", 0, NULL,
     "copy what would be lost into the schema rung_kept; the rollback brings it back"},
    {"--plain", 0, NULL, "generate the shortest SQL, in one migration where that can be (the default)"},
    {"--online", 0, NULL, "generate SQL that locks less, in more migrations"},
    {"--rename", 0, "LIST", "what was renamed: table:app.clients=customers, column:app.t.a=b"},
    {"--exclude", 0, "PATTERNS", "leave out tables, views, functions, types with these names"},
    {"--server", 0, "URL", "build both schemas on this server, in databases that are dropped again"},
    {"--empty", 0, NULL, "write files without statements, whatever schema is wanted"},
    {"--manual", 0, NULL, "the same"},
    {"--branch", 0, "NAME", "on a branch, which \"rung merge\" joins later"},
    {"--requires", 0, "NN,NN", "also depends on these"},
    {0},
};

const struct command command_create = {
    .name = "create",
    .operands = "MESSAGE...",
    .help = &HELP_create,
    .group = GROUP_WRITE,
    .needs = NEEDS_NOTHING,
    .least_operands = 1,
    .most_operands = 64,
    .options = options,
    .run = cmd_create,
};
