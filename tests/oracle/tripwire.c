/*
 * Random scripts, judged by the guard of SQL restores and run by psql.
 *
 *	tripwire FOLDER FIRST COUNT
 *
 * Script number N depends on N alone. Each may hold a command of psql that
 * makes a file, among quotes, colons, dollars, comments, encodings and what
 * else decides whether psql sees it. They are run, in FOLDER, by the psql of
 * PATH without its restricted mode, as one of before August 2025 would; the
 * guard is asked with such a psql in mind. A script that it lets pass and that
 * makes the file is a hole, which is printed. Of those that are refused some
 * are run as well: when none of them makes the file, the scripts are worth
 * nothing, and that is a failure too.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backup/script/script_guard.h"
#include "base/buffer.h"

extern char **environ;

enum { REFUSED_SHARE = 4 }; /* one of so many is run */

#define COMMAND "\\! touch fired #"

static unsigned long long dice_state;

static unsigned dice(unsigned sides)
{
	dice_state = dice_state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned)(dice_state >> 33) % sides;
}

#define PICK(table) (table)[dice(sizeof(table) / sizeof(*(table)))]

/* --- pieces of text ----------------------------------------------------- */

static const char *const fragments[] = {
    COMMAND,
    COMMAND,
    COMMAND " '",
    COMMAND " $$",
    COMMAND "\n",
    "'",
    "'",
    "'",
    "''",
    "\"",
    "\"",
    "E'",
    "e'",
    "N'",
    "U&'",
    "u&\"",
    "b'",
    "x'",
    "$$",
    "$$",
    "$x$",
    "$x$",
    "$e$",
    "$1",
    "$",
    "$e",
    ":x",
    ":e",
    ":E",
    ":'x'",
    ":\"x\"",
    ":'",
    ":\"",
    ":{?x}",
    "::",
    ":=",
    ":",
    ":1",
    ":n",
    "--",
    "--",
    "/*",
    "/*",
    "*/",
    "*/",
    "/",
    "*",
    "-",
    "+",
    "<",
    "\\",
    "\\",
    "\\\\",
    "\\'",
    "\\n",
    "\\;",
    "\\:",
    "1",
    "1e",
    "1E-",
    ".5",
    "0x1F",
    "1.",
    "..",
    "1a",
    "$1a",
    "(",
    ")",
    "(",
    ")",
    ";",
    ";",
    ";",
    "; ",
    ",",
    "select ",
    "copy ",
    "t ",
    "from ",
    "stdin",
    "begin ",
    "end ",
    "case ",
    "atomic ",
    "create ",
    "or ",
    "function ",
    "replace ",
    "e",
    "x",
    "_",
    "\xC3\xA9",
    "\xE3\x81\x82",
    "\x81",
    "\x8F",
    "\x81\x30",
    "\xDF",
    " ",
    " ",
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "\n\\.\n",
    "\n\\restrict k\n",
    "\n\\unrestrict k\n",
    "]",
    "[",
    "create function f() returns int begin atomic select 1;",
    "(create) function g() begin ",
    "\xEF\xBB\xBF",
    "copy t from stdin;\n",
    "select 1;\n",
    "set standard_conforming_strings = off;\n",
    "set client_encoding = 'SJIS';\n",
};

/* What is well-formed, and what goes into it. */
static const char *const inside[] = {
    COMMAND,      COMMAND,
    COMMAND "\n", "\n" COMMAND "\n",
    "\\",         "\\",
    "\\\\",       "\\n",
    "$",          "$x",
    ":x",         "\"",
    "--",         "/*",
    "*/",         ";",
    "\n",         " ",
    "x",          "''",
    "\xC3\xA9",   "\xE3\x81\x82",
    "\x81",       "\x8F",
    "\xDF",       "\x81\x30",
    "\\!",        "e",
    "(",          "\\'",
};

static const char *const literals[][2] = {
    {"'", "'"},       {"'", "'"},     {"E'", "'"},    {"e'", "'"},  {"N'", "'"},
    {"$$", "$$"},     {"$x$", "$x$"}, {"$e$", "$e$"}, {":x", ""},   {":e'", "'"},
    {":x$x$", "$x$"}, {":'x'", ""},   {"a[1:n]", ""}, {"1e", ""},   {"1", "$x$"},
    {"/*", "*/"},     {"--", "\n"},   {"\"", "\""},   {"U&'", "'"}, {"x'", "'"},
};

/* Each as a statement of its own, said openly and not. */
static const char *const settings[] = {
    "set standard_conforming_strings = off;\n",
    "select set_config('standard_' || 'conforming_strings', 'off', false);\n",
    "do $do$begin perform set_config('standard_' || 'conforming_strings', 'off', false); end$do$;\n",
    "set client_encoding = 'SJIS';\n",
    "set names 'BIG5'; set client_encoding to GBK;\n",
    "select set_config('client_' || 'encoding', 'SJIS', false);\n",
    "select set_config('client_' || 'encoding', 'BIG5', false);\n",
    "select set_config('client_' || 'encoding', 'GB18030', false);\n",
    "select set_config('client_' || 'encoding', 'JOHAB', false);\n",
    "do $do$begin perform set_config('client_' || 'encoding', 'UHC', false); end$do$;\n",
    "set standard_conforming_strings = on;\n",
    "set client_encoding = 'UTF8';\n",
};

/* --- scripts ------------------------------------------------------------- */

/* Anything after anything; nothing stops psql. */
static void add_fragments(struct buffer *text)
{
	for (unsigned count = 3 + dice(30); count > 0; count--) {
		buffer_text(text, PICK(fragments));
		if (dice(4) == 0)
			buffer_char(text, ' ');
	}
}

