/*
 * One loop in poll() moves all that goes between us and a child, as its input, its output and its errors
 * each fit into a pipe of some kilobytes only: who wrote all input before reading the output would wait for
 * a child that waits for us. The wait for a signal to us is in the same poll().
 *
 * fork() and exec, not posix_spawn(), because of what has to happen between them: a process group, another
 * user, a directory by its descriptor, a signal for when we die, an environment without secrets. Threads
 * that run meanwhile do not exist in the child, and with them whatever lock they held; functions that take
 * locks (getpwnam, setenv) are called there only for `user` and `environment`.
 *
 * The order of the end matters. TERM goes to the group before any descriptor is closed, since the end of
 * its input may tell a child to finish its work, and psql to commit it. A child counts as finished when its
 * output is closed and it was waited for, never by one of both; its pid is 0 from then on, as the number
 * may belong to somebody else.
 */
#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "base/buffer.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/str.h"
#include "base/unconst.h"

enum {
	EXIT_NOT_FOUND = 127, /* what shells answer when a program is not there */
	PATIENCE_AFTER_TERM_MS = 5000,
	PATIENCE_WITH_REST_MS = 1000,
	LONGEST_NAP_MS = 50,
	CHUNK_SIZE = 8192,
	STREAM_CHUNK_SIZE = 256 * 1024, /* what streams gigabytes should not wake for every few kilobytes */
	STREAM_LITTLE = 64 * 1024,
	STREAM_PIPE_SIZE = 1024 * 1024, /* the most a user without privileges may ask for */
};

/* What it prints: its two streams. */
enum { OUTPUT, ERRORS, STREAM_COUNT };

struct child {
	struct child_options options;
	char *chunk; /* what was read last */
	size_t chunk_size;
	pid_t pid;
	int to;                 /* its input; -1 when closed */
	int from[STREAM_COUNT]; /* -1 when closed */
	struct buffer printed[STREAM_COUNT];
	struct str unsent;
	bool is_fed;       /* piece by piece, through a socket */
	bool is_wide;      /* much fits into the pipe of its output */
	bool is_trickling; /* wrote little when we looked last */
};

/* --- waiting ---------------------------------------------------------- */

/*
 * The end of a process cannot be polled for together with descriptors (pidfds
 * are Linux only), so it is looked for again and again: soon at first, since
 * most children are quick, then less often.
 */
static void nap(int *nap_ms)
{
	poll(NULL, 0, *nap_ms);
	*nap_ms = *nap_ms * 2 > LONGEST_NAP_MS ? LONGEST_NAP_MS : *nap_ms * 2;
}

bool child_is_alive(pid_t pid)
{
	const pid_t ended = waitpid(pid, NULL, WNOHANG);

	if (ended < 0) /* not a child of ours, or reaped already */
		return kill(pid, 0) == 0 || errno == EPERM;
	return ended == 0;
}

bool child_wait_gone(pid_t pid, int64_t patience_ms)
{
	const int64_t until = clock_now_ms() + patience_ms;
	int nap_ms = 1;

	while (child_is_alive(pid)) {
		if (clock_now_ms() > until)
			return false;
		nap(&nap_ms);
	}
	return true;
}

/* As long as one of it lives, its number is no other group's. */
static bool group_wait_gone(pid_t group, int64_t patience_ms)
{
	const int64_t until = clock_now_ms() + patience_ms;
	int nap_ms = 1;

	while (kill(-group, 0) == 0) {
		if (clock_now_ms() > until)
			return false;
		nap(&nap_ms);
	}
	return true;
}

/* What a shell has run may not listen to TERM where the shell does. */
static void see_gone(struct child *child)
{
	if (!child_wait_gone(child->pid, PATIENCE_AFTER_TERM_MS)) {
		kill(-child->pid, SIGKILL);
		waitpid(child->pid, NULL, 0);
	} else if (!group_wait_gone(child->pid, PATIENCE_AFTER_TERM_MS)) {
		kill(-child->pid, SIGKILL);
	}
	child->pid = 0;
}

/*
 * The whole group goes, since a shell's TERM does not reach what the shell
 * runs. First of all: the end of its input would be the end of a script to
 * psql, which then commits.
 */
static void child_clear(struct child *child)
{
	if (child->pid > 0)
		kill(-child->pid, SIGTERM);
	fd_clear(&child->to);
	for (int i = 0; i < STREAM_COUNT; i++)
		fd_clear(&child->from[i]);
	if (child->pid > 0)
		see_gone(child);
}

/* --- starting --------------------------------------------------------- */

