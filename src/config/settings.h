/*
 * settings.h - what the program was told, and by whom
 *
 * Flag > environment > .env > rung.ini (found upward from the working
 * directory) > default. One table (setting_row.c) names every setting with its
 * place in rung.ini, its flag, its environment variable, its default and its
 * help; the parser, "rung config", the help and the manual read the same rows.
 *
 * .env lies beside rung.ini, or in the working directory without one. Of what
 * it says, variables that are ours or libpq's, those that url_env, env_prefix
 * and [hooks] environment name become part of our environment, as if exported
 * before we started; it never overrides what is there. Its other lines are for
 * other programs. An empty variable counts as none.
 *
 * A project of somebody else's is refused before anything of it is read
 * (trust.h).
 */
#ifndef RUNG_CONFIG_SETTINGS_H
#define RUNG_CONFIG_SETTINGS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/boundary.h"
#include "base/error.h"

enum setting {
	/* [database] */
	SETTING_DATABASE_URL,
	SETTING_URL_ENV,    /* name of another environment variable that holds the URL */
	SETTING_ENV_PREFIX, /* reads PREFIX_HOST, _PORT, _NAME, _USER, _PASSWORD */
	SETTING_DIRECT_URL, /* past a transaction pooler, for what needs a session */
	SETTING_ROLE,       /* SET ROLE after connecting */
	SETTING_CONNECT_TIMEOUT,
	SETTING_HISTORY_TABLE, /* schema.table */
	SETTING_HISTORY_OWNER, /* a role that is trusted as its owner */
	/* [files] */
	SETTING_SCHEMA_DIR,
	SETTING_ROLLBACK_DIR,
	SETTING_SEED_DIR,
	SETTING_ON_CHANGE,     /* error, reapply or converge */
	SETTING_COMPARE,       /* the database with what the files make, after one was applied again */
	SETTING_NAME_TEMPLATE, /* of new files, such as "{number}_{slug}" */
	SETTING_SLUG_LENGTH,
	SETTING_SCHEMA_DUMP,   /* a file that holds the schema after each run; NULL: none */
	SETTING_ALLOW_OUTSIDE, /* whether files may lead out of the project */
	SETTING_VARIABLES,     /* for SQL, as psql's -v; settings_variables() has them one by one */
	/* [create] */
	SETTING_DESIRED, /* the schema that migrations are to lead to: a side (command/generate/side_name.h) */
	SETTING_DESIRED_COMMAND, /* makes it in an empty database */
	SETTING_CREATE_EXCLUDE,  /* what of it is left out */
	/* [upgrade] */
	SETTING_LOCK_TIMEOUT, /* of one try for a strong lock */
	SETTING_LOCK_WAIT,    /* in all, with retries */
	SETTING_STATEMENT_TIMEOUT,
	SETTING_CANCEL_BLOCKERS,
	SETTING_TERMINATE_BLOCKERS,
	SETTING_OUT_OF_ORDER,
	SETTING_SHOW_QUERIES, /* of those who block us; they may hold secrets */
	SETTING_DRIFT,        /* what to do about a schema that others changed */
	/* [drift] */
	SETTING_DRIFT_KEEP,   /* what the schema is like at the end of a run */
	SETTING_DRIFT_IGNORE, /* patterns of objects that others may change */
	/* [backup] */
	SETTING_BACKUP_STORE, /* a directory or a URL */
	SETTING_BACKUP_RECIPIENTS,
	SETTING_BACKUP_RECIPIENTS_FILE,
	SETTING_BACKUP_IDENTITY_FILE,
	SETTING_BACKUP_PASSPHRASE_FILE,
	SETTING_BACKUP_SIGN_KEY,
	SETTING_BACKUP_TRUSTED_KEYS,
	SETTING_BACKUP_LABELS,
	SETTING_BACKUP_EXCLUDED_DATA,
	SETTING_BACKUP_LOCK_WAIT,
	SETTING_BACKUP_REQUIRED, /* no upgrade without one */
	/* [output] */
	SETTING_JSON,
	SETTING_COLOUR,
	SETTING_QUIET,
	SETTING_VERBOSE,
	SETTING_LOG_FILE,
	SETTING_LOG_REQUIRED,
	/* [hooks] */
	SETTING_HOOK_BEFORE_UPGRADE,
	SETTING_HOOK_AFTER_UPGRADE,
	SETTING_HOOK_BEFORE_DOWNGRADE,
	SETTING_HOOK_AFTER_DOWNGRADE,
	SETTING_HOOK_FAILED,      /* after any of them failed */
	SETTING_HOOK_ENVIRONMENT, /* variables that hooks get although they may hold secrets */
	/* [local] */
	SETTING_LOCAL_DIR,
	SETTING_PG_BINDIR,
	SETTING_COUNT,
};

enum setting_kind {
	SETTING_KIND_TEXT,
	SETTING_KIND_PATH, /* relative to the file that says it, or the working directory */
	SETTING_KIND_SIDE, /* the same, unless it is a word or a connection string (side_text.h) */
	SETTING_KIND_FLAG, /* yes or no */
	SETTING_KIND_NUMBER,
	SETTING_KIND_DURATION, /* "250ms", "2s", "10min"; its number is milliseconds */
	SETTING_KIND_CHOICE,
	SETTING_KIND_LIST,       /* a flag for each; elsewhere with spaces between them */
	SETTING_KIND_SECRET_URL, /* shown without its password */
};

