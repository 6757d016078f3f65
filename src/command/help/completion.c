/*
 * The scripts are made from the same tables as the parser, so an option that is added is completed
 * without anybody thinking of it. What cannot come from a table are the three shells' own rules, and each
 * has one that breaks silently.
 *
 * bash cuts words at "=", so "--colour=al" arrives as three words, and the place of the verb has to be
 * found past options that take a value. zsh ends the description of an option at a bracket or a colon.
 * fish knows no state: each offer carries the condition under which it holds.
 *
 * Words that can only be typed as they are are read from the operands in the help ("start|stop",
 * "latest"): lower case means a word, capitals stand for a value.
 *
 * Nothing here asks a database or reads the project. A completion runs at each press of a key, in
 * whatever directory.
 */
#include <string.h>

#include "base/buffer.h"
#include "command/commands.h"
#include "command/help/help_topic.h"
#include "command/line/arguments.h"

/* One thing the shells should offer. */
struct offer {
	const char *flag;
	char letter;
	const char *value_name; /* NULL: takes no value */
	const char *choices;    /* "auto|always|never", or NULL */
	const char *help;
};

typedef void add_offer(struct buffer *out, const struct offer *offer);

static void each_option(struct buffer *out, const struct option_row *rows, add_offer *add)
{
	for (; rows && rows->flag; rows++)
		add(out, &(struct offer){rows->flag, rows->letter, option_takes_value(rows) ? rows->value_name : NULL,
		                         NULL, rows->help});
}

/* Options of every command. */
static void each_common(struct buffer *out, add_offer *add)
{
	each_option(out, general_options, add);
	for (const struct setting_row *row = setting_rows; row < setting_rows + SETTING_COUNT; row++)
		if (row->flag)
			add(out, &(struct offer){row->flag, row->letter, row->value_name, row->choices, row->help});
}

/*
 * By the name that the help shows for the value, as that is what the person reads beside it: a new option
 * that takes a FILE completes files without being listed here.
 */
static bool is_path(const char *value_name)
{
	return value_name && (strcmp(value_name, "DIR") == 0 || strcmp(value_name, "FILE") == 0);
}

static char *spaced(struct arena *arena, const char *choices)
{
	char *copy = arena_strdup(arena, choices);

	for (char *c = copy; *c; c++)
		if (*c == '|')
			*c = ' ';
	return copy;
}

/* What can only be typed as it is: "start stop" of "start|stop", "latest" of "[ID|FILE|latest]". */
static char *operand_words(struct arena *arena, const struct command *command)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz-";
	struct buffer words = {.arena = arena};
	const char *at = command->operands;

	while (*at) {
		const size_t len = strcspn(at, "[]| .");

		if (len && strspn(at, letters) == len)
			buffer_printf(&words, " %.*s", (int)len, at);
		at += len;
		at += strspn(at, "[]| .");
	}
	return buffer_cstr(&words);
}

/* bash */

static void add_bash_word(struct buffer *out, const struct offer *offer)
{
	buffer_printf(out, " %s", offer->flag);
}

/* Only what takes a value is known to the list of values. */
static void add_bash_value(struct buffer *out, const struct offer *offer)
{
	if (!offer->value_name)
		return;
	buffer_printf(out, "\t\t%s)", offer->flag);
	if (offer->choices)
		buffer_printf(out, " COMPREPLY=($(compgen -W '%s' -- \"$word\"));",
		              spaced(out->arena, offer->choices));
	else if (is_path(offer->value_name))
		buffer_text(out, " COMPREPLY=($(compgen -f -- \"$word\"));");
	buffer_text(out, " return ;;\n");
}

/* Into a pattern of `case`, where the names stand between bars. */
static void add_bash_skip(struct buffer *out, const struct offer *offer)
{
	if (offer->value_name)
		buffer_printf(out, "%s%s", out->len && out->text[out->len - 1] != '\t' ? "|" : "", offer->flag);
}

static void add_bash_commands(struct buffer *out)
{
	for (size_t i = 0; commands[i]; i++) {
		if (commands[i]->needs & IS_HIDDEN)
			continue;
		buffer_printf(out, "\t\t%s) words='", commands[i]->name);
		each_option(out, commands[i]->options, add_bash_word);
		buffer_printf(out, "%s ' ;;\n", operand_words(out->arena, commands[i]));
	}
}

static void add_names(struct buffer *out)
{
	for (size_t i = 0; commands[i]; i++)
		if (!(commands[i]->needs & IS_HIDDEN))
			buffer_printf(out, "%s%s", out->text[out->len - 1] == '\'' ? "" : " ", commands[i]->name);
}

