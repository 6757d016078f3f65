/*
 * A file that runs in psql may ask for psql's own variables, and set them. Those that change what psql
 * prints are taken and mean nothing here; those that change what it sends or when it stops may have only
 * the value that is true here anyway, and setting another is refused: a file that turns ON_ERROR_STOP off
 * expects statements to run after a failed one.
 *
 * Values, but for that of ON_ERROR_STOP, are those of psql 18 with nothing configured (startup.c); so is
 * what may be set and what an empty value becomes: \set QUIET means "on". A value that depends on the
 * connection, on a statement's outcome or on psql's version is not made up: the variable counts as set, and
 * a command that asks for its value is told why there is none.
 */
#include "sql/special.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static const char stops[] = "rung stops at the first error";
static const char asks_connection[] = "is known only with a connection";
static const char asks_outcome[] = "is known only while statements run, and files are read before";
static const char asks_psql[] =
    "is the version of psql, which rung is not; SERVER_VERSION_NUM is the server's";

enum special_kind {
	SPECIAL_TEXT,
	SPECIAL_BOOLEAN,
	SPECIAL_CHOICE,
	SPECIAL_NUMBER,
	SPECIAL_INTEGER,
};

/* In the table below what a row does not mention is zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

/* psql 18 has them all; older ones lack a few, which nobody asks for there. */
static const struct special {
	struct variable variable;
	enum special_kind kind;
	const char *choices; /* apart from on and off, if it is a boolean */
	const char *only;    /* what it may be set to, where psql would do with others what rung does not ... */
	const char *why;     /* ... and why */
} specials[] = {
    {{"AUTOCOMMIT", "on"},
     SPECIAL_BOOLEAN,
     .only = "on",
     .why = "rung decides where transactions begin and end"},
    {{"COMP_KEYWORD_CASE", "preserve-upper"},
     SPECIAL_CHOICE,
     .choices = "lower upper preserve-lower preserve-upper"},
    {{"DBNAME", NULL, asks_connection, true}},
    {{"ECHO", "none"}, SPECIAL_CHOICE, .choices = "none errors queries all"},
    {{"ECHO_HIDDEN", "off"}, SPECIAL_BOOLEAN, .choices = "noexec"},
    {{"ENCODING", "UTF8"}},
    {{"FETCH_COUNT", "0"}, SPECIAL_INTEGER},
    {{"HIDE_TABLEAM", "off"}, SPECIAL_BOOLEAN},
    {{"HIDE_TOAST_COMPRESSION", "off"}, SPECIAL_BOOLEAN},
    {{"HISTCONTROL", "none"}, SPECIAL_CHOICE, .choices = "none ignorespace ignoredups ignoreboth"},
    {{"HISTSIZE", "500"}, SPECIAL_INTEGER},
    {{"HOST", NULL, asks_connection, true}},
    {{"IGNOREEOF", "0"}},
    {{"LASTOID", NULL, asks_outcome, false}},
    {{"LAST_ERROR_MESSAGE", ""}},
    {{"LAST_ERROR_SQLSTATE", "00000"}},
    {{"ON_ERROR_ROLLBACK", "off"},
     SPECIAL_BOOLEAN,
     .choices = "interactive",
     .only = "off interactive",
     .why = stops},
    {{"ON_ERROR_STOP", "on"}, SPECIAL_BOOLEAN, .only = "on", .why = stops},
    {{"PIPELINE_COMMAND_COUNT", NULL, asks_outcome, false}},
    {{"PIPELINE_RESULT_COUNT", NULL, asks_outcome, false}},
    {{"PIPELINE_SYNC_COUNT", NULL, asks_outcome, false}},
    {{"PORT", NULL, asks_connection, true}},
    {{"PROMPT1", "%/%R%x%# "}},
    {{"PROMPT2", "%/%R%x%# "}},
    {{"PROMPT3", ">> "}},
    {{"QUIET", "off"}, SPECIAL_BOOLEAN},
    {{"ROW_COUNT", NULL, asks_outcome, false}},
    {{"SERVER_VERSION_NAME", NULL, asks_connection, true}},
    {{"SERVER_VERSION_NUM", NULL, asks_connection, true}},
    {{"SERVICE", NULL, "is known to psql alone", false}},
    {{"SHOW_ALL_RESULTS", "on"}, SPECIAL_BOOLEAN},
    {{"SHOW_CONTEXT", "errors"}, SPECIAL_CHOICE, .choices = "never errors always"},
    {{"SINGLELINE", "off"}, SPECIAL_BOOLEAN, .only = "off", .why = "statements end with a semicolon"},
    {{"SINGLESTEP", "off"}, SPECIAL_BOOLEAN, .only = "off", .why = "nobody is asked before each statement"},
    {{"USER", NULL, asks_connection, true}},
    {{"VERBOSITY", "default"}, SPECIAL_CHOICE, .choices = "default verbose terse sqlstate"},
    {{"VERSION", NULL, asks_psql, false}},
    {{"VERSION_NAME", NULL, asks_psql, false}},
    {{"VERSION_NUM", NULL, asks_psql, false}},
    {{"WATCH_INTERVAL", "2"}, SPECIAL_NUMBER},
};

