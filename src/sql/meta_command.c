/*
 * Of psql's commands those are obeyed that need no server of their own: variables, branches, includes,
 * \copy, \echo and \qecho, and what pg_dump writes. All others are refused by name before anything runs,
 * since leaving one out without a word would apply something else than psql does from the same file.
 *
 * Every command of the file passes here, in inactive branches too, since where it ends decides where SQL
 * continues: arguments are read, or the whole line is taken, before anything is decided. Only \if and its
 * like are obeyed there. An \if in an inactive branch is never evaluated and counts only for its \endif.
 *
 * Between \restrict KEY and \unrestrict KEY nothing but the latter is obeyed. pg_dump puts them around its
 * script since 17.6 and the minor releases of that day (CVE-2025-8714), so that a name in a dump cannot be
 * taken for a command.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/number_text.h"
#include "base/str.h"
#include "base/unconst.h"
#include "sql/argument.h"
#include "sql/copy.h"
#include "sql/reader.h"
#include "sql/special.h"

/* A command as it is in the file. */
struct backslash_command {
	struct reader *reader;
	struct str name;
	size_t at;       /* of the backslash, in the file */
	struct str line; /* what follows the name */
	size_t line_at;
	struct argument_list arguments;
};

enum {
	BRANCHING = 1,  /* obeyed in inactive branches too */
	WHOLE_LINE = 2, /* reads its line by itself: no arguments, no variables */
	WANTS_ARGUMENT = 4,
};

struct command {
	const char *name;
	unsigned flags;
	bool (*run)(const struct backslash_command *call, struct error *err);
};

static struct arena *arena_of(const struct backslash_command *call)
{
	return call->reader->reading->passing;
}

static bool fail_at_line(const struct backslash_command *call, size_t offset, struct error *err)
{
	return reader_fail(call->reader, call->line_at + offset, err);
}

static bool fail_at_command(const struct backslash_command *call, struct error *err)
{
	return reader_fail(call->reader, call->at, err);
}

/* The arguments from `first` on with `separator` between them. */
static char *join_arguments(const struct backslash_command *call, size_t first, const char *separator)
{
	struct buffer text = {.arena = arena_of(call)};

	for (size_t i = first; i < call->arguments.count; i++) {
		if (i > first)
			buffer_text(&text, separator);
		buffer_text(&text, call->arguments.items[i].text);
	}
	return buffer_cstr(&text);
}

/* --- includes ------------------------------------------------------------- */

static bool include_from(const struct backslash_command *call, const char *directory, struct error *err)
{
	struct arena *arena = call->reader->reading->arena; /* the file is known by it as long as all is read */
	const char *name = argument_without_semicolon(&call->arguments.items[0], arena);

	return reader_include(call->reader, path_join(arena, directory, name), call->at, err);
}

static bool run_include(const struct backslash_command *call, struct error *err)
{
	return include_from(call, call->reader->reading->directory, err);
}

static bool run_include_relative(const struct backslash_command *call, struct error *err)
{
	const struct source *source = call->reader->source;
	const char *directory = source->real_path ? path_directory(arena_of(call), source->real_path)
	                                          : call->reader->reading->directory;

	return include_from(call, directory, err);
}

/* --- variables and echoes ------------------------------------------------- */

static bool check_name(const struct backslash_command *call, struct error *err)
{
	const struct argument *name = &call->arguments.items[0];

	if (variable_name_is_valid(str_of(name->text)))
		return true;
	error_set(err, ERROR_FILES, "invalid variable name: \"%s\"", name->text);
	return fail_at_line(call, name->offset, err);
}

/* NULL unsets. Some variables of psql change what it does, where we cannot follow. */
static bool assign(const struct backslash_command *call, const char *value, struct error *err)
{
	const char *name = call->arguments.items[0].text;

	if (!check_name(call, err))
		return false;
	const char *meant = value;
	const char *problem = special_check(arena_of(call), name, &meant);
	if (problem) {
		error_set(err, ERROR_FILES, "cannot set %s to \"%s\": %s", name, value ? value : meant, problem);
		return fail_at_command(call, err);
	}
	variable_assign(&call->reader->reading->variables, str_of(name), meant);
	return true;
}

