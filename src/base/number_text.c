#include "base/number_text.h"

#include <inttypes.h>

char *number_text(struct arena *arena, int64_t number)
{
	return arena_printf(arena, "%" PRId64, number);
}

const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

const char *item_joint(size_t i, size_t count)
{
	if (i == 0)
		return "";
	return i + 1 < count ? ", " : " and ";
}