static bool become(const char *name)
{
	const struct passwd *user = getpwnam(name);

	return user && initgroups(user->pw_name, user->pw_gid) == 0 && setgid(user->pw_gid) == 0 &&
	       setuid(user->pw_uid) == 0 && setenv("HOME", user->pw_dir, 1) == 0;
}

/* What follows runs in the child between fork and exec, where only the exit code can speak. */

static void take_streams(int input, int output, int errors)
{
	dup2(input, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(errors, STDERR_FILENO);
}

static void become_user(const struct child_options *options)
{
	if (options->user && !become(options->user))
		_exit(EXIT_NOT_FOUND);
}

/* The system forgets the wish when the user changes, so it is asked for after that. */
static void die_with(pid_t parent, int death_signal)
{
#ifdef __linux__
	if (death_signal && (prctl(PR_SET_PDEATHSIG, death_signal) < 0 || getppid() != parent))
		_exit(EXIT_NOT_FOUND);
#else
	(void)parent;
	(void)death_signal;
#endif
}

const char *const child_secrets[] = {"RUNG_BACKUP_PASSPHRASE",
                                     "RUNG_SIGN_PASSPHRASE",
                                     "RUNG_BACKUP_TOKEN",
                                     "RUNG_VARIABLES",
                                     "DATABASE_URL",
                                     "DIRECT_URL",
                                     "PGPASSWORD",
                                     "AWS_*",
                                     NULL};
static const char *const *secrets = child_secrets;

void child_keep_from(const char *const *names)
{
	secrets = names;
}

static bool is_secret(const char *entry)
{
	const struct str all = str_of(entry);

	return str_matches_any(str_slice(all, 0, str_index(all, '=')), secrets);
}

static void forget_secrets(void)
{
	char **kept = environ;

	for (char **entry = environ; entry && *entry; entry++)
		if (!is_secret(*entry))
			*kept++ = *entry;
	if (kept)
		*kept = NULL;
}

static void start_program(const struct child_options *options)
{
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	forget_secrets();
	if ((options->directory_fd && fchdir(options->directory_fd) < 0) ||
	    (options->directory && chdir(options->directory) < 0))
		_exit(EXIT_NOT_FOUND);
	if (options->inherited)
		fcntl(options->inherited, F_SETFD, 0);
	for (const char *const *entry = options->environment; entry && *entry; entry++)
		if (strchr(*entry, '='))
			putenv(unconst(*entry));
		else
			unsetenv(*entry);
	execvp(options->argv[0], unconst(options->argv));
	_exit(EXIT_NOT_FOUND);
}

static bool cannot_start(const struct child_options *options, struct error *err)
{
	return error_set(err, ERROR_STORAGE, "could not start \"%s\": %m", options->argv[0]);
}

static bool keeps_output(const struct child_options *options)
{
	return options->capture || options->receive;
}

static void prepare_chunk(struct child *child, struct arena *arena)
{
	child->chunk_size = child->options.receive ? STREAM_CHUNK_SIZE : CHUNK_SIZE;
	child->chunk = arena_alloc(arena, child->chunk_size);
}

/* A larger pipe lets both sides work at the same time. Not everybody may have one; true when it is there. */
static bool widen(int fd)
{
#ifdef F_SETPIPE_SZ
	return fcntl(fd, F_SETPIPE_SZ, STREAM_PIPE_SIZE) >= STREAM_PIPE_SIZE;
#else
	(void)fd;
	return false;
#endif
}

/*
 * Who waits for room in a pipe is woken for every page that is read, and then
 * writes a page; in a socket there is room again when three quarters are read.
 */
static int open_feed(int ends[2])
{
	const int size = STREAM_PIPE_SIZE;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return -1;
	(void)setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	return 0;
}

static bool child_start(struct child *child, struct error *err)
{
	const struct child_options *options = &child->options;
	const pid_t parent = getpid();
	int input[2];
	int output[2];
	int errors[2];

	if ((child->is_fed ? open_feed(input) : pipe2(input, O_CLOEXEC)) < 0)
		return cannot_start(options, err);
	child->to = input[1];
	scoped_fd int child_input = input[0];
	if (pipe2(output, O_CLOEXEC) < 0)
		return cannot_start(options, err);
	child->from[OUTPUT] = output[0];
	scoped_fd int child_output = output[1];
	if (pipe2(errors, O_CLOEXEC) < 0)
		return cannot_start(options, err);
	child->from[ERRORS] = errors[0];
	scoped_fd int child_errors = errors[1];

	child->pid = fork();
	if (child->pid < 0)
		return cannot_start(options, err);
	if (child->pid == 0) {
		setpgid(0, 0);
		take_streams(child_input, keeps_output(options) ? child_output : STDERR_FILENO,
		             keeps_output(options) ? child_errors : STDERR_FILENO);
		become_user(options);
		die_with(parent, options->dies_with_us ? SIGTERM : 0);
		start_program(options);
	}
	setpgid(child->pid, child->pid); /* in both processes: a signal to the group must find it */
	child->unsent = options->input;
	fcntl(child->to, F_SETFL, O_NONBLOCK);
	if (options->receive)
		child->is_wide = widen(child->from[OUTPUT]);
	return true;
}

/*
 * A child may read a part of its input and be content. Writing to it then fails with EPIPE (SIGPIPE is
 * ignored), which is the child's business: its exit code tells.
 */
static void feed(struct child *child)
{
	const ssize_t put = write(child->to, child->unsent.text, child->unsent.len);

	if (put > 0) {
		child->unsent = str_slice(child->unsent, (size_t)put, child->unsent.len);
	} else if (errno != EAGAIN && errno != EINTR) {
		child->unsent.len = 0; /* it does not want any more */
		fd_clear(&child->to);
	}
}

static bool drain(struct child *child, int stream, struct error *err)
{
	const ssize_t got = read(child->from[stream], child->chunk, child->chunk_size);
	const struct str bytes = {child->chunk, got > 0 ? (size_t)got : 0};

	if (got > 0 && stream == OUTPUT && child->options.receive) {
		child->is_trickling = child->is_wide && got < STREAM_LITTLE;
		return child->options.receive(child->options.context, bytes, err);
	}
	if (got <= 0) {
		if (got == 0 || errno != EINTR)
			fd_clear(&child->from[stream]);
		return true;
	}
	buffer_add(&child->printed[stream], bytes);
	return stream != ERRORS || !child->options.watch ||
	       child->options.watch(child->options.watcher, buffer_str(&child->printed[ERRORS]), err);
}

/* A child that cleans up is not stopped by the Ctrl-C that made it necessary. */
static bool is_stopped(const struct child *child)
{
	return interrupt_requested() && !child->options.must_finish;
}

/*
 * Waits until something can be moved, and moves it. A program that writes a
 * page at a time would wake us for each: where there is room for it, it gets
 * a millisecond to write more.
 */
static bool exchange(struct child *child, struct error *err)
{
	const int patience_ms = child->is_trickling ? 1 : child->options.stops_rest ? LONGEST_NAP_MS : -1;
	struct pollfd events[] = {{.fd = child->is_trickling ? -1 : child->from[OUTPUT], .events = POLLIN},
	                          {.fd = child->from[ERRORS], .events = POLLIN},
	                          {.fd = child->unsent.len ? child->to : -1, .events = POLLOUT},
	                          {.fd = child->options.must_finish ? -1 : interrupt_fd(), .events = POLLIN}};

	child->is_trickling = false;
	if (poll(events, sizeof(events) / sizeof(*events), patience_ms) < 0 && errno != EINTR)
		return error_set(err, ERROR_STORAGE, "could not wait: %m");
	if (is_stopped(child))
		return interrupt_check(err);
	if (events[2].revents)
		feed(child);
	for (int i = 0; i < STREAM_COUNT; i++)
		if (events[i].revents && !drain(child, i, err))
			return false;
	return true;
}

static bool is_talking(const struct child *child)
{
	return child->from[OUTPUT] >= 0 || child->from[ERRORS] >= 0 || child->unsent.len > 0;
}

/* It stays a zombie, so its number, which is that of its group, is nobody else's yet. */
static bool has_ended(const struct child *child)
{
	siginfo_t info = {0};

	return waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid;
}

/*
 * What it has left running may hold its output open, and may have left the group for that: what is printed
 * a little later than that is nobody's word.
 */
static bool stop_rest(struct child *child, struct error *err)
{
	static const int signals[] = {SIGTERM, SIGKILL};

	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		const int64_t until = clock_now_ms() + PATIENCE_WITH_REST_MS;

		kill(-child->pid, signals[i]);
		while (is_talking(child) && clock_now_ms() < until)
			if (!exchange(child, err))
				return false;
	}
	for (int i = 0; i < STREAM_COUNT; i++)
		fd_clear(&child->from[i]);
	child->unsent.len = 0;
	return true;
}