static void add_topics(struct buffer *out)
{
	for (const struct help_topic *topic = topics; topic->help; topic++)
		buffer_printf(out, " %s", topic->help->name);
}

/*
 * The pieces of the script between what the tables fill in. bash cuts words
 * at "=": "--colour=al" arrives as three.
 */
static const char bash_head[] = "_rung()\n{\n"
                                "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
                                "\tlocal verb= words= i\n"
                                "\tCOMPREPLY=()\n"
                                "\tif [[ $word == '=' ]]; then\n"
                                "\t\tword=\n"
                                "\telif [[ $before == '=' ]]; then\n"
                                "\t\tbefore=${COMP_WORDS[COMP_CWORD-2]}\n"
                                "\tfi\n"
                                "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
                                "\t\tcase ${COMP_WORDS[i]} in\n"
                                "\t\t";
static const char bash_values[] = ") [[ ${COMP_WORDS[i+1]} == '=' ]] && ((i++)); ((i++)) ;;\n"
                                  "\t\t'=') ((i++)) ;;\n"
                                  "\t\t-*) ;;\n"
                                  "\t\t*) verb=${COMP_WORDS[i]}; break ;;\n"
                                  "\t\tesac\n"
                                  "\tdone\n"
                                  "\tcase $before in\n";
static const char bash_tail[] = "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
                                "}\n"
                                "complete -o default -F _rung rung\n";

static void add_bash(struct buffer *out)
{
	buffer_text(out, bash_head);
	each_common(out, add_bash_skip);
	buffer_text(out, bash_values);
	each_common(out, add_bash_value);
	buffer_text(out, "\tesac\n\tcase $verb in\n\t\t'') words='");
	add_names(out);
	buffer_text(out, "' ;;\n");
	add_bash_commands(out);
	buffer_text(out, "\tesac\n\tcase $verb in\n\t\thelp) words+='");
	add_names(out);
	add_topics(out);
	buffer_text(out, "' ;;\n"
	                 "\tesac\n"
	                 "\tif [[ $word == -* ]]; then\n"
	                 "\t\twords+='");
	each_common(out, add_bash_word);
	buffer_text(out, "'\n\tfi\n");
	buffer_text(out, bash_tail);
}

/* zsh */

/* Inside of an argument's description a bracket or colon would end it. */
static char *zsh_text(struct arena *arena, const char *text)
{
	struct buffer out = {.arena = arena};

	for (; *text; text++) {
		if (strchr("[]:\\", *text))
			buffer_char(&out, '\\');
		buffer_char(&out, *text);
	}
	return buffer_cstr(&out);
}

static void add_zsh_argument(struct buffer *out, const struct offer *offer)
{
	const char *action = offer->choices ? arena_printf(out->arena, "(%s)", spaced(out->arena, offer->choices))
	                     : is_path(offer->value_name) ? "_files"
	                                                  : " ";
	const char *value =
	    offer->value_name ? arena_printf(out->arena, ":%s:%s", offer->value_name, action) : "";
	const char *help = zsh_text(out->arena, offer->help);

	buffer_printf(out, "\t\t%s\n",
	              shell_quote(out->arena, arena_printf(out->arena, "%s%s[%s]%s", offer->flag,
	                                                   offer->value_name ? "=" : "", help, value)));
	if (offer->letter)
		buffer_printf(
		    out, "\t\t%s\n",
		    shell_quote(out->arena, arena_printf(out->arena, "-%c[%s]%s", offer->letter, help, value)));
}

static void add_zsh_commands(struct buffer *out)
{
	for (size_t i = 0; commands[i]; i++)
		if (!(commands[i]->needs & IS_HIDDEN))
			buffer_printf(
			    out, "\t\t%s\n",
			    shell_quote(out->arena, arena_printf(out->arena, "%s:%s", commands[i]->name,
			                                         zsh_text(out->arena, commands[i]->help->summary))));
}

static void add_zsh_options(struct buffer *out)
{
	for (size_t i = 0; commands[i]; i++) {
		if (commands[i]->needs & IS_HIDDEN)
			continue;
		buffer_printf(out, "\t%s) own=(\n", commands[i]->name);
		each_option(out, commands[i]->options, add_zsh_argument);
		buffer_text(out, "\t\t) ;;\n");
	}
}

