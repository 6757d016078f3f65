#include "command/command.h"

#include <string.h>

#include "command/commands.h"

/* One verb a line, in the order of the help. */
/* clang-format off */
const struct command *const commands[] = {
	&command_upgrade,
	&command_downgrade,
	&command_resume,
	&command_stamp,
	&command_repair,
	&command_import,
	&command_status,
	&command_current,
	&command_history,
	&command_heads,
	&command_show,
	&command_log,
	&command_check,
	&command_diff,
	&command_export,
	&command_fingerprint,
	&command_create,
	&command_merge,
	&command_renumber,
	&command_squash,
	&command_test,
	&command_setup,
	&command_seed,
	&command_reset,
	&command_local,
	&command_backup,
	&command_restore,
	&command_list_backups,
	&command_verify_backup,
	&command_prune_backups,
	&command_backup_cat,
	&command_keygen,
	&command_config,
	&command_help,
	&command_version,
	&command_completion,
	NULL,
};
/* clang-format on */

const struct command *command_find(const char *name)
{
	for (size_t i = 0; commands[i]; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}
