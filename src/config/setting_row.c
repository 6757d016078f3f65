/*
 * The table of all settings, and how a value is read that settings_load() has put into its place. What a
 * row says feeds the parser, "rung config", the help and the manual.
 */
#include <string.h>

#include "base/str.h"
#include "config/settings.h"

/*
 * Two lines a row: section, key, flag, letter, variable, kind;
 * default, choices, the value's name, help.
 */
/* clang-format off */
const struct setting_row setting_rows[SETTING_COUNT] = {
	[SETTING_DATABASE_URL] = {
		"database", "url", "--database-url", 'd', "DATABASE_URL", SETTING_KIND_SECRET_URL,
		NULL, NULL, "URL", "the database: a URI or keywords, as libpq accepts them"},
	[SETTING_URL_ENV] = {
		"database", "url_env", "--url-env", 0, "RUNG_URL_ENV", SETTING_KIND_TEXT,
		NULL, NULL, "NAME", "read the URL from this variable instead of DATABASE_URL"},
	[SETTING_ENV_PREFIX] = {
		"database", "env_prefix", "--env-prefix", 0, "RUNG_ENV_PREFIX", SETTING_KIND_TEXT,
		NULL, NULL, "PREFIX", "read PREFIX_HOST, _PORT, _NAME, _USER, _PASSWORD and _SSLMODE"},
	[SETTING_DIRECT_URL] = {
		"database", "direct_url", "--direct-url", 0, "DIRECT_URL", SETTING_KIND_SECRET_URL,
		NULL, NULL, "URL", "the same database without the transaction pooler, for what needs a session"},
	[SETTING_ROLE] = {
		"database", "role", "--role", 0, "RUNG_ROLE", SETTING_KIND_TEXT,
		NULL, NULL, "ROLE", "the role to act as; RESET ROLE returns to it"},
	[SETTING_CONNECT_TIMEOUT] = {
		"database", "connect_timeout", "--connect-timeout", 0, "RUNG_CONNECT_TIMEOUT", SETTING_KIND_DURATION,
		NULL, NULL, "DURATION", "give up connecting after this long; unset: libpq's default"},
	[SETTING_HISTORY_TABLE] = {
		"database", "history_table", "--history-table", 0, "RUNG_HISTORY_TABLE", SETTING_KIND_TEXT,
		"public.schema_version", NULL, "SCHEMA.TABLE", "the table that keeps the history"},
	[SETTING_HISTORY_OWNER] = {
		"database", "history_owner", "--history-owner", 0, "RUNG_HISTORY_OWNER", SETTING_KIND_TEXT,
		NULL, NULL, "ROLE", "write to history tables of this role, though it can then run code with your rights"},
	[SETTING_SCHEMA_DIR] = {
		"files", "schema_dir", "--schema-dir", 0, "RUNG_SCHEMA_DIR", SETTING_KIND_PATH,
		"schema", NULL, "DIR", "where the migrations are"},
	[SETTING_ROLLBACK_DIR] = {
		"files", "rollback_dir", "--rollback-dir", 0, "RUNG_ROLLBACK_DIR", SETTING_KIND_PATH,
		"rollback", NULL, "DIR", "where their rollbacks are"},
	[SETTING_SEED_DIR] = {
		"files", "seed_dir", "--seed-dir", 0, "RUNG_SEED_DIR", SETTING_KIND_PATH,
		"schema/seed", NULL, "DIR", "where the seed data is"},
	[SETTING_ON_CHANGE] = {
		"files", "on_change", "--on-change", 0, "RUNG_ON_CHANGE", SETTING_KIND_CHOICE,
		"error", "error|reapply|converge", "ANSWER", "what to do about an applied file that was edited"},
	[SETTING_COMPARE] = {
		"files", "compare", "--compare", 0, "RUNG_COMPARE", SETTING_KIND_FLAG,
		"yes", NULL, NULL, "after an edited file was applied again, compare the database with a new one made by the files"},
	[SETTING_NAME_TEMPLATE] = {
		"files", "name_template", "--name-template", 0, "RUNG_NAME_TEMPLATE", SETTING_KIND_TEXT,
		"{number}_{slug}", NULL, "TEMPLATE", "how new files are named"},
	[SETTING_SLUG_LENGTH] = {
		"files", "slug_length", "--slug-length", 0, "RUNG_SLUG_LENGTH", SETTING_KIND_NUMBER,
		"40", NULL, "COUNT", "the longest {slug} in the name of a new file"},
	[SETTING_SCHEMA_DUMP] = {
		"files", "schema_dump", "--schema-dump", 0, "RUNG_SCHEMA_DUMP", SETTING_KIND_PATH,
		NULL, NULL, "FILE", "write the schema as SQL into FILE after each upgrade and downgrade, for review"},
	[SETTING_ALLOW_OUTSIDE] = {
		"files", "allow_outside", "--allow-outside", 0, "RUNG_ALLOW_OUTSIDE", SETTING_KIND_FLAG,
		"no", NULL, NULL, "let files include, copy from or link to paths outside the project"},
	[SETTING_VARIABLES] = {
		"files", "variables", "--set", 0, "RUNG_VARIABLES", SETTING_KIND_LIST,
		NULL, NULL, "NAME=VALUE", "a variable for SQL, as psql's -v; the history keeps its name and a digest"},
	[SETTING_DESIRED] = {
		"create", "desired", "--desired", 0, "RUNG_DESIRED", SETTING_KIND_SIDE,
		NULL, NULL, "SIDE", "the schema that create writes migrations to: files of SQL, a database, live"},
	[SETTING_DESIRED_COMMAND] = {
		"create", "desired_command", "--desired-command", 0, "RUNG_DESIRED_COMMAND", SETTING_KIND_TEXT,
		NULL, NULL, "COMMAND", "makes that schema in the empty database that DATABASE_URL names, such as an ORM's models"},
	[SETTING_CREATE_EXCLUDE] = {
		"create", "exclude", "--create-exclude", 0, "RUNG_CREATE_EXCLUDE", SETTING_KIND_TEXT,
		NULL, NULL, "PATTERNS", "tables, views, functions, types that create leaves out"},
	[SETTING_LOCK_TIMEOUT] = {
		"upgrade", "lock_timeout", "--lock-timeout", 0, "RUNG_LOCK_TIMEOUT", SETTING_KIND_DURATION,
		"100ms", NULL, "DURATION", "how long one attempt waits for the lock of a table"},
	[SETTING_LOCK_WAIT] = {
		"upgrade", "lock_wait", "--lock-wait", 0, "RUNG_LOCK_WAIT", SETTING_KIND_DURATION,
		"10min", NULL, "DURATION", "how long all attempts together may take"},
	[SETTING_STATEMENT_TIMEOUT] = {
		"upgrade", "statement_timeout", "--statement-timeout", 0, "RUNG_STATEMENT_TIMEOUT", SETTING_KIND_DURATION,
		NULL, NULL, "DURATION", "the longest a statement may run; unset: the server's setting"},
	[SETTING_CANCEL_BLOCKERS] = {
		"upgrade", "cancel_blockers", "--cancel-blockers", 0, "RUNG_CANCEL_BLOCKERS", SETTING_KIND_DURATION,
		NULL, NULL, "AGE", "cancel queries that block a migration and are older than this"},
	[SETTING_TERMINATE_BLOCKERS] = {
		"upgrade", "terminate_blockers", "--terminate-blockers", 0, "RUNG_TERMINATE_BLOCKERS", SETTING_KIND_DURATION,
		NULL, NULL, "AGE", "terminate sessions that block a migration and are older than this"},
	[SETTING_OUT_OF_ORDER] = {
		"upgrade", "out_of_order", "--out-of-order", 0, "RUNG_OUT_OF_ORDER", SETTING_KIND_FLAG,
		"no", NULL, NULL, "apply migrations older than the newest applied one"},
	[SETTING_SHOW_QUERIES] = {
		"upgrade", "show_queries", "--show-queries", 0, "RUNG_SHOW_QUERIES", SETTING_KIND_FLAG,
		"no", NULL, NULL, "show the queries of blockers; they may contain secrets"},
	[SETTING_DRIFT] = {
		"upgrade", "drift", "--drift", 0, "RUNG_DRIFT", SETTING_KIND_CHOICE,
		"warn", "warn|refuse|ignore", "ANSWER", "what to do if the schema was changed since the last run"},
	[SETTING_DRIFT_KEEP] = {
		"drift", "keep", "--drift-keep", 0, "RUNG_DRIFT_KEEP", SETTING_KIND_FLAG,
		"yes", NULL, NULL, "keep hashes of the schema after each run that changes it, for check and status to compare with"},
	[SETTING_DRIFT_IGNORE] = {
		"drift", "ignore", "--drift-ignore", 0, "RUNG_DRIFT_IGNORE", SETTING_KIND_LIST,
		NULL, NULL, "PATTERN", "objects that others may change: a table or SCHEMA.TABLE, with * and ?"},
	[SETTING_BACKUP_STORE] = {
		"backup", "store", "--backup-store", 0, "RUNG_BACKUP_STORE", SETTING_KIND_TEXT,
		NULL, NULL, "URL", "where backups are kept: a directory, s3://bucket/prefix or https://host/path/"},
	[SETTING_BACKUP_RECIPIENTS] = {
		"backup", "recipients", "--recipient", 0, "RUNG_BACKUP_RECIPIENTS", SETTING_KIND_LIST,
		NULL, NULL, "AGE1...", "public key to encrypt backups to"},
	[SETTING_BACKUP_RECIPIENTS_FILE] = {
		"backup", "recipients_file", "--recipients-file", 0, "RUNG_BACKUP_RECIPIENTS_FILE", SETTING_KIND_PATH,
		NULL, NULL, "FILE", "the same from a file, one per line"},
	[SETTING_BACKUP_IDENTITY_FILE] = {
		"backup", "identity_file", "--identity-file", 0, "RUNG_BACKUP_IDENTITY_FILE", SETTING_KIND_PATH,
		NULL, NULL, "FILE", "the secret key that reads backups"},
	[SETTING_BACKUP_PASSPHRASE_FILE] = {
		"backup", "passphrase_file", "--passphrase-file", 0, "RUNG_BACKUP_PASSPHRASE_FILE", SETTING_KIND_PATH,
		NULL, NULL, "FILE", "a passphrase instead of keys; or in RUNG_BACKUP_PASSPHRASE"},
	[SETTING_BACKUP_SIGN_KEY] = {
		"backup", "sign_key", "--sign-key", 0, "RUNG_BACKUP_SIGN_KEY", SETTING_KIND_PATH,
		NULL, NULL, "FILE", "the secret key that signs backups"},
	[SETTING_BACKUP_TRUSTED_KEYS] = {
		"backup", "trusted_keys", "--trusted-key", 0, "RUNG_BACKUP_TRUSTED_KEYS", SETTING_KIND_LIST,
		NULL, NULL, "KEY", "public key of a signer to trust, as text or file"},
	[SETTING_BACKUP_LABELS] = {
		"backup", "labels", "--label", 0, "RUNG_BACKUP_LABELS", SETTING_KIND_LIST,
		NULL, NULL, "NAME=VALUE", "stored with a backup, readable by everybody"},
	[SETTING_BACKUP_EXCLUDED_DATA] = {
		"backup", "exclude_table_data", "--exclude-table-data", 0, "RUNG_BACKUP_EXCLUDE_TABLE_DATA", SETTING_KIND_LIST,
		NULL, NULL, "PATTERN", "tables whose rows are left out of backups"},
	[SETTING_BACKUP_LOCK_WAIT] = {
		"backup", "lock_wait_timeout", "--lock-wait-timeout", 0, "RUNG_BACKUP_LOCK_WAIT_TIMEOUT", SETTING_KIND_DURATION,
		"1min", NULL, "DURATION", "how long a backup waits for tables that others have locked"},
	[SETTING_BACKUP_REQUIRED] = {
		"backup", "required", "--backup-required", 0, "RUNG_BACKUP_REQUIRED", SETTING_KIND_FLAG,
		"no", NULL, NULL, "refuse to upgrade or downgrade without a backup; --no-backup then needs --no-backup-required as well"},
	[SETTING_JSON] = {
		"output", "json", "--json", 0, "RUNG_JSON", SETTING_KIND_FLAG,
		"no", NULL, NULL, "one JSON object per line, for programs"},
	[SETTING_COLOUR] = {
		"output", "colour", "--colour", 0, "RUNG_COLOUR", SETTING_KIND_CHOICE,
		"auto", "auto|always|never", "WHEN", "colours in the output; auto: on a terminal"},
	[SETTING_QUIET] = {
		"output", "quiet", "--quiet", 'q', "RUNG_QUIET", SETTING_KIND_FLAG,
		"no", NULL, NULL, "results, warnings and errors only"},
	[SETTING_VERBOSE] = {
		"output", "verbose", "--verbose", 'v', "RUNG_VERBOSE", SETTING_KIND_FLAG,
		"no", NULL, NULL, "more detail"},
	[SETTING_LOG_FILE] = {
		"output", "log_file", "--log-file", 0, "RUNG_LOG_FILE", SETTING_KIND_PATH,
		NULL, NULL, "FILE", "append who did what, when, how long and the outcome to FILE"},
	[SETTING_LOG_REQUIRED] = {
		"output", "log_required", "--log-required", 0, "RUNG_LOG_REQUIRED", SETTING_KIND_FLAG,
		"no", NULL, NULL, "fail (exit code 5) if the log file could not be written"},
	[SETTING_HOOK_BEFORE_UPGRADE] = {
		"hooks", "before_upgrade", "--hook-before-upgrade", 0, "RUNG_HOOK_BEFORE_UPGRADE", SETTING_KIND_TEXT,
		NULL, NULL, "COMMAND", "run before an upgrade; its failure stops everything"},
	[SETTING_HOOK_AFTER_UPGRADE] = {
		"hooks", "after_upgrade", "--hook-after-upgrade", 0, "RUNG_HOOK_AFTER_UPGRADE", SETTING_KIND_TEXT,
		NULL, NULL, "COMMAND", "run after an upgrade, also after a failed one"},
	[SETTING_HOOK_BEFORE_DOWNGRADE] = {
		"hooks", "before_downgrade", "--hook-before-downgrade", 0, "RUNG_HOOK_BEFORE_DOWNGRADE", SETTING_KIND_TEXT,
		NULL, NULL, "COMMAND", "run before a downgrade; its failure stops everything"},
	[SETTING_HOOK_AFTER_DOWNGRADE] = {
		"hooks", "after_downgrade", "--hook-after-downgrade", 0, "RUNG_HOOK_AFTER_DOWNGRADE", SETTING_KIND_TEXT,
		NULL, NULL, "COMMAND", "run after a downgrade, also after a failed one"},
	[SETTING_HOOK_FAILED] = {
		"hooks", "failed", "--hook-failed", 0, "RUNG_HOOK_FAILED", SETTING_KIND_TEXT,
		NULL, NULL, "COMMAND", "run after a failure of any of these"},
	[SETTING_HOOK_ENVIRONMENT] = {
		"hooks", "environment", "--hook-environment", 0, "RUNG_HOOK_ENVIRONMENT", SETTING_KIND_LIST,
		NULL, NULL, "NAME", "variables to pass to hooks, which do not get DATABASE_URL or those in .env otherwise"},
	[SETTING_LOCAL_DIR] = {
		"local", "dir", "--local-dir", 0, "RUNG_LOCAL_DIR", SETTING_KIND_PATH,
		".rung", NULL, "DIR", "where \"rung local\" keeps its private server"},
	[SETTING_PG_BINDIR] = {
		"local", "pg_bindir", "--pg-bindir", 0, "RUNG_PG_BINDIR", SETTING_KIND_PATH,
		NULL, NULL, "DIR", "the directory of initdb, postgres and pg_dump, if they are not found without it"},
};
/* clang-format on */