static bool run_set(const struct backslash_command *call, struct error *err)
{
	return assign(call, join_arguments(call, 1, ""), err);
}

static bool run_unset(const struct backslash_command *call, struct error *err)
{
	return assign(call, NULL, err);
}

/* As in psql, a variable of the environment that is not there changes nothing. */
static bool run_getenv(const struct backslash_command *call, struct error *err)
{
	const struct script_options *options = call->reader->reading->options;
	const char *name = call->arguments.items[0].text;

	if (!check_name(call, err))
		return false;
	if (call->arguments.count < 2) {
		error_set(err, ERROR_FILES, "\\getenv requires two arguments");
		error_hint(err, "Write \"\\getenv %s NAME\", where NAME is a variable of the environment.", name);
		return fail_at_command(call, err);
	}
	const char *from = argument_without_semicolon(&call->arguments.items[1], arena_of(call));
	if (str_matches_any(str_of(from), options->hidden_environment)) {
		error_set(err, ERROR_FILES, "%s cannot be read by files: it may contain a secret", from);
		error_hint(err, "--set %s=\"$%s\" hands it over by name, if that is meant.", name, from);
		return fail_at_command(call, err);
	}
	const char *value = getenv(from);
	const char *problem = value ? special_check(arena_of(call), name, &value) : NULL;
	if (problem) {
		error_set(err, ERROR_FILES, "cannot set the variable %s: %s", name, problem);
		return fail_at_command(call, err);
	}
	if (value)
		variable_give(&call->reader->reading->variables, str_of(name), value);
	return true;
}

/* \qecho too: without -o and \o, which only psql has, both go to standard output. */
static bool run_echo(const struct backslash_command *call, struct error *err)
{
	const struct argument_list *arguments = &call->arguments;
	const bool without_newline =
	    arguments->count && !arguments->items[0].is_quoted && strcmp(arguments->items[0].text, "-n") == 0;

	(void)err;
	reader_add(call->reader, (struct statement){
	                             .text = STR(""),
	                             .offset = call->at,
	                             .echo = join_arguments(call, without_newline, " "),
	                             .is_qecho = str_is(call->name, "qecho"),
	                         });
	return true;
}

/* --- branches ------------------------------------------------------------- */

/* A reference that stayed as it was means that nobody set the variable. */
static void hint_unset_variable(const char *expression, struct error *err)
{
	const struct str reference = str_of(expression);

	if (reference.len > 0 && lexer_reference_len(reference) == reference.len) {
		const struct str name = variable_reference_name(reference);
		error_hint(err,
		           "The variable \"%.*s\" is not set: --set %.*s=VALUE gives it a value; \"\\if :{?%.*s}\" "
		           "tests whether it is.",
		           STR_ARGS(name), STR_ARGS(name), STR_ARGS(name));
	}
}

static bool evaluate(const struct backslash_command *call, bool *out, struct error *err)
{
	const char *expression = join_arguments(call, 0, " ");

	if (variable_parse_boolean(expression, out))
		return true;
	error_set(err, ERROR_FILES, "\\%.*s requires a boolean, not \"%s\"", STR_ARGS(call->name), expression);
	hint_unset_variable(expression, err);
	return fail_at_line(call, call->arguments.count ? call->arguments.items[0].offset : 0, err);
}

static bool run_if(const struct backslash_command *call, struct error *err)
{
	struct reader *reader = call->reader;
	struct condition condition = {.branch = BRANCH_DONE, .offset = call->at};

	if (reader_is_active(reader)) {
		bool is_true;

		if (!evaluate(call, &is_true, err))
			return false;
		condition.branch = is_true ? BRANCH_ACTIVE : BRANCH_PENDING;
	}
	reader_mark_branch(reader, &condition);
	*ARENA_PUSH(reader->reading->arena, reader->conditions, reader->condition_count) = condition;
	return true;
}

