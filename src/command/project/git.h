/*
 * git.h - asking the installed git
 */
#ifndef RUNG_COMMAND_PROJECT_GIT_H
#define RUNG_COMMAND_PROJECT_GIT_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

/* Runs git in `directory`; what it complains of (no repository, no such ref) is an error of usage. */
MUST_USE bool git_run(const char *directory, const char *const *argv, struct str input, struct arena *arena,
                      struct str *out, struct error *err);

/*
 * Cuts the next answer of "cat-file --batch" off: "3f2a... blob 12\n", the text, "\n". False when there is
 * none.
 */
bool git_next_text(struct str *answers, struct str *text);

#endif
