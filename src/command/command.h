/*
 * command.h - the verbs
 *
 * One row a verb feeds the parser, the help, the manual and the completions.
 * main opens what a row says it needs, so a command's body starts with
 * everything at hand and is a script over the lower floors.
 */
#ifndef RUNG_COMMAND_COMMAND_H
#define RUNG_COMMAND_COMMAND_H

#include "base/arena.h"
#include "base/error.h"
#include "command/help/help_text.h"
#include "config/settings.h"
#include "migration/tree.h"
#include "report/report.h"

/* An option of one verb; settings are options of every verb and stand in their own table. */
struct option_row {
	const char *flag; /* "--dry-run"; NULL ends the list */
	char letter;      /* 'n', or 0 */
	const char
	    *value_name; /* NULL: takes no value; "[=brief]": may be given with that word (or one of "a|b") */
	const char *help;
};

enum command_needs {
	NEEDS_NOTHING = 0,
	NEEDS_TREE = 1,        /* the migrations on disk, loaded; findings are the command's business */
	NEEDS_DATABASE = 2,    /* a connection string must be known; connecting is the command's business */
	IS_HIDDEN = 4,         /* not in the list of verbs */
	NEEDS_NO_SETTINGS = 8, /* works with a broken rung.ini too: settings are then empty */
	CONNECTS = 32,   /* the first thing it does with that database, unless it prints SQL, is to connect */
	TAKES_URLS = 16, /* an operand may be a connection string; the command never shows it as it is */
};

/* Where a verb is in the list of verbs. */
enum command_group {
	GROUP_OTHER,
	GROUP_MOVE,    /* changes the database */
	GROUP_LOOK,    /* never writes */
	GROUP_WRITE,   /* makes and proves files */
	GROUP_RECORD,  /* correct the history */
	GROUP_PREPARE, /* whole databases */
	GROUP_BACKUP,
	GROUP_COUNT,
};

struct context {
	struct arena *arena; /* the command's */
	const struct command *command;
	struct settings *settings;
	struct reporter *reporter;
	const struct boundary *boundary; /* what the project's files may lead to */
	const char *database; /* connection string, "" for libpq's environment; NULL: neither needed nor known */
	struct tree tree;
	const char *const *operands; /* what is neither verb nor option; NULL-terminated */
	size_t operand_count;
	const char *const *option_values; /* by row of command->options: NULL: not given, "": has no value */
};

struct command {
	const char *name;
	const char *operands;         /* "[TARGET]" */
	const struct help_text *help; /* of help/NAME.txt */
	enum command_group group;
	int needs;
	size_t least_operands;
	size_t most_operands;
	const struct option_row *options; /* NULL for none */
	bool (*run)(struct context *context, struct error *err);
};

/* Every verb; ends with NULL. The verbs themselves are declared in commands.h. */
extern const struct command *const commands[];

const struct command *command_find(const char *name);

/* Whether a value has to follow. */
bool option_takes_value(const struct option_row *row);

/* The value of one of the command's own options: NULL when not given, "" when it takes none. */
const char *option_value(const struct context *context, const char *flag);
bool option_is_given(const struct context *context, const char *flag);

/* Whether the command has it at all; the two above may only be asked where it has. */
bool option_is_offered(const struct context *context, const char *flag);

#endif
