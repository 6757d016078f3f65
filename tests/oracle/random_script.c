/*
 * Prints a random script, which depends on its number alone.
 *
 *	random_script cut NUMBER          whose statements end in every way; few of them run
 *	random_script plain NUMBER        that runs statement by statement, and may fail
 *	random_script whole NUMBER        that runs as one transaction, and may fail
 *
 * Rows go to eff (script int, place int, t text). What is opened is closed
 * again: what psql forgets at the end of a file, rung refuses.
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned long long dice_state;

static unsigned dice(unsigned sides)
{
	dice_state = dice_state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned)(dice_state >> 33) % sides;
}

#define PICK(table) (table)[dice(sizeof(table) / sizeof(*(table)))]

/* --- how a script is cut ------------------------------------------------- */

/* Parts of a statement; none leaves anything open. */
static const char *const parts[] = {
    "a",
    "select",
    "1",
    "$1",
    "1.5e-3",
    "'x;y'",
    "'it''s'",
    "|| 'a\\'",
    "E'a\\';b'",
    "e'\\\\'",
    "U&'d\\0061;'",
    "n'x;'",
    "b'1;'",
    "X'1F'",
    "\"a;b\"",
    "\"a\"\"b\"",
    "u&\"d;\"",
    "$$a;b$$",
    "$x$ $$;'$x$",
    "(a;b)",
    "((a);(b;))",
    "/* a;b */",
    "/* /* ; */ */",
    "-- a;b '\n",
    "-- \"$$\n",
    "\n",
    "\r\n",
    "\t",
    "::text",
    ":=",
    ":nothing",
    ":x",
    ":'x'",
    ":\"x\"",
    ":{?x}",
    "\\:x",
    "[1:2]",
    "a+-b",
    "a/*;*/+b",
    "a--;\n+b",
    "case when end",
    "procedure p() as $$ begin; end; $$",
    "'a'\n'b'",
    "E'a'\n'b;'",
    "'a' -- note;\n  'b'",
};

/* A comment before a statement is none of it to us; and a body begins with the statement. */
static const char *const firsts[] = {
    "select",
    "a",
    "insert into a",
    "\"x\"",
    "create table a",
    "create function f() returns int begin atomic select 1; select 2; end",
    "create or replace procedure p(a int) begin atomic select case when 1 then 2 end; end",
};

static const char *const ends[] = {";", ";", ";\n", " ;\n", "\n;\n", "\\;", " \\; ", "; -- note\n", ";;"};

/*
 * Whole lines. What psql knows of strings changes what is on the next one. After data is a
 * statement: an empty one there has psql 17.12 and 18.6 skip everything up to the next "\\.".
 */
static const char *const lines[] = {
    ";\n\\set x 'a;b'\n",
    ";\n\\set x y z\n",
    ";\n\\unset x\n",
    ";\n\\if true\nselect 'yes;';\n\\else\nselect 'no';\n\\endif\n",
    ";\n\\if :{?x}\nselect 1;\n\\elif :{?AUTOCOMMIT}\nselect 2;\n\\endif\n",
    "\\if false \\\\ lost; \\else \\\\ found \\endif\n",
    "\\echo between\n",
    ";\n\\echo ':x' \\\\ select 1;\n",
    ";\ncopy copied from stdin;\na;b\n\\\\.x\n\\.\nselect 'behind';\n",
    ";\ncopy copied from stdin \\; select 'a;';\nx'\n\\.\nselect 'behind';\n",
    ";\nset standard_conforming_strings = off;\nselect 'a\\';b', n'\\'';\nreset "
    "standard_conforming_strings;\n",
    ";\nset session standard_conforming_strings to 'off'; select 'a\\';\nselect 'a\\'';\nreset all;\nselect "
    "'\\';\n",
    ";\nselect set_config('standard_conforming_strings', 'off', false);\nselect 'a\\';b';\nset "
    "standard_conforming_strings to default;\n",
};

static void print_cut(void)
{
	for (unsigned statements = 3 + dice(6); statements > 0; statements--) {
		fputs(PICK(firsts), stdout);
		for (unsigned count = dice(6); count > 0; count--)
			printf(" %s", PICK(parts));
		fputs(PICK(ends), stdout);
		if (dice(4) == 0)
			fputs(PICK(lines), stdout);
	}
	puts(";");
}

/* --- what it leaves behind ------------------------------------------------ */

struct script {
	unsigned long long number;
	unsigned place;
	bool is_plain;
	bool is_open; /* a transaction of its own */
};

