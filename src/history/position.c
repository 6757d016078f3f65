/*
 * The bounds of a batch are kept as text, four columns of a key at most: keys are of any type, and what
 * the server wrote it reads again without a loss that a number of ours could bring.
 *
 * The statement's checksum stands beside the position. A batch continues where it stopped, hours or days
 * later, and an edited statement would treat the rows before that place in one way and those after it in
 * another: that is refused. Reading goes through history_read(), as a policy that hides the row would let
 * the batch begin anew.
 */
#include "history/position.h"

#include "base/number_text.h"

#include <string.h>

/* The columns of batch_read.sql, and of batch_list.sql, which has two more. */
enum {
	POSITION_LO,
	POSITION_HI = POSITION_LO + POSITION_COLUMNS,
	POSITION_PASS = POSITION_HI + POSITION_COLUMNS,
	POSITION_ROWS_IN_PASS,
	POSITION_ROWS,
	POSITION_CHUNKS,
	POSITION_SIZE,
	POSITION_CHECKSUM,
	POSITION_VERSION,
	POSITION_STATEMENT,
};

static void read_position(const struct rows *rows, size_t row, struct arena *arena, struct position *out)
{
	for (int i = 0; i < POSITION_COLUMNS; i++) {
		out->lo[i] = rows_copy(rows, row, POSITION_LO + i, arena);
		out->hi[i] = rows_copy(rows, row, POSITION_HI + i, arena);
	}
	out->pass = rows_number(rows, row, POSITION_PASS);
	out->rows_in_pass = rows_number(rows, row, POSITION_ROWS_IN_PASS);
	out->rows = rows_number(rows, row, POSITION_ROWS);
	out->chunks = rows_number(rows, row, POSITION_CHUNKS);
	out->size = rows_number(rows, row, POSITION_SIZE);
}

bool position_load(struct session *db, const struct qualified_name *history, int64_t version,
                   size_t statement, const char *checksum, struct arena *arena, struct position *out,
                   bool *found, struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	const struct params params = PARAMS(number_text(arena, version), number_text(arena, (int64_t)statement));

	if (!history_read(db, query_render(arena, SQL_history_batch_read, history), params, &rows, err))
		return error_context(err, "while reading how far the batch has come");
	*found = rows_count(rows) > 0;
	if (!*found)
		return true;
	if (strcmp(rows_text(rows, 0, POSITION_CHECKSUM), checksum) != 0) {
		error_set(err, ERROR_FILES, "the statement of a batch was edited after it had begun");
		return error_hint(err, "Restore it; or undo what it did, and \"rung repair %s\" starts over.",
		                  number_text(arena, version));
	}
	read_position(rows, 0, arena, out);
	return true;
}

bool position_list_load(struct session *db, const struct qualified_name *history, struct arena *arena,
                        struct position_list *out, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!history_read(db, query_render(arena, SQL_history_batch_list, history), NO_PARAMS, &rows, err))
		return error_context(err, "while reading how far batches have come");

	struct position_list list = {.count = rows_count(rows)};
	list.items = arena_array(arena, struct batch_position, list.count);
	for (size_t i = 0; i < list.count; i++) {
		read_position(rows, i, arena, &list.items[i].position);
		list.items[i].version = rows_number(rows, i, POSITION_VERSION);
		list.items[i].statement = (size_t)rows_number(rows, i, POSITION_STATEMENT);
	}
	*out = list;
	return true;
}

const struct batch_position *position_find(const struct position_list *list, int64_t version)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].version == version)
			return &list->items[i];
	return NULL;
}

struct request position_save(const struct qualified_name *history, int64_t version, size_t statement,
                             const char *checksum, const struct position *position, struct arena *arena)
{
	return request_make(history, SQL_history_batch_save,
	                    PARAMS(number_text(arena, version), number_text(arena, (int64_t)statement), checksum,
	                           position->lo[0], position->lo[1], position->lo[2], position->lo[3],
	                           position->hi[0], position->hi[1], position->hi[2], position->hi[3],
	                           number_text(arena, position->pass), number_text(arena, position->rows_in_pass),
	                           number_text(arena, position->rows), number_text(arena, position->chunks),
	                           number_text(arena, position->size)),
	                    arena);
}

struct request position_forget(const struct qualified_name *history, int64_t version, size_t statement,
                               struct arena *arena)
{
	return request_make(history, SQL_history_batch_forget,
	                    PARAMS(number_text(arena, version), number_text(arena, (int64_t)statement)), arena);
}
