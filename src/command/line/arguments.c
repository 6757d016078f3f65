/*
 * getopt() is not used for three reasons. A verb's options are known only when the verb is, and may be
 * before it; "downgrade -1" has a number where getopt sees an option; and a URL on the command line has
 * to be wiped from argv when it is read, since every process list shows it.
 *
 * So the command line is read twice. The first pass finds the verb, and to step over values it takes
 * every verb's options together: an option of one name takes a value in all verbs or in none, which a
 * test holds. The second pass reads everything with the verb's own options, then the general ones, then
 * the settings.
 *
 * Whatever is wrong may be repeated in a message. Therefore URLs are looked for in every operand and
 * value that is not meant to be one, and refused without repeating them.
 *
 * Asking for help wins over mistakes in options and operands: "-h" after a line that cannot be
 * understood is mostly typed because of it.
 */
#include "command/line/arguments.h"

#include <assert.h>
#include <string.h>

#include "command/line/argument_refusal.h"
#include "command/line/synonym.h"

enum general_option { GENERAL_DIRECTORY, GENERAL_HELP, GENERAL_VERSION };

/* What an option on the command line means. */
enum meaning { MEANS_NOTHING, MEANS_GENERAL, MEANS_OPTION, MEANS_SETTING };

struct option {
	enum meaning meaning;
	int row; /* of general_options, the verb's options or setting_rows */
	bool takes_value;
	bool is_negated; /* given as --no-... */
	const char *flag;
	const char *words; /* "[=brief]": what may follow after "="; NULL for none */
};

struct parser {
	char **argv;
	size_t at;
	struct option last; /* given just before, without a value */
	struct arguments *out;
	struct arena *arena;
	struct error *err;
};

static bool has_value(enum setting setting)
{
	return setting_rows[setting].kind != SETTING_KIND_FLAG;
}

int setting_find_flag(const char *flag)
{
	if (strcmp(flag, "--color") == 0)
		return SETTING_COLOUR;
	for (enum setting setting = 0; setting < SETTING_COUNT; setting++)
		if (setting_rows[setting].flag && strcmp(setting_rows[setting].flag, flag) == 0)
			return (int)setting;
	return -1;
}

static int find_setting_letter(char letter)
{
	for (enum setting setting = 0; setting < SETTING_COUNT; setting++)
		if (letter && setting_rows[setting].letter == letter)
			return (int)setting;
	return -1;
}

/* By flag, or by letter when `flag` is NULL. */
static int find_row(const struct option_row *rows, const char *flag, char letter)
{
	for (int i = 0; rows && rows[i].flag; i++)
		if (flag ? strcmp(rows[i].flag, flag) == 0 : rows[i].letter == letter)
			return i;
	return -1;
}

static struct option own_option(const struct option_row *rows, int row)
{
	const bool takes_value = option_takes_value(&rows[row]);

	return (struct option){
	    .meaning = MEANS_OPTION,
	    .row = row,
	    .takes_value = takes_value,
	    .flag = rows[row].flag,
	    .words = takes_value ? NULL : rows[row].value_name,
	};
}

static bool find_option(const struct command *command, const char *flag, char letter, struct option *out)
{
	const struct option_row *own = command ? command->options : NULL;
	int row;

	if ((row = find_row(own, flag, letter)) >= 0)
		*out = own_option(own, row);
	else if ((row = find_row(general_options, flag, letter)) >= 0)
		*out = (struct option){
		    MEANS_GENERAL, row, general_options[row].value_name != NULL, false, general_options[row].flag,
		    NULL};
	else if ((row = flag ? setting_find_flag(flag) : find_setting_letter(letter)) >= 0)
		*out = (struct option){MEANS_SETTING,          row, has_value((enum setting)row), false,
		                       setting_rows[row].flag, NULL};
	else
		return false;
	return true;
}

