/*
 * Whatever bytes a file holds, reading it ends, touches nothing outside it,
 * and every statement's text leads back to a place in it. Built by make fuzz.
 */
#include <assert.h>
#include <stdint.h>

#include "sql/kind.h"
#include "sql/parse.h"
#include "sql/script.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_place(const struct place *place, struct str text)
{
	assert(place->line >= 1 && place->column >= 1);
	assert(place->text.text >= text.text && place->text.text + place->text.len <= text.text + text.len);
}

static void check_statement(const struct statement *statement, struct str text)
{
	assert(statement->offset <= text.len && statement->line >= 1);
	for (size_t offset = 0; offset <= statement->text.len; offset += 1 + offset / 8) {
		const struct place place = statement_place(statement, offset);
		const struct place same = statement_place_of_character(statement, offset);

		check_place(&place, text);
		check_place(&same, text);
	}
	statement_kind(statement->text, 110000);
	if (statement->input == INPUT_INLINE)
		assert(statement->data.text >= text.text &&
		       statement->data.text + statement->data.len <= text.text + text.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scoped_arena struct arena arena = {0};
	scoped_script struct script script = {0};
	struct lock_target_list targets = {0};
	struct error err = {0};
	/* libFuzzer's own copy is of exactly this size, so one byte too far is seen. */
	const struct str text = {(const char *)data, size};

	if (!script_parse(text, "fuzz.sql", NULL, &arena, &script, &err)) {
		assert(err.kind == ERROR_FILES && err.message[0] && err.place[0]);
		return 0;
	}
	for (size_t i = 0; i < script.count; i++) {
		check_statement(&script.statements[i], text);
		parse_lock_targets(script.statements[i].text, &arena, &targets);
	}
	return 0;
}
