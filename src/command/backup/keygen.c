/*
 * Both keys are made together, since without a signature anybody who knows the recipient can forge a
 * backup. One alone is made when it is asked for by its option, which is how a key is replaced.
 *
 * The secret halves are written with 0600 and never over a file that exists (crypto/key.h). The block for
 * rung.ini must work when it is pasted: with a recipient and no store the next upgrade would be refused,
 * so a store is among its lines unless the project has one.
 */
#include <string.h>

#include "base/buffer.h"
#include "command/commands.h"
#include "crypto/key.h"
#include "report/table.h"

/* One pair of keys: what was written, what may be shown, and how the two are used. */
struct made_key {
	const char *kind;
	const char *path;        /* NULL: not made */
	const char *public_key;  /* NULL: not made */
	const char *public_name; /* what the public half is called elsewhere */
	const char *purpose;
	const char *use; /* the option that takes the public half */
	const char *public_setting;
	const char *secret_setting;
};

static const struct column columns[] = {
    {"kind", "Kind", COLUMN_TEXT},
    {"path", "File", COLUMN_TEXT},
    {"public_key", "Public half", COLUMN_TEXT},
    {0},
};

static void print(struct context *context, const struct made_key *pairs, size_t count)
{
	struct table table = {.type = "key", .columns = columns, .arena = context->arena};

	for (size_t i = 0; i < count; i++) {
		const struct made_key *pair = &pairs[i];

		if (!pair->public_key)
			continue;
		if (reporter_is_json(context->reporter))
			table_row(&table, (const char *[]){pair->kind, pair->path, pair->public_key});
		else
			report_text(context->reporter,
			            arena_printf(context->arena, "created %s: %s\n%s: %s\n", pair->path, pair->purpose,
			                         pair->public_name, pair->public_key));
	}
	table_print(&table, context->reporter);
}

/*
 * What may be pasted into rung.ini: the public halves, and where the secret
 * ones are. Without a store the rest is refused, so the block has one, unless
 * the project has.
 */
static const char *ini_block(struct context *context, const struct made_key *pairs, size_t count)
{
	struct buffer text = {.arena = context->arena};

	buffer_text(
	    &text,
	    "add this to rung.ini (without identity_file on machines that only make backups):\n[backup]\n");
	if (!setting_text(context->settings, SETTING_BACKUP_STORE))
		buffer_text(&text,
		            "# a directory here; better one elsewhere, s3://bucket/prefix or https://host/path/\n"
		            "store = backups\n");
	for (size_t i = 0; i < count; i++)
		if (pairs[i].public_key)
			buffer_printf(&text, "%s = %s\n%s = %s\n", pairs[i].public_setting, pairs[i].public_key,
			              pairs[i].secret_setting, pairs[i].path);
	text.len--;
	return buffer_cstr(&text);
}

static void advise(struct context *context, const struct made_key *pairs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (pairs[i].public_key)
			event_note(context->reporter, "%s", pairs[i].use);
	event_note(context->reporter, "%s", ini_block(context, pairs, count));
	event_note(context->reporter, "do not commit either file; keep a copy of both in a second, safe place");
}

/* As it was said on the command line: what other verbs have from elsewhere is a key that exists. */
static const char *flag_of(const struct context *context, enum setting setting)
{
	const struct setting_value *value = &context->settings->values[setting];

	return value->text && strcmp(value->origin, "flag") == 0 ? value->text : NULL;
}

/*
 * Asked for one, only that one is made, as when a key is replaced; otherwise both, under names of their own.
 */
static const char *path_of(const struct context *context, enum setting setting, enum setting other,
                           const char *usual)
{
	const char *given = flag_of(context, setting);

	return given || flag_of(context, other) ? given : usual;
}

static bool cmd_keygen(struct context *context, struct error *err)
{
	const char *identity_path =
	    path_of(context, SETTING_BACKUP_IDENTITY_FILE, SETTING_BACKUP_SIGN_KEY, "backup-identity.key");
	const char *signing_path =
	    path_of(context, SETTING_BACKUP_SIGN_KEY, SETTING_BACKUP_IDENTITY_FILE, "backup-signing.key");
	struct new_keys keys;

	if (!keys_make(identity_path, signing_path, context->arena, &keys, err))
		return false;
	const struct made_key pairs[] = {
	    {"identity", identity_path, keys.recipient, "recipient",
	     "decrypts backups; only for those who restore them",
	     "make backups with --recipient, restore them with --identity-file", "recipients", "identity_file"},
	    {"signing", signing_path, keys.trusted_key, "trusted key",
	     "signs backups; only for those who make them",
	     "make backups with --sign-key, restore and verify them with --trusted-key", "trusted_keys",
	     "sign_key"},
	};
	print(context, pairs, sizeof(pairs) / sizeof(*pairs));
	advise(context, pairs, sizeof(pairs) / sizeof(*pairs));
	return true;
}

const struct command command_keygen = {
    .name = "keygen",
    .operands = "",
    .help = &HELP_keygen,
    .group = GROUP_BACKUP,
    .needs = NEEDS_NOTHING,
    .run = cmd_keygen,
};
