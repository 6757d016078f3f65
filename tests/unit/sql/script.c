#include "sql/script.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "test.h"

/* The statements with bars between them; "+" joins, "data" and "echo" show what comes with one. */
static const char *describe(const struct script *script, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	for (size_t i = 0; i < script->count; i++) {
		const struct statement *statement = &script->statements[i];

		if (statement->echo)
			buffer_printf(&text, "echo %s", statement->echo);
		buffer_add(&text, statement->text);
		if (statement->input == INPUT_INLINE)
			buffer_printf(&text, " data <%.*s>", STR_ARGS(statement->data));
		if (statement->input == INPUT_FILE)
			buffer_printf(&text, " file <%s>", statement->data_path);
		if (i + 1 < script->count)
			buffer_text(&text, statement->joins_next ? "+" : "|");
	}
	return buffer_cstr(&text);
}

static const char *cut(const char *text, struct arena *arena)
{
	scoped_script struct script script = {0};
	struct error err;

	if (!script_parse(str_of(text), "x.sql", NULL, arena, &script, &err))
		return arena_printf(arena, "%s: %s", err.place, err.message);
	return describe(&script, arena);
}

struct cut_row {
	const char *text, *statements;
};

#define CHECK_CUTS(rows) check_cuts(rows, sizeof(rows) / sizeof(*(rows)))

static void check_cuts(const struct cut_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		scoped_arena struct arena arena = {0};
		const char *statements = cut(rows[i].text, &arena);

		if (strcmp(statements, rows[i].statements) != 0)
			fail_msg("row %zu: %s\nis     %s\nnot    %s", i, rows[i].text, statements, rows[i].statements);
	}
}

TEST(script_cuts_at_semicolons)
{
	static const struct cut_row rows[] = {
	    {"", ""},
	    {" \n-- nothing\n/* at all */", ""},
	    {";;;", ""},
	    {"select 1", "select 1"},
	    {"select 1;", "select 1"},
	    {"select 1 ; select 2", "select 1|select 2"},
	    {"-- a\nselect 1; -- b\nselect 2", "select 1|select 2"},
	    {"/* a; */ select 1 /* b; */;", "select 1 /* b; */"},
	    {"select 1 -- a;\n;", "select 1 -- a;"},
	    {"\xEF\xBB\xBFselect 1", "select 1"},
	    {"select 1;\r\nselect 2;\r\n", "select 1|select 2"},
	    {"select (1;2); a);b", "select (1;2)|a)|b"},
	    {"create function f() begin atomic a; end; b", "create function f() begin atomic a; end|b"},
	    {"a\\;b;c", "a+b|c"},
	    {"a \\; b \\; ; c", "a+b|c"},
	    {"(a\\;b);c", "(a;b)|c"},
	    {"a\\:b;\\:c", "a:b|:c"},
	};

	CHECK_CUTS(rows);
}

TEST(script_replaces_variables)
{
	static const struct cut_row rows[] = {
	    {"\\set x 1\nselect :x;", "select 1"},
	    {"\\set x 1 \\\\ select :x, :'x', :\"x\", :y, ':x';", "select 1, '1', \"1\", :y, ':x'"},
	    {"\\set x 'a; b'\n:x; c", "a|b|c"},
	    {"\\set x '''a; '\nselect :x b;'; c", "select 'a;  b;'|c"},
	    {"\\set x ':y'\n\\set y 2\n:x", "2"},
	    {"\\set x ':x'\n:x", ":x"},
	    {"\\set x ''\n:x; a :x;", "a"},
	    {"\\set x 1\n\\unset x\n:x", ":x"},
	    {"\\set x a b\nselect :x;", "select ab"},
	    {"\\set x '\\\\echo'\n:x", "x.sql:2:1: a variable's value cannot hold a backslash command"},
	    {"select :x\\set x 1\n;:x", "select :x|1"},
	};

	CHECK_CUTS(rows);
}