/* "--no-json" is "--json" said no to, unless it is an option by itself. */
static bool find_long(struct arena *arena, const struct command *command, const char *flag,
                      struct option *out)
{
	if (find_option(command, flag, 0, out))
		return true;
	if (strncmp(flag, "--no-", 5) != 0)
		return false;
	if (!find_option(command, arena_printf(arena, "--%s", flag + 5), 0, out) || out->takes_value ||
	    out->meaning == MEANS_GENERAL)
		return false;
	out->is_negated = true;
	return true;
}

/* Options of verbs may be before the verb: then any verb's option of that name tells whether a value
 * follows. */
static bool takes_value_anywhere(struct arena *arena, const char *flag, char letter)
{
	struct option option;

	for (size_t i = 0; commands[i]; i++)
		if (flag ? find_long(arena, commands[i], flag, &option)
		         : find_option(commands[i], NULL, letter, &option))
			return option.takes_value;
	return false;
}

static bool is_number(const char *text)
{
	return *text && strspn(text, "0123456789") == strlen(text);
}

static bool is_option(const char *argument)
{
	return argument[0] == '-' && argument[1] != '\0' && !is_number(argument + 1);
}

/* Whether the argument after `argument` is its value. */
static bool eats_next(struct arena *arena, const char *argument)
{
	if (argument[1] == '-')
		return !strchr(argument, '=') && takes_value_anywhere(arena, argument, 0);
	for (const char *letter = argument + 1; *letter; letter++)
		if (takes_value_anywhere(arena, NULL, *letter))
			return letter[1] == '\0';
	return false;
}

/* The first operand names the verb; its place, or 0. */
static size_t find_verb(struct arena *arena, char *const *argv)
{
	for (size_t i = 1; argv[i]; i++) {
		if (strcmp(argv[i], "--") == 0)
			return argv[i + 1] ? i + 1 : 0;
		if (!is_option(argv[i]))
			return i;
		if (eats_next(arena, argv[i]) && argv[i + 1])
			i++;
	}
	return 0;
}

static const char *setting_value_of(struct parser *p, const struct option *option, char *value)
{
	if (!option->takes_value && !value)
		return option->is_negated ? "no" : "yes";
	if (setting_rows[option->row].kind == SETTING_KIND_SECRET_URL ||
	    setting_rows[option->row].kind == SETTING_KIND_SIDE || option->row == SETTING_VARIABLES)
		return settings_take_secret(p->arena, value);
	return value;
}

/* A side (command/generate/side_name.h) is a database, too. */
static bool takes_url(const struct option_row *row)
{
	static const char *const names[] = {"URL", "SIDE", NULL};

	return row->value_name && str_is_among(str_of(row->value_name), names);
}

/* A URL may hold a password, whichever option it belongs to. */
static const char *own_value_of(struct parser *p, const struct option *option, char *value)
{
	assert(p->out->command);
	const struct option_row *row = &p->out->command->options[option->row];

	if (option->is_negated)
		return NULL;
	if (value && takes_url(row))
		return settings_take_secret(p->arena, value);
	return value ? value : "";
}

static void apply_general(struct parser *p, int row, const char *value)
{
	switch ((enum general_option)row) {
	case GENERAL_DIRECTORY:
		p->out->directory = value;
		break;
	case GENERAL_HELP:
		p->out->wants_help = true;
		break;
	case GENERAL_VERSION:
		p->out->wants_version = true;
		break;
	}
}

static void apply(struct parser *p, const struct option *option, char *value)
{
	p->last = value ? (struct option){0} : *option;
	switch (option->meaning) {
	case MEANS_SETTING:
		*ARENA_PUSH(p->arena, p->out->flags, p->out->flag_count) =
		    (struct setting_flag){(enum setting)option->row, setting_value_of(p, option, value)};
		break;
	case MEANS_OPTION:
		p->out->option_values[option->row] = own_value_of(p, option, value);
		break;
	case MEANS_GENERAL:
		apply_general(p, option->row, value);
		break;
	case MEANS_NOTHING:
		break;
	}
}

