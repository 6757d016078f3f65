/*
 * A private server for development: it listens on a unix socket alone and continues running when this
 * command has ended. What makes it safe to remove is in pg/server.c; this file names it and asks before.
 *
 * The database is named like the project's directory, in letters that need no quotes in SQL or a URL. The
 * directory is local_dir, .rung by default.
 *
 * "url" prints nothing else and fails when the server does not run, because it is used as
 * DATABASE_URL="$(rung local url)".
 */
#include <string.h>

#include "base/file.h"
#include "base/number_text.h"
#include "base/program_name.h"
#include "command/commands.h"
#include "command/database/database.h"
#include "command/project/parent_project.h"
#include "command/run/question.h"
#include "pg/server.h"
#include "pg/session.h"
#include "report/property.h"

static const char *directory_of(const struct context *context)
{
	return setting_text(context->settings, SETTING_LOCAL_DIR);
}

/* Named like the project, in letters that need no quotes. */
static const char *database_of(struct context *context)
{
	const char *asked = option_value(context, "--database");
	char *name = arena_strdup(context->arena,
	                          path_name(path_normalize(context->arena, context->settings->project_dir)));

	if (asked)
		return asked;
	for (char *c = name; *c; c++) {
		*c = char_fold(*c);
		if (!char_is_digit(*c) && (*c < 'a' || *c > 'z'))
			*c = '_';
	}
	return *name && !char_is_digit(*name) ? name : "rung";
}

static bool not_running(const struct context *context, struct error *err)
{
	error_set(err, ERROR_SERVER, "no private server is running in \"%s\"", directory_of(context));
	return error_hint(err, "Start it with \"rung local start\".");
}

static bool create_database(const struct context *context, const struct server *server, const char *name,
                            struct error *err)
{
	scoped_session struct session *beside = NULL;
	const struct session_options options = {.conninfo = server_url(server, "postgres", context->arena),
	                                        .application_name = "rung " RUNG_VERSION};
	bool created;

	return session_open(&options, &beside, err) && database_create_beside(beside, name, NULL, &created, err);
}

static void describe(struct context *context, const char *state, int pid)
{
	const bool is_running = pid != 0;
	const char *url = server_url_of(directory_of(context), database_of(context), context->arena);
	const struct property facts[] = {
	    {"state", "Server", state, COLUMN_STATE},
	    {"pid", "Process", is_running ? number_text(context->arena, pid) : NULL, COLUMN_NUMBER},
	    {"directory", "Directory", directory_of(context), COLUMN_TEXT},
	    {"url", "URL", is_running ? url : NULL, COLUMN_TEXT},
	};

	properties_print("local", facts, sizeof(facts) / sizeof(*facts), context->arena, context->reporter);
}

/* --- the actions ------------------------------------------------------ */

/* In a directory of the project another server would be made, for a database called like that directory. */
static bool check_place(const struct context *context, struct error *err)
{
	int pid;

	return setting_is_of_caller(context->settings, SETTING_LOCAL_DIR) ||
	       server_look(directory_of(context), &pid) != SERVER_ABSENT || project_check_root(context, err);
}

static bool start(struct context *context, struct error *err)
{
	const struct server_options options = {.directory = directory_of(context),
	                                       .bindir = setting_text(context->settings, SETTING_PG_BINDIR)};
	scoped_server struct server *server = NULL;
	int pid;

	if (!check_place(context, err) || !server_open(&options, &server, err) ||
	    !create_database(context, server, database_of(context), err))
		return false;
	(void)server_look(directory_of(context), &pid);
	describe(context, "running", pid);
	event_note(
	    context->reporter, "%s",
	    program_name_in_text(context->arena,
	                         program_advice(context->arena, "Next: export DATABASE_URL=\"$(rung local url)\" "
	                                                        "&& rung setup")));
	return true;
}

static bool stop(struct context *context, struct error *err)
{
	int pid;
	const bool was_running = server_look(directory_of(context), &pid) == SERVER_RUNNING;

	if (!server_stop(directory_of(context), err))
		return false;
	event_note(context->reporter,
	           was_running ? "stopped; \"rung local start\" starts it again" : "it is not running");
	return true;
}

static bool look(struct context *context, struct error *err)
{
	static const char *const words[] = {
	    [SERVER_ABSENT] = "absent", [SERVER_STOPPED] = "stopped", [SERVER_RUNNING] = "running"};
	int pid;
	const enum server_state state = server_look(directory_of(context), &pid);

	(void)err;
	describe(context, words[state], pid);
	return true;
}

static bool print_url(struct context *context, struct error *err)
{
	int pid;

	if (server_look(directory_of(context), &pid) != SERVER_RUNNING)
		return not_running(context, err);
	if (reporter_is_json(context->reporter)) {
		describe(context, "running", pid);
		return true;
	}
	report_text(context->reporter,
	            arena_printf(context->arena, "%s\n",
	                         server_url_of(directory_of(context), database_of(context), context->arena)));
	return true;
}

static bool destroy(struct context *context, struct error *err)
{
	int pid;

	if (server_look(directory_of(context), &pid) == SERVER_ABSENT) {
		event_note(context->reporter, "there is none");
		return true;
	}
	if (!question_settle(context, "destroying a server and its data",
	                     arena_printf(context->arena,
	                                  "Remove the private server in \"%s\" with all its databases?",
	                                  directory_of(context)),
	                     NULL, NULL, err))
		return false;
	if (!server_destroy(directory_of(context), err))
		return false;
	event_note(context->reporter, "the private server and its data were removed");
	return true;
}

static const struct {
	const char *name;
	bool (*run)(struct context *context, struct error *err);
} actions[] = {
    {"start", start}, {"stop", stop}, {"status", look}, {"url", print_url}, {"destroy", destroy},
};

static bool cmd_local(struct context *context, struct error *err)
{
	enum { COUNT = sizeof(actions) / sizeof(*actions) };
	const char *names[COUNT + 1] = {0};
	const char *asked = context->operands[0];

	if (!server_check(directory_of(context), err))
		return false;
	for (size_t i = 0; i < COUNT; i++) {
		if (strcmp(actions[i].name, asked) == 0)
			return actions[i].run(context, err);
		names[i] = actions[i].name;
	}
	const char *meant = str_suggest(asked, names);
	error_set(err, ERROR_USAGE, "\"rung local\" cannot \"%s\"", asked);
	return meant ? error_hint(err, "Did you mean \"%s\"?", meant)
	             : error_hint(err, "Use start, stop, status, url or destroy.");
}

static const struct option_row options[] = {
    {"--database", 0, "NAME", "the database in the URL; default: named like the project"},
    {"--force", 'f', NULL, "destroy without asking"},
    {0},
};

const struct command command_local = {
    .name = "local",
    .operands = "start|stop|status|url|destroy",
    .help = &HELP_local,
    .group = GROUP_PREPARE,
    .needs = NEEDS_NOTHING,
    .least_operands = 1,
    .most_operands = 1,
    .options = options,
    .run = cmd_local,
};
