/*
 * A server of our own is for work on data that must not touch anybody's (docs/decisions/0011). Everything
 * that makes it private is said on its command line and not in postgresql.conf, which the owner of a kept
 * server may edit: no TCP, a socket in a directory that only its user enters, "trust" for anyone who is in
 * there.
 *
 * There is no lock file of ours for "it is starting". The directory is locked while a cluster is made or a
 * server is started, and who comes second waits and then finds it running. Ready is a server that answers a
 * connection; its pid file says that it lives, not that it has recovered.
 *
 * postgres is started itself. pg_ctl would be shorter, but what it starts keeps our pipes and outlives us:
 * a scratch server is sent SIGQUIT by the system when we end, however that happens. The wish is the
 * thread's that started it (prctl(2)), which therefore has to live as long as the server.
 *
 * Until a kept server has answered, it ends with us too, so a failed start leaves none behind.
 */
#include "pg/server.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/child.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "pg/cluster.h"
#include "pg/program.h"
#include "pg/server_directory.h"
#include "pg/session.h"

enum {
	/* Crash recovery of a kept server may take a while; a scratch one needs a second. */
	PATIENCE_TO_START_MS = 2 * 60 * 1000,
	PATIENCE_WITH_COPY_MS = 30 * 1000,
	PATIENCE_TO_STOP_MS = 60 * 1000,
	PATIENCE_TO_CONNECT_MS = 10 * 1000,
};

struct server {
	struct arena arena;
	struct server_directory server_directory;
	struct program_place programs;
	pid_t pid; /* 0 when somebody else started it */
	bool is_temporary;
	bool ends_with_us;
};

/* --- binaries --------------------------------------------------------- */

static bool find_server_programs(const char *bindir, int major, struct arena *arena,
                                 struct program_place *out, struct error *err)
{
	const struct program_wish wish = {
	    .names = (const char *const[]){"initdb", "postgres", NULL},
	    .bindir = bindir,
	    .least_major = major,
	    .most_major = major,
	    .package = "the server package (Debian, Ubuntu: postgresql; Fedora: postgresql-server; "
	               "Alpine, Homebrew: postgresql)",
	};
	if (!program_find(&wish, arena, out, err))
		return false;
	out->directory = path_normalize(arena, out->directory); /* they run in another directory than we do */
	return true;
}

static bool choose_programs(struct server *server, const struct server_options *options, struct error *err)
{
	const int made_with = server_directory_major(server->server_directory.path);

	if (find_server_programs(options->bindir, made_with ? made_with : options->major, &server->arena,
	                         &server->programs, err))
		return true;
	if (made_with)
		error_context(err, "the data in \"%s\" was made by PostgreSQL %d", server->server_directory.path,
		              made_with);
	return false;
}

/* --- starting --------------------------------------------------------- */

/* A list in itself: quoted, whatever is in the path. */
static char *socket_directories(const char *server_directory, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	buffer_text(&text, "unix_socket_directories=\"");
	for (const char *c = server_directory; *c; c++) {
		if (*c == '"')
			buffer_char(&text, '"');
		buffer_char(&text, *c);
	}
	buffer_char(&text, '"');
	return buffer_cstr(&text);
}

/* On the command line and not in postgresql.conf, which is the user's to edit. */
static const char *const *server_arguments(const struct server *server, bool is_fast, struct arena *arena)
{
	static const char *const always[] = {"listen_addresses=", "unix_socket_permissions=0700", "port=5432",
	                                     "logging_collector=off", "log_destination=stderr"};
	static const char *const fast[] = {"fsync=off",
	                                   "full_page_writes=off",
	                                   "synchronous_commit=off",
	                                   "wal_level=minimal",
	                                   "max_wal_senders=0",
	                                   "max_wal_size=1GB",
	                                   "checkpoint_timeout=1d",
	                                   "shared_buffers=32MB",
	                                   "max_locks_per_transaction=256", /* one for each object restored */
	                                   "autovacuum=off",
	                                   "jit=off"};
	const char **argv = NULL;
	size_t count = 0;

	*ARENA_PUSH(arena, argv, count) = path_join(arena, server->programs.directory, "postgres");
	*ARENA_PUSH(arena, argv, count) = "-D";
	*ARENA_PUSH(arena, argv, count) = path_join(arena, server->server_directory.path, "data");
	*ARENA_PUSH(arena, argv, count) = "-c";
	*ARENA_PUSH(arena, argv, count) = socket_directories(server->server_directory.path, arena);
	for (size_t i = 0; i < sizeof(always) / sizeof(*always); i++) {
		*ARENA_PUSH(arena, argv, count) = "-c";
		*ARENA_PUSH(arena, argv, count) = always[i];
	}
	for (size_t i = 0; is_fast && i < sizeof(fast) / sizeof(*fast); i++) {
		*ARENA_PUSH(arena, argv, count) = "-c";
		*ARENA_PUSH(arena, argv, count) = fast[i];
	}
	*ARENA_PUSH(arena, argv, count) = NULL;
	return argv;
}

