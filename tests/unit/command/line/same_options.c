#include "command/line/same_options.h"

#include <string.h>

#include "base/program_name.h"
#include "command/commands.h"
#include "test.h"

enum { MOST_WORDS = 8 };

static const char *advised(struct arena *arena, const char *const *given)
{
	char *argv[MOST_WORDS + 2] = {arena_strdup(arena, "rung")};
	struct arguments arguments = {0};
	struct error err = {0};

	for (size_t i = 0; given[i]; i++)
		argv[i + 1] = arena_strdup(arena, given[i]);
	CHECK(arguments_parse(argv, arena, &arguments, &err));
	same_options_keep(&arguments, arena);
	return program_advice(arena, "\"rung status\"");
}

/*
 * What is advised goes where the command went: of several the last, even where its value is the beginning
 * of another's, and nothing that the screen shows otherwise than it is.
 */
TEST(same_options_that_count)
{
	static const struct {
		const char *given[MOST_WORDS];
		const char *advised;
	} rows[] = {
	    {{"-d", "postgres://h/shop", "status"}, "\"rung --database-url postgres://h/shop status\""},
	    {{"-d", "postgres://h/shop", "-d", "postgres://h/shop2", "-d", "postgres://h/shop"},
	     "\"rung --database-url postgres://h/shop status\""},
	    {{"-d", "postgres://h/shop2", "-d", "postgres://h/shop"},
	     "\"rung --database-url postgres://h/shop status\""},
	    {{"-d", "postgres://h/shop", "-d", "postgres://u:secret@h/shop"},
	     "\"rung status\" (with the same --database-url)"},
	    {{"--recipient", "age1ab", "--recipient", "age1a"},
	     "\"rung --recipient age1ab --recipient age1a status\""},
	    {{"--recipients-file", "a\nb", "--recipient", "c\td", "--recipient", "e\nf"},
	     "\"rung status\" (with the same --recipients-file and --recipient)"},
	    {{"--schema-dir", "$(x) 'y'"}, "\"rung --schema-dir '$(x) '\\''y'\\''' status\""},
	    {{"--schema-dir", "\033[31mx"}, "\"rung status\" (with the same --schema-dir)"},
	    {{"--schema-dir", "x\u202ey"}, "\"rung status\" (with the same --schema-dir)"},
	    {{"--history-table", "x\ny"}, "\"rung status\" (with the same --history-table)"},
	    {{"-C", "a\nb"}, "\"rung status\" (with the same -C)"},
	    {{"--local-dir", "a\tb"}, "\"rung status\" (with the same --local-dir)"},
	    {{"--allow-outside", "--no-allow-outside"}, "\"rung --no-allow-outside status\""},
	};
	scoped_arena struct arena arena = {0};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_STR(advised(&arena, rows[i].given), rows[i].advised);
	program_options_set(&(struct program_options){0});
}