TEST(script_knows_the_variables_psql_sets_by_itself)
{
	static const struct cut_row rows[] = {
	    {":'AUTOCOMMIT', :'ENCODING', :'ON_ERROR_STOP'", "'on', 'UTF8', 'on'"},
	    {"\\if :{?SERVER_VERSION_NUM}\na;\n\\else\nb;\n\\endif", "a"},
	    {"\\if :{?VERSION}\na;\n\\endif\n\\if :{?SHELL_ERROR}\nb;\n\\endif", "a"},
	    {":SERVER_VERSION_NUM;", ":SERVER_VERSION_NUM"},
	    {"\\set x :SERVER_VERSION_NUM",
	     "x.sql:1:8: the variable SERVER_VERSION_NUM is known only with a connection"},
	    {"select\n:'VERSION_NUM';",
	     "x.sql:2:1: the variable VERSION_NUM is the version of psql, which rung is not; "
	     "SERVER_VERSION_NUM is the server's"},
	    {"\\set VERSION_NUM 1\n:VERSION_NUM", "1"},
	    {"\\unset VERSION_NUM\n:VERSION_NUM", ":VERSION_NUM"},
	    {"\\if false\n\\if :ROW_COUNT\n\\endif\n:VERSION\n\\endif\na", "a"},
	    {":{?ERROR};\n:{?ERROR}, :'ERROR', :'SQLSTATE'", "FALSE|TRUE, 'false', '00000'"},
	    {"\\set AUTOCOMMIT off",
	     "x.sql:1:1: cannot set AUTOCOMMIT to \"off\": rung decides where transactions begin and end"},
	    {"\\unset ON_ERROR_STOP",
	     "x.sql:1:1: cannot set ON_ERROR_STOP to \"off\": rung stops at the first error"},
	    {"\\set VERBOSITY loud",
	     "x.sql:1:1: cannot set VERBOSITY to \"loud\": it takes default verbose terse sqlstate"},
	    {"\\set VERBOSITY TERSE\n:VERBOSITY", "TERSE"},
	    {"\\set QUIET\n:QUIET; \\unset QUIET\n:QUIET", "on|off"},
	};

	CHECK_CUTS(rows);
}

TEST(script_follows_how_strings_are_written)
{
	static const struct cut_row rows[] = {
	    {"select E'a'\n'b\\';c'; d", "select E'a'\n'b\\';c'|d"},
	    {"select 'a\\'; b", "select 'a\\'|b"},
	    {"set standard_conforming_strings = off;\nselect 'a\\'; b'; c",
	     "set standard_conforming_strings = off|select 'a\\'; b'|c"},
	    {"set standard_conforming_strings = off; select 'a\\'; b",
	     "set standard_conforming_strings = off|select 'a\\'|b"},
	    {"set local standard_conforming_strings to 'off';\n'\\';'; commit;\n'\\'; b",
	     "set local standard_conforming_strings to 'off'|'\\';'|commit|'\\'|b"},
	    {"begin; set standard_conforming_strings to no;\n'\\';'; rollback;\n'\\'; b",
	     "begin|set standard_conforming_strings to no|'\\';'|rollback|'\\'|b"},
	    {"set standard_conforming_strings to f;\n'\\';'; reset all;\n'\\'; b",
	     "set standard_conforming_strings to f|'\\';'|reset all|'\\'|b"},
	    {"select set_config('standard_conforming_strings', '0', true);\n'\\';'; end;\n'\\'; b",
	     "select set_config('standard_conforming_strings', '0', true)|'\\';'|end|'\\'|b"},
	    {"set standard_conforming_strings = off;\ncopy t from stdin;\n'\n\\.\n'\\';'",
	     "set standard_conforming_strings = off|copy t from stdin data <'\n>|'\\';'"},
	    /* it reads one way only */
	    {"select f();\n'a\\'b;'", "select f()|'a\\'b;'"},
	    {"set standard_conforming_strings = off;\nselect f();\n'a\\'",
	     "set standard_conforming_strings = off|select f()|'a\\'"},
	    {"select f();\n('a\\'b;'", "x.sql:2:8: unterminated quoted string"},
	};

	CHECK_CUTS(rows);
}

