#include "command/exit_code.h"

#include <stddef.h>

const struct exit_code_row exit_code_rows[] = {
    {0, "done, or nothing to do", "Go on."},
    {1, "a migration or SQL failed; everything of it was rolled back",
     "Fix the file and run the same command again: what came before it stays applied."},
    {2, "usage, configuration or files are wrong; nothing was run",
     "Read the message: it names the place. Trying again does not help."},
    {3,
     "check or test found something; files and database are out of step; a script of downgrade --sql ends "
     "before its target",
     "Each finding is a line; \"rung status\" shows the whole."},
    {4, "the server could not be reached, or a lock was not obtained in time",
     "Run the same command again: what was committed before is recorded, and the error says how much. It "
     "names "
     "who holds the lock."},
    {5, "a file, storage, cryptography or a hook failed; so did a backup",
     "Check the disk, the store, the key or the hook. The error says what was done before."},
    {6, "failed and left partial: a plain migration or seed stopped half-way",
     "\"rung status\" says where a migration stopped; \"rung resume\" goes on after the last finished "
     "statement. Of a seed the error says it."},
    {130, "cancelled by Ctrl-C, a signal or a \"no\" to a question",
     "After a \"no\" nothing was changed; after the others run the same command again to finish the work."},
    {0, NULL, NULL},
};
