/*
 * mdoc, because man and mandoc both read it, and because ".Xr" and ".Sh" say what a thing is and not how
 * it looks.
 *
 * Everything in the text is data for roff: a backslash, a dot or a quote at the beginning of a line, a
 * minus. A word of the help that is called like a macro would be run as one in the arguments of another,
 * so these are quoted. Sentences begin on lines of their own, as roff wants to set the space between
 * them.
 *
 * The date is fixed. With that of the build the same source would make another page each day, and anyone who
 * checks that a package is built from its source compares bytes.
 */
#include "command/command.h"
#include "command/help/manual.h"

#include <string.h>

#include "base/buffer.h"
#include "command/help/help_page.h"
#include "command/help/help_topic.h"
#include "help_texts.h"

enum { LINE_WIDTH = 60 };

/*
 * Text for roff: a backslash, and a dot or quote at the head of a line, would
 * be requests. A minus is what people type, not a hyphen.
 */
static void add_text(struct buffer *out, struct str text)
{
	if (text.len && (text.text[0] == '.' || text.text[0] == '\''))
		buffer_text(out, "\\&");
	for (size_t i = 0; i < text.len; i++) {
		if (text.text[i] == '\\')
			buffer_text(out, "\\e");
		else if (text.text[i] == '-')
			buffer_text(out, "\\-");
		else
			buffer_char(out, text.text[i]);
	}
}

static bool ends_sentence(struct str word)
{
	return str_ends(word, ".") || str_ends(word, ":") || str_ends(word, "?");
}

/* Filled text: a sentence begins on a line of its own, as roff wants it, and none is long. */
static void add_line(struct buffer *out, struct str text)
{
	size_t line_start = out->len;
	struct str word;

	while (str_split_next(&text, ' ', &word)) {
		add_text(out, word);
		const bool is_full = out->len - line_start > LINE_WIDTH || ends_sentence(word);

		buffer_char(out, is_full || text.len == 0 ? '\n' : ' ');
		if (is_full)
			line_start = out->len;
	}
}

/* A macro's arguments: quoted, so that no word of them is taken for a macro. */
static void add_quoted(struct buffer *out, struct str text)
{
	buffer_text(out, " \"");
	for (size_t i = 0; i < text.len; i++) {
		if (text.text[i] == '"')
			buffer_text(out, "\\(dq");
		else
			add_text(out, (struct str){text.text + i, 1});
	}
	buffer_char(out, '"');
}

static void add_item(void *page, const char *term, const char *meaning)
{
	struct buffer *out = page;

	buffer_text(out, ".It Sy");
	add_quoted(out, str_of(term));
	buffer_char(out, '\n');
	add_line(out, str_of(meaning));
}

static void add_paragraphs(struct buffer *out, const char *text)
{
	struct str rest = str_of(text);
	struct str line;

	while (str_line_next(&rest, &line)) {
		if (line.len == 0) {
			buffer_text(out, ".Pp\n");
			continue;
		}
		add_line(out, line);
	}
}

static void add_examples(struct buffer *out, const char *examples)
{
	struct str rest = str_of(examples);
	struct str command;
	struct str purpose;

	buffer_text(out, ".Bl -tag -width Ds\n");
	while (help_item_next(&rest, &command, &purpose)) {
		buffer_text(out, ".It Li");
		add_quoted(out, command);
		buffer_char(out, '\n');
		add_line(out, purpose);
	}
	buffer_text(out, ".El\n");
}

static void add_command(struct buffer *out, const struct command *command)
{
	const char *title =
	    arena_printf(out->arena, "%s%s%s", command->name, *command->operands ? " " : "", command->operands);

	buffer_text(out, ".Ss");
	add_quoted(out, str_of(title));
	buffer_text(out, " \\&\n");
	add_paragraphs(out, command->help->description);
	if (command->options) {
		buffer_text(out, ".Bl -tag -width Ds\n");
		for (const struct option_row *row = command->options; row->flag; row++)
			add_item(out, option_term(out->arena, row->letter, row->flag, row->value_name), row->help);
		buffer_text(out, ".El\n");
	}
	if (command->help->examples) {
		buffer_text(out, ".Pp\nExamples:\n");
		add_examples(out, command->help->examples);
	}
}

/*
 * Capitals by hand, for ASCII alone: titles of sections are so by custom, and toupper() asks the locale.
 */
static void add_topic(struct buffer *out, const struct help_topic *topic)
{
	buffer_printf(out, ".Sh");
	for (const char *c = topic->help->title; *c; c++)
		buffer_printf(out, "%s%c", c == topic->help->title ? " " : "",
		              *c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
	buffer_char(out, '\n');
	add_paragraphs(out, topic->help->description);
	buffer_text(out, ".Bl -tag -width Ds\n");
	topic->list(out->arena, topic->help, add_item, out);
	buffer_text(out, ".El\n");
}

/* No date of the build, so that the same source makes the same page. */
static const char head[] = ".Dd November 20, 2026\n"
                           ".Dt RUNG 1\n"
                           ".Os\n"
                           ".Sh NAME\n"
                           ".Nm rung\n"
                           ".Nd ";
static const char synopsis[] = ".Sh SYNOPSIS\n"
                               ".Nm\n"
                               ".Op Ar option ...\n"
                               ".Op Ar command Op Ar argument ...\n"
                               ".Sh DESCRIPTION\n";

char *manual_text(struct arena *arena)
{
	struct buffer out = {.arena = arena};

	buffer_text(&out, head);
	add_line(&out, str_of(HELP_rung.summary));
	buffer_text(&out, synopsis);
	add_paragraphs(&out, HELP_rung.description);
	buffer_text(&out, ".Sh COMMANDS\n");
	for (size_t i = 0; commands[i]; i++)
		if (!(commands[i]->needs & IS_HIDDEN))
			add_command(&out, commands[i]);
	for (const struct help_topic *topic = topics; topic->help; topic++)
		add_topic(&out, topic);
	buffer_text(&out, ".Sh SEE ALSO\n.Xr pg_dump 1 ,\n.Xr psql 1\n");
	return buffer_cstr(&out);
}