/* Ten thousand times "a" from a text of twenty lines would be only the beginning. */
TEST(script_bounds_what_variables_grow_to)
{
	scoped_arena struct arena arena = {0};
	struct buffer inner = {.arena = &arena};
	struct buffer outer = {.arena = &arena};

	buffer_text(&inner, "\\set v 0123456789\n");
	for (int i = 0; i < 30; i++)
		buffer_text(&inner, "\\set v :v:v\n");
	CHECK(strstr(cut(buffer_cstr(&inner), &arena), "add up to more than 1 MB") != NULL);
	buffer_text(&outer, "\\set v0 0123456789\n");
	for (int i = 0; i < 30; i++)
		buffer_printf(&outer, "\\set v%d ':v%d :v%d'\n", i + 1, i, i);
	buffer_text(&outer, ":v30");
	CHECK(strstr(cut(buffer_cstr(&outer), &arena), "add up to more than 16 MB") != NULL);
}

TEST(script_obeys_branches)
{
	static const struct cut_row rows[] = {
	    {"\\if true\na;\n\\else\nb;\n\\endif\nc", "a|c"},
	    {"\\if false\na;\n\\else\nb;\n\\endif\nc", "b|c"},
	    {"\\if 0\na;\n\\elif 1\nb;\n\\elif 1\nc;\n\\else\nd;\n\\endif", "b"},
	    {"\\if off\n\\if on\na;\n\\else\nb;\n\\endif\n\\else\nc;\\endif", "c"},
	    {"\\set x yes\n\\if :x\na\n\\endif", "a"},
	    {"\\if :{?x}\na;\n\\endif\nb", "b"},
	    {"select \\if false \\\\ a \\else \\\\ b \\endif ;", "select  b"},
	    {"\\if false\n\\i nowhere\n\\frobnicate\n\\copy x\n\\set x `date`\n\\endif\na", "a"},
	    {"\\if false\ncopy t from stdin;\n\\endif\na", "a"},
	    {"\\if false\n-- rung: x\n\\endif\na", "a"},
	    {"\\if maybe\n\\endif", "x.sql:1:5: \\if requires a boolean, not \"maybe\""},
	    {"\\if :x\n\\endif", "x.sql:1:5: \\if requires a boolean, not \":x\""},
	    {"\\if\n\\endif", "x.sql:1:4: \\if requires a boolean, not \"\""},
	    {"\\if o\n\\endif", "x.sql:1:5: \\if requires a boolean, not \"o\""},
	    {"a;\n  \\if true", "x.sql:2:3: \\if without \\endif"},
	    {"\\endif", "x.sql:1:1: \\endif without \\if"},
	    {"\\if true\n\\else\n\\else\n\\endif", "x.sql:3:1: \\else cannot follow \\else"},
	    {"\\if true\n\\else\n\\elif true\n\\endif", "x.sql:3:1: \\elif cannot follow \\else"},
	};

	CHECK_CUTS(rows);
}