/* Plain ones more often, and at their end what may take the quote along. */
static void add_literal(struct buffer *text)
{
	static const char *const plain[] = {"'", "'"};
	static const char *const escapes[] = {"\\", "\\", "\x81", "\xE3\x81\x82", "\x8F", "\xDF\x81", "\x81\x30"};
	const char *const *literal = dice(2) ? plain : PICK(literals);

	buffer_text(text, literal[0]);
	for (unsigned count = dice(3); count > 0; count--)
		buffer_text(text, dice(3) ? PICK(inside) : COMMAND);
	if (dice(3) == 0)
		buffer_text(text, PICK(escapes));
	buffer_text(text, literal[1]);
}

static void add_select(struct buffer *text)
{
	buffer_text(text, "select ");
	for (unsigned count = 1 + dice(3); count > 0; count--) {
		add_literal(text);
		buffer_text(text, count > 1 ? dice(3) ? " || " : "\n" : "");
	}
	buffer_text(text, dice(3) ? ";\n" : "; ");
}

static void add_copy(struct buffer *text)
{
	buffer_text(text, dice(2) ? "copy t from stdin;\n" : "copy public.t (a) from stdin (format csv);\n");
	for (unsigned count = dice(4); count > 0; count--) {
		buffer_text(text, PICK(inside));
		buffer_char(text, '\n');
	}
	buffer_text(text, dice(8) ? "\\.\n" : "\\.\r\n");
}

/* As a dump is, but for what it sets. */
static void add_statements(struct buffer *text)
{
	for (unsigned count = 1 + dice(4); count > 0; count--) {
		if (dice(2) == 0)
			buffer_text(text, PICK(settings));
		switch (dice(6)) {
		case 0:
			add_copy(text);
			break;
		case 1:
			buffer_text(text,
			            "create or replace function f() returns int begin atomic select 1; select 2; end;\n");
			break;
		default:
			add_select(text);
		}
	}
}

/* Half of the scripts end where the server refuses something, as a restore does; the others continue. */
struct tried_script {
	struct str script;
	bool stops;
	bool passes;
	bool fires;
};

static void make_script(unsigned long long number, struct arena *arena, struct tried_script *out)
{
	struct buffer text = {.arena = arena};

	dice_state = number * 0x9E3779B97F4A7C15ULL;
	dice(2);
	out->stops = dice(2);
	if (out->stops || dice(3) == 0)
		add_statements(&text);
	else
		add_fragments(&text);
	buffer_char(&text, '\n');
	out->script = buffer_str(&text);
}

static bool guard_lets_pass(struct str script, size_t piece)
{
	scoped_sink struct sink *sink = script_guard_open(false, tally_open(&(struct tally){0}, NULL));
	struct error err = {0};

	for (size_t at = 0; at < script.len; at += piece)
		if (!sink_write(sink, str_slice(script, at, at + piece), &err))
			return false;
	return sink_finish(sink, &err);
}

/* Where the server refused a COPY, its data is SQL to psql; a restore has ended by then. */
static bool depends_on_stop(struct str script)
{
	return memmem(script.text, script.len, "stdin", 5) != NULL;
}

static void write_script(struct str script)
{
	const int fd = open("script.sql", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0 || write(fd, script.text, script.len) != (ssize_t)script.len || close(fd) < 0)
		err(2, "script.sql");
}

static bool psql_fires(bool stops)
{
	const char *argv[] = {"psql", "-Xq", "-f", "script.sql", NULL, NULL, NULL};
	posix_spawn_file_actions_t actions;
	pid_t child;
	int status;

	if (stops) {
		argv[4] = "--single-transaction";
		argv[5] = "--set=ON_ERROR_STOP=1";
	}
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	errno = posix_spawnp(&child, "psql", &actions, NULL, (char *const *)argv, environ);
	if (errno)
		err(2, "psql");
	posix_spawn_file_actions_destroy(&actions);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			err(2, "psql");
	if (!WIFEXITED(status) || WEXITSTATUS(status) == 2)
		errx(2, "psql could not run: status %d", status);
	return unlink("fired") == 0;
}

int main(int argc, char **argv)
{
	unsigned long long ran = 0, passed = 0, fired = 0, holes = 0;

	if (argc != 4 || chdir(argv[1]) < 0)
		errx(2, "usage: tripwire FOLDER FIRST COUNT");
	const unsigned long long first = strtoull(argv[2], NULL, 10), count = strtoull(argv[3], NULL, 10);
	for (unsigned long long number = first; number < first + count; number++) {
		scoped_arena struct arena arena = {0};
		struct tried_script tried;

		make_script(number, &arena, &tried);
		tried.stops |= depends_on_stop(tried.script);
		tried.passes = guard_lets_pass(tried.script, 1 + dice(dice(2) ? 8 : 512));
		if (!tried.passes && number % REFUSED_SHARE != 0)
			continue;
		write_script(tried.script);
		tried.fires = psql_fires(tried.stops);
		ran++;
		passed += tried.passes;
		fired += tried.fires;
		if (!tried.passes || !tried.fires)
			continue;
		holes++;
		printf("script %llu passes and runs a command:\n%.*s\n", number, STR_ARGS(tried.script));
	}
	printf("tripwire: %llu scripts, %llu let pass, %llu of %llu ran a command, %llu of them let pass\n",
	       count, passed, fired, ran, holes);
	return holes > 0 || fired == 0;
}
