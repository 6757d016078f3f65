#include "plan/comparison.h"

static const char *const names[] = {
    [DIFFERENCE_PENDING] = "pending",           [DIFFERENCE_EDITED] = "edited",
    [DIFFERENCE_REAPPLICABLE] = "reapplicable", [DIFFERENCE_MISSING] = "missing",
    [DIFFERENCE_OUT_OF_ORDER] = "out-of-order", [DIFFERENCE_PARTIAL] = "partial",
    [DIFFERENCE_UNWINDING] = "unwinding",       [DIFFERENCE_RENAMED] = "renamed",
    [DIFFERENCE_FOLDABLE] = "foldable",         [DIFFERENCE_UNFOLDABLE] = "unfoldable",
    [DIFFERENCE_SQUASHED] = "squashed",
};

const char *difference_name(enum difference_kind kind)
{
	return names[kind];
}

void plan_compare(const struct tree *tree, const struct history *history, const struct plan_options *options,
                  struct arena *arena, struct difference_list *out)
{
	struct difference_list list = {0};
	struct comparison comparison;

	comparison_build(tree, history, arena, &comparison);
	for (size_t i = 0; i < comparison.count; i++) {
		const struct comparison_entry *entry = &comparison.entries[i];
		enum difference_kind kind;

		if (comparison_difference(&comparison, i, options, &kind))
			*ARENA_PUSH(arena, list.items, list.count) =
			    (struct difference){.kind = kind, .migration = entry->migration, .record = entry->record};
	}
	*out = list;
}