/* Only those with words of their own; for all others files are offered, as most operands are some. */
static void add_zsh_operands(struct buffer *out)
{
	for (size_t i = 0; commands[i]; i++) {
		const char *words = operand_words(out->arena, commands[i]);

		if (*words && !(commands[i]->needs & IS_HIDDEN))
			buffer_printf(out, "\t\t%s) compadd%s ;;\n", commands[i]->name, words);
	}
}

static void add_zsh(struct buffer *out)
{
	buffer_text(
	    out,
	    "#compdef rung\n_rung()\n{\n\tlocal curcontext=$curcontext state line\n\tlocal -a common own verbs\n"
	    "\tcommon=(\n");
	each_common(out, add_zsh_argument);
	buffer_text(out, "\t)\n\tverbs=(\n");
	add_zsh_commands(out);
	buffer_text(out, "\t)\n\tcase ${words[(r)(");
	for (size_t i = 0; commands[i]; i++)
		buffer_printf(out, "%s%s", i ? "|" : "", commands[i]->name);
	buffer_text(out, ")]} in\n");
	add_zsh_options(out);
	buffer_text(out,
	            "\tesac\n\t_arguments -C -s $common $own '1: :->verb' '*: :->operand'\n"
	            "\tcase $state in\n\tverb) _describe command verbs ;;\n\toperand)\n\t\tcase $line[1] in\n"
	            "\t\thelp) _describe command verbs; compadd");
	add_topics(out);
	buffer_text(out, " ;;\n");
	add_zsh_operands(out);
	buffer_text(out, "\t\t*) _files ;;\n\t\tesac ;;\n\tesac\n}\n"
	                 "if [ \"$funcstack[1]\" = _rung ]; then _rung \"$@\"; else compdef _rung rung; fi\n");
}

/* fish */

/* A variable, because add_offer has no argument for it; it is set before each list. */
static const char *fish_condition; /* of the offers being added */

static void add_fish_option(struct buffer *out, const struct offer *offer)
{
	buffer_printf(out, "complete -c rung%s -l %s", fish_condition, offer->flag + 2);
	if (offer->letter)
		buffer_printf(out, " -s %c", offer->letter);
	if (offer->choices)
		buffer_printf(out, " -x -a %s", shell_quote(out->arena, spaced(out->arena, offer->choices)));
	else if (offer->value_name)
		buffer_text(out, is_path(offer->value_name) ? " -r" : " -x");
	buffer_printf(out, " -d %s\n", shell_quote(out->arena, offer->help));
}

/* Without -f fish would offer files everywhere, also where a verb is to be typed. */
static void add_fish(struct buffer *out)
{
	buffer_text(out, "complete -c rung -f\n");
	fish_condition = "";
	each_common(out, add_fish_option);
	for (size_t i = 0; commands[i]; i++) {
		if (commands[i]->needs & IS_HIDDEN)
			continue;
		buffer_printf(out, "complete -c rung -n __fish_use_subcommand -a %s -d %s\n", commands[i]->name,
		              shell_quote(out->arena, commands[i]->help->summary));
		fish_condition = arena_printf(out->arena, " -n '__fish_seen_subcommand_from %s'", commands[i]->name);
		each_option(out, commands[i]->options, add_fish_option);
		const char *words = operand_words(out->arena, commands[i]);
		if (*words)
			buffer_printf(out, "complete -c rung%s -a '%s'\n", fish_condition, words + 1);
	}
	buffer_text(out, "complete -c rung -n '__fish_seen_subcommand_from help' -a '");
	add_names(out);
	add_topics(out);
	buffer_text(out, "'\n");
}

static const struct {
	const char *name;
	void (*add)(struct buffer *out);
} shells[] = {{"bash", add_bash}, {"zsh", add_zsh}, {"fish", add_fish}};

static bool cmd_completion(struct context *context, struct error *err)
{
	struct buffer out = {.arena = context->arena};

	for (size_t i = 0; i < sizeof(shells) / sizeof(*shells); i++) {
		if (strcmp(context->operands[0], shells[i].name) != 0)
			continue;
		shells[i].add(&out);
		report_verbatim(context->reporter, buffer_cstr(&out));
		return true;
	}
	error_set(err, ERROR_USAGE, "there is no completion for \"%s\"", context->operands[0]);
	return error_hint(err, "There is one for bash, for zsh and for fish.");
}

const struct command command_completion = {
    .name = "completion",
    .operands = "bash|zsh|fish",
    .help = &HELP_completion,
    .group = GROUP_OTHER,
    .needs = NEEDS_NO_SETTINGS,
    .least_operands = 1,
    .most_operands = 1,
    .run = cmd_completion,
};