/* The \if that an \elif, \else or \endif belongs to; NULL with an error when there is none. */
static struct condition *find_condition(const struct backslash_command *call, struct error *err)
{
	struct reader *reader = call->reader;

	if (reader->condition_count > 0)
		return &reader->conditions[reader->condition_count - 1];
	error_set(err, ERROR_FILES, "\\%.*s without \\if", STR_ARGS(call->name));
	fail_at_command(call, err);
	return NULL;
}

static struct condition *find_condition_before_else(const struct backslash_command *call, struct error *err)
{
	struct condition *condition = find_condition(call, err);

	if (!condition || (condition->branch != BRANCH_ELSE_ACTIVE && condition->branch != BRANCH_ELSE_INACTIVE))
		return condition;
	error_set(err, ERROR_FILES, "\\%.*s cannot follow \\else", STR_ARGS(call->name));
	fail_at_command(call, err);
	return NULL;
}

/* Keeps what an active branch read, forgets what an inactive one did. */
static void leave_branch(struct reader *reader, struct condition *condition)
{
	if (reader_is_active(reader))
		reader_mark_branch(reader, condition);
	else
		reader_forget_branch(reader, condition);
}

static bool run_elif(const struct backslash_command *call, struct error *err)
{
	struct condition *condition = find_condition_before_else(call, err);
	bool is_true = false;

	if (!condition)
		return false;
	leave_branch(call->reader, condition);
	if (condition->branch == BRANCH_PENDING && !evaluate(call, &is_true, err))
		return false;
	if (condition->branch == BRANCH_ACTIVE)
		condition->branch = BRANCH_DONE;
	else if (is_true)
		condition->branch = BRANCH_ACTIVE;
	return true;
}

static bool run_else(const struct backslash_command *call, struct error *err)
{
	struct condition *condition = find_condition_before_else(call, err);

	if (!condition)
		return false;
	leave_branch(call->reader, condition);
	condition->branch = condition->branch == BRANCH_PENDING ? BRANCH_ELSE_ACTIVE : BRANCH_ELSE_INACTIVE;
	return true;
}

static bool run_endif(const struct backslash_command *call, struct error *err)
{
	struct condition *condition = find_condition(call, err);

	if (!condition)
		return false;
	leave_branch(call->reader, condition);
	call->reader->condition_count--;
	return true;
}

/* --- \copy ---------------------------------------------------------------- */

static void add_part(struct statement *statement, struct buffer *text, struct str part, size_t origin,
                     bool is_copied)
{
	struct piece *pieces = unconst(statement->pieces);

	pieces[statement->piece_count++] = (struct piece){text->len, origin, is_copied};
	buffer_add(text, part);
}

/* "COPY table FROM STDIN options", mapped to the line piece by piece. */
static struct statement copy_statement(const struct backslash_command *call, const struct copy_command *copy)
{
	struct buffer text = {.arena = arena_of(call)};
	struct statement statement = {.offset = call->at, .pieces = arena_array(arena_of(call), struct piece, 4)};
	const char *line = call->line.text;

	add_part(&statement, &text, STR("COPY "), call->at, false);
	add_part(&statement, &text, copy->before, call->line_at + (size_t)(copy->before.text - line), true);
	add_part(&statement, &text, STR(" FROM STDIN "), call->line_at + (size_t)(copy->from.text - line), false);
	if (copy->after.len > 0)
		add_part(&statement, &text, copy->after, call->line_at + (size_t)(copy->after.text - line), true);
	else
		text.len--;
	statement.text = buffer_str(&text);
	statement.kind = statement_kind(statement.text, 0);
	return statement;
}

static bool run_copy(const struct backslash_command *call, struct error *err)
{
	const struct copy_command copy = copy_command_parse(call->line, arena_of(call));

	if (copy.problem) {
		error_set(err, ERROR_FILES, "\\copy %s", copy.problem);
		return fail_at_line(call, copy.problem_at, err);
	}
	struct statement statement = copy_statement(call, &copy);
	statement.input = copy.path ? INPUT_FILE : INPUT_INLINE;
	if (copy.path)
		statement.data_path = path_join(arena_of(call), call->reader->reading->directory, copy.path);
	if (copy.path && !boundary_check(&call->reader->reading->boundary, statement.data_path, err))
		return fail_at_line(call, (size_t)(copy.from.text - call->line.text), err);
	reader_add(call->reader, statement);
	return true;
}