TEST(script_takes_copy_data)
{
	static const struct cut_row rows[] = {
	    {"copy t from stdin;\na\nb\n\\.\nc", "copy t from stdin data <a\nb\n>|c"},
	    {"copy t from stdin;\n\\.\nc", "copy t from stdin data <>|c"},
	    {"copy t from stdin;\na;'\n", "copy t from stdin data <a;'\n>"},
	    {"copy t from stdin;\na\n\\.", "copy t from stdin data <a\n>"},
	    {"copy t from stdin;", "copy t from stdin data <>"},
	    {"copy t from stdin", "copy t from stdin data <>"},
	    {"copy t from stdin;\r\na\r\n\\.\r\nb;\r\n", "copy t from stdin data <a\r\n>|b"},
	    {"copy t from stdin;\n\\.x\n.\n \\.\n\\.\nb", "copy t from stdin data <\\.x\n.\n \\.\n>|b"},
	    {"copy t from stdin; a; b\n1\n\\.\nc;", "copy t from stdin data <1\n>|a|b\nc"},
	    {"copy t from stdin; copy u from stdin;\n1\n\\.\n2\n\\.\n",
	     "copy t from stdin data <1\n>|copy u from stdin data <2\n>"},
	    {"a\\; copy t from stdin\\; b;\n1\n\\.\nc", "a+copy t from stdin data <1\n>+b|c"},
	    {"select 'copy t from stdin;';\na", "select 'copy t from stdin;'|a"},
	    {"copy t to stdout;\na", "copy t to stdout|a"},
	    {"\\copy t from stdin\n1\n\\.\na", "COPY t FROM STDIN data <1\n>|a"},
	    {"\\copy t (a, b) from 'x y.csv' with (format csv);\na",
	     "COPY t (a, b) FROM STDIN with (format csv) file <x y.csv>|a"},
	    {"\\copy a.t from x.csv csv", "COPY a.t FROM STDIN csv file <x.csv>"},
	    {"\\copy t from 'it''s'", "COPY t FROM STDIN file <it's>"},
	    {"\\copy \"from\" (\"to\") from a/b;", "COPY \"from\" (\"to\") FROM STDIN file <a/b>"},
	    {"\\copy t to 'x'", "x.sql:1:9: \\copy to is not supported: a migration writes no files"},
	    {"\\copy (select 1) to stdout",
	     "x.sql:1:18: \\copy to is not supported: a migration writes no files"},
	    {"\\copy t from program 'x'",
	     "x.sql:1:14: \\copy from program is not supported: rung runs no shell commands"},
	    {"\\copy t from pstdin",
	     "x.sql:1:14: \\copy from pstdin is not supported: there is no input while a migration runs"},
	    {"\\copy t", "x.sql:1:6: \\copy cannot be understood: it has no FROM"},
	    {"\\copy t from", "x.sql:1:13: \\copy requires a file name"},
	    {"\\.", "x.sql:1:1: the backslash command \"\\.\" is not supported"},
	};

	CHECK_CUTS(rows);
}

TEST(script_obeys_only_the_commands_it_knows)
{
	static const struct cut_row rows[] = {
	    {"\\echo a 'b  c'\na", "echo a b  c|a"},
	    {"\\echo -n a", "echo a"},
	    {"\\qecho -n a\n\\qecho", "echo a|echo "},
	    {"a \\echo b\n; c", "echo b|a|c"},
	    {"\\restrict k\na;\n\\unrestrict k\n\\echo b", "a|echo b"},
	    {"\\restrict k\n\\echo a", "x.sql:2:1: \\echo is not allowed between \\restrict and \\unrestrict"},
	    {"\\restrict k\n\\unrestrict l", "x.sql:2:13: \\unrestrict has another key than \\restrict"},
	    {"\\unrestrict k", "x.sql:1:13: \\unrestrict without \\restrict"},
	    {"\\encoding UTF8\n\\encoding utf-8\na", "a"},
	    {"\\encoding LATIN1", "x.sql:1:11: \\encoding \"LATIN1\" is not supported: files are UTF-8"},
	    {"a;\n  \\connect x", "x.sql:2:3: the backslash command \"\\connect\" is not supported"},
	    {"select 1 \\gset", "x.sql:1:10: the backslash command \"\\gset\" is not supported"},
	    {"\\! rm -rf", "x.sql:1:1: the backslash command \"\\!\" is not supported"},
	    {"\\", "x.sql:1:1: the backslash command \"\\\" is not supported"},
	    {"\\set x `date`", "x.sql:1:8: backquotes, which run a shell command, are not supported"},
	    {"\\set", "x.sql:1:1: \\set requires an argument"},
	    {"\\set a-b c", "x.sql:1:6: invalid variable name: \"a-b\""},
	    {"\\set x 'a", "x.sql:1:8: unterminated quoted string"},
	    {"\\set AUTOCOMMIT off",
	     "x.sql:1:1: cannot set AUTOCOMMIT to \"off\": rung decides where transactions begin and end"},
	    {"\\set ON_ERROR_STOP on\n\\set AUTOCOMMIT on\na", "a"},
	    {"\\i x.sql", "x.sql:1:1: cannot include \"x.sql\" from a text that is not a file"},
	};

	CHECK_CUTS(rows);
}