/* The postmaster itself, not pg_ctl, whose children would keep our pipes open. */
static bool launch(struct server *server, bool is_fast, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *log = path_join(&arena, server->server_directory.path, "log");
	const struct child_options options = {.argv = server_arguments(server, is_fast, &arena),
	                                      .user = server->server_directory.user,
	                                      .directory = "/"};

	if (rename(log, arena_printf(&arena, "%s.before", log)) < 0 && errno != ENOENT)
		return error_set(err, ERROR_STORAGE, "could not set \"%s\" aside: %m", log);
	server->ends_with_us = true;
	return child_launch(&options, log, server->is_temporary ? SIGQUIT : 0, &server->pid, err);
}

static char *last_of_log(const struct server *server, struct arena *arena)
{
	enum { ENOUGH = 1500 };
	char *text = arena_alloc(arena, ENOUGH + 1);
	scoped_fd int fd =
	    open(path_join(arena, server->server_directory.path, "log"), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct stat info;

	if (fd < 0 || fstat(fd, &info) < 0)
		return text;
	const ssize_t got = pread(fd, text, ENOUGH, info.st_size > ENOUGH ? info.st_size - ENOUGH : 0);
	text[got > 0 ? got : 0] = '\0';
	return text;
}

static bool start_failed(const struct server *server, const char *what, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct str words = str_trim(str_of(last_of_log(server, &arena)));

	error_set(err, ERROR_SERVER, "could not start a private server: %s", what);
	return error_detail(err, "%.*s", STR_ARGS(words));
}

static bool answers(const struct server *server, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_session struct session *session = NULL;
	const struct session_options options = {.conninfo = server_url(server, "postgres", &arena),
	                                        .application_name = "rung",
	                                        .connect_timeout_ms = PATIENCE_TO_CONNECT_MS};

	return session_open(&options, &session, err);
}

static bool wait_until_ready(struct server *server, int64_t patience_ms, struct error *err)
{
	const int64_t until = clock_now_ms() + patience_ms;
	struct error refusal;

	for (int64_t nap_ms = 4;; nap_ms = nap_ms < 100 ? nap_ms + nap_ms / 2 : nap_ms) {
		if (answers(server, &refusal))
			return true;
		if (server->pid && !child_is_alive(server->pid)) {
			server->pid = 0;
			return start_failed(server, "it exited immediately", err);
		}
		/* One that was joined, and that somebody stops or removes. */
		if (!server->pid && !server_directory_postmaster(server->server_directory.path))
			return start_failed(server, "it was stopped meanwhile", err);
		if (clock_now_ms() > until)
			return start_failed(server, refusal.detail[0] ? refusal.detail : "it does not answer", err);
		if (!clock_sleep_ms(nap_ms))
			return interrupt_check(err);
	}
}

static bool start(struct server *server, bool is_fast, int64_t patience_ms, struct error *err)
{
	return launch(server, is_fast, err) && wait_until_ready(server, patience_ms, err);
}

/* A copy in which no server starts is of a damaged one: what initdb makes is tried before anything is said.
 */
static bool create_and_start(struct server *server, bool is_fast, struct error *err)
{
	const struct cluster_place place = {.home = server->server_directory.path,
	                                    .user = server->server_directory.user,
	                                    .programs = server->programs,
	                                    .is_fast = is_fast};
	bool is_copy;

	if (!cluster_create(&place, &is_copy, err))
		return false;
	if (start(server, is_fast, is_copy ? PATIENCE_WITH_COPY_MS : PATIENCE_TO_START_MS, err))
		return true;
	if (!is_copy || err->kind == ERROR_CANCELLED)
		return false;
	if (server->pid)
		postmaster_end(server->pid);
	return cluster_create_again(&place, err) && start(server, is_fast, PATIENCE_TO_START_MS, err);
}

static bool bring_up(struct server *server, const struct server_options *options, struct error *err)
{
	if (!choose_programs(server, options, err))
		return false;
	if (server_directory_postmaster(server->server_directory.path))
		return wait_until_ready(server, PATIENCE_TO_START_MS, err);
	if (server_directory_major(server->server_directory.path))
		return start(server, options->is_fast, PATIENCE_TO_START_MS, err);
	return create_and_start(server, options->is_fast, err);
}

static bool open_temporary(struct server *server, const struct server_options *options, struct error *err)
{
	server->is_temporary = true;
	return server_directory_open_temporary(&server->arena, &server->server_directory, err) &&
	       bring_up(server, options, err);
}

static bool open_kept(struct server *server, const struct server_options *options, struct error *err)
{
	const char *directory = path_normalize(&server->arena, options->directory);

	if (!server_directory_open_kept(directory, &server->arena, &server->server_directory, err) ||
	    !bring_up(server, options, err))
		return false;
	server->ends_with_us = false;
	fd_clear(&server->server_directory.lock_fd); /* the next one may join */
	return true;
}

bool server_open(const struct server_options *options, struct server **out, struct error *err)
{
	struct arena arena = {0};
	scoped_server struct server *server = arena_new(&arena, struct server);

	*server = (struct server){.arena = arena, .server_directory = {.lock_fd = -1}};
	if (options->directory ? !open_kept(server, options, err) : !open_temporary(server, options, err))
		return false;
	*out = TAKE(server);
	return true;
}

/* --- ending ----------------------------------------------------------- */

void server_close(struct server **server)
{
	struct server *it = TAKE(*server);
	struct error ignored;

	if (!it)
		return;
	if (it->pid > 0 && it->ends_with_us)
		postmaster_end(it->pid);
	if (it->is_temporary && it->server_directory.path &&
	    !server_directory_remove(it->server_directory.path, it->server_directory.user, &ignored))
		it->server_directory.path = NULL; /* the next run sweeps it up */
	fd_clear(&it->server_directory.lock_fd);
	struct arena arena = it->arena;
	arena_clear(&arena);
}

const char *server_bindir(const struct server *server)
{
	return server->programs.directory;
}

/* --- addresses -------------------------------------------------------- */

static void add_encoded(struct buffer *url, const char *text)
{
	for (; *text; text++) {
		const unsigned char c = (unsigned char)*text;

		if (char_is_digit(*text) || (char_fold(*text) >= 'a' && char_fold(*text) <= 'z') ||
		    strchr("-._~/", c))
			buffer_char(url, *text);
		else
			buffer_printf(url, "%%%02X", c);
	}
}

/* With its port, since PGPORT may mean another server. */
static char *url_at(const char *server_directory, const char *database, struct arena *arena)
{
	struct buffer url = {.arena = arena};

	buffer_text(&url, "postgresql://" CLUSTER_SUPERUSER "@/");
	add_encoded(&url, database);
	buffer_text(&url, "?host=");
	add_encoded(&url, server_directory);
	buffer_text(&url, "&port=5432");
	return buffer_cstr(&url);
}

char *server_url(const struct server *server, const char *database, struct arena *arena)
{
	return url_at(server->server_directory.path, database, arena);
}

char *server_url_of(const char *directory, const char *database, struct arena *arena)
{
	const char *server_directory = NULL;
	struct error ignored;

	if (!server_directory_find(directory, arena, &server_directory, &ignored) || !server_directory)
		server_directory = path_join(arena, path_normalize(arena, directory), "server");
	return url_at(server_directory, database, arena);
}

/* --- the kept one, looked at from outside ----------------------------- */

bool server_check(const char *directory, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *server_directory;

	return server_directory_find(directory, &arena, &server_directory, err);
}

enum server_state server_look(const char *directory, int *pid)
{
	scoped_arena struct arena arena = {0};
	const char *server_directory = NULL;
	struct error ignored;

	*pid = 0;
	if (!server_directory_find(directory, &arena, &server_directory, &ignored) || !server_directory ||
	    !server_directory_major(server_directory))
		return SERVER_ABSENT;
	*pid = (int)server_directory_postmaster(server_directory);
	return *pid ? SERVER_RUNNING : SERVER_STOPPED;
}

/* SIGINT is a fast shutdown: clients are disconnected. SIGTERM would wait for them to leave. */
bool server_stop(const char *directory, struct error *err)
{
	int pid;

	if (server_look(directory, &pid) != SERVER_RUNNING)
		return true;
	if (kill(pid, SIGINT) < 0)
		return error_set(err, ERROR_SERVER, "could not stop the server (pid %d): %m", pid);
	if (!child_wait_gone(pid, PATIENCE_TO_STOP_MS)) {
		error_set(err, ERROR_SERVER, "the server (pid %d) did not stop in time", pid);
		return error_hint(err,
		                  "It may still be writing its data to disk; look again with \"rung local status\".");
	}
	return true;
}

bool server_destroy(const char *directory, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *link = path_join(&arena, directory, "server");
	const char *server_directory = NULL;
	scoped_fd int lock = -1;

	if (!server_directory_find(directory, &arena, &server_directory, err) ||
	    !server_directory_lock(directory, &lock, err) ||
	    !server_directory_find(directory, &arena, &server_directory, err) || !server_stop(directory, err) ||
	    (server_directory &&
	     !server_directory_remove(server_directory, server_directory_user(server_directory, &arena), err)))
		return false;
	if (unlink(link) < 0 && errno != ENOENT)
		return error_set(err, ERROR_STORAGE, "could not remove \"%s\": %m", link);
	unlink(path_join(&arena, directory, ".gitignore"));
	if (rmdir(directory) < 0 && errno != ENOENT && errno != ENOTEMPTY && errno != EEXIST)
		return error_set(err, ERROR_STORAGE, "could not remove \"%s\": %m", directory);
	return true;
}
