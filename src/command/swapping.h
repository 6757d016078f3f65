/*
 * swapping.h - what a person is asked before a swap, and told after it
 */
#ifndef RUNG_COMMAND_SWAPPING_H
#define RUNG_COMMAND_SWAPPING_H

#include "backup/swap.h"
#include "command/choice.h"

/*
 * Names what is replaced by what, and asks; the verb has an option --force.
 * Without a terminal nobody is asked: nothing is lost that a script could miss.
 */
MUST_USE bool swapping_ask(struct context *context, const struct choice *choice, const struct swap *names,
                           struct error *err);

/* Where both databases are now, and the way back. */
void swapping_tell(struct context *context, const struct swap *names);

#endif