TEST(script_says_where_text_is_wrong)
{
	static const struct cut_row rows[] = {
	    {"select 1;\nselect 'a", "x.sql:2:8: unterminated quoted string"},
	    {"\xC3\xA9 \xC3\xA9 'a", "x.sql:1:5: unterminated quoted string"},
	    {"\"a", "x.sql:1:1: unterminated quoted identifier"},
	    {"a $x$ $y$", "x.sql:1:3: unterminated dollar-quoted string"},
	    {"/* /* */", "x.sql:1:1: unterminated comment"},
	    {"a;\nb ((c);\nd;", "x.sql:2:3: a parenthesis is opened here and never closed"},
	    {"a\n\xFF", "x.sql:2:1: byte 0xff is not valid UTF-8"},
	    {"\xEF\xBB\xBF\xC3\xA9\xC3 b", "x.sql:1:2: byte 0xc3 is not valid UTF-8"},
	    {"\\set x '''a'\nb :x", "x.sql:2:3: unterminated quoted string"},
	};
	scoped_arena struct arena arena = {0};
	struct script script;
	struct error err;

	CHECK_CUTS(rows);
	CHECK(!script_parse(STR("a\0b"), "x.sql", NULL, &arena, &script, &err));
	CHECK_STR(err.message, "a zero byte cannot be part of a SQL file");
	CHECK_STR(err.place, "x.sql:1:2");
	CHECK(err.kind == ERROR_FILES);
}

TEST(script_maps_statements_to_their_source)
{
	static const char text[] = "\xEF\xBB\xBF-- \xC3\xA9\n"
	                           "  select 1,\n"
	                           "\t'\xC3\xA9', x;\n"
	                           "\\set v 'a b'\n"
	                           "select :v, y \\: z;\n"
	                           "\\copy t from 'f' csv\n";
	static const struct {
		size_t statement, offset, line, column;
	} rows[] = {
	    {0, 0, 2, 3},    {0, 9, 2, 12}, /* the comma's line ends here */
	    {0, 11, 3, 2},                  /* the quote */
	    {0, 17, 3, 7},                  /* x */
	    {0, 9999, 3, 8},                /* the end */
	    {1, 0, 5, 1},    {1, 7, 5, 8},  /* a */
	    {1, 9, 5, 8},                   /* b: inside the variable's value */
	    {1, 10, 5, 10},                 /* the comma */
	    {1, 14, 5, 15},                 /* the colon */
	    {2, 0, 6, 1},                   /* COPY */
	    {2, 5, 6, 7},                   /* t */
	    {2, 18, 6, 18},                 /* csv */
	};
	scoped_arena struct arena arena = {0};
	scoped_script struct script script = {0};
	struct error err;

	CHECK(script_parse(str_of(text), "x.sql", NULL, &arena, &script, &err));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct place place = statement_place(&script.statements[rows[i].statement], rows[i].offset);

		if (place.line != rows[i].line || place.column != rows[i].column)
			fail_msg("row %zu: %zu:%zu", i, place.line, place.column);
	}
	CHECK_INT(statement_place_of_character(&script.statements[0], 0).column, 3);
	CHECK_INT(statement_place_of_character(&script.statements[0], 1).column, 3);
	CHECK_INT(statement_place_of_character(&script.statements[0], 17).column,
	          7); /* x, after a character of two bytes */
	CHECK(str_is(statement_place(&script.statements[0], 11).text, "\t'\xC3\xA9', x;"));
	CHECK_INT(script.statements[1].line, 5);
}

TEST(script_shows_the_line_and_a_caret)
{
	struct error err;
	scoped_arena struct arena arena = {0};
	struct buffer text = {.arena = &arena};
	struct script script;

	CHECK(!script_parse(STR("a;\r\n\tb 'c\r\nd"), "x.sql", NULL, &arena, &script, &err));
	CHECK_STR(err.excerpt, " b 'c");
	CHECK_INT(err.caret, 4);

	for (int i = 0; i < 300; i++)
		buffer_text(&text, "\xC3\xA9 ");
	buffer_text(&text, "'unterminated");
	CHECK(!script_parse(buffer_str(&text), "x.sql", NULL, &arena, &script, &err));
	CHECK_STR(err.place, "x.sql:1:601");
	CHECK_INT(err.caret, 60);
	CHECK(str_ends(str_of(err.excerpt), " 'unterminated"));
	CHECK_INT(utf8_count(str_of(err.excerpt)), 59 + strlen("'unterminated"));
}

