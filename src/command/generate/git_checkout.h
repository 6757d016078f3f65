/*
 * git_checkout.h - the project's SQL as it was in a revision
 *
 * Written into a private directory, which is gone on every way out; the
 * working tree and the index are not touched.
 */
#ifndef RUNG_COMMAND_GENERATE_GIT_CHECKOUT_H
#define RUNG_COMMAND_GENERATE_GIT_CHECKOUT_H

#include "base/arena.h"
#include "base/error.h"
#include "base/scope.h"

struct git_checkout {
	const char *directory; /* stands for the root of the project; NULL: none was made */
};

/*
 * `project_dir` is inside the repository. Of the files below it those in `schema_dir` and all that end in
 * ".sql" are taken: includes may be anywhere.
 */
MUST_USE bool git_checkout_open(const char *project_dir, const char *schema_dir, const char *revision,
                                struct arena *arena, struct git_checkout *out, struct error *err);
void git_checkout_close(struct git_checkout *checkout);
#define scoped_git_checkout SCOPED(git_checkout_close)

#endif
