/*
 * One object a line, "v":1 first, then "type". What means nothing is left
 * out of events; in tables it is null, so that rows keep their shape.
 *
 * Programs read this, so a field is added rather than renamed or given another meaning; "v" is there for
 * the day when that will not do. All goes to standard output, errors as well: who reads one stream gets the
 * whole story in its order. Debugging does not, it promises nothing.
 *
 * Text of servers and files may be no UTF-8, which jansson would refuse with a NULL: display_utf8() comes
 * before each string. What a terminal would obey is escaped afterwards in the finished text, where a
 * backslash and "u" are part of the language anyway.
 */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "report/display.h"
#include "report/reporter.h"

#define scoped_json SCOPED(json_object_clear_)

static void json_object_clear_(json_t **object)
{
	json_decref(*object);
}

static json_t *object_of(const char *type)
{
	json_t *object = json_object();

	json_object_set_new(object, "v", json_integer(1));
	json_object_set_new(object, "type", json_string(type));
	return object;
}

static json_t *string_of(struct reporter *reporter, const char *text)
{
	return json_string(display_utf8(&reporter->arena, text));
}

static void add_text(struct reporter *reporter, json_t *object, const char *key, const char *text)
{
	if (text && *text)
		json_object_set_new(object, key, string_of(reporter, text));
}

static void add_number(json_t *object, const char *key, int64_t number, bool means_something)
{
	if (means_something)
		json_object_set_new(object, key, json_integer(number));
}

static void print_object(struct reporter *reporter, FILE *stream, const json_t *object)
{
	scoped_malloced char *text = json_dumps(object, JSON_COMPACT);

	if (!text) /* a line less would be another story */
		die_out_of_memory();
	reporter_write_json(reporter, stream, arena_printf(&reporter->arena, "%s\n", text));
}

static const char *phase_of(enum event_kind kind)
{
	switch (kind) {
	case EVENT_PLANNED:
		return "planned";
	case EVENT_STEP_BEGIN:
		return "begin";
	case EVENT_STEP_DONE:
		return "done";
	case EVENT_STEP_FAILED:
		return "failed";
	case EVENT_NOTE:
	case EVENT_WARNING:
	case EVENT_DEBUG:
	case EVENT_NOTICE:
	case EVENT_ECHO:
	case EVENT_WAITING:
	case EVENT_PROGRESS:
	case EVENT_FINDING:
	case EVENT_DONE:
		return NULL;
	}
	return NULL;
}

/* What `action` is called: the kinds put different things there. */
static const char *action_key(enum event_kind kind)
{
	return kind == EVENT_NOTICE ? "severity" : kind == EVENT_FINDING ? "rule" : "action";
}

static json_t *text_or_null(struct reporter *reporter, const char *text)
{
	return text ? string_of(reporter, text) : json_null();
}

static json_t *facts_of(struct reporter *reporter, const struct changed_fact *list, size_t count)
{
	json_t *facts = json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *fact = json_object();

		json_object_set_new(fact, "name", string_of(reporter, list[i].name));
		json_object_set_new(fact, "before", text_or_null(reporter, list[i].before));
		json_object_set_new(fact, "after", text_or_null(reporter, list[i].after));
		json_array_append_new(facts, fact);
	}
	return facts;
}

static void add_object(struct reporter *reporter, json_t *object, const struct event_object *named)
{
	if (!named)
		return;
	add_text(reporter, object, "kind", named->kind);
	add_text(reporter, object, "identity", named->identity);
	add_text(reporter, object, "change", named->change);
	if (named->facts)
		json_object_set_new(object, "facts", facts_of(reporter, named->facts, named->fact_count));
}

static void print_event(struct reporter *reporter, const struct event *event)
{
	scoped_json json_t *object = object_of(event_type(event->kind));

	add_text(reporter, object, "phase", phase_of(event->kind));
	add_text(reporter, object, action_key(event->kind), event->action);
	add_number(object, "version", event->version, event->version != 0);
	add_text(reporter, object, "name", event->name);
	add_text(reporter, object, "text", event->text);
	add_text(reporter, object, "breaking", event->breaking);
	add_text(reporter, object, "sql", event->sql);
	add_object(reporter, object, event->object);
	add_text(reporter, object, "place", event->place);
	add_number(object, "duration_ms", event->duration_ms, event->duration_ms >= 0);
	add_number(object, "count", event->count, event->count >= 0);
	if (event->kind == EVENT_PROGRESS && event->fraction >= 0)
		json_object_set_new(object, "fraction", json_real(event->fraction));
	print_object(reporter, event->kind == EVENT_DEBUG ? stderr : stdout, object);
}

