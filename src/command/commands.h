/*
 * commands.h - the verbs by name, one file each
 *
 * To add one: define `const struct command command_NAME` in NAME.c, declare
 * it here, give it a row in command.c and write help/NAME.txt. Parser, help,
 * manual and completions follow.
 */
#ifndef RUNG_COMMAND_COMMANDS_H
#define RUNG_COMMAND_COMMANDS_H

#include "command/command.h"
#include "help_texts.h"

extern const struct command command_backup;
extern const struct command command_backup_cat;
extern const struct command command_check;
extern const struct command command_completion;
extern const struct command command_config;
extern const struct command command_create;
extern const struct command command_current;
extern const struct command command_diff;
extern const struct command command_downgrade;
extern const struct command command_export;
extern const struct command command_fingerprint;
extern const struct command command_heads;
extern const struct command command_help;
extern const struct command command_history;
extern const struct command command_import;
extern const struct command command_keygen;
extern const struct command command_list_backups;
extern const struct command command_local;
extern const struct command command_log;
extern const struct command command_merge;
extern const struct command command_renumber;
extern const struct command command_prune_backups;
extern const struct command command_repair;
extern const struct command command_reset;
extern const struct command command_restore;
extern const struct command command_resume;
extern const struct command command_seed;
extern const struct command command_setup;
extern const struct command command_show;
extern const struct command command_squash;
extern const struct command command_stamp;
extern const struct command command_status;
extern const struct command command_test;
extern const struct command command_upgrade;
extern const struct command command_verify_backup;
extern const struct command command_version;

#endif
