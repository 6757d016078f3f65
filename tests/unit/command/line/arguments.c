#include "command/line/arguments.h"

#include <string.h>

#include "base/buffer.h"
#include "command/commands.h"
#include "test.h"

enum { MOST_WORDS = 16 };

/* argv from words between blanks; "_" is an empty word. */
static char **argv_of(struct arena *arena, const char *line)
{
	char **argv = arena_array(arena, char *, MOST_WORDS);
	struct str rest = str_of(line);
	struct str word;
	size_t count = 0;

	argv[count++] = arena_strdup(arena, "rung");
	while (str_split_next(&rest, ' ', &word))
		argv[count++] = str_is(word, "_") ? arena_strdup(arena, "") : str_copy(arena, word);
	return argv;
}

/* "upgrade +3 --dry-run json=yes": verb, operands, options of the verb, settings, the rest. */
static char *understood(struct arena *arena, const struct arguments *arguments)
{
	struct buffer out = {.arena = arena};
	const struct option_row *options = arguments->command ? arguments->command->options : NULL;

	buffer_text(&out, arguments->command ? arguments->command->name : "-");
	for (size_t i = 0; i < arguments->operand_count; i++)
		buffer_printf(&out, " %s", arguments->operands[i]);
	for (size_t i = 0; options && options[i].flag; i++)
		if (arguments->option_values[i])
			buffer_printf(&out, " %s%s%s", options[i].flag, options[i].value_name ? "=" : "",
			              arguments->option_values[i]);
	for (size_t i = 0; i < arguments->flag_count; i++)
		buffer_printf(&out, " %s=%s", setting_rows[arguments->flags[i].setting].key,
		              arguments->flags[i].value);
	if (arguments->directory)
		buffer_printf(&out, " in %s", arguments->directory);
	buffer_printf(&out, "%s%s", arguments->wants_help ? " help" : "",
	              arguments->wants_version ? " version" : "");
	return buffer_cstr(&out);
}

