#include <inttypes.h>
#include <string.h>

#include "base/buffer.h"
#include "situation.h"
#include "test.h"

static const char *differences_text(struct arena *arena, const struct difference_list *list)
{
	struct buffer text = {.arena = arena};

	for (size_t i = 0; i < list->count; i++) {
		const struct difference *item = &list->items[i];

		buffer_printf(&text, "%s%s %" PRId64, i ? ", " : "", difference_name(item->kind),
		              item->migration ? item->migration->number : item->record->version);
	}
	return buffer_cstr(&text);
}

TEST(compare_names_every_difference)
{
	static const struct {
		const char *tree;
		const char *history;
		const char *differences;
	} rows[] = {
	    {"", "", ""},
	    {"1 2 3", "1 2 3", ""},
	    {"1 2 3", "1", "pending 2, pending 3"},
	    {"1 2 3", "1 3", "out-of-order 2"},
	    {"1* 2", "1 2", "edited 1"},
	    {"1~* 2", "1 2", "reapplicable 1"},
	    {"1 3", "1 2 3", "missing 2"},
	    {"1", "1 2", "missing 2"},
	    {"1 2", "1 3", "out-of-order 2, missing 3"},
	    {"1 2", "1 2%", "partial 2"},
	    {"1 2*", "1 2%", "partial 2"},
	    {"1 2", "1 2^", "unwinding 2"},
	    {"1 2", "1 2'", "renamed 2"},
	    {"1 2*", "1 2'", "renamed 2"},
	    {"1* 2*", "1? 2?", ""},
	    {"1 2", "0? 1?", "missing 0, pending 2"},
	    {"1 2@x 3", "1 3", "pending 2"},
	    {"1 2@x 3 4<2", "1 3 4", "out-of-order 2"},
	    {"1* 2~* 3 4 5", "1 2 4% 5' 6",
	     "edited 1, reapplicable 2, out-of-order 3, partial 4, renamed 5, missing 6"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const struct tree tree = situation_tree(&arena, rows[i].tree);
		const struct history history = situation_history(&arena, rows[i].history);
		struct difference_list list = {0};

		plan_compare(&tree, &history, &(struct plan_options){.on_change = ON_CHANGE_ERROR}, &arena, &list);
		if (strcmp(differences_text(&arena, &list), rows[i].differences) != 0)
			fail_msg("row %zu: %s", i, differences_text(&arena, &list));
	}
}

TEST(widths_may_change_without_a_rename)
{
	scoped_arena struct arena arena = {0};
	const struct tree tree = situation_tree(&arena, "1 2");
	struct history history = situation_history(&arena, "1 2");
	struct difference_list list = {0};

	history.records[0].name = "0001_m";
	plan_compare(&tree, &history, &(struct plan_options){0}, &arena, &list);
	CHECK_INT(list.count, 0);
}