TEST(script_keeps_directives_with_their_statement)
{
	scoped_arena struct arena arena = {0};
	scoped_script struct script script = {0};
	struct error err;

	CHECK(script_parse(
	    STR("-- rung: allow: x\n--RUNG :  batch y  \r\n/* - */ a; -- rung: z\n\\echo hi\nb -- rung: no\n;"
	        "-- rung is a tool\nc"),
	    "x.sql", NULL, &arena, &script, &err));
	CHECK_INT(script.count, 4);
	CHECK_INT(script.statements[0].directive_count, 2);
	CHECK(str_is(script.statements[0].directives[0].text, "allow: x"));
	CHECK(str_is(script.statements[0].directive, "batch y"));
	CHECK_INT(script.statements[0].directive_offset, 28);
	CHECK_INT(script.statements[1].directive_count, 0);
	CHECK(str_is(script.statements[2].directive, "z"));
	CHECK_INT(script.statements[3].directive_count, 0);
}

TEST(script_knows_given_variables)
{
	static const struct script_variable variables[] = {{.name = "DBNAME", .value = "my db"}};
	const struct script_options options = {.variables = variables, .variable_count = 1};
	scoped_arena struct arena arena = {0};
	scoped_script struct script script = {0};
	struct error err;

	CHECK(
	    script_parse(STR("comment on database :\"DBNAME\" is ''"), "x.sql", &options, &arena, &script, &err));
	CHECK(str_is(script.statements[0].text, "comment on database \"my db\" is ''"));
}

/* --------------------------------------------------- with files
 * --------------------------------------------------- */

struct project {
	struct arena arena;
	char *path;
};

static void project_open(struct project *project)
{
	char template[] = "/tmp/rung-script-XXXXXX";

	*project = (struct project){0};
	project->path = arena_strdup(&project->arena, mkdtemp(template));
}

static void project_close(struct project *project)
{
	struct error err;

	CHECK(directory_remove(project->path, &err));
	arena_clear(&project->arena);
}
#define scoped_project SCOPED(project_close)

static const char *project_file(struct project *project, const char *name)
{
	return path_join(&project->arena, project->path, name);
}

static void write_file(struct project *project, const char *name, const char *text)
{
	const char *path = project_file(project, name);
	struct error err;

	CHECK(directory_create(path_directory(&project->arena, path), 0755, &err));
	CHECK(file_write(path, str_of(text), 0644, &err));
}

static const char *load(struct project *project, const char *name)
{
	const struct script_options options = {.root = project->path, .display_root = project->path};
	scoped_script struct script script = {0};
	struct error err;

	if (!script_load(project_file(project, name), &options, &project->arena, &script, &err))
		return arena_printf(&project->arena, "%s: %s%s%s", err.place, err.message, err.context[0] ? "; " : "",
		                    err.context);
	return describe(&script, &project->arena);
}

TEST(script_reads_includes_in_their_place)
{
	scoped_project struct project project;

	project_open(&project);
	write_file(&project, "schema/01_a.sql", "a;\n\\i common/b.sql\n\\ir ../common/b.sql\nd :x");
	write_file(&project, "common/b.sql", "b;\\ir c.sql");
	write_file(&project, "common/c.sql", "\\set x 1\nc");
	CHECK_STR(load(&project, "schema/01_a.sql"), "a|b|c|b|c|d 1");
}

