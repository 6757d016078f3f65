/*
 * hooks.h - the user's own commands around a run
 *
 * Run by sh in the project's directory, with RUNG_* in their environment; what
 * they print goes to our standard error. Passwords, the URL and credentials are
 * not in it, except those that [hooks] environment names.
 */
#ifndef RUNG_COMMAND_RUN_HOOKS_H
#define RUNG_COMMAND_RUN_HOOKS_H

#include "command/command.h"
#include "plan/plan.h"

/* Nothing happens when the hook is not set. `plan` and `failure` may be NULL. */
MUST_USE bool hook_run(struct context *context, enum setting hook, const struct plan *plan,
                       const struct error *failure, struct error *err);

#endif