enum { SPECIAL_COUNT = sizeof(specials) / sizeof(*specials) };

static const struct special *find(struct str name)
{
	for (size_t i = 0; i < SPECIAL_COUNT; i++)
		if (str_is(name, specials[i].variable.name))
			return &specials[i];
	return NULL;
}

const struct variable *special_usual(struct str name)
{
	const struct special *special = find(name);

	return special ? &special->variable : NULL;
}

void special_note_statement(struct variable_set *set)
{
	variable_assign(set, STR("ERROR"), "false");
	variable_assign(set, STR("SQLSTATE"), "00000");
}

static bool is_among(const char *words, const char *text)
{
	struct str rest = str_of(words ? words : "");
	struct str word;

	while (str_split_next(&rest, ' ', &word))
		if (str_is_folded(word, text))
			return true;
	return false;
}

static bool is_number(const char *text)
{
	char *end = NULL;

	(void)strtod(text, &end);
	return *text && *end == '\0';
}

/* As psql's ParseVariableNum() has it: 0x10 is one as well. */
static bool is_integer(const char *text)
{
	char *end = NULL;

	errno = 0;
	const long value = strtol(text, &end, 0);
	return end != text && *end == '\0' && errno == 0 && value >= INT_MIN && value <= INT_MAX;
}

/* psql's own words for what it would not take. */
static bool is_valid(const struct special *special, const char *value)
{
	bool meaning;

	switch (special->kind) {
	case SPECIAL_TEXT:
		break;
	case SPECIAL_BOOLEAN:
		return is_among(special->choices, value) || variable_parse_boolean(value, &meaning);
	case SPECIAL_CHOICE:
		return is_among(special->choices, value);
	case SPECIAL_NUMBER:
		return is_number(value);
	case SPECIAL_INTEGER:
		return is_integer(value);
	}
	return true;
}

static const char *substitute(const struct special *special, const char *value)
{
	if (special->kind == SPECIAL_TEXT)
		return value;
	if (!value)
		return special->kind == SPECIAL_BOOLEAN ? "off" : special->variable.value;
	return special->kind == SPECIAL_BOOLEAN && !*value ? "on" : value;
}

static bool is_allowed(const struct special *special, const char *value)
{
	bool meaning;

	if (!special->only || is_among(special->only, value))
		return true;
	return variable_parse_boolean(value, &meaning) && is_among(special->only, meaning ? "on" : "off");
}

const char *special_check(struct arena *arena, const char *name, const char **value)
{
	const struct special *special = find(str_of(name));

	if (!special)
		return NULL;
	*value = substitute(special, *value);
	if (!*value)
		return NULL;
	if (!is_valid(special, *value))
		return arena_printf(arena, "it takes %s",
		                    special->kind == SPECIAL_NUMBER    ? "a number"
		                    : special->kind == SPECIAL_INTEGER ? "a whole number"
		                    : special->kind == SPECIAL_CHOICE  ? special->choices
		                                                       : "a boolean");
	return is_allowed(special, *value) ? NULL : special->why;
}
