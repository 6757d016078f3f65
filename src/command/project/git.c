#include "command/project/git.h"

#include <stdint.h>

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

bool git_next_text(struct str *answers, struct str *text)
{
	struct str head;
	struct str part;
	unsigned long long size = 0;

	if (!str_line_next(answers, &head))
		return false;
	while (str_split_next(&head, ' ', &part))
		if (!str_to_number(part, SIZE_MAX / 2, &size))
			size = 0;
	*text = str_slice(*answers, 0, size);
	*answers = str_slice(*answers, size + 1, answers->len);
	return true;
}