struct setting_row {
	const char *section; /* in rung.ini */
	const char *key;
	const char *flag;        /* "--database-url"; NULL: cannot be given by flag */
	char letter;             /* 'v' for -v, or 0 */
	const char *environment; /* "RUNG_SCHEMA_DIR" or, for the URL, "DATABASE_URL"; NULL for none */
	enum setting_kind kind;
	const char *fallback;   /* the default; NULL for none */
	const char *choices;    /* "error|reapply" */
	const char *value_name; /* in help: DIR, URL, DURATION */
	const char *help;
};

/* Indexed by enum setting. */
extern const struct setting_row setting_rows[SETTING_COUNT];

struct setting_value {
	const char *text;   /* as it was written, paths resolved; NULL when neither given nor defaulted */
	int64_t number;     /* of numbers, durations (in milliseconds) and flags (0 or 1); -1 when unset */
	const char *origin; /* "flag", "environment DATABASE_URL", ".env X", "rung.ini:4", "default"; or NULL */
};

/* A variable for SQL. */
struct given_variable {
	const char *name;
	const char *value;
	bool is_typed; /* on the command line */
};

struct settings {
	struct setting_value values[SETTING_COUNT];
	struct given_variable
	    *variables; /* each name once: a flag's before the environment's before rung.ini's */
	size_t variable_count;
	const char *project_dir; /* where rung.ini was found, or the working directory: the root of the project */
	const char *ini_path;    /* NULL without one */
	const char *env_path;    /* .env; NULL without one */
};

/* A setting given on the command line. */
struct setting_flag {
	enum setting setting;
	const char *value;
};

/*
 * Gathers all settings and checks their form: an unknown key in rung.ini, a
 * number that is none or a choice that does not exist is an error with file
 * and line (and a suggestion). Paths come out absolute or relative to the
 * working directory, whichever reads better.
 */
MUST_USE bool settings_load(const struct setting_flag *flags, size_t flag_count, struct arena *arena,
                            struct settings *out, struct error *err);

/* Whether `text` could be its value in rung.ini, where nothing that may hold a password belongs. */
MUST_USE bool setting_check(enum setting setting, const char *text, struct error *err);

/* Whether "key =" says something that leaving the line out does not: it takes a default away. */
bool setting_may_be_empty(enum setting setting);

/* Whether a flag or a variable of the environment says it, and no file of the project. */
bool setting_is_of_caller(const struct settings *settings, enum setting setting);

const char *setting_text(const struct settings *settings, enum setting setting); /* NULL when unset */
bool setting_is_on(const struct settings *settings, enum setting setting);
int64_t setting_number(const struct settings *settings, enum setting setting); /* -1 when unset */
int64_t setting_ms(const struct settings *settings, enum setting setting);     /* -1 when unset */

/* The parts of a list, NULL-terminated; none when it is unset. */
const char *const *setting_list(const struct settings *settings, enum setting setting, struct arena *arena);

/* What the project's files may lead to: its directory and those the settings name outright. */
const struct boundary *settings_boundary(const struct settings *settings, struct arena *arena);

/*
 * The connection as libpq takes it: URI or keywords, assembled from the URL
 * settings or PREFIX_* ("postgresql+asyncpg://" and its like become
 * "postgresql://"). A flag wins; then what url_env or env_prefix name, and a
 * project that names its own variables is not sent elsewhere by a stray
 * DATABASE_URL in the environment; then the plain URL. "" leaves it to PG*
 * variables and the service file when one of those says where; NULL when
 * nothing at all does, or what should hold the URL is there and empty.
 * The result holds the password: never print it, see settings_safe_url().
 */
MUST_USE bool settings_database(const struct settings *settings, struct arena *arena, const char **out,
                                struct error *err);

/* The way past a pooler, in the same form; NULL without one, or when a --database-url leaves it behind. */
const char *settings_direct_database(const struct settings *settings, struct arena *arena);

/* What to say when settings_database() found nothing: which ways there are. Returns false. */
bool settings_refuse_no_database(const struct settings *settings, struct error *err);

/*
 * What may be shown of a connection string: passwords are "***", and so is all
 * of a text that is none, or leaves any doubt what is password (safe_url.c).
 */
char *settings_safe_url(struct arena *arena, const char *url);

/* The same of a text with other words in it, such as a command: addresses, and what is named a secret. */
char *settings_safe_text(struct arena *arena, const char *text);

/*
 * Whether it looks like a connection string. Where none belongs it is refused
 * before anybody repeats it: most likely it is after the wrong option.
 */
bool settings_looks_like_url(const char *text);

/* What may be shown of a setting's value; NULL when it is unset. */
const char *setting_shown(const struct settings *settings, enum setting setting, struct arena *arena);

/*
 * Variables of our environment that hold what is ours alone, as far as the
 * settings know: passwords, the URL, credentials. NULL-terminated; a name that
 * ends in "*" stands for all that begin so.
 */
const char *const *settings_secret_names(const struct settings *settings, struct arena *arena);

/* A copy of `value` on the arena; then the original in argv is wiped, so that no process list shows it. */
char *settings_take_secret(struct arena *arena, char *value);

#endif
