#include "command/help/help_topic.h"

#include <string.h>

#include "command/arguments.h"
#include "command/exit_code.h"
#include "command/synonym.h"
#include "config/environment.h"

char *option_term(struct arena *arena, char letter, const char *flag, const char *value_name)
{
	const char *letters = letter ? arena_printf(arena, "-%c, ", letter) : "";

	return arena_printf(arena, "%s%s%s%s", letters, flag, value_name && value_name[0] != '[' ? " " : "",
	                    value_name ? value_name : "");
}

static void list_exit_codes(struct arena *arena, help_topic_item *item, void *page)
{
	for (const struct exit_code_row *row = exit_code_rows; row->meaning; row++)
		item(page, arena_printf(arena, "%d", row->code),
		     arena_printf(arena, "%s. %s", row->meaning, row->advice));
}

/* `several` says how a list is given in that place. */
static const char *setting_meaning(struct arena *arena, const struct setting_row *row, const char *several)
{
	const char *choices = row->choices ? arena_printf(arena, ": %s", row->choices) : "";
	const char *fallback = row->fallback ? arena_printf(arena, " (default: %s)", row->fallback) : "";

	return arena_printf(arena, "%s%s%s%s", row->help, row->kind == SETTING_KIND_LIST ? several : "", choices,
	                    fallback);
}

static void list_options(struct arena *arena, help_topic_item *item, void *page)
{
	for (const struct option_row *row = general_options; row->flag; row++)
		item(page, option_term(arena, row->letter, row->flag, row->value_name), row->help);
	for (const struct setting_row *row = setting_rows; row < setting_rows + SETTING_COUNT; row++)
		if (row->flag)
			item(page, option_term(arena, row->letter, row->flag, row->value_name),
			     setting_meaning(arena, row, "; may be given several times"));
}

static const char by_blanks[] = "; several, separated by blanks";

static void list_ini_keys(struct arena *arena, help_topic_item *item, void *page)
{
	for (const struct setting_row *row = setting_rows; row < setting_rows + SETTING_COUNT; row++)
		item(page, arena_printf(arena, "[%s] %s", row->section, row->key),
		     setting_meaning(arena, row, by_blanks));
}

static void list_environment(struct arena *arena, help_topic_item *item, void *page)
{
	for (const struct setting_row *row = setting_rows; row < setting_rows + SETTING_COUNT; row++)
		if (row->environment)
			item(page, row->environment, setting_meaning(arena, row, by_blanks));
	for (const struct variable_row *row = variable_rows; row->names; row++)
		item(page, row->names, row->meaning);
}