/* Moves bytes until the child closes its output and has had all its input. */
static bool converse(struct child *child, struct error *err)
{
	while (is_talking(child) && !(child->options.stops_rest && has_ended(child))) {
		if (child->unsent.len == 0)
			fd_clear(&child->to);
		if (!exchange(child, err))
			return false;
	}
	fd_clear(&child->to);
	return true;
}

static bool wait_for_exit(struct child *child, int *exit_code, struct error *err)
{
	int status = 0;
	int nap_ms = 1;

	while (waitpid(child->pid, &status, WNOHANG) == 0) {
		if (is_stopped(child))
			return interrupt_check(err);
		nap(&nap_ms);
	}
	child->pid = 0;
	*exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	return true;
}

/* One that closes its output early works on. */
static bool wait_and_stop_rest(struct child *child, struct error *err)
{
	int nap_ms = 1;

	while (!has_ended(child)) {
		if (is_stopped(child))
			return interrupt_check(err);
		nap(&nap_ms);
	}
	return stop_rest(child, err);
}

static bool see_off(struct child *child, struct child_result *out, struct error *err)
{
	int exit_code = 0;

	if (!converse(child, err) || (child->options.stops_rest && !wait_and_stop_rest(child, err)) ||
	    !wait_for_exit(child, &exit_code, err))
		return false;
	*out = (struct child_result){exit_code, buffer_str(&child->printed[OUTPUT]),
	                             buffer_str(&child->printed[ERRORS])};
	return true;
}