/* Each leads out of the project in another way. */
TEST(script_holds_includes_copies_and_links_to_one_rule)
{
	static const char *const texts[] = {"\\i /etc/passwd",
	                                    "\\ir ../../../../../../etc/passwd",
	                                    "\\i file.sql",
	                                    "\\ir directory/passwd",
	                                    "\\copy t from '/etc/passwd'",
	                                    "\\copy t from /etc/passwd",
	                                    "\\copy t from ../../../../../../etc/passwd",
	                                    "\\copy t from 'file.sql'",
	                                    "\\copy t from directory/passwd",
	                                    "\\copy t from '/etc/there is none'"};
	scoped_project struct project project;

	project_open(&project);
	CHECK(symlink("/etc/passwd", project_file(&project, "file.sql")) == 0);
	CHECK(symlink("/etc", project_file(&project, "directory")) == 0);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		const struct boundary open = {.is_open = true};
		const struct script_options options = {.root = project.path, .boundary = &open};
		scoped_script struct script script = {0};
		struct error err = {0};

		write_file(&project, "a.sql", texts[i]);
		CHECK_ROW(i, strstr(load(&project, "a.sql"), "it is outside the project") != NULL);
		/* Allowed: whatever is wrong with it then is something else. */
		CHECK_ROW(i, script_load(project_file(&project, "a.sql"), &options, &project.arena, &script, &err) ||
		                 !strstr(err.message, "it is outside"));
	}
	CHECK(strstr(load(&project, "file.sql"), "it is outside the project") != NULL);
	CHECK(strstr(load(&project, "directory/passwd"), "it is outside the project") != NULL);
	write_file(&project, "data/rows", "1");
	CHECK(symlink("data", project_file(&project, "inner")) == 0);
	write_file(&project, "a.sql", "\\copy t from inner/rows\n\\copy t from inner/none");
	CHECK(strstr(load(&project, "a.sql"), "COPY") || strstr(load(&project, "a.sql"), "FROM STDIN"));
}

TEST(script_refuses_includes_that_cycle_or_leave)
{
	scoped_project struct project project;
	const char *outside = "/etc/passwd";

	project_open(&project);
	write_file(&project, "a.sql", "\\i b.sql");
	write_file(&project, "b.sql", "x;\n \\ir ./a.sql");
	CHECK_STR(load(&project, "a.sql"),
	          "b.sql:2:2: cannot include \"a.sql\": it is being read already, so it would "
	          "include itself; included from a.sql:1");
	write_file(&project, "c.sql", "\\i ../../etc/passwd");
	CHECK(strstr(load(&project, "c.sql"), "c.sql:1:1: cannot use \"") != NULL);
	CHECK(strstr(load(&project, "c.sql"), ": it is outside the project") != NULL);
	CHECK(symlink(outside, project_file(&project, "link.sql")) == 0);
	write_file(&project, "d.sql", "\\i link.sql");
	CHECK(strstr(load(&project, "d.sql"), ": it is outside the project") != NULL);
	write_file(&project, "e.sql", "\n\\i nowhere.sql");
	CHECK_STR(load(&project, "e.sql"),
	          "e.sql:2:1: could not read \"nowhere.sql\": No such file or directory");
	write_file(&project, "f.sql", "\\i g.sql");
	write_file(&project, "g.sql", "\n'");
	CHECK_STR(load(&project, "f.sql"), "g.sql:2:1: unterminated quoted string; included from f.sql:1");
	CHECK_STR(load(&project, "h.sql"),
	          arena_printf(&project.arena, ": could not read \"%s\": No such file or directory",
	                       project_file(&project, "h.sql")));
}

/* Two files that include each other's successor twice would be read 2^n times. */
TEST(script_bounds_includes)
{
	scoped_project struct project project;

	project_open(&project);
	for (int i = 0; i < 20; i++)
		write_file(&project, arena_printf(&project.arena, "%d.sql", i),
		           arena_printf(&project.arena, "\\i %d.sql\n\\i %d.sql\n", i + 1, i + 1));
	write_file(&project, "20.sql", "a");
	CHECK(strstr(load(&project, "0.sql"), "cannot include more than 10000 files") != NULL);
}