/* "@" is the row's beginning: script and place. */
static void say(struct script *script, const char *text)
{
	for (; *text; text++)
		if (*text == '@')
			printf("insert into eff values (%llu, %u, ", script->number, script->place++);
		else
			putchar(*text);
}

static const char *const anywhere[] = {
    "@'row');\n",
    "@'row');\n",
    "@'a;b') \\; @'joined');\n",
    "@'a') \\; @'b') \\; @'c');\n",
    "@E'it\\'s'\n 'b\\nc');\n",
    "@'a\\');\n",
    "set work_mem = '2MB';\n@current_setting('work_mem'));\n",
    "set local work_mem = '3MB';\n@current_setting('work_mem'));\n",
    "set standard_conforming_strings = off;\n@'a\\';b');\nreset standard_conforming_strings;\n@'\\');\n",
    "set local standard_conforming_strings = off;\n@'plain');\nset standard_conforming_strings = on;\n",
    "\\set x 'it''s'\n@:'x');\n",
    "\\if :{?SERVER_VERSION_NUM}\n@'known');\n\\else\n@'unknown');\n\\endif\n",
    "\\if false\n@'no');\n\\elif on\n@:'AUTOCOMMIT');\n\\endif\n",
    "copy eff from stdin;\n0\t0\tcopied;\n\\.\n",
    "do $$ begin @'hidden'); end $$;\n",
    "create table if not exists made (a int) \\; @'made');\n",
    "drop table if exists made;\n",
    "@current_setting('transaction_isolation'));\n",
};

static const char *const in_block[] = {
    "savepoint a;\n@'undone');\nrollback to a;\n",
    "savepoint a;\n@'kept');\nrelease a;\n",
    "lock table eff;\n",
    "declare c cursor for select 1;\nclose c;\n",
    "set constraints all deferred;\n",
    "begin;\n@'again');\n",
};

static const char *const begins[] = {
    "begin;\n",
    "begin isolation level serializable;\n",
    "start transaction;\nset transaction isolation level repeatable read;\n",
    "@'before') \\; begin \\; @'within');\n",
};

static const char *const chained[] = {"commit and chain;\n", "rollback and chain;\n",
                                      "end work and chain;\n"};
static const char *const closes[] = {"commit;\n", "end;\n", "rollback;\n", "abort;\n",
                                     "@'last') \\; commit;\n"};

/* Where nothing is open. */
static const char *const outside[] = {
    "commit;\n",
    "rollback;\n",
    "set transaction isolation level serializable;\n",
    "lock table eff \\; @'locked');\n",
    "@'a') \\; commit \\; @'b');\n",
    "@'a') \\; rollback \\; @'b');\n",
    "vacuum eff;\n",
    "set constraints all immediate;\n",
};

static const char *const failures[] = {
    "select 1/0;\n",
    "@'lost') \\; select 1/0;\n",
    "@'half') \\; commit \\; @'lost') \\; select 1/0;\n",
    "lock table eff;\n",
    "savepoint a;\n",
    "commit and chain;\n",
};

static void say_block(struct script *script)
{
	if (dice(3) == 0)
		say(script, PICK(in_block));
	if (dice(4) == 0)
		say(script, PICK(chained));
	if (dice(3) == 0) {
		say(script, PICK(closes));
		script->is_open = false;
	}
}

static void say_outside(struct script *script)
{
	if (dice(3) == 0)
		say(script, PICK(outside));
	if (dice(3) == 0) {
		say(script, PICK(begins));
		script->is_open = true;
	}
}

static void print_effects(struct script *script)
{
	if (script->is_plain)
		puts("-- rung: transaction: none");
	else if (dice(6) == 0)
		puts("set transaction isolation level serializable;");
	for (unsigned count = 3 + dice(8); count > 0; count--) {
		say(script, PICK(anywhere));
		if (script->is_plain && script->is_open)
			say_block(script);
		else if (script->is_plain)
			say_outside(script);
		else if (dice(5) == 0)
			say(script, in_block[dice(2)]);
	}
	if (dice(4) == 0)
		say(script, script->is_plain ? PICK(failures) : failures[dice(2)]);
	if (script->is_open)
		say(script, "commit;\n");
}

int main(int argc, char **argv)
{
	if (argc != 3)
		errx(2, "usage: random_script cut|plain|whole NUMBER");
	struct script script = {.number = strtoull(argv[2], NULL, 10), .is_plain = strcmp(argv[1], "plain") == 0};

	dice_state = script.number * 2654435761ULL + 1;
	for (int i = 0; i < 8; i++)
		(void)dice(2);
	if (strcmp(argv[1], "cut") == 0)
		print_cut();
	else
		print_effects(&script);
	return 0;
}
