/*
 * psql knows two ways to replace a variable, and so do we. The value of a bare :name is read by the lexer
 * as if it stood in the file: it may hold half a literal, a whole statement or several, and other
 * variables. A quoted form is put into the statement's text as it is, for it is one token by construction.
 *
 * While a value is read the lexer's text is that value; where it interrupted the file is on a stack. A
 * segment never spans such a change: it is closed before and opened after, if a statement had begun. All of
 * a value has one place for messages, that of the reference in the file, since nobody can be shown a line
 * of a value.
 *
 * A name inside its own value stays as it is, as in psql, which ends what would never end. What grows
 * without a cycle (ten values of ten references each) is bounded by size.
 */
#include <string.h>

#include "sql/reader.h"
#include "sql/unset_variable.h"

/*
 * Values that hold each other several times over would otherwise fill the memory from a file of a few lines.
 */
enum { MOST_REPLACED = 16 * 1024 * 1024 };

static bool is_being_replaced(const struct reader *reader, struct str name)
{
	for (size_t i = 0; i < reader->interruption_count; i++)
		if (str_equal(reader->interruptions[i].variable, name))
			return true;
	return false;
}

/* Reads a variable's value as if it stood in the file; it may hold any part of a statement, or several. */
static void enter_value(struct reader *reader, struct str name, const char *value, size_t origin)
{
	struct lexer *lexer = &reader->lexer;
	const bool continues = reader_has_started(reader);

	*ARENA_PUSH(reader->reading->passing, reader->interruptions, reader->interruption_count) =
	    (struct interruption){lexer->text, lexer->at, name};
	lexer->text = str_of(value);
	lexer->at = 0;
	lexer->origin = origin;
	lexer->is_derived = true;
	if (continues)
		reader_open_segment(reader, 0);
}

void reader_leave_value(struct reader *reader)
{
	struct lexer *lexer = &reader->lexer;
	const bool continues = reader_has_started(reader);

	reader_close_segment(reader, lexer->at);
	const struct interruption *interruption = &reader->interruptions[--reader->interruption_count];
	lexer->text = interruption->text;
	lexer->at = interruption->at;
	lexer->is_derived = reader->interruption_count > 0;
	if (continues)
		reader_open_segment(reader, lexer->at);
}

static void put_in_place(struct reader *reader, const char *value, size_t origin)
{
	reader_add_segment(reader, (struct segment){str_of(value), origin, false});
	reader_open_segment(reader, reader->lexer.at);
}

static bool check_replaced(struct reader *reader, size_t len, size_t origin, struct error *err)
{
	reader->reading->replaced_len += len;
	if (reader->reading->replaced_len <= MOST_REPLACED)
		return true;
	error_set(err, ERROR_FILES, "the values of variables add up to more than %d MB", MOST_REPLACED >> 20);
	return reader_fail(reader, origin, err);
}

static bool check_known(const struct reader *reader, struct str reference, size_t origin, struct error *err)
{
	const struct variable *unknown = variable_find_unknown(&reader->reading->variables, reference);

	if (!reader_is_active(reader) || !unknown || unknown->is_for_psql)
		return true;
	error_set(err, ERROR_FILES, "the variable %s %s", unknown->name, unknown->unknown);
	return reader_fail(reader, origin, err);
}

bool reader_replace(struct reader *reader, struct str reference, struct error *err)
{
	struct variable_set *variables = &reader->reading->variables;
	const struct str name = variable_reference_name(reference);
	const bool is_bare = variable_reference_is_bare(reference);
	const char *value =
	    reader_is_active(reader) ? variable_expand(variables, reference, reader->reading->passing) : NULL;
	const size_t from = reader->lexer.at - reference.len;
	const size_t origin = reader->lexer.is_derived ? reader->lexer.origin : from;

	if (!check_known(reader, reference, origin, err))
		return false;
	if (!value && reader_is_active(reader))
		unset_variable_note(reader, reference, from);
	if (!value || (is_bare && is_being_replaced(reader, name))) {
		if (!reader->in_segment)
			reader_open_segment(reader, from);
		return true;
	}
	if (!check_replaced(reader, strlen(value), origin, err))
		return false;
	reader_close_segment(reader, from);
	if (is_bare)
		enter_value(reader, name, value, origin);
	else
		put_in_place(reader, value, origin);
	return true;
}
