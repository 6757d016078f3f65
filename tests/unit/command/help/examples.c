/*
 * Every command line that help, man page and documentation show is read by the parser: its verb
 * exists, takes these options, and this many arguments. The few words that stand for something
 * else, such as TARGET or "...", count as the arguments they stand for.
 */
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "command/commands.h"
#include "command/help/help_topic.h"
#include "command/help/manual.h"
#include "command/line/arguments.h"
#include "test.h"

enum { MOST_WORDS = 64, MOST_SIZE = 1 << 20 };

/* Where the line that is read comes from, and how many commands were found so far. */
struct reading {
	const char *source;
	struct str line;
	struct arena *arena;
	size_t count;
	bool is_prose; /* where "rung create" names the verb */
};

static void check_command(struct reading *reading, char **argv)
{
	struct arguments arguments;
	struct error err = {0};

	reading->count++;
	if (reading->is_prose && argv[1] && !argv[2] && command_find(argv[1]))
		return;
	if (!arguments_parse(argv, reading->arena, &arguments, &err))
		fail_msg("%s: \"%.*s\": %s", reading->source, STR_ARGS(reading->line), err.message);
}

/* Whether the word before may be before a command: "$ rung", "A=b rung", "sudo rung". */
static bool introduces_command(const char *word)
{
	static const char *const words[] = {"$",     "sudo",  "exec", "if",   "then", "do", "!",
	                                    "while", "until", "=",    "run:", "-",    NULL};

	for (size_t i = 0; words[i]; i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return strchr(word, '=') && word[0] != '-';
}

static bool is_program(const char *word)
{
	const char *slash = strrchr(word, '/');

	return strcmp(slash ? slash + 1 : word, "rung") == 0;
}

/* What begins like a command and is none: the comment of a dump, and what a script puts together. */
static bool begins_like_command(struct str line, const char *verb)
{
	return str_is(line, "rung backup <id> of <database>/") || (verb && verb[0] == '$');
}

/* One simple command; `words` ends with NULL. */
static void check_words(struct reading *reading, char **words)
{
	while (*words && !is_program(*words) && introduces_command(*words))
		words++;
	if (*words && is_program(*words) && !begins_like_command(reading->line, words[1]))
		check_command(reading, words);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool ends_command(char c)
{
	return strchr("|&;()`\n", c) != NULL;
}

/* The next word without its quotes; NULL where the simple command ends. A comment ends the line. */
static char *next_word(struct reading *reading, struct str *rest)
{
	struct buffer word = {.arena = reading->arena};
	const char *at = rest->text;
	const char *end = rest->text + rest->len;
	char quote = 0;

	while (at < end && is_blank(*at))
		at++;
	if (at < end && *at == '#')
		at = end;
	const char *start = at;
	for (; at < end && (quote || (!is_blank(*at) && !ends_command(*at))); at++) {
		if (quote ? *at == quote : *at == '"' || *at == '\'')
			quote = quote ? 0 : *at;
		else
			buffer_char(&word, *at);
	}
	*rest = (struct str){at, (size_t)(end - at)};
	return at > start ? buffer_cstr(&word) : NULL;
}

/* Takes redirections out: ">file", "> file", "2>&1". */
static void drop_redirections(char **words)
{
	char **kept = words;

	for (; *words; words++) {
		const char *target = *words + strspn(*words, "012");

		if (*target != '<' && *target != '>')
			*kept++ = *words;
		else if (target[strspn(target, "<>")] == '\0' && words[1])
			words++;
	}
	*kept = NULL;
}

static struct str without(struct arena *arena, struct str text, const char *what, const char *instead)
{
	struct buffer out = {.arena = arena};

	while (text.len) {
		const bool is_it = str_starts(text, what);

		buffer_add(&out, is_it ? str_of(instead) : str_slice(text, 0, 1));
		text = str_slice(text, is_it ? strlen(what) : 1, text.len);
	}
	return str_of(buffer_cstr(&out));
}

/* Every command of a line of shell, also in "$(...)". */
static void check_line(struct reading *reading, struct str line)
{
	reading->line = line;
	line = without(reading->arena, without(reading->arena, line, "\"$(", "$("), ")\"", ")");
	while (line.len) {
		char *words[MOST_WORDS + 1] = {0};
		size_t count = 0;

		while (count < MOST_WORDS && (words[count] = next_word(reading, &line)))
			count++;
		words[count] = NULL;
		drop_redirections(words);
		check_words(reading, words);
		line = str_slice(line, 1, line.len);
	}
}

static bool is_option(const char *flag)
{
	bool found = setting_find_flag(flag) >= 0;

	for (const struct option_row *row = general_options; row->flag; row++)
		found = found || strcmp(row->flag, flag) == 0;
	for (size_t i = 0; commands[i]; i++)
		for (const struct option_row *row = commands[i]->options; row && row->flag; row++)
			found = found || strcmp(row->flag, flag) == 0;
	return found;
}

/* Or of a program that the texts name beside ours. */
static bool is_option_of_some(struct arena *arena, const char *flag)
{
	static const char *const others[] = {"--as-needed", "--schema-only", "--autogenerate", NULL};

	for (const char *const *other = others; *other; other++)
		if (strcmp(*other, flag) == 0)
			return true;
	return is_option(flag) ||
	       (strncmp(flag, "--no-", 5) == 0 && is_option(arena_printf(arena, "--%s", flag + 5)));
}

/* Each word of ours that begins with "--" is an option of some verb. */
static void check_options(struct reading *reading, struct str text)
{
	for (size_t i = 0; i + 2 < text.len; i++) {
		const size_t len = strspn(text.text + i, "abcdefghijklmnopqrstuvwxyz-");

		if (len > 2 && strncmp(text.text + i, "--", 2) == 0 && text.text[i + 2] != '-' &&
		    !is_option_of_some(reading->arena, str_copy(reading->arena, str_slice(text, i, i + len))))
			fail_msg("%s: \"%.*s\": no verb has that option", reading->source,
			         STR_ARGS(str_slice(text, i, i + len)));
		i += len;
	}
}

/* --- help and man page -------------------------------------------------- */

static void check_examples(struct reading *reading, struct str examples)
{
	struct str command;
	struct str purpose;

	while (help_item_next(&examples, &command, &purpose)) {
		const size_t before = reading->count;

		check_line(reading, command);
		if (reading->count == before)
			fail_msg("%s: \"%.*s\" is no command of rung", reading->source, STR_ARGS(command));
	}
}

/* Commands in quotes, which begin with `left` and end with `right`. */
static void check_quoted(struct reading *reading, struct str text, const char *left, char right)
{
	for (size_t i = 0; i < text.len; i++) {
		const struct str rest = str_slice(text, i, text.len);

		if (!str_starts(rest, left))
			continue;
		const struct str inside = str_slice(rest, 1, rest.len);
		reading->is_prose = true;
		check_line(reading, str_slice(inside, 0, str_index(inside, right)));
		reading->is_prose = false;
	}
}

static void check_text(struct reading *reading, const struct help_text *help)
{
	const char *const texts[] = {help->summary, help->description, help->items};

	reading->source = help->name;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		check_options(reading, str_of(texts[i]));
		check_quoted(reading, str_of(texts[i]), "\"rung ", '"');
	}
	check_examples(reading, str_of(help->examples));
}

TEST(examples_of_help_are_commands)
{
	scoped_arena struct arena arena = {0};
	struct reading reading = {.arena = &arena};

	for (size_t i = 0; commands[i]; i++) {
		const size_t before = reading.count;

		check_text(&reading, commands[i]->help);
		CHECK_ROW(i, reading.count > before);
		for (const struct option_row *row = commands[i]->options; row && row->flag; row++)
			check_quoted(&reading, str_of(row->help), "\"rung ", '"');
	}
	for (const struct help_topic *topic = topics; topic->help; topic++)
		check_text(&reading, topic->help);
}

/* roff as man shows it. */
static struct str shown(struct arena *arena, struct str roff)
{
	return without(arena, without(arena, without(arena, roff, "\\(dq", "\""), "\\-", "-"), "\\e", "\\");
}

TEST(examples_of_the_man_page_are_commands)
{
	scoped_arena struct arena arena = {0};
	struct reading reading = {.source = "rung.1", .arena = &arena};
	struct str rest = str_of(manual_text(&arena));
	struct str line;

	while (str_line_next(&rest, &line))
		if (str_starts(line, ".It Li \""))
			check_line(&reading, shown(&arena, str_slice(line, strlen(".It Li \""), line.len - 1)));
	CHECK(reading.count > 60);
}

/* --- documentation ------------------------------------------------------ */

/* `upgrade --dry-run` is meant as one of ours too. */
static struct str with_program(struct arena *arena, struct str code)
{
	const struct str verb = str_slice(code, 0, str_index(code, ' '));
	const bool is_command = command_find(str_copy(arena, verb)) && strstr(str_copy(arena, code), " --");

	return is_command ? str_of(arena_printf(arena, "rung %.*s", STR_ARGS(code))) : code;
}

/* A paragraph's `code`: whole commands, and options that stand for themselves; and commands in quotes. */
static void check_prose(struct reading *reading, struct str line)
{
	struct str part;
	bool is_code = false;

	check_quoted(reading, line, "\"rung ", '"');
	for (; str_split_next(&line, '`', &part); is_code = !is_code) {
		reading->is_prose = true;
		if (is_code && str_index(part, '[') == part.len)
			check_line(reading, with_program(reading->arena, without(reading->arena, part, "\\|", "|")));
		if (is_code && str_starts(part, "--"))
			check_options(reading, str_slice(part, 0, str_index(part, ' ')));
	}
	reading->is_prose = false;
}

static void check_markdown(struct reading *reading, struct str text)
{
	struct str line;
	bool is_fenced = false;

	text = without(reading->arena, text, "\\\n", " ");
	while (str_line_next(&text, &line)) {
		if (str_starts(str_trim(line), "```"))
			is_fenced = !is_fenced;
		else if (is_fenced)
			check_line(reading, line);
		else
			check_prose(reading, line);
	}
}

static void check_script(struct reading *reading, struct str text)
{
	struct str line;

	text = without(reading->arena, text, "\\\n", " ");
	while (str_line_next(&text, &line))
		check_line(reading, line);
}

static void check_file(struct reading *reading, const char *path)
{
	struct error err;
	struct str text;

	reading->source = path;
	if (!file_read(path, MOST_SIZE, ERROR_FILES, reading->arena, &text, &err))
		fail_msg("%s: %s", path, err.message);
	if (str_ends(str_of(path), ".md"))
		check_markdown(reading, text);
	else
		check_script(reading, text);
}

static void check_files(struct reading *reading, const char *path)
{
	struct directory directory;
	struct error err;

	CHECK(directory_read(path, reading->arena, &directory, &err));
	for (size_t i = 0; i < directory.count; i++) {
		const char *inside = path_join(reading->arena, path, directory.names[i]);

		if (directory_exists(inside))
			check_files(reading, inside);
		else
			check_file(reading, inside);
	}
}

TEST(examples_of_the_documentation_are_commands)
{
	static const char *const files[] = {"README.md", "CONTRIBUTING.md", "SECURITY.md", "rung.ini", NULL};
	scoped_arena struct arena arena = {0};
	struct reading reading = {.arena = &arena};

	if (!directory_exists("docs"))
		skip();
	for (const char *const *file = files; *file; file++)
		check_file(&reading, *file);
	check_files(&reading, "docs");
	check_files(&reading, ".github");
	CHECK(reading.count > 100);
}

TEST(every_text_of_help_is_shown)
{
	scoped_arena struct arena arena = {0};
	struct directory directory;
	struct error err;

	if (!directory_exists("src"))
		skip();
	CHECK(directory_read("src/command/help", &arena, &directory, &err));
	for (size_t i = 0; i < directory.count; i++) {
		const struct str name = str_of(directory.names[i]);
		const char *subject = str_copy(&arena, str_slice(name, 0, str_index(name, '.')));

		if (str_ends(name, ".txt") && !command_find(subject) && !help_topic_find(subject) &&
		    strcmp(subject, HELP_rung.name) != 0)
			fail_msg("%s describes no verb and no topic", directory.names[i]);
	}
}
