#include "base/program_name.h"

#include "test.h"

TEST(the_name_is_the_last_part_of_the_path)
{
	static const char *const rows[][2] = {
	    {"nb-migrate", "nb-migrate"},
	    {"/usr/local/bin/nb-migrate", "nb-migrate"},
	    {"./db_migrate2", "db_migrate2"},
	    {"rung", "rung"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		program_name_set(rows[i][0]);
		CHECK_STR(program_name(), rows[i][1]);
	}
}

TEST(a_name_nobody_could_type_is_passed_over)
{
	static const char *const paths[] = {NULL, "", "/", "-rung", "a b", "x;y", "\033[1m", "bin/"};

	program_name_set("rung");
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		program_name_set(paths[i]);
		CHECK_STR(program_name(), "rung");
	}
}

TEST(text_speaks_the_name)
{
	scoped_arena struct arena arena = {0};
	/* written, as text, where commands are quoted */
	static const char *const rows[][3] = {
	    {"Usage: rung upgrade", "Usage: nb upgrade", "Usage: rung upgrade"},
	    {"rung\tthe same", "nb\tthe same", "rung\tthe same"},
	    {"see \"rung help\", or \"rung\".", "see \"nb help\", or \"nb\".", "see \"nb help\", or \"nb\"."},
	    {"a ladder has a rung.", "a ladder has a nb.", "a ladder has a rung."},
	    {"in rung.ini or .rung", "in rung.ini or .rung", "in rung.ini or .rung"},
	    {"-- rung: batch, rung_test, $rung, wrung", "-- rung: batch, rung_test, $rung, wrung",
	     "-- rung: batch, rung_test, $rung, wrung"},
	    {"", "", ""},
	};

	program_name_set("nb");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		CHECK_STR(program_name_in_text(&arena, rows[i][0]), rows[i][1]);
		CHECK_STR(program_name_in_commands(&arena, rows[i][0]), rows[i][2]);
	}
	program_name_set("rung");
	CHECK(program_name_in_text(&arena, rows[0][0]) == rows[0][0]);
}

TEST(advice_repeats_the_options_of_the_command_line)
{
	scoped_arena struct arena arena = {0};
	static const char *const without[] = {"help", NULL};
	static const char *const with_place[] = {"keygen", "local", NULL};
	/* written, with place and settings, and with withheld values as well */
	static const char *const rows[][3] = {
	    {"run \"rung upgrade\".", "run \"rung -C a --role r upgrade\".",
	     "run \"rung -C a --role r upgrade\" (with the same --set)."},
	    {"\"rung status\" or \"rung log\"", "\"rung -C a --role r status\" or \"rung -C a --role r log\"",
	     "\"rung -C a --role r status\" (with the same --set) or \"rung -C a --role r log\""},
	    {"Next: rung resume", "Next: rung -C a --role r resume",
	     "Next: rung -C a --role r resume (with the same --set)"},
	    {"makes it: rung create \"a b\"; or", "makes it: rung -C a --role r create \"a b\"; or",
	     "makes it: rung -C a --role r create \"a b\" (with the same --set); or"},
	    {"\"rung keygen\", \"rung help backup\"", "\"rung -C a keygen\", \"rung help backup\"",
	     "\"rung -C a keygen\", \"rung help backup\""},
	    {"U=\"$(rung local url)\" && rung setup", "U=\"$(rung -C a local url)\" && rung -C a --role r setup",
	     "U=\"$(rung -C a local url)\" && rung -C a --role r setup (with the same --set)"},
	    {"\"rung\", rung waits, \"rung.ini\", -- rung: none",
	     "\"rung\", rung waits, \"rung.ini\", -- rung: none",
	     "\"rung\", rung waits, \"rung.ini\", -- rung: none"},
	};
	struct program_options options = {"-C a", "--role r", NULL, without, with_place};

	for (int withheld = 0; withheld < 2; withheld++) {
		options.withheld = withheld ? "--set" : NULL;
		program_options_set(&options);
		for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
			const char *said = program_advice(&arena, rows[i][0]);

			CHECK_STR(said, rows[i][1 + withheld]);
			/* What was said is not said twice where it passes through here again. */
			if (!withheld)
				CHECK_STR(program_advice(&arena, said), said);
		}
	}
	program_options_set(&(struct program_options){0});
	CHECK(program_advice(&arena, rows[0][0]) == rows[0][0]);
}
