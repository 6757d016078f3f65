/*
 * rung: applies and rolls back numbered SQL migrations.
 *
 * The map. Folders are floors; a file knows its own folder and those below.
 *
 *	main.c       from the command line to one verb, and from its outcome to an exit code
 *	command/     one file per verb, a script over the rest: begin with command.c, the table of verbs
 *	  line/      what was typed, read by that table
 *	  project/   the files of a project: its settings, its pairs, and what git says of them
 *	  database/  the one a verb is about, and what state it is in
 *	  run/       what verbs that change it share, from the question before to the hooks after
 *	  scratch/   servers and databases that live as long as a command
 *	  converge/  what edited files make, and what leads a database there
 *	  generate/  diff and export: two sides, the SQL between them, and its proof
 *	  backup/ import/ help/ test/    the verbs that need several files
 *	apply/       makes a plan happen: begin with migrate.h and run.h
 *	  step/      one file as messages to the server, and the session left as it was found
 *	  lock/      who runs and who waits
 *	  nontransactional/    statement by statement with a journal
 *	  batch/     range by range
 *	plan/        pure: what should happen next, and why
 *	generate/    pure: the SQL that turns one catalog into another; begin with change_script.h
 *	history/     what the database remembers: schema_version and its log
 *	catalog/     the schema as objects, and what differs between two
 *	backup/      made, listed and proven: begin with backup_run.h
 *	  restore/   filled into a new database, compared, swapped: begin with restore_run.h
 *	  rights/    what the role that restores may do, and which entries it skips for that
 *	  summary/   what a database holds, counted and hashed, to compare before and after
 *	  script/    what an SQL script may do to the database it is restored into
 *	store/       where backups are kept: a directory, object storage, an HTTPS server
 *	crypto/      age files, minisign signatures, keys
 *	stream/      bytes on their way: pipes, compression, progress
 *	migration/   the files: names, pairs, directives, checksums
 *	pg/          the server; the only place that knows libpq
 *	sql/         where a statement ends, as psql has it, and what kind it is
 *	config/      settings, and where each came from
 *	report/      events, tables and errors, for people and for programs
 *	base/        strings, arenas, errors, files, children, time
 *
 * The queries we ask are the .sql files beside the code that asks them.
 */
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "base/child.h"
#include "base/descriptor.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/program_name.h"
#include "command/commands.h"
#include "command/database/database.h"
#include "command/import/import_detect.h"
#include "command/line/arguments.h"
#include "command/line/same_options.h"
#include "command/project/parent_project.h"
#include "config/environment.h"
#include "pg/connection_ahead.h"

/*
 * Passwords pass through our memory: it is not to be found in a core file.
 * On Linux that is a mark on the process, which programs we start do not
 * inherit; the limit would bind a server started by "rung local" too.
 */
static void guard_memory(void)
{
#ifdef __linux__
	prctl(PR_SET_DUMPABLE, 0);
#else
	setrlimit(RLIMIT_CORE, &(struct rlimit){0});
#endif
}

/* "rung" alone is "rung status"; --help and --version are verbs in disguise. */
static const struct command *choose_command(struct arguments *arguments, struct arena *arena)
{
	const struct command *named = arguments->command;
	const struct command *chosen = named ? named : command_find("status");

	if (arguments->wants_version)
		chosen = &command_version;
	if (arguments->wants_help || !chosen)
		chosen = &command_help;
	if (chosen == named)
		return named;

	const bool is_topic = chosen == &command_help && named && named != &command_help;
	arguments->operands = arena_array(arena, const char *, 2);
	arguments->operands[0] = is_topic ? named->name : NULL;
	arguments->operand_count = is_topic;
	arguments->option_values = arena_array(arena, const char *, 16);
	return chosen;
}

/* "rung config --trust" is for projects whose settings are not read. */
static bool works_without_settings(const struct arguments *arguments, const struct command *command)
{
	return (command->needs & NEEDS_NO_SETTINGS) ||
	       (command == &command_config && *arguments->option_values && !arguments->operand_count);
}

static bool load_settings(const struct arguments *arguments, const struct command *command,
                          struct arena *arena, struct settings *out, struct error *err)
{
	if (arguments->directory && !directory_enter(arguments->directory))
		return error_set(err, ERROR_USAGE, "could not start in \"%s\": %m", arguments->directory);
	return settings_load(arguments->flags, arguments->flag_count, arena, out, err) ||
	       works_without_settings(arguments, command);
}

static bool open_reporter(const struct settings *settings, const struct command *command, bool is_json,
                          struct reporter **out, struct error *err)
{
	const struct reporter_options options = {
	    .json = is_json || setting_is_on(settings, SETTING_JSON),
	    .quiet = setting_is_on(settings, SETTING_QUIET),
	    .verbose = setting_is_on(settings, SETTING_VERBOSE),
	    .colour = setting_text(settings, SETTING_COLOUR),
	    .log_file = setting_text(settings, SETTING_LOG_FILE),
	    .log_required = setting_is_on(settings, SETTING_LOG_REQUIRED),
	    .command = command->name,
	};

	if (options.log_required && !options.log_file && !(command->needs & NEEDS_NO_SETTINGS)) {
		error_set(err, ERROR_CONFIG, "log_required is on, and no log file is named");
		return error_hint(err, "Name one: \"[output] log_file\" in rung.ini, or --log-file.");
	}
	return reporter_open(&options, out, err);
}

