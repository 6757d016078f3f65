/*
 * People type what they know from elsewhere, so the hint is looked for in this
 * order: the word of another tool, the option of another command, a name that
 * differs by a letter or two. The first is exact; the others are guesses.
 */
#include "command/line/argument_refusal.h"

#include <string.h>

#include "command/line/arguments.h"
#include "command/line/synonym.h"

static const char *const *command_names(struct arena *arena)
{
	const char **names = NULL;
	size_t count = 0;

	for (size_t i = 0; commands[i]; i++)
		if (!(commands[i]->needs & IS_HIDDEN))
			*ARENA_PUSH(arena, names, count) = commands[i]->name;
	*ARENA_PUSH(arena, names, count) = NULL;
	return names;
}

static const char *const *flag_names(struct arena *arena, const struct command *command)
{
	const char **names = NULL;
	size_t count = 0;

	for (size_t i = 0; command && command->options && command->options[i].flag; i++)
		*ARENA_PUSH(arena, names, count) = command->options[i].flag;
	for (size_t i = 0; general_options[i].flag; i++)
		*ARENA_PUSH(arena, names, count) = general_options[i].flag;
	for (enum setting setting = 0; setting < SETTING_COUNT; setting++)
		if (setting_rows[setting].flag)
			*ARENA_PUSH(arena, names, count) = setting_rows[setting].flag;
	*ARENA_PUSH(arena, names, count) = NULL;
	return names;
}

static bool hint_url(struct error *err)
{
	return error_hint(err, "It looks like a connection string: use --database-url, DATABASE_URL or .env.");
}

bool refuse_verb(const char *name, struct arena *arena, struct error *err)
{
	const char *meant = str_suggest(name, command_names(arena));
	const char *here = synonym_hint(name, arena);

	error_set(err, ERROR_USAGE, "there is no command \"%s\"", settings_safe_url(arena, name));
	if (settings_looks_like_url(name))
		return hint_url(err);
	if (here)
		return error_hint(err, "%s", here);
	if (meant)
		return error_hint(err, "Did you mean \"%s\"?", meant);
	return error_hint(err, "\"rung help\" lists the commands.");
}

static const struct command *owner_of(const char *flag)
{
	for (size_t i = 0; commands[i]; i++)
		for (const struct option_row *row = commands[i]->options; row && row->flag; row++)
			if (strcmp(row->flag, flag) == 0)
				return commands[i];
	return NULL;
}

bool refuse_option(const char *flag, const struct command *command, struct arena *arena, struct error *err)
{
	const struct command *owner = owner_of(flag);
	const char *meant = str_suggest(flag, flag_names(arena, command));
	const char *here = synonym_option_hint(flag, arena);

	error_set(err, ERROR_USAGE, "there is no option \"%s\"%s%s", settings_safe_url(arena, flag),
	          command ? " for " : "", command ? command->name : "");
	if (here)
		return error_hint(err, "%s", here);
	if (owner)
		return error_hint(err, "It is an option of \"rung %s\".", owner->name);
	if (meant)
		return error_hint(err, "Did you mean \"%s\"?", meant);
	return error_hint(err, "\"rung help%s%s\" lists the options.", command ? " " : "",
	                  command ? command->name : "");
}

bool hint_usage(const struct command *command, struct error *err)
{
	return error_hint(err, "Usage: rung %s [OPTION...]%s%s", command->name, *command->operands ? " " : "",
	                  command->operands);
}

static bool unexpected(const char *operand, const struct command *command, struct arena *arena,
                       struct error *err)
{
	return error_set(err, ERROR_USAGE, "unexpected argument \"%s\" for %s", settings_safe_url(arena, operand),
	                 command->name);
}

bool refuse_operand(const char *operand, const struct command *command, struct arena *arena,
                    struct error *err)
{
	(void)!unexpected(operand, command, arena, err);
	return hint_usage(command, err);
}

bool refuse_detached(const char *flag, const char *word, const struct command *command, struct error *err)
{
	error_set(err, ERROR_USAGE, "unexpected argument \"%s\" for %s", word, command->name);
	return error_hint(err, "Did you mean \"%s=%s\"? Its value is attached with \"=\".", flag, word);
}

/* The value may be a secret: only the name is repeated. */
bool refuse_variable(const char *text, struct error *err)
{
	error_set(err, ERROR_USAGE, "-v takes no value");
	return error_hint(err, "Here -v means --verbose. A variable for SQL is set with \"--set %.*s=VALUE\".",
	                  (int)strcspn(text, "="), text);
}

bool check_is_no_url(const char *text, const struct command *command, struct arena *arena, struct error *err)
{
	if (!text || !settings_looks_like_url(text))
		return true;
	(void)!unexpected(text, command, arena, err);
	return hint_url(err);
}
