/*
 * A backup is decrypted as it is written out, and the tag that proves its last part comes last. Who
 * pipes us into pg_restore has run all of it by then. So it is read twice: once to its end, with nothing
 * printed, and then again for the output.
 *
 * --raw is the exception, for files of age that are no backups of ours: there is nothing to compare them
 * with but what age itself checks.
 */
#include <string.h>
#include <unistd.h>

#include "command/backup/backup_select.h"
#include "command/commands.h"

/* The archive goes out as it is; of a script too, nothing is changed. */
static bool open_output(void *context, enum core core, struct sink **out, struct error *err)
{
	(void)context;
	(void)core;
	(void)err;
	*out = descriptor_open(STDOUT_FILENO, "standard output");
	return true;
}

static bool print(struct context *context, struct backup_selection *it, struct error *err)
{
	const struct unwrap_options unwrapping = {.secrets = it->options.secrets,
	                                          .most_size = it->options.most_size,
	                                          .is_sealed = it->options.is_sealed,
	                                          .may_be_script = it->options.may_be_script,
	                                          .open = open_output};
	const bool is_raw = option_is_given(context, "--raw");
	scoped_sink struct sink *sink =
	    is_raw ? unwrap_decrypt_only(&it->options.secrets, descriptor_open(STDOUT_FILENO, "standard output"))
	           : unwrap_open(&unwrapping);

	return is_raw ? spool_push_once(it->spool, sink, err) : spool_push(it->spool, sink, err);
}

static bool cmd_backup_cat(struct context *context, struct error *err)
{
	scoped_backup_selection struct backup_selection it = {0};

	if (isatty(STDOUT_FILENO))
		return error_set(err, ERROR_USAGE,
		                 "cannot write an archive to a terminal; redirect it to a file or a program");
	if (!backup_select_open(context, context->operands[0], &it, err))
		return false;
	/* Somebody acts on what we print: it is proven to its end before the first byte. */
	return (option_is_given(context, "--raw") ||
	        restore_prove(&it.options, it.spool, context->arena, &it.proof, err)) &&
	       print(context, &it, err);
}

static const struct option_row options[] = {
    {"--raw", 0, NULL, "only decrypt; for any age file"},
    {"--allow-unsigned", 0, NULL, "accept a backup that no trusted key signed"},
    {"--max-work-factor", 0, "N", "the largest work factor of a passphrase to accept, up to 22; default: 20"},
    {0},
};

const struct command command_backup_cat = {
    .name = "backup-cat",
    .operands = "ID|FILE",
    .help = &HELP_backup_cat,
    .group = GROUP_BACKUP,
    .needs = NEEDS_NOTHING,
    .least_operands = 1,
    .most_operands = 1,
    .options = options,
    .run = cmd_backup_cat,
};
