#include "plan/refusal.h"

#include "base/buffer.h"

void refusal_add(struct refusal *refusal, const char *message, const char *hint)
{
	*ARENA_PUSH(refusal->arena, refusal->obstacles, refusal->count) = (struct obstacle){message, hint};
}

static bool several_error(const struct refusal *refusal, enum error_kind kind, const char *summary,
                          struct error *err)
{
	struct buffer lines = {.arena = refusal->arena};

	for (size_t i = 0; i < refusal->count; i++)
		buffer_printf(&lines, "%s%s. %s", i > 0 ? "\n" : "", refusal->obstacles[i].message,
		              refusal->obstacles[i].hint);
	error_set(err, kind, "%s in %zu places", summary, refusal->count);
	error_detail(err, "%s", buffer_cstr(&lines));
	return error_hint(err, "Nothing has been run. \"rung status\" shows every migration.");
}

bool refusal_check(const struct refusal *refusal, enum error_kind kind, const char *summary,
                   struct error *err)
{
	if (refusal->count == 0)
		return true;
	if (refusal->count > 1)
		return several_error(refusal, kind, summary, err);
	error_set(err, kind, "%s", refusal->obstacles[0].message);
	return error_hint(err, "%s", refusal->obstacles[0].hint);
}