static struct child new_child(const struct child_options *options, struct arena *arena)
{
	struct child child = {
	    .options = *options, .to = -1, .from = {-1, -1}, .printed = {{.arena = arena}, {.arena = arena}}};

	prepare_chunk(&child, arena);
	return child;
}

bool child_run(const struct child_options *options, struct arena *arena, struct child_result *out,
               struct error *err)
{
	SCOPED(child_clear) struct child child = new_child(options, arena);

	return child_start(&child, err) && see_off(&child, out, err);
}

static struct str last_lines(struct str text)
{
	enum { ENOUGH = 1500 };

	text = str_trim(text);
	return str_slice(text, text.len > ENOUGH ? text.len - ENOUGH : 0, text.len);
}

static bool ended_well(const struct child_options *options, const struct child_result *result,
                       struct error *err)
{
	const char *program = options->argv[0];

	if (result->exit_code == 0 || (options->excuse && options->excuse(options->watcher, result)))
		return true;
	if (result->exit_code == EXIT_NOT_FOUND && result->errors.len == 0)
		return error_set(err, ERROR_STORAGE, "could not run \"%s\": no such program", program);
	error_set(err, ERROR_STORAGE, "\"%s\" failed with exit code %d", path_name(program), result->exit_code);
	return error_detail(err, "%.*s",
	                    STR_ARGS(last_lines(result->errors.len ? result->errors : result->output)));
}

bool child_must_run(const struct child_options *options, struct arena *arena, struct child_result *out,
                    struct error *err)
{
	struct child_result result;

	if (!child_run(options, arena, &result, err) || !ended_well(options, &result, err))
		return false;
	*out = result;
	return true;
}

/* --- talking to it ---------------------------------------------------- */

bool child_open(const struct child_options *options, struct arena *arena, struct child **out,
                struct error *err)
{
	struct child *child = arena_new(arena, struct child);

	*child = new_child(options, arena);
	child->is_fed = true;
	if (!child_start(child, err)) {
		child_clear(child);
		return false;
	}
	*out = child;
	return true;
}

bool child_write(struct child *child, struct str bytes, struct error *err)
{
	struct child_result result;

	if (child->to < 0)
		return true;
	child->unsent = bytes;
	while (child->unsent.len > 0)
		if (!exchange(child, err))
			return false;
	return child->to >= 0 || child_finish(child, &result, err);
}

bool child_finish(struct child *child, struct child_result *out, struct error *err)
{
	struct child_result result = {.output = buffer_str(&child->printed[OUTPUT])};

	if (child->pid > 0 && (!see_off(child, &result, err) || !ended_well(&child->options, &result, err)))
		return false;
	*out = result;
	return true;
}

void child_close(struct child **child)
{
	if (*child)
		child_clear(*child);
	*child = NULL;
}

/* --- continuing beside us ----------------------------------------------- */

bool child_launch(const struct child_options *options, const char *log_path, int death_signal, pid_t *pid,
                  struct error *err)
{
	const pid_t parent = getpid();
	const pid_t started = fork();

	if (started < 0)
		return cannot_start(options, err);
	if (started == 0) {
		setsid();
		become_user(options);
		die_with(parent, death_signal);
		const int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
		const int output = open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
		if (input < 0 || output < 0)
			_exit(EXIT_NOT_FOUND);
		take_streams(input, output, output);
		start_program(options);
	}
	*pid = started;
	return true;
}
