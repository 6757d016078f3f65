/*
 * A project's files may come from somebody else's repository, and a variable is a way to run code:
 * LD_PRELOAD, PATH, BASH_ENV, PYTHONSTARTUP. So there are two lists and they work in opposite directions.
 * Of what .env holds only names are taken up that are ours, libpq's or object storage's; and of the names
 * that a project chooses itself (url_env, env_prefix, [hooks] environment) those that the loader, a shell
 * or an interpreter obeys are refused, known or not. The second list can never be complete, which is why it
 * is not the only one.
 *
 * What begins with RUNG_ and is none of ours is told, as a variable that is misspelt does nothing without a
 * word. With RUNG_BACKUP_ it is refused.
 *
 * Names of secrets are kept here as well, because the same settings decide them: what children and \getenv
 * do not get.
 */
#include "config/environment.h"

#include <string.h>
#include <unistd.h>

#include "base/child.h"
#include "base/str.h"
#include "config/url.h"

const struct variable_row variable_rows[] = {
    {"RUNG_BACKUP_PASSPHRASE", "a passphrase for backups instead of keys"},
    {"RUNG_SIGN_PASSPHRASE", "the passphrase of a signing key that minisign encrypted"},
    {"RUNG_BACKUP_TOKEN", "sent as bearer token to a store that is an HTTPS server"},
    {"RUNG_BACKUP_ALLOW_HTTP", "1: allow a store on another machine without TLS"},
    {"SSL_CERT_FILE", "certificates to trust, for a store that is an HTTPS server"},
    {"AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN",
     "credentials for a store that is object storage; the token only for temporary ones"},
    {"AWS_PROFILE, AWS_SHARED_CREDENTIALS_FILE", "else: a profile of that file (~/.aws/credentials)"},
    {"AWS_REGION, AWS_DEFAULT_REGION, AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, AWS_CA_BUNDLE",
     "where object storage is, and the certificates to trust there"},
    {"TMPDIR", "the directory for scratch servers (else /tmp) and for fetched backups (else /var/tmp)"},
    {"RUNG_COMMAND, RUNG_VERSION, RUNG_STEPS, RUNG_LAST_STEP, RUNG_BREAKING, RUNG_PROJECT_DIR",
     "given to hooks, and in part to desired_command: the command, rung's version, how "
     "many steps are planned, the last of them, those whose "
     "files say \"breaking\", and the project's directory"},
    {"RUNG_OUTCOME, RUNG_ERROR", "given to hooks that run afterwards: ok or failed, and why"},
    {"RUNG_TRUST", "projects to trust, no matter who owns them: directories separated by colons, or *"},
    {"NO_COLOR", "no colours, unless --colour=always"},
    {"PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSFILE, PGSERVICE, PGSSLMODE ...",
     "all variables of libpq work as in psql"},
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

const char *const *variables_for_env_file(struct arena *arena)
{
	const char *const *known = known_names(arena);
	const char **names = NULL;
	size_t count = 0;

	while (*known)
		*ARENA_PUSH(arena, names, count) = *known++;
	*ARENA_PUSH(arena, names, count) = "PG*";
	*ARENA_PUSH(arena, names, count) = "AWS_*";
	*ARENA_PUSH(arena, names, count) = "RUNG_*"; /* also mistyped ones, which are told */
	*ARENA_PUSH(arena, names, count) = NULL;
	return names;
}

/*
 * LC_, LANG and GCONV_ say which files the C library loads; GIT_, EDITOR and PAGER count for what a hook
 * calls.
 */
static const char *const steering_beginnings[] = {"LD_",    "DYLD_",   "_RLD", "BASH_", "GLIBC_",
                                                  "GCONV_", "MALLOC_", "GIT_", "LC_"};
static const char *const steering_names[] = {"PATH",
                                             "IFS",
                                             "ENV",
                                             "SHELL",
                                             "HOME",
                                             "PS4",
                                             "CDPATH",
                                             "FPATH",
                                             "ZDOTDIR",
                                             "SHELLOPTS",
                                             "BASHOPTS",
                                             "PROMPT_COMMAND",
                                             "TMPDIR",
                                             "LOCPATH",
                                             "NLSPATH",
                                             "LANG",
                                             "LANGUAGE",
                                             "HOSTALIASES",
                                             "RES_OPTIONS",
                                             "LOCALDOMAIN",
                                             "EDITOR",
                                             "VISUAL",
                                             "PAGER",
                                             "TERM",
                                             "TERMINFO",
                                             "TERMCAP",
                                             "PWD",
                                             "USER",
                                             "LOGNAME",
                                             "SUDO_UID",
                                             "RUNG_TRUST",
                                             "PYTHONPATH",
                                             "PYTHONHOME",
                                             "PYTHONSTARTUP",
                                             "PERL5LIB",
                                             "PERL5OPT",
                                             "PERL5DB",
                                             "RUBYLIB",
                                             "RUBYOPT",
                                             "NODE_OPTIONS",
                                             "NODE_PATH",
                                             "JAVA_TOOL_OPTIONS",
                                             "_JAVA_OPTIONS",
                                             "XDG_CONFIG_HOME",
                                             "OPENSSL_CONF",
                                             "OPENSSL_MODULES",
                                             "OPENSSL_ENGINES",
                                             "SSLKEYLOGFILE"};

bool variable_steers_programs(const char *name)
{
	for (size_t i = 0; i < sizeof(steering_beginnings) / sizeof(*steering_beginnings); i++)
		if (strncmp(name, steering_beginnings[i], strlen(steering_beginnings[i])) == 0)
			return true;
	for (size_t i = 0; i < sizeof(steering_names) / sizeof(*steering_names); i++)
		if (strcmp(name, steering_names[i]) == 0)
			return true;
	return false;
}

static bool is_name(const char *text)
{
	const char *c = text;

	while (char_is_digit(*c) || *c == '_' || (char_fold(*c) >= 'a' && char_fold(*c) <= 'z'))
		c++;
	return *text && !*c && !char_is_digit(*text) && !variable_steers_programs(text);
}

static bool check_name(const struct settings *settings, enum setting setting, const char *name,
                       struct error *err)
{
	if (!name || is_name(name))
		return true;
	error_set(err, ERROR_CONFIG, "%s (%s) is not the name of a variable that a project may choose",
	          setting_rows[setting].key, settings->values[setting].origin);
	return error_hint(
	    err, "Names are letters, digits and \"_\"; those of the loader and the shell are not allowed.");
}

bool variables_check_names(const struct settings *settings, struct arena *arena, struct error *err)
{
	const char *const *handed = setting_list(settings, SETTING_HOOK_ENVIRONMENT, arena);

	while (*handed)
		if (!check_name(settings, SETTING_HOOK_ENVIRONMENT, *handed++, err))
			return false;
	return check_name(settings, SETTING_URL_ENV, setting_text(settings, SETTING_URL_ENV), err) &&
	       check_name(settings, SETTING_ENV_PREFIX, setting_text(settings, SETTING_ENV_PREFIX), err);
}

struct name_list {
	const char **names;
	size_t count;
	struct arena *arena;
};

static void add_all(struct name_list *list, const char *const *names)
{
	while (*names)
		*ARENA_PUSH(list->arena, list->names, list->count) = *names++;
}

static void add_connection_names(struct name_list *list, const struct settings *settings)
{
	const char *url_env = setting_text(settings, SETTING_URL_ENV);
	const char *prefix = setting_text(settings, SETTING_ENV_PREFIX);

	if (url_env)
		add_all(list, (const char *const[]){url_env, NULL});
	if (prefix)
		add_all(list, url_prefix_names(prefix, list->arena));
}

const char *const *variables_of_project(const struct settings *settings, struct arena *arena)
{
	struct name_list list = {.arena = arena};

	add_connection_names(&list, settings);
	add_all(&list, setting_list(settings, SETTING_HOOK_ENVIRONMENT, arena));
	*ARENA_PUSH(arena, list.names, list.count) = NULL;
	return list.names;
}

const char *const *settings_secret_names(const struct settings *settings, struct arena *arena)
{
	struct name_list list = {.arena = arena};

	add_all(&list, child_secrets);
	add_connection_names(&list, settings);
	*ARENA_PUSH(arena, list.names, list.count) = NULL;
	return list.names;
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
		if (!str_is_among(name, known) && !is_named(name, settings) && !is_foreign(name))
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
	             : error_hint(err, "\"rung help environment\" lists the variables; unset this one.");
}
