#include <string.h>

#include "command/commands.h"
#include "command/database.h"
#include "command/filing.h"
#include "command/new_pair.h"
#include "history/store.h"

/*
 * What a new file begins with: enough to know what is expected of it, and
 * skeletons of statements that may run twice. "{...}" is filled in.
 */
static const char up_template[] =
    "{directives}"
    "-- {message}\n"
    "--\n"
    "-- Applied in one transaction, all or nothing. Undone by {pair}.\n"
    "-- Statements that may run twice are kind to whoever has to repair something:\n"
    "--\n"
    "--     CREATE TABLE IF NOT EXISTS things (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);\n"
    "--     ALTER TABLE things ADD COLUMN IF NOT EXISTS note text;\n"
    "--     CREATE INDEX IF NOT EXISTS idx_things_note ON things (note);\n"
    "\n";

static const char down_template[] =
    "-- Undoes {pair}: {message}\n"
    "--\n"
    "-- In the opposite order, and nothing more than the migration did:\n"
    "--\n"
    "--     DROP INDEX IF EXISTS idx_things_note;\n"
    "--     ALTER TABLE things DROP COLUMN IF EXISTS note;\n"
    "--     DROP TABLE IF EXISTS things;\n"
    "--\n"
    "-- If it cannot be undone, delete this file and put into the head of the other:\n"
    "--\n"
    "--     -- rung: irreversible: the reason\n"
    "\n";

/* --- is the database where the files are? ------------------------------ */

/* Who only writes a file does not wait long for a server. */
enum { PATIENCE_MS = 3000 };

static bool load_history(const struct context *context, struct history *out, struct error *err)
{
	scoped_session struct session *db = NULL;
	struct session_options options = database_options(context, context->database);
	struct qualified_name table;
	struct server_facts facts;

	if (options.connect_timeout_ms == 0 || options.connect_timeout_ms > PATIENCE_MS)
		options.connect_timeout_ms = PATIENCE_MS;
	return database_history_table(context, &table, err) && session_open(&options, &db, err) &&
	       history_load(db, &table, context->arena, out, &facts, err);
}

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
 * that does not answer is no reason to write no file.
 */
static void warn_when_behind(const struct context *context)
{
	struct history history;
	struct error err;

	if (!context->database || option_is_given(context, "--manual"))
		return;
	if (!load_history(context, &history, &err)) {
		event_debug(context->reporter, "not compared with the database: %s", err.message);
		return;
	}
	const size_t count = count_pending(context, &history);
	if (count > 0)
		event_warning(
		    context->reporter,
		    "target database is not up to date: %zu migration%s pending; \"rung upgrade\" applies %s", count,
		    count == 1 ? " is" : "s are", count == 1 ? "it" : "them");
}

/* --- the verb --------------------------------------------------------- */

static const struct migration *find_required(const struct context *context, struct str word,
                                             struct error *err)
{
	const char *typed = str_copy(context->arena, str_trim(word));
	const struct migration *migration = tree_find(&context->tree, typed);

	if (!migration) {
		error_set(err, ERROR_USAGE, "no migration \"%s\" to require", typed);
		error_hint(err, "\"rung history\" lists them.");
	}
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

static bool run(struct context *context, struct error *err)
{
	struct pair_wish wish = {
	    .message = context->operands[0],
	    .up_template = up_template,
	    .down_template = down_template,
	    .branch = option_value(context, "--branch"),
	};
	const char *requires = option_value(context, "--requires");

	if (!filing_load(context, err) || (requires && !read_requires(context, requires, &wish.requires, err)))
		return false;
	warn_when_behind(context);
	return new_pair_write(context, &wish, err);
}

static const struct option_row options[] = {
    {"--manual", 'm', NULL, "from the template, without asking the database where it is"},
    {"--branch", 0, "NAME", "on a labelled branch, which \"rung merge\" joins later"},
    {"--requires", 0, "NN,NN", "builds on these besides"},
    {0},
};

const struct command command_create = {
    .name = "create",
    .operands = "MESSAGE",
    .summary = "write a new pair of files",
    .group = GROUP_WRITE,
    .needs = NEEDS_NOTHING,
    .least_operands = 1,
    .most_operands = 1,
    .options = options,
    .description =
        "Writes a migration and its rollback from a template. The number is the next one, in the width in "
        "use (timestamps where those are in use), the name comes from MESSAGE. 00_master_schema.sql gets "
        "its line where there is such a file. No existing file is ever overwritten.\n"
        "\n"
        "A migration with --branch leaves the straight line: it builds on the one before it on its branch, "
        "the first one on the trunk below it or on what it requires.\n"
        "\n"
        "When a database is known and migrations are pending there, a warning says that the target "
        "database is not up to date; the files are written all the same. --manual asks no server.",
    .examples = "rung create \"add user preferences\"\tschema/07_add_user_preferences.sql and its pair\n"
                "rung create \"add user preferences\" --slug-length 20\twith a shorter name\n"
                "rung create invoices --branch billing\tthe first or next one of a branch\n"
                "rung create reports --requires 04,07\tbuilds on both",
    .run = run,
};
