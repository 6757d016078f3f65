/*
 * swap_confirm.h - what a person is asked before a swap, and told after it
 */
#ifndef RUNG_COMMAND_BACKUP_SWAP_CONFIRM_H
#define RUNG_COMMAND_BACKUP_SWAP_CONFIRM_H

#include "backup/restore/swap.h"
#include "command/backup/backup_select.h"

/*
 * Names what is replaced by what, and asks; the verb has an option --force.
 * Without a terminal nobody is asked: nothing is lost that a script could miss.
 */
MUST_USE bool swap_confirm_ask(struct context *context, const struct backup_selection *selection,
                               const struct swap *names, struct error *err);

/* Where both databases are now, and how to undo the swap. */
void swap_confirm_tell(struct context *context, const struct swap *names);

#endif