/* A value that was not attached is the next argument, whatever it looks like. */
static bool take_value(struct parser *p, const struct option *option, char **value)
{
	if (*value)
		return true;
	*value = p->argv[p->at + 1];
	if (!*value)
		return error_set(p->err, ERROR_USAGE, "option %s requires a value", option->flag);
	p->at++;
	return true;
}

/* Settings of the yes-or-no kind may be told which: --json=no. */
static bool may_have_value(const struct option *option)
{
	return option->takes_value || (option->words && !option->is_negated) ||
	       (option->meaning == MEANS_SETTING && !option->is_negated);
}

static bool is_among_words(struct str words, const char *value)
{
	struct str word;

	while (str_split_next(&words, '|', &word))
		if (str_is(word, value))
			return true;
	return false;
}

/* "[=a|b]": "a|b". */
static struct str words_of(const struct option *option)
{
	struct str words = option->words ? str_of(option->words) : (struct str){0};

	return str_slice(words, strlen("[="), words.len - (words.len > 0));
}

static bool check_word(struct parser *p, const struct option *option, const char *value)
{
	if (!value || !option->words || is_among_words(words_of(option), value))
		return true;
	error_set(p->err, ERROR_USAGE, "\"%s\" is not a valid value for %s", settings_safe_url(p->arena, value),
	          option->flag);
	return error_hint(p->err, "Write it without a value, or as \"%s=%s\".", option->flag,
	                  str_copy(p->arena, words_of(option)));
}

static bool parse_long(struct parser *p, char *argument)
{
	char *equals = strchr(argument, '=');
	const char *flag = equals ? arena_strndup(p->arena, argument, (size_t)(equals - argument)) : argument;
	char *value = equals ? equals + 1 : NULL;
	struct option option;

	if (!find_long(p->arena, p->out->command, flag, &option))
		return refuse_option(flag, p->out->command, p->arena, p->err);
	if (value && !may_have_value(&option))
		return error_set(p->err, ERROR_USAGE, "option %s takes no value", flag);
	if (!check_word(p, &option, value) || (option.takes_value && !take_value(p, &option, &value)))
		return false;
	apply(p, &option, value);
	return true;
}

/* "-v NAME=VALUE" is psql's. */
static bool is_variable_behind(const struct option *option, const char *text)
{
	const size_t name_len = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");

	return option->meaning == MEANS_SETTING && option->row == SETTING_VERBOSE && name_len > 0 &&
	       text[name_len] == '=';
}

static bool parse_letters(struct parser *p, char *argument)
{
	for (char *letter = argument + 1; *letter; letter++) {
		char *value = letter[1] ? letter + 1 : NULL;
		struct option option;

		if (!find_option(p->out->command, NULL, *letter, &option))
			return refuse_option(arena_printf(p->arena, "-%c", *letter), p->out->command, p->arena, p->err);
		if (is_variable_behind(&option, letter + 1))
			return refuse_variable(letter + 1, p->err);
		if (!option.takes_value) {
			apply(p, &option, NULL);
			continue;
		}
		if (!take_value(p, &option, &value))
			return false;
		apply(p, &option, value);
		return true;
	}
	return true;
}

/* What other tools attach by a blank, we do by "=", or call otherwise. */
static bool check_not_detached(struct parser *p, const char *argument)
{
	if (is_among_words(words_of(&p->last), argument))
		return refuse_detached(p->last.flag, argument, p->out->command, p->err);
	if (is_variable_behind(&p->last, argument))
		return refuse_variable(argument, p->err);
	return true;
}