/* --- what pg_dump writes -------------------------------------------------- */

static bool run_restrict(const struct backslash_command *call, struct error *err)
{
	struct reading *reading = call->reader->reading;

	(void)err;
	reading->restrict_key = arena_strdup(reading->arena, call->arguments.items[0].text);
	return true;
}

static bool run_unrestrict(const struct backslash_command *call, struct error *err)
{
	struct reading *reading = call->reader->reading;
	const struct argument *key = &call->arguments.items[0];

	if (!reading->restrict_key || strcmp(reading->restrict_key, key->text) != 0) {
		error_set(err, ERROR_FILES,
		          reading->restrict_key ? "\\unrestrict has another key than \\restrict"
		                                : "\\unrestrict without \\restrict");
		return fail_at_line(call, key->offset, err);
	}
	reading->restrict_key = NULL;
	return true;
}

static bool is_utf8(const char *name)
{
	char letters[8];
	size_t len = 0;

	for (; *name && len < sizeof(letters); name++)
		if (*name != '-' && *name != '_')
			letters[len++] = char_fold(*name);
	return str_is((struct str){letters, len}, "utf8") || str_is((struct str){letters, len}, "unicode");
}

static bool run_encoding(const struct backslash_command *call, struct error *err)
{
	const struct argument *name = &call->arguments.items[0];

	if (is_utf8(argument_without_semicolon(name, arena_of(call))))
		return true;
	error_set(err, ERROR_FILES, "\\encoding \"%s\" is not supported: files are UTF-8", name->text);
	error_hint(err, "Save the file as UTF-8 and remove the command.");
	return fail_at_line(call, name->offset, err);
}

/* --- the table ------------------------------------------------------------ */

static const struct command commands[] = {
    {"copy", WHOLE_LINE, run_copy},
    {"echo", 0, run_echo},
    {"elif", BRANCHING, run_elif},
    {"else", BRANCHING, run_else},
    {"encoding", WANTS_ARGUMENT, run_encoding},
    {"endif", BRANCHING, run_endif},
    {"getenv", WANTS_ARGUMENT, run_getenv},
    {"i", WANTS_ARGUMENT, run_include},
    {"if", BRANCHING, run_if},
    {"include", WANTS_ARGUMENT, run_include},
    {"include_relative", WANTS_ARGUMENT, run_include_relative},
    {"ir", WANTS_ARGUMENT, run_include_relative},
    {"qecho", 0, run_echo},
    {"restrict", WANTS_ARGUMENT, run_restrict},
    {"set", WANTS_ARGUMENT, run_set},
    {"unrestrict", WANTS_ARGUMENT, run_unrestrict},
    {"unset", WANTS_ARGUMENT, run_unset},
};

enum { COMMAND_COUNT = sizeof(commands) / sizeof(*commands) };

static const struct command *find_command(struct str name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (str_is(name, commands[i].name))
			return &commands[i];
	return NULL;
}

/* Of psql's other commands, those that take their whole line; it matters where they are passed over. */
static bool takes_whole_line(const struct command *command, struct str name)
{
	static const char *const others[] = {"!", "?", "ef", "ev", "h", "help", "sf", "sf+", "sv", "sv+"};

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (str_is(name, others[i]))
			return true;
	return command && (command->flags & WHOLE_LINE);
}

static void hint_supported(struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct buffer names = {.arena = &arena};

	for (size_t i = 0; i < COMMAND_COUNT; i++)
		buffer_printf(&names, "%s\\%s", item_joint(i, COMMAND_COUNT), commands[i].name);
	error_hint(err, "Supported are %s.", buffer_cstr(&names));
}

