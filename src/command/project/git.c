#include "command/project/git.h"

#include "base/child.h"

bool git_run(const char *directory, const char *const *argv, struct str input, struct arena *arena,
             struct str *out, struct error *err)
{
	const struct child_options options = {
	    .argv = argv, .directory = directory, .input = input, .capture = true};
	struct child_result result;

	if (!child_must_run(&options, arena, &result, err)) {
		if (err->kind == ERROR_STORAGE)
			err->kind = ERROR_USAGE;
		return false;
	}
	*out = result.output;
	return true;
}