static bool parse_rest(struct parser *p, size_t verb_at)
{
	bool are_options_over = false;

	for (p->at = 1; p->argv[p->at]; p->at++) {
		char *argument = p->argv[p->at];

		if (!are_options_over && strcmp(argument, "--") == 0)
			are_options_over = true;
		else if (!are_options_over && is_option(argument)) {
			if (!(argument[1] == '-' ? parse_long(p, argument) : parse_letters(p, argument)))
				return false;
		} else if (p->at != verb_at) {
			if (!check_not_detached(p, argument))
				return false;
			p->last = (struct option){0};
			*ARENA_PUSH(p->arena, p->out->operands, p->out->operand_count) = argument;
		}
	}
	*ARENA_PUSH(p->arena, p->out->operands, p->out->operand_count) = NULL;
	p->out->operand_count--;
	return true;
}

/* Errors repeat operands and values; some name files after them. */
static bool check_no_url(struct parser *p)
{
	const struct command *command = p->out->command;
	const struct option_row *rows = command->options;

	for (size_t i = 0; !(command->needs & TAKES_URLS) && i < p->out->operand_count; i++)
		if (!check_is_no_url(p->out->operands[i], command, p->arena, p->err))
			return false;
	for (size_t i = 0; rows && rows[i].flag; i++)
		if (rows[i].value_name && !takes_url(&rows[i]) &&
		    !check_is_no_url(p->out->option_values[i], command, p->arena, p->err))
			return false;
	return check_is_no_url(p->out->directory, command, p->arena, p->err);
}

static bool check_operands(struct parser *p)
{
	const struct command *command = p->out->command;
	const size_t count = p->out->operand_count;

	if (!command || p->out->wants_help || p->out->wants_version)
		return true;
	if (count > command->most_operands)
		return refuse_operand(p->out->operands[command->most_operands], command, p->arena, p->err);
	if (count >= command->least_operands)
		return check_no_url(p);
	error_set(p->err, ERROR_USAGE, "%s requires %s", command->name, command->operands);
	return hint_usage(command, p->err);
}

/* "-h anywhere" also helps where the rest cannot be understood. */
static bool asks_for_help(char *const *argv)
{
	for (size_t i = 1; argv[i] && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return true;
	return false;
}

static size_t option_count(const struct command *command)
{
	size_t count = 0;

	while (command && command->options && command->options[count].flag)
		count++;
	return count;
}

/* Go's and Java's tools have one dash before whole words: "-path DIR", "-database=URL". */
static bool check_dashes(char *const *argv, struct arena *arena, struct error *err)
{
	for (size_t i = 1; argv[i] && strcmp(argv[i], "--") != 0; i++) {
		const struct str flag = str_slice(str_of(argv[i]), 0, strcspn(argv[i], "="));

		if (flag.len > 2 && flag.text[0] == '-' && flag.text[1] != '-' &&
		    synonym_option_hint(arena_printf(arena, "-%.*s", STR_ARGS(flag)), arena))
			return refuse_option(arena_printf(arena, "-%.*s", STR_ARGS(flag)), NULL, arena, err);
	}
	return true;
}

bool arguments_parse(char **argv, struct arena *arena, struct arguments *out, struct error *err)
{
	struct arguments arguments = {0};
	struct parser p = {.argv = argv, .out = &arguments, .arena = arena, .err = err};
	const size_t verb_at = find_verb(arena, argv);

	if (!check_dashes(argv, arena, err))
		return false;
	if (verb_at)
		arguments.command = command_find(argv[verb_at]);
	arguments.option_values = arena_array(arena, const char *, option_count(arguments.command) + 1);
	if (verb_at && !arguments.command)
		return refuse_verb(argv[verb_at], arena, err);
	if (!parse_rest(&p, verb_at) || !check_operands(&p)) {
		if (!asks_for_help(argv))
			return false;
		arguments.wants_help = true;
	}
	*out = arguments;
	return true;
}

bool arguments_want_json(char *const *argv)
{
	for (size_t i = 1; argv[i] && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--json") == 0)
			return true;
	return false;
}