TEST(script_reads_large_mapped_files)
{
	enum { LINES = 400000 };
	scoped_project struct project project;
	scoped_script struct script script = {0};
	struct error err;

	project_open(&project);
	struct buffer text = {.arena = &project.arena};
	buffer_text(&text, "copy t from stdin;\n");
	for (int i = 0; i < LINES; i++)
		buffer_text(&text, "some data \xC3\xA9 \xE2\x82\xAC in a line that goes on\n");
	buffer_text(&text, "\\.\nselect 'x");
	write_file(&project, "a.sql", buffer_cstr(&text));
	CHECK(strncmp(load(&project, "a.sql"), "a.sql:400003:8: unterminated", 28) == 0);
	buffer_text(&text, "';\nselect 2;");
	write_file(&project, "a.sql", buffer_cstr(&text));
	CHECK(script_load(project_file(&project, "a.sql"), NULL, &project.arena, &script, &err));
	CHECK_INT(script.count, 3);
	CHECK_INT(script.statements[0].data.len,
	          LINES * strlen("some data \xC3\xA9 \xE2\x82\xAC in a line that goes on\n"));
	CHECK_INT(script.statements[2].line, LINES + 4);
	CHECK_INT(statement_place(&script.statements[2], 7).line, LINES + 4);
}

/* What a stream says of a file: its statements, a line each, then its digest. */
static const char *streamed(struct project *project, const char *name, struct script_options options)
{
	scoped_script_stream struct script_stream *stream = NULL;
	struct buffer text = {.arena = &project->arena};
	const struct statement *statement;
	uint8_t digest[DIGEST_SIZE];
	struct error err;

	options.is_digested = true;
	CHECK(script_stream_open(project_file(project, name), &options, &stream, &err));
	for (;;) {
		if (!script_stream_next(stream, &statement, &err))
			return arena_printf(&project->arena, "%s: %s", err.place + strlen(project->path) + 1,
			                    err.message);
		if (!statement)
			break;
		buffer_printf(&text, "%.*s|", STR_ARGS(statement->echo ? str_of(statement->echo) : statement->text));
	}
	script_stream_digest(stream, digest);
	buffer_text(&text, hex_text(&project->arena, digest, sizeof(digest)));
	return buffer_cstr(&text);
}

TEST(a_stream_gives_what_a_script_holds)
{
	scoped_project struct project project;

	project_open(&project);
	write_file(&project, "a.sql",
	           "select 1; \\ir b.sql\n\\set v 2\nselect :v,\n:'v'; copy t from stdin;\n1\n\\.\n\\echo end\n"
	           "select 3 \\; select 4;");
	write_file(&project, "b.sql", "\\if true\nselect 'b';\n\\else\nselect 'c';\n\\endif\n");
	const char *first = streamed(&project, "a.sql", (struct script_options){0});
	CHECK(str_starts(str_of(first),
	                 "select 1|select 'b'|select 2,\n'2'|copy t from stdin|end|select 3|select 4|"));
	CHECK_STR(streamed(&project, "a.sql", (struct script_options){0}), first);

	/* Windows checkouts agree, and a known checksum stands for the text. */
	write_file(&project, "b.sql", "\\if true\r\nselect 'b';\r\n\\else\nselect 'c';\n\\endif\n");
	CHECK_STR(streamed(&project, "a.sql", (struct script_options){0}), first);
	const char *checksum = digest_hex(
	    &project.arena, STR("select 1; \\ir b.sql\n\\set v 2\nselect :v,\n:'v'; copy t from stdin;\n1\n\\.\n"
	                        "\\echo end\nselect 3 \\; select 4;"));
	CHECK_STR(streamed(&project, "a.sql", (struct script_options){.known_checksum = checksum}), first);

	/* One byte of an include, or of COPY data, is another digest. */
	write_file(&project, "b.sql", "\\if true\nselect 'b';\n\\else\nselect 'd';\n\\endif\n");
	CHECK(strcmp(streamed(&project, "a.sql", (struct script_options){0}), first) != 0);

	/* Errors come where they are, after what was before them. */
	write_file(&project, "b.sql", "select 1;\n 'open");
	CHECK_STR(streamed(&project, "a.sql", (struct script_options){0}),
	          "b.sql:2:2: unterminated quoted string");
}