TEST(arguments_are_understood)
{
	static const struct {
		const char *line;
		const char *meaning;
	} rows[] = {
	    {"", "-"},
	    {"upgrade", "upgrade"},
	    {"upgrade +3", "upgrade +3"},
	    {"downgrade -1", "downgrade -1"},
	    {"downgrade -12", "downgrade -12"},
	    {"upgrade --dry-run 6", "upgrade 6 --dry-run"},
	    {"upgrade 6 --dry-run", "upgrade 6 --dry-run"},
	    {"--dry-run upgrade 6", "upgrade 6 --dry-run"},
	    {"-n upgrade 6", "upgrade 6 --dry-run"},
	    {"-fn downgrade", "downgrade --dry-run --force"},
	    {"-m x merge", "merge --message=x"},
	    {"--limit 5 log", "log --limit=5"},
	    {"--into x --swap restore latest", "restore latest --into=x --swap"},
	    {"upgrade --dry-run --no-dry-run", "upgrade"},
	    {"--json upgrade", "upgrade json=yes"},
	    {"upgrade --no-json", "upgrade json=no"},
	    {"upgrade --json=no", "upgrade json=no"},
	    {"-qv upgrade", "upgrade quiet=yes verbose=yes"},
	    {"--schema-dir db upgrade", "upgrade schema_dir=db"},
	    {"--schema-dir=db upgrade", "upgrade schema_dir=db"},
	    {"upgrade --schema-dir=", "upgrade schema_dir="},
	    {"upgrade --schema-dir _", "upgrade schema_dir="},
	    {"upgrade --schema-dir -x", "upgrade schema_dir=-x"},
	    {"--color=never upgrade", "upgrade colour=never"},
	    {"--colour never upgrade", "upgrade colour=never"},
	    {"-d db upgrade", "upgrade url=db"},
	    {"-ddb upgrade", "upgrade url=db"},
	    {"-vd db upgrade", "upgrade verbose=yes url=db"},
	    {"-C dir upgrade", "upgrade in dir"},
	    {"--directory=dir", "- in dir"},
	    {"upgrade -- --dry-run", "upgrade --dry-run"},
	    {"-- upgrade", "upgrade"},
	    {"--help", "- help"},
	    {"-h", "- help"},
	    {"upgrade -h", "upgrade help"},
	    {"-h upgrade", "upgrade help"},
	    {"upgrade a b c --bogus --help", "upgrade a b c help"},
	    {"-V", "- version"},
	    {"--version", "- version"},
	    {"config -", "config -"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		struct arguments arguments;
		struct error err = {0};

		if (!arguments_parse(argv_of(&arena, rows[i].line), &arena, &arguments, &err))
			fail_msg("row %zu: %s", i, err.message);
		CHECK_STR(understood(&arena, &arguments), rows[i].meaning);
	}
}

TEST(arguments_are_refused_with_a_suggestion)
{
	static const struct {
		const char *line;
		const char *message;
		const char *hint;
	} rows[] = {
	    {"upgrad", "there is no command \"upgrad\"", "Did you mean \"upgrade\"?"},
	    {"zebra", "there is no command \"zebra\"", "\"rung help\" lists the commands."},
	    {"upgrade --schema-dri x", "there is no option \"--schema-dri\" for upgrade",
	     "Did you mean \"--schema-dir\"?"},
	    {"config --dry-run", "there is no option \"--dry-run\" for config",
	     "It is an option of \"rung upgrade\"."},
	    {"--zzzzzzzz", "there is no option \"--zzzzzzzz\"", "\"rung help\" lists the options."},
	    {"config -Z", "there is no option \"-Z\" for config", "\"rung help config\" lists the options."},
	    {"upgrade --schema-dir", "option --schema-dir requires a value", ""},
	    {"upgrade -d", "option --database-url requires a value", ""},
	    {"upgrade --dry-run=yes", "option --dry-run takes no value", ""},
	    {"upgrade --no-json=yes", "option --no-json takes no value", ""},
	    {"config a b", "unexpected argument \"b\" for config", "Usage: rung config [OPTION...] [KEY]"},
	    {"completion", "completion requires bash|zsh|fish",
	     "Usage: rung completion [OPTION...] bash|zsh|fish"},
	    {"upgrade --no-help", "there is no option \"--no-help\" for upgrade", NULL},
	    /* what may be a secret is not repeated */
	    {"upgrade --databse-url=postgres://u:secret@h/d", "there is no option \"--databse-url\" for upgrade",
	     "Did you mean \"--database-url\"?"},
	    {"config a postgres://u:secret@h/d", "unexpected argument \"postgres://u:***@h/d\" for config", NULL},
	    {"postgres://u:secret@h/d", "there is no command \"postgres://u:***@h/d\"", NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		struct arguments arguments;
		struct error err = {0};

		CHECK_ROW(i, !arguments_parse(argv_of(&arena, rows[i].line), &arena, &arguments, &err));
		CHECK_STR(err.message, rows[i].message);
		if (rows[i].hint)
			CHECK_STR(err.hint, rows[i].hint);
		CHECK_ROW(i, err.kind == ERROR_USAGE);
	}
}

TEST(arguments_wipe_the_url_they_read)
{
	static const char *const lines[] = {
	    "upgrade --database-url postgres://u:secret@h/d",
	    "--database-url=postgres://u:secret@h/d upgrade",
	    "upgrade -dpostgres://u:secret@h/d",
	    "--direct-url postgres://u:secret@h/d upgrade",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		scoped_arena struct arena arena = {0};
		struct arguments arguments;
		struct error err = {0};
		char **argv = argv_of(&arena, lines[i]);

		CHECK_ROW(i, arguments_parse(argv, &arena, &arguments, &err));
		CHECK_STR(arguments.flags[0].value, "postgres://u:secret@h/d");
		for (; *argv; argv++)
			CHECK_ROW(i, !strstr(*argv, "secret"));
	}
}

/*
 * "config --set KEY VALUE" runs no SQL that could want a variable. Both take a value, so that it does not
 * matter for finding the verb whose it is.
 */
static bool is_of_both(const struct command *command, const struct option_row *row)
{
	return command == &command_config && setting_find_flag(row->flag) == SETTING_VARIABLES && row->value_name;
}

TEST(flags_and_letters_mean_one_thing_each)
{
	bool letters[256] = {0};

	for (enum setting a = 0; a < SETTING_COUNT; a++) {
		CHECK_ROW(a, setting_rows[a].section && setting_rows[a].key && setting_rows[a].help);
		CHECK_ROW(a, !setting_rows[a].flag || setting_find_flag(setting_rows[a].flag) == (int)a);
		CHECK_ROW(a, !setting_rows[a].letter || !letters[(unsigned char)setting_rows[a].letter]);
		letters[(unsigned char)setting_rows[a].letter] = true;
	}
	for (size_t i = 0; commands[i]; i++)
		for (const struct option_row *row = commands[i]->options; row && row->flag; row++) {
			CHECK_ROW(i, setting_find_flag(row->flag) < 0 || is_of_both(commands[i], row));
			CHECK_ROW(i, !row->letter || !letters[(unsigned char)row->letter]);
		}
}

/* They may be before the verb, where nobody knows yet whose they are. */
TEST(an_option_and_a_letter_mean_one_thing_in_all_verbs)
{
	for (size_t i = 0; commands[i]; i++)
		for (const struct option_row *a = commands[i]->options; a && a->flag; a++)
			for (size_t j = i; commands[j]; j++)
				for (const struct option_row *b = commands[j]->options; b && b->flag; b++) {
					const bool same_flag = strcmp(a->flag, b->flag) == 0;
					const bool same_letter = a->letter && a->letter == b->letter;

					if (same_letter && !same_flag)
						fail_msg("-%c is %s of %s and %s of %s", a->letter, a->flag, commands[i]->name,
						         b->flag, commands[j]->name);
					if (same_flag && (!a->value_name != !b->value_name || a->letter != b->letter))
						fail_msg("%s differs between %s and %s", a->flag, commands[i]->name,
						         commands[j]->name);
				}
	for (size_t i = 0; commands[i]; i++)
		for (const struct option_row *a = commands[i]->options; a && a->flag; a++)
			for (enum setting setting = 0; a->letter && setting < SETTING_COUNT; setting++)
				if (setting_rows[setting].letter == a->letter)
					fail_msg("-%c is %s and %s", a->letter, a->flag, setting_rows[setting].flag);
}
