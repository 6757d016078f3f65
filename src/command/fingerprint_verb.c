/*
 * Looks at one database, whichever is named, and needs no project: two databases of different owners are
 * compared by their fingerprints on two machines. So the argument is a connection string and nothing else,
 * not even a database's name, and it is checked before it is used: what looks like a password in the wrong
 * place must not be printed.
 *
 * A fingerprint that leaves out what it does not know would be equal for databases that are not. Objects of
 * kinds that are not modelled are therefore named, each as a warning, and --strict makes them an error.
 */
#include <string.h>

#include "base/number_text.h"
#include "catalog/fingerprint.h"
#include "command/commands.h"
#include "command/database/database.h"
#include "command/database/fingerprint_parts.h"
#include "pg/address.h"
#include "pg/option_check.h"
#include "report/display.h"
#include "report/property.h"

/* Enough to tell two objects of one database apart; programs get all of it. */
enum { SHOWN_DIGITS = 16 };

/* --- what to look at ------------------------------------------------------- */

static bool is_connection_string(const char *text)
{
	return strstr(text, "://") || strchr(text, '=');
}

static bool choose_database(const struct context *context, const char **out, struct error *err)
{
	const char *given = context->operands[0];

	if (!given && !context->database)
		return database_refuse_none(context, err);
	if (given && !is_connection_string(given)) {
		error_set(err, ERROR_USAGE,
		          "the argument is not a connection string"); /* and may have a password in it */
		return error_hint(err,
		                  "Write postgresql://USER@HOST/DATABASE, or nothing for the configured database.");
	}
	*out = given ? given : context->database;
	return database_check(context, *out, err);
}

static bool open_database(const struct context *context, struct session **out, struct error *err)
{
	const char *conninfo = NULL;

	if (!choose_database(context, &conninfo, err))
		return false;
	const struct session_options options = database_options(context, conninfo);
	return session_open(&options, out, err);
}

/* --- what is told ---------------------------------------------------------- */

static const struct column columns[] = {
    {"kind", NULL, COLUMN_TEXT},
    {"identity", NULL, COLUMN_TEXT},
    {"hash", NULL, COLUMN_TEXT},
    {0},
};

static void print_object(struct context *context, struct table *table, const struct object *object,
                         const char *hash)
{
	if (reporter_is_json(context->reporter))
		table_row(table, (const char *[]){object->kind->name, object->identity, hash});
	else
		report_text(context->reporter,
		            arena_printf(context->arena, "%.*s %s %s\n", SHOWN_DIGITS, hash, object->kind->name,
		                         display_line(context->arena, object->identity)));
}

static void print_objects(struct context *context, const struct catalog *catalog, int parts)
{
	struct table table = {.type = "object", .columns = columns, .arena = context->arena};

	for (size_t i = 0; i < catalog->count; i++) {
		const struct object *object = catalog->objects[i];
		uint8_t digest[DIGEST_SIZE];

		if (!object_counts(object))
			continue;
		object_digest(object, catalog, parts, digest);
		print_object(context, &table, object, hex_text(context->arena, digest, DIGEST_SIZE));
	}
	if (reporter_is_json(context->reporter))
		table_print(&table, context->reporter);
}

/*
 * Alone on its line, for `diff` and $(...). With --objects it is left out, as two lists are compared then.
 */
static void print_fingerprint(struct context *context, const struct catalog *catalog, int parts)
{
	uint8_t digest[DIGEST_SIZE];

	catalog_fingerprint(catalog, parts, digest);
	const char *hash = hex_text(context->arena, digest, DIGEST_SIZE);
	const struct property facts[] = {
	    {"fingerprint", NULL, hash, COLUMN_TEXT},
	    {"format", NULL, number_text(context->arena, FINGERPRINT_VERSION), COLUMN_NUMBER},
	    {"server_version", NULL, number_text(context->arena, catalog->server_version), COLUMN_NUMBER},
	    {"objects", NULL, number_text(context->arena, (int64_t)catalog->count), COLUMN_NUMBER},
	    {"unmodelled", NULL, number_text(context->arena, (int64_t)catalog->unmodelled_count), COLUMN_NUMBER},
	};

	if (reporter_is_json(context->reporter))
		properties_print("fingerprint", facts, sizeof(facts) / sizeof(*facts), context->arena,
		                 context->reporter);
	else if (!option_is_given(context, "--objects"))
		report_text(context->reporter, arena_printf(context->arena, "%s\n", hash));
}

static bool tell_unmodelled(struct context *context, const struct catalog *catalog, struct error *err)
{
	for (size_t i = 0; i < catalog->unmodelled_count; i++)
		event_warning(context->reporter, "not in the fingerprint, because rung does not know its kind: %s",
		              display_line(context->arena, catalog->unmodelled[i]));
	if (!catalog->unmodelled_count || !option_is_given(context, "--strict"))
		return true;
	error_set(err, ERROR_VERDICT, "%zu object%s of a kind that rung does not know", catalog->unmodelled_count,
	          catalog->unmodelled_count == 1 ? "" : "s");
	return error_hint(err, "Without --strict the fingerprint is of everything else.");
}

/*
 * An invalid index is what an interrupted CREATE INDEX CONCURRENTLY left, and no part of any schema that was
 * meant.
 */
static void tell_invalid(struct context *context, const struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->count; i++)
		if (!object_counts(catalog->objects[i]))
			event_warning(context->reporter, "not in the fingerprint, as it is invalid: index %s",
			              display_line(context->arena, catalog->objects[i]->identity));
}

static bool cmd_fingerprint(struct context *context, struct error *err)
{
	scoped_session struct session *db = NULL;
	struct qualified_name history;
	const struct catalog_options options = {.history = &history};
	struct catalog catalog;
	int parts = 0;

	if (!fingerprint_parts_choose(context, &parts, err) || !database_history_table(context, &history, err) ||
	    !open_database(context, &db, err) || !catalog_load(db, &options, context->arena, &catalog, err) ||
	    !tell_unmodelled(context, &catalog, err))
		return false;
	tell_invalid(context, &catalog);
	if (option_is_given(context, "--objects"))
		print_objects(context, &catalog, parts);
	print_fingerprint(context, &catalog, parts);
	return true;
}

static const struct option_row options[] = {
    {"--objects", 0, NULL, "print a line for each object: its hash, kind and name"},
    {"--ignore", 0, "LIST", "leave out: owner, acl, comment, label"},
    {"--with", 0, "LIST", "include: tablespace, column-order"},
    {"--strict", 0, NULL, "fail if there is an object of a kind that rung does not know"},
    {0},
};

const struct command command_fingerprint = {
    .name = "fingerprint",
    .operands = "[URL]",
    .help = &HELP_fingerprint,
    .group = GROUP_LOOK,
    .needs = TAKES_URLS,
    .most_operands = 1,
    .options = options,
    .run = cmd_fingerprint,
};
