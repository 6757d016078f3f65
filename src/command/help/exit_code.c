#include "command/help/exit_code.h"

#include <stddef.h>

const struct exit_code_row exit_code_rows[] = {
    {0, "done, or nothing to do", "Continue."},
    {1, "a migration or SQL failed and was rolled back",
     "Fix the file and run the same command again: migrations before it stay applied."},
    {2, "usage, configuration or files are wrong; nothing was run",
     "Read the message, which names the place. Trying again does not help."},
    {3,
     "check or test found something; upgrade --drift refuse found that the schema was changed; diff "
     "--exit-code found a difference; diff or fingerprint --strict found an object of an unknown kind; files "
     "and database differ; a script of downgrade --sql ends before its target",
     "Each finding is one line; \"rung status\" shows the state."},
    {4, "the server could not be reached, or a lock was not acquired in time",
     "Run the same command again: what was committed is recorded, and the error says how much, and who holds "
     "the lock."},
    {5, "a file, the store, cryptography, a hook, desired_command or a backup failed",
     "Check the disk, the store, the key or the command. The error says what was done before."},
    {6, "a migration or seed that is not one transaction stopped half-way",
     "\"rung status\" shows where a migration stopped; \"rung resume\" continues after its last finished "
     "statement. For a seed the error says where."},
    {130, "cancelled by Ctrl-C, a signal or a \"no\" to a question",
     "After a \"no\" nothing was changed; after the others run the same command again to finish the work."},
    {0, NULL, NULL},
};
