/*
 * What Flyway, Alembic, golang-migrate, dbmate, goose, sqitch, Django, Rails
 * and Prisma call things, by the command that does it here.
 *
 * Only words that are no command of ours are in the table: golang-migrate's
 * "version" is "rung current", but "rung version" exists and says so in its
 * help. The commands are run by a test as they are printed.
 */
#include "command/line/synonym.h"

#include "base/program_name.h"
#include "base/str.h"

const struct synonym synonyms[] = {
    {"up apply migrate deploy update sync run latest goto", "rung upgrade", "applies what is pending"},
    {"down undo rollback revert unapply back", "rung downgrade", "rolls back the newest migration"},
    {"redo", "rung downgrade", "rolls back the newest migration, which \"rung upgrade\" then runs again"},
    {"info st stat state showmigrations", "rung status", "shows what is applied and what is pending"},
    {"list ls", "rung history", "lists all migrations"},
    {"validate verify lint doctor", "rung check", "compares files and database"},
    {"plan preview dry-run", "rung upgrade --dry-run", "shows what would run"},
    {"sqlmigrate", "rung upgrade --sql", "prints what would run as a script for psql"},
    {"new add generate gen make makemigrations revision", "rung create \"add users\"",
     "writes a migration and its rollback, named after the text"},
    {"init", "rung create \"first tables\"",
     "writes the first migration and makes the directories; nothing has to be initialized"},
    {"baseline fake mark resolve force", "rung stamp 01",
     "records everything up to 01 as applied and runs nothing"},
    {"clean drop wipe fresh", "rung reset",
     "asks first, drops the database and sets it up again; \"rung downgrade base\" rolls everything back"},
    {"branches", "rung heads", "shows the migrations that no other depends on"},
    {"dump snapshot", "rung backup", "makes an encrypted backup"},
    {"rebase", "rung renumber", "gives your files new numbers after those that came first"},
    {"settings env", "rung config", "shows each setting and where it came from"},
    {0},
};

static const struct {
	const char *flags;
	const char *hint;
} options[] = {
    {"--url --database --dsn --dbstring --connection --connection-string --dbname",
     "Here it is --database-url URL, the same as DATABASE_URL."},
    {"-U -p --host --port --user --username --password",
     "The URL has host, port and user (--database-url, DATABASE_URL); PGHOST, PGPORT, PGUSER, PGPASSWORD and "
     "~/.pgpass work as they do in psql."},
    {"--path --dir --source --location --locations --migrations-dir",
     "Here it is --schema-dir DIR; the rollbacks are in --rollback-dir DIR."},
    {"--migrations-table --tablename", "Here it is --history-table SCHEMA.TABLE."},
    {"-y --yes --no-confirm --no-input --noinput --non-interactive --assume-yes",
     "Commands that ask a question take --force; the others ask none."},
    {"-m --message --name", "The text is an argument: rung create \"add users\""},
    {"--target --to --revision --steps --count",
     "The target is an argument: a number, a name, or +2 and -2 for a number of steps."},
    {"--var --variable --placeholder --placeholders --define", "Here it is --set NAME=VALUE, as psql's -v."},
    {"--fake", "To record migrations without running them use \"rung stamp 01\"."},
    {"--config --config-file -c",
     "Settings are read from rung.ini in the project's directory; -C DIR starts in another one."},
    {0},
};

static bool has_word(const char *words, const char *wanted, bool is_any_case)
{
	struct str rest = str_of(words);
	struct str word;

	while (str_split_next(&rest, ' ', &word))
		if (is_any_case ? str_is_folded(word, wanted) : str_is(word, wanted))
			return true;
	return false;
}

const char *synonym_hint(const char *word, struct arena *arena)
{
	for (const struct synonym *row = synonyms; row->words; row++)
		if (has_word(row->words, word, true))
			return program_name_in_text(
			    arena, arena_printf(arena, "Here that is: %s; it %s.", row->command, row->meaning));
	return NULL;
}

const char *synonym_option_hint(const char *flag, struct arena *arena)
{
	for (size_t i = 0; options[i].flags; i++)
		if (has_word(options[i].flags, flag, false))
			return program_name_in_text(arena, options[i].hint);
	return NULL;
}