/* In the environment nobody reads what was mistyped; rung.ini and the command line refuse it. */
static void warn_of_variables(const struct context *context)
{
	const char *const *unknown = variables_unknown(context->settings, context->arena);

	for (; !(context->command->needs & NEEDS_NO_SETTINGS) && *unknown; unknown++) {
		const char *meant = variable_suggest(*unknown, context->arena);

		event_warning(context->reporter, "there is no variable %s%s%s%s", *unknown,
		              meant ? ". Did you mean " : "", meant ? meant : "", meant ? "?" : "");
	}
}

static bool name_database(struct context *context, struct error *err)
{
	if (context->command->needs & NEEDS_NO_SETTINGS)
		return true; /* judging a connection string takes libpq, which takes longer than the rest of them */
	if (!settings_database(context->settings, context->arena, &context->database, err) ||
	    !database_check(context, context->database, err)) {
		context->database = NULL;
		return !(context->command->needs & NEEDS_DATABASE);
	}
	return context->database || !(context->command->needs & NEEDS_DATABASE) ||
	       database_refuse_none(context, err);
}

static bool load_tree(struct context *context, struct error *err)
{
	const struct tree_options options = {
	    .schema_dir = setting_text(context->settings, SETTING_SCHEMA_DIR),
	    .rollback_dir = setting_text(context->settings, SETTING_ROLLBACK_DIR),
	    .boundary = context->boundary,
	};

	return !(context->command->needs & NEEDS_TREE) ||
	       (project_check_alone(context, err) && tree_load(&options, context->arena, &context->tree, err));
}

static bool has_no_files(const struct context *context)
{
	return (context->command->needs & NEEDS_TREE) &&
	       !directory_exists(setting_text(context->settings, SETTING_SCHEMA_DIR));
}

/* Without anything of ours here, what somebody else's tool left says most about what is wanted. */
static bool hint_import(const struct context *context, struct error *err)
{
	const char *directory = context->settings->project_dir;
	const char *tool = NULL;

	if (has_no_files(context) && !context->settings->ini_path)
		tool = import_detect(directory, context->arena);
	if (!tool)
		return false;
	const char *before = arena_strdup(context->arena, err->hint);
	return error_hint(err,
	                  "This looks like a project of %s: \"rung import %s\" imports files and history.%s%s",
	                  tool, tool, *before ? " " : "", before);
}

static bool prints_sql(const struct context *context)
{
	return option_is_offered(context, "--sql") && option_is_given(context, "--sql");
}

/* The server starts a backend for us while we read files. */
static void connect_ahead(struct context *context)
{
	if (!(context->command->needs & CONNECTS) || !context->database || prints_sql(context) ||
	    has_no_files(context))
		return;
	struct session_options *options = arena_new(context->arena, struct session_options);
	*options = database_options(context, context->database);
	connection_ahead_begin(options);
}

static bool load_files(struct context *context, struct error *err)
{
	connect_ahead(context);
	return load_tree(context, err);
}

static bool prepare(struct context *context, struct error *err)
{
	return (name_database(context, err) && load_files(context, err)) || hint_import(context, err) ||
	       (has_no_files(context) && project_hint_above(context, err));
}

static bool dispatch(char **argv, struct arena *arena, struct reporter **reporter, struct error *err)
{
	struct arguments arguments = {0};
	struct settings settings = {0};

	if (!arguments_parse(argv, arena, &arguments, err))
		return false;
	same_options_keep(&arguments, arena);
	const struct command *command = choose_command(&arguments, arena);
	if (!load_settings(&arguments, command, arena, &settings, err) ||
	    !open_reporter(&settings, command, arguments_want_json(argv), reporter, err))
		return false;

	struct context context = {
	    .arena = arena,
	    .command = command,
	    .settings = &settings,
	    .boundary = settings_boundary(&settings, arena),
	    .reporter = *reporter,
	    .operands = arguments.operands,
	    .operand_count = arguments.operand_count,
	    .option_values = arguments.option_values,
	};
	child_keep_from(settings_secret_names(&settings, arena));
	warn_of_variables(&context);
	const bool done = prepare(&context, err) && command->run(&context, err);
	connection_ahead_drop();
	return done && reporter_finish(*reporter, err);
}

int main(int argc, char **argv)
{
	scoped_arena struct arena arena = {0};
	scoped_reporter struct reporter *reporter = NULL;
	struct error err = {0};
	struct error ignored;

	descriptors_fill();
	(void)argc;
	program_name_set(argv[0]);
	guard_memory();
	setlocale(LC_CTYPE, "");
	interrupt_install();
	if (dispatch(argv, &arena, &reporter, &err))
		return EXIT_SUCCESS;

	/* Who stops us while we wait for a server that is gone is told that it was stopped, as anywhere else. */
	if (err.kind == ERROR_SERVER && interrupt_requested())
		err.kind = ERROR_CANCELLED;
	/* What fails before the settings are known still answers in the form that was asked for. */
	if (!reporter &&
	    !reporter_open(&(struct reporter_options){.json = arguments_want_json(argv)}, &reporter, &ignored))
		reporter = NULL;
	report_error(reporter, &err);
	/* A failure that nobody named is still no success. */
	return err.kind ? error_exit_code(err.kind) : EXIT_FAILURE;
}