/* The database is there before its migrations are: "rung setup" makes it. */
static bool hint_connect(const struct backslash_command *call, struct error *err)
{
	if (!str_is(call->name, "connect") && !str_is(call->name, "c"))
		return false;
	error_hint(err,
	           "pg_dump --create writes that: dump without --create, and without the CREATE DATABASE before "
	           "it. \"rung setup\" makes the database.");
	return true;
}

static bool fail_unknown(const struct backslash_command *call, struct error *err)
{
	error_set(err, ERROR_FILES, "the backslash command \"\\%.*s\" is not supported", STR_ARGS(call->name));
	if (str_is(call->name, "."))
		error_hint(
		    err,
		    "A line \"\\.\" ends the data of COPY ... FROM STDIN, and there is no such statement before it.");
	else if (!hint_connect(call, err))
		hint_supported(err);
	return fail_at_command(call, err);
}

static bool fail_restricted(const struct backslash_command *call, struct error *err)
{
	error_set(err, ERROR_FILES, "\\%.*s is not allowed between \\restrict and \\unrestrict",
	          STR_ARGS(call->name));
	(void)!hint_connect(call, err);
	return fail_at_command(call, err);
}

static bool check_arguments(const struct backslash_command *call, const struct command *command,
                            struct error *err)
{
	if (call->arguments.problem) {
		error_set(err, ERROR_FILES, "%s", call->arguments.problem);
		return fail_at_line(call, call->arguments.problem_at, err);
	}
	if ((command->flags & WANTS_ARGUMENT) && call->arguments.count == 0) {
		error_set(err, ERROR_FILES, "\\%s requires an argument", command->name);
		return fail_at_command(call, err);
	}
	return true;
}

/* The name goes to the next space or backslash, the line to its end. */
static struct backslash_command read_backslash_command(struct reader *reader)
{
	const struct str text = reader->lexer.text;
	struct backslash_command call = {.reader = reader, .at = reader->lexer.at - 1};
	struct str rest = str_slice(text, reader->lexer.at, text.len);
	size_t len = 0;

	rest.len = str_index(rest, '\n');
	while (len < rest.len && !char_is_space(rest.text[len]) && rest.text[len] != '\\')
		len++;
	call.name = str_slice(rest, 0, len);
	call.line = str_slice(rest, len, rest.len);
	call.line_at = reader->lexer.at + len;
	return call;
}

/* Whether its arguments mean something: an \elif is asked exactly when nothing before it was true. */
static bool is_evaluated(const struct reader *reader, const struct command *command)
{
	if (command && command->run == run_elif && reader->condition_count)
		return reader->conditions[reader->condition_count - 1].branch == BRANCH_PENDING;
	return reader_is_active(reader);
}

/* Two backslashes end a command, so that SQL may follow on its line. */
static void read_arguments(struct backslash_command *call, const struct command *command)
{
	struct reader *reader = call->reader;
	struct variable_set *variables = is_evaluated(reader, command) ? &reader->reading->variables : NULL;

	if (takes_whole_line(command, call->name)) {
		reader->lexer.at = call->line_at + call->line.len;
		return;
	}
	call->arguments = argument_list_read(call->line, variables, arena_of(call));
	const struct str rest = str_slice(call->line, call->arguments.end, call->line.len);
	reader->lexer.at = call->line_at + call->arguments.end + (str_starts(rest, "\\\\") ? 2 : 0);
}

/* Arguments are read first, whatever becomes of the command: they say where the lexer continues. */
bool reader_obey(struct reader *reader, struct error *err)
{
	struct backslash_command call = read_backslash_command(reader);
	const struct command *command = find_command(call.name);
	const bool is_active = reader_is_active(reader);

	read_arguments(&call, command);
	if (reader->reading->restrict_key && !(command && command->run == run_unrestrict))
		return fail_restricted(&call, err);
	if (!is_active && !(command && (command->flags & BRANCHING)))
		return true;
	if (!command)
		return fail_unknown(&call, err);
	return check_arguments(&call, command, err) && command->run(&call, err);
}