static void list_directives(struct arena *arena, help_topic_item *item, void *page)
{
	static const struct {
		const char *directive;
		const char *meaning;
	} rows[] = {
	    {"transaction: none", "run statement by statement, each committed by itself"},
	    {"irreversible: REASON", "no rollback exists, on purpose"},
	    {"empty: REASON", "the file has no statement, on purpose; also for a rollback with nothing to undo"},
	    {"breaking: REASON", "old clients stop working; shown in plan, status and history"},
	    {"on-change: reapply", "an idempotent file: run it again when it was edited"},
	    {"order: last",
	     "after all others, whatever its number: views and functions that are reapplied. It comes with head, "
	     "+N "
	     "and its own name; a way down takes it back first, or leaves it where it has no rollback"},
	    {"requires: 04, 07", "migrations that come before this one, where the line is not straight"},
	    {"branch: NAME", "the file lives on a labelled branch until merged"},
	    {"old-id: b2c3d4e5", "what the tool it came from called it: commands know it by that id too, where "
	                         "that is no number of a file here"},
	    {"lock-timeout: 2s", "for this file: how long one try waits for a lock"},
	    {"statement-timeout: 1h", "for this file: the longest a statement may run"},
	    {"batch table=T key=COL[,COL]",
	     "before an UPDATE, DELETE or INSERT ... SELECT that says \"COL > :lo and COL <= "
	     ":hi\": runs it in batches, each committed together with its progress"},
	    {"batch table=T ctid",
	     "the same by pages, for tables without a key: \"ctid > :lo and ctid <= :hi\" and a "
	     "condition that leaves out what is done"},
	    {"batch repeat", "a statement that limits itself, until it changes nothing"},
	    {"batch ... size=5000 time=250ms pause=50ms max-lag=10s",
	     "rows of the first batch, how long a batch should take, the pause after it, how far replicas may "
	     "lag"},
	    {"allow: RULE REASON", "reserved: read and kept, but no rule exists yet that it could waive"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		item(page, arena_printf(arena, "-- rung: %s", rows[i].directive), rows[i].meaning);
}

static void list_variables(struct arena *arena, help_topic_item *item, void *page)
{
	(void)arena;
	item(page, "--set NAME=VALUE",
	     "sets one, as psql's -v; NAME= sets it to nothing, NAME alone takes it back");
	item(page, "RUNG_VARIABLES=\"A=1 B=2\"", "the same from the environment, without spaces in values");
	item(page, "variables = A=1 B=2",
	     "the same under [files] in rung.ini; each name from the nearest source");
	item(page, "\\getenv NAME VARIABLE",
	     "in a file: from the environment, as psql 14 and newer; left alone "
	     "where there is no such variable");
	item(page, ":NAME, :'NAME', :\"NAME\"", "in a file: the value as it is, as a literal, as an identifier");
	item(page, ":{?NAME}", "whether it is set, as in \"\\if :{?NAME}\"");
}

static void list_synonyms(struct arena *arena, help_topic_item *item, void *page)
{
	for (const struct synonym *row = synonyms; row->words; row++)
		item(page, row->words, arena_printf(arena, "%s: %s", row->command, row->meaning));
}

const struct help_topic topics[] = {
    {"options", "Options", "options of every command",
     "Options may stand before or behind the command and its arguments. Yes-or-no options also exist as "
     "--no-....",
     list_options},
    {"settings", "rung.ini", "the sections and keys of rung.ini",
     "rung.ini is searched for in the working directory and its parents; its directory is the root of the "
     "project. Without a rung.ini the working directory is. A flag takes precedence over the environment, "
     "that over .env (next to rung.ini), that over rung.ini. A value goes to the "
     "end of its "
     "line, without quotes; comments are lines of their own.",
     list_ini_keys},
    {"environment", "Environment", "variables that are read",
     "A line NAME=value in .env counts as if it had been exported, but never overrides what is. That holds "
     "for "
     "the variables listed here, for PG*, AWS_* and RUNG_* and for those that url_env, env_prefix and "
     "[hooks] "
     "environment name; RUNG_TRUST, and what the loader and the shell read, are never taken from there. "
     "env_prefix asks for PREFIX_HOST, _NAME and _USER and takes nothing from PGHOST, PGPASSWORD and their "
     "like. "
     "Programs that rung starts do not get DATABASE_URL, DIRECT_URL, PGPASSWORD, AWS_*, passphrases, tokens "
     "and the "
     "variables of url_env and env_prefix: pg_dump and its like get the password of their connection, hooks "
     "what "
     "[hooks] environment names.",
     list_environment},
    {"directives", "Directives", "comments that change how a file runs",
     "Directives are comments in the head of a file, so psql still runs it.", list_directives},
    {"variables", "Variables", "variables in SQL files, and what is kept of them",
     "Files have psql's variables, also for a rollback that the database keeps. What is not set and could be "
     "nothing else (a[1:n] can) is refused before anything runs, by upgrade, its plan and its script; \"\\if "
     ":{?NAME}\" asks first. A name of --set that no file of the plan uses is warned of. Checksums are those "
     "of "
     "the files, whatever values they were given.\n"
     "\n"
     "Values may be secrets, so none is shown or kept: the history keeps the names of the variables that a "
     "migration used and a digest of each value. A migration that stopped half-way goes on only with the "
     "same values of the variables that its finished statements used. Its rollback requires the same values "
     "for those that the migration used; what only the "
     "rollback uses was not recorded and may have any value. Anyone who may read the history can guess a "
     "short value by trying; the server sees, and may log, the text with the values in it, and so does "
     "anyone who gets a script of --sql. \\getenv does not read the variables that hold rung's own passwords "
     "and credentials.",
     list_variables},
    {"other-tools", "Other tools", "words of Flyway, Alembic and others, and what they are here",
     "Who comes from another tool finds the command by the word known from there.", list_synonyms},
    {"exit-codes", "Exit codes", "what exit codes mean", "The exit code tells a script what happened.",
     list_exit_codes},
    {0},
};

const struct help_topic *help_topic_find(const char *name)
{
	for (const struct help_topic *topic = topics; topic->name; topic++)
		if (strcmp(topic->name, name) == 0)
			return topic;
	return NULL;
}
