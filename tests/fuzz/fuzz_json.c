/*
 * Whatever is said to be JSON, a table of fields of every kind reads it or
 * says why not; what was read is written and read again as the same. Built by
 * make fuzz.
 */
#include <assert.h>
#include <stdint.h>

#include "backup/json_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct item {
	const char *name;
	int64_t number;
};

struct all {
	const char *text;
	int64_t number;
	bool flag;
	const char **texts;
	size_t text_count;
	struct item *items;
	size_t item_count;
	struct json_pair *pairs;
	size_t pair_count;
	const char *inner;
};

/* clang-format off */
static const struct json_field item_fields[] = {
	{.key = "name", .kind = FIELD_TEXT, .offset = offsetof(struct item, name), .is_needed = true},
	{.key = "number", .kind = FIELD_NUMBER, .offset = offsetof(struct item, number)},
	{0},
};

static const struct json_field fields[] = {
	{.key = "text", .kind = FIELD_TEXT, .offset = offsetof(struct all, text)},
	{.key = "number", .kind = FIELD_NUMBER, .offset = offsetof(struct all, number)},
	{.key = "flag", .kind = FIELD_FLAG, .offset = offsetof(struct all, flag)},
	{.key = "texts", .kind = FIELD_TEXTS, .offset = offsetof(struct all, texts),
	 .count_offset = offsetof(struct all, text_count)},
	{.key = "items", .kind = FIELD_ITEMS, .offset = offsetof(struct all, items),
	 .count_offset = offsetof(struct all, item_count), .item = item_fields, .item_size = sizeof(struct item)},
	{.key = "pairs", .kind = FIELD_PAIRS, .offset = offsetof(struct all, pairs),
	 .count_offset = offsetof(struct all, pair_count)},
	{.key = "in.text", .kind = FIELD_TEXT, .offset = offsetof(struct all, inner)},
	{0},
};
/* clang-format on */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scoped_arena struct arena arena = {0};
	struct all all = {0}, again = {0};
	struct error err = {0};

	if (!json_table_read(fields, (struct str){(const char *)data, size}, "it", &arena, &all, &err)) {
		assert(err.kind != ERROR_NONE && err.message[0]);
		return 0;
	}
	const struct str written = json_table_write(fields, &all, &arena);
	assert(json_table_read(fields, written, "it", &arena, &again, &err));
	assert(str_equal(json_table_write(fields, &again, &arena), written));
	return 0;
}