static json_t *lines_of(struct reporter *reporter, const char *text)
{
	json_t *lines = json_array();
	struct str rest = str_of(text);
	struct str line;

	while (str_line_next(&rest, &line))
		json_array_append_new(lines, string_of(reporter, str_copy(&reporter->arena, line)));
	return lines;
}

static void print_error(struct reporter *reporter, const struct error *err)
{
	scoped_json json_t *object = object_of("error");

	add_text(reporter, object, "kind", error_kind_name(err->kind));
	add_number(object, "exit_code", error_exit_code(err->kind), true);
	add_text(reporter, object, "message", err->message);
	add_text(reporter, object, "sqlstate", err->sqlstate);
	add_text(reporter, object, "place", err->place);
	add_text(reporter, object, "excerpt", err->excerpt);
	add_number(object, "caret", err->caret, err->caret > 0);
	add_text(reporter, object, "detail", err->detail);
	add_text(reporter, object, "hint", err->hint);
	if (*err->context)
		json_object_set_new(object, "context", lines_of(reporter, err->context));
	add_text(reporter, object, "state", err->state);
	/* Where nothing reaches standard output any more, this would not either. */
	print_object(reporter, reporter->write_errno ? stderr : stdout, object);
}

/* The cell of a number may be something else ("-", a version that is text): then it stays text. */
static json_t *number_of(struct reporter *reporter, const char *cell)
{
	char *end;
	const long long number = strtoll(cell, &end, 10);

	if (*cell && !*end)
		return json_integer(number);
	const double real = strtod(cell, &end);
	return *cell && !*end ? json_real(real) : string_of(reporter, cell);
}

static json_t *cell_value(struct reporter *reporter, enum column_kind kind, const char *cell)
{
	if (!cell)
		return json_null();
	switch (kind) {
	case COLUMN_NUMBER:
	case COLUMN_DURATION:
		return number_of(reporter, cell);
	case COLUMN_FLAG:
		return json_boolean(strcmp(cell, "true") == 0);
	case COLUMN_TEXT:
	case COLUMN_STATE:
		break;
	}
	return string_of(reporter, cell);
}

static void print_row(struct reporter *reporter, const struct table *table, const char *const *row)
{
	scoped_json json_t *object = object_of(table->type);

	for (size_t i = 0; table->columns[i].key; i++)
		json_object_set_new(object, table->columns[i].key,
		                    cell_value(reporter, table->columns[i].kind, row[i]));
	print_object(reporter, stdout, object);
}

static void print_table(struct reporter *reporter, const struct table *table)
{
	const struct arena_mark mark = arena_mark(&reporter->arena);

	for (size_t i = 0; i < table->count; i++) {
		print_row(reporter, table, table->rows[i]);
		arena_rewind(&reporter->arena, mark);
	}
}

static void print_text(struct reporter *reporter, const char *text)
{
	scoped_json json_t *object = object_of("text");

	json_object_set_new(object, "text", string_of(reporter, text));
	print_object(reporter, stdout, object);
}

static void print_changed(struct reporter *reporter, const struct changed_object *changed)
{
	if (!changed->change)
		return;
	scoped_json json_t *object = object_of("change");
	json_object_set_new(object, "change", json_string(changed->change));
	json_object_set_new(object, "kind", json_string(changed->kind));
	json_object_set_new(object, "identity", string_of(reporter, changed->identity));
	json_object_set_new(object, "facts", facts_of(reporter, changed->facts, changed->fact_count));
	print_object(reporter, stdout, object);
}

static json_t *words_of(const char *const *words)
{
	json_t *list = json_array();

	for (; *words; words++)
		json_array_append_new(list, json_string(*words));
	return list;
}

static void print_statement(struct reporter *reporter, const struct sql_statement *statement)
{
	scoped_json json_t *object = object_of("statement");

	json_object_set_new(object, "direction", json_string(statement->direction));
	json_object_set_new(object, "part", json_integer((json_int_t)statement->part));
	json_object_set_new(object, "sql", string_of(reporter, statement->sql));
	json_object_set_new(object, "kind", json_string(statement->kind));
	json_object_set_new(object, "identity", string_of(reporter, statement->identity));
	json_object_set_new(object, "hazards", words_of(statement->hazards));
	print_object(reporter, stdout, object);
}

const struct look json_look = {print_event, print_error,   print_table,    print_text,
                               print_text,  print_changed, print_statement};