bool setting_is_of_caller(const struct settings *settings, enum setting setting)
{
	const char *origin = settings->values[setting].origin;

	return origin && (strcmp(origin, "flag") == 0 || str_starts(str_of(origin), "environment "));
}

const char *setting_text(const struct settings *settings, enum setting setting)
{
	return settings->values[setting].text;
}

/* Flags come a line each, so that what they say may hold spaces. */
const char *const *setting_list(const struct settings *settings, enum setting setting, struct arena *arena)
{
	const struct setting_value *value = &settings->values[setting];
	const bool is_flag = value->origin && strcmp(value->origin, "flag") == 0;
	struct str rest = str_of(value->text ? value->text : "");
	struct str part;
	const char **parts = NULL;
	size_t count = 0;

	while (str_split_next(&rest, is_flag ? '\n' : ' ', &part))
		if (part.len)
			*ARENA_PUSH(arena, parts, count) = str_copy(arena, part);
	*ARENA_PUSH(arena, parts, count) = NULL;
	return parts;
}

bool setting_is_on(const struct settings *settings, enum setting setting)
{
	return settings->values[setting].number > 0;
}

int64_t setting_number(const struct settings *settings, enum setting setting)
{
	return settings->values[setting].number;
}

int64_t setting_ms(const struct settings *settings, enum setting setting)
{
	return settings->values[setting].number;
}
