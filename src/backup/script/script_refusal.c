/*
 * A dump that is refused was written by somebody, maybe by an attacker, so all that is repeated of it is a
 * command's name, cut at 30 bytes and at the first that is no visible ASCII.
 *
 * Each refusal says that psql would run the file: that is a decision for a person who trusts it, and one that
 * we do not take for him.
 */
#include "backup/script/script_refusal.h"

#include <stdio.h>

enum { LONGEST_SHOWN = 30 };

bool script_refuse(unsigned long long line, const char *what, struct error *err)
{
	error_set(err, ERROR_STORAGE, "cannot restore the script: line %llu has %s", line, what);
	return error_hint(err, "If you trust the file, run it with psql yourself, in a database made for it: "
	                       "psql --dbname=NAME --file=FILE");
}

bool script_refuse_command(unsigned long long line, struct str text, struct error *err)
{
	size_t len = 1;
	char what[128];

	while (len < text.len && len < LONGEST_SHOWN && text.text[len] > ' ' && text.text[len] < 0x7F)
		len++;
	const struct str command = str_slice(text, 0, len);
	snprintf(what, sizeof(what), "\"%.*s\", a command of psql that may reach beyond the new database",
	         STR_ARGS(command));
	script_refuse(line, what, err);
	if (str_is(command, "\\connect") || str_is(command, "\\c"))
		error_hint(err, "A file of pg_dumpall is for a whole server: run it with psql yourself, if you trust "
		                "it, or dump the one database with pg_dump.");
	return false;
}

bool script_refuse_transaction(unsigned long long line, struct str word, struct error *err)
{
	char what[128];

	snprintf(what, sizeof(what), "\"%.*s\" as a statement, and all of it is restored in one transaction",
	         STR_ARGS(word));
	script_refuse(line, what, err);
	return error_hint(err, "Remove BEGIN, COMMIT and the like from the file, or run it with psql yourself.");
}

bool script_refuse_reading(unsigned long long line, const char *what, struct error *err)
{
	script_refuse(line, what, err);
	error_detail(err, "This psql is older than August 2025 and has no \\restrict, so a script must read the "
	                  "same under all settings.");
	return error_hint(err,
	                  "Use psql 13.22, 14.19, 15.14, 16.10, 17.6, 18 or newer, or run the file with psql "
	                  "yourself, if you trust it, in a database made for it.");
}
