/*
 * The migration log: one line per event, tab-separated, for grep, cut and the
 * security review:
 *
 *	time  user@host  command  migration  outcome  duration  error
 *
 * A line is one write to a file opened for appending, so that deployers at
 * once do not tear each other's lines.
 */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "report/display.h"
#include "report/reporter.h"

struct log_file {
	int fd;
	const char *who;
	const char *command;
	struct arena arena;
	const char *failed_name; /* of the step whose error is still to come */
	int64_t failed_duration_ms;
	size_t lost; /* lines that were not written, or not whole */
	int lost_errno;
};

/* Only the name of who runs us is asked for, and only when a log is kept. */
static const char *user_and_host(struct arena *arena)
{
	const struct passwd *user = getpwuid(geteuid());
	char host[256] = "";

	gethostname(host, sizeof(host) - 1);
	return user ? arena_printf(arena, "%s@%s", user->pw_name, host)
	            : arena_printf(arena, "%d@%s", (int)geteuid(), host);
}

bool log_file_open(const char *path, const char *command, struct log_file **out, struct error *err)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0644);

	if (fd < 0)
		return error_set(err, ERROR_STORAGE, "could not open the log file \"%s\": %m", path);
	struct log_file *log = calloc(1, sizeof(*log));
	if (!log) {
		close(fd);
		return error_set(err, ERROR_STORAGE, "out of memory");
	}
	log->fd = fd;
	log->who = user_and_host(&log->arena);
	log->command = command ? command : "-";
	*out = log;
	return true;
}

void log_file_close(struct log_file **log)
{
	if (!*log)
		return;
	close((*log)->fd);
	arena_clear(&(*log)->arena);
	free(*log);
	*log = NULL;
}

/* A line is not continued where it broke off: another deployer's may be there by then. */
static void put_line(struct log_file *log, const char *line, size_t len)
{
	ssize_t put;

	while ((put = write(log->fd, line, len)) < 0 && errno == EINTR)
		;
	if (put == (ssize_t)len)
		return;
	log->lost_errno = put < 0 ? errno : ENOSPC;
	log->lost++;
}

/* A log that cannot be written any more must not stop a migration half-way; it is told at the end. */
static void write_line(struct log_file *log, const char *migration, const char *outcome, int64_t duration_ms,
                       const char *error)
{
	scoped_arena struct arena arena = {0};
	const char *took = duration_ms < 0 ? "-" : duration_text(&arena, duration_ms);
	const char *fields[] = {clock_timestamp(&arena),     log->who, log->command,
	                        migration ? migration : "-", outcome,  took,
	                        error ? error : "-"};
	struct buffer text = {.arena = &arena};

	/* Nothing of others reaches the file uncleaned, nor looks like another field or line. */
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		buffer_printf(&text, "%s%s", i ? "\t" : "", display_line(&arena, fields[i]));
	const char *line = arena_printf(&arena, "%s\n", buffer_cstr(&text));
	put_line(log, line, strlen(line));
}

static const char *step_outcome(const char *action)
{
	static const char *const outcomes[][2] = {
	    {"apply", "applied"},        {"reapply", "reapplied"}, {"resume", "resumed"},
	    {"rollback", "rolled back"}, {"stamp", "stamped"},     {"converge", "converged"},
	};

	for (size_t i = 0; i < sizeof(outcomes) / sizeof(*outcomes); i++)
		if (action && strcmp(action, outcomes[i][0]) == 0)
			return outcomes[i][1];
	return action ? action : "done";
}

void log_file_event(struct log_file *log, const struct event *event)
{
	switch (event->kind) {
	case EVENT_STEP_DONE:
		write_line(log, event->name, step_outcome(event->action), event->duration_ms, NULL);
		break;
	case EVENT_STEP_FAILED:
		log->failed_name = event->name ? arena_strdup(&log->arena, event->name) : NULL;
		log->failed_duration_ms = event->duration_ms;
		break;
	case EVENT_WARNING:
		write_line(log, event->name, "warning", -1, event->text);
		break;
	case EVENT_DONE:
		write_line(log, NULL, "done", event->duration_ms, event->text);
		break;
	case EVENT_NOTE:
	case EVENT_DEBUG:
	case EVENT_PLANNED:
	case EVENT_STEP_BEGIN:
	case EVENT_NOTICE:
	case EVENT_ECHO:
	case EVENT_WAITING:
	case EVENT_PROGRESS:
	case EVENT_FINDING:
		break;
	}
}

void log_file_error(struct log_file *log, const struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *place = *err->place ? arena_printf(&arena, "%s: ", err->place) : "";
	const char *sqlstate = *err->sqlstate ? arena_printf(&arena, " (%s)", err->sqlstate) : "";

	write_line(log, log->failed_name, err->kind == ERROR_CANCELLED ? "cancelled" : "failed",
	           log->failed_name ? log->failed_duration_ms : -1,
	           arena_printf(&arena, "%s%s%s", place, err->message, sqlstate));
	log->failed_name = NULL;
}

size_t log_file_lost(const struct log_file *log)
{
	return log->lost;
}

int log_file_errno(const struct log_file *log)
{
	return log->lost_errno;
}
