#include "config/variable.h"

#include <string.h>
#include <unistd.h>

#include "base/str.h"

const struct variable_row variable_rows[] = {
    {"RUNG_BACKUP_PASSPHRASE", "a passphrase for backups in place of keys"},
    {"RUNG_SIGN_PASSPHRASE", "opens the signing key, where minisign encrypted it"},
    {"RUNG_BACKUP_TOKEN", "sent as bearer token to a store that is an HTTPS server"},
    {"RUNG_BACKUP_ALLOW_HTTP", "1: a store on another machine may be reached without TLS"},
    {"SSL_CERT_FILE", "certificates to trust, for a store that is an HTTPS server"},
    {"AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN",
     "credentials for a store that is object storage; the token only for temporary ones"},
    {"AWS_PROFILE, AWS_SHARED_CREDENTIALS_FILE", "else: a profile of that file (~/.aws/credentials)"},
    {"AWS_REGION, AWS_DEFAULT_REGION, AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, AWS_CA_BUNDLE",
     "where object storage is, and the certificates to trust there"},
    {"TMPDIR",
     "where private servers (else /tmp) and what is fetched of a backup (else /var/tmp) lie for a while"},
    {"RUNG_COMMAND, RUNG_VERSION, RUNG_STEPS, RUNG_LAST_STEP, RUNG_BREAKING, RUNG_PROJECT_DIR",
     "given to hooks: the command, rung's version, how many steps are planned, the last of them, those whose "
     "files say \"breaking\", and the project's directory"},
    {"RUNG_OUTCOME, RUNG_ERROR", "given to hooks that run afterwards: ok or failed, and why"},
    {"NO_COLOR", "no colours, unless --colour=always"},
    {"PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSFILE, PGSERVICE, PGSSLMODE ...",
     "everything libpq knows works as for psql"},
    {0},
};

/* Of the tests of rung itself. */
static const char *const foreign_beginnings[] = {"RUNG_TEST_", "RUNG_BENCH_", "RUNG_RUN"};

static const char *const *known_names(struct arena *arena)
{
	const char **names = NULL;
	size_t count = 0;
	struct str rest, name;

	for (enum setting setting = 0; setting < SETTING_COUNT; setting++)
		if (setting_rows[setting].environment)
			*ARENA_PUSH(arena, names, count) = setting_rows[setting].environment;
	for (const struct variable_row *row = variable_rows; row->names; row++)
		for (rest = str_of(row->names); str_split_next(&rest, ',', &name);)
			*ARENA_PUSH(arena, names, count) = str_copy(arena, str_trim(name));
	*ARENA_PUSH(arena, names, count) = NULL;
	return names;
}

static bool is_among(struct str name, const char *const *names)
{
	for (; *names; names++)
		if (str_is(name, *names))
			return true;
	return false;
}

/* A project may name variables of its own, and those may begin as ours. */
static bool is_named(struct str name, const struct settings *settings)
{
	const char *url_env = setting_text(settings, SETTING_URL_ENV);
	const char *prefix = setting_text(settings, SETTING_ENV_PREFIX);

	return (url_env && str_is(name, url_env)) || (prefix && str_starts(name, prefix));
}

static bool is_foreign(struct str name)
{
	for (size_t i = 0; i < sizeof(foreign_beginnings) / sizeof(*foreign_beginnings); i++)
		if (str_starts(name, foreign_beginnings[i]))
			return true;
	return false;
}

const char *const *variables_unknown(const struct settings *settings, struct arena *arena)
{
	const char *const *known = known_names(arena);
	const char **unknown = NULL;
	size_t count = 0;

	for (char **variable = environ; variable && *variable; variable++) {
		struct str value = str_of(*variable);
		struct str name;

		if (!str_starts(value, "RUNG_") || !str_split_next(&value, '=', &name) || value.len == 0)
			continue;
		if (!is_among(name, known) && !is_named(name, settings) && !is_foreign(name))
			*ARENA_PUSH(arena, unknown, count) = str_copy(arena, name);
	}
	*ARENA_PUSH(arena, unknown, count) = NULL;
	return unknown;
}

const char *variable_suggest(const char *name, struct arena *arena)
{
	return str_suggest(name, known_names(arena));
}

bool variables_check_backup(const struct settings *settings, struct arena *arena, struct error *err)
{
	const char *const *unknown = variables_unknown(settings, arena);

	while (*unknown && !str_starts(str_of(*unknown), "RUNG_BACKUP_"))
		unknown++;
	if (!*unknown)
		return true;
	const char *meant = variable_suggest(*unknown, arena);
	error_set(err, ERROR_CONFIG, "there is no variable %s", *unknown);
	return meant ? error_hint(err, "Did you mean %s?", meant)
	             : error_hint(err, "\"rung help environment\" lists what there is; unset this one.");
}
