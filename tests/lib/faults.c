/*
 * faults.c - makes one call of the program fail, for cases that hold the outcome against the database
 *
 * Loaded with LD_PRELOAD. RUNG_FAULT=CLASS:N lets the Nth call of a class fail
 * once, with nothing done; RUNG_FAULT=CLASS:N:on lets it and all after it fail.
 * RUNG_FAULT_COUNT=FILE writes at the end how many calls of each class there
 * were. Only calls after the connection is made are counted: glibc and OpenSSL
 * themselves crash where memory is not to be had for what they set up first.
 *
 *	queue   whatever hands libpq something to send
 *	flush   PQflush
 *	input   PQconsumeInput
 *	send    send(), as libpq calls it
 *	recv    recv(), as libpq calls it
 *	memory  malloc, calloc, realloc
 *	write   write()
 *
 * What the program asks of files is counted from the start and never fails:
 *
 *	open    open(), openat()
 *	stat    stat(), lstat(), fstat()
 *	read    read()
 *	path    getcwd(), realpath()
 *
 * RUNG_FAULT_KILL=N ends the program by SIGKILL before its Nth call of rename(), link() or unlink().
 *
 * RUNG_FAULT_LATE=PATH renames PATH.late to PATH once it was looked for ".rung", the
 * last thing that makes a directory a project.
 *
 * RUNG_FAULT_CLOCK=SECONDS sets the program's clock forward by so many.
 *
 * RUNG_FAULT_LIBRARY=TEXT is a machine without the libraries whose file's name begins so.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum fault {
	FAULT_QUEUE,
	FAULT_FLUSH,
	FAULT_INPUT,
	FAULT_SEND,
	FAULT_RECV,
	FAULT_MEMORY,
	FAULT_WRITE,
	FAULT_COUNT
};

static const char *const names[FAULT_COUNT] = {"queue", "flush", "input", "send", "recv", "memory", "write"};
static unsigned long counts[FAULT_COUNT];
static int chosen = -1;
static unsigned long chosen_at;
static bool stays;
enum file_call { CALL_OPEN, CALL_STAT, CALL_READ, CALL_PATH, CALL_COUNT };

static const char *const call_names[CALL_COUNT] = {"open", "stat", "read", "path"};
static unsigned long calls[CALL_COUNT];

static bool is_ready;
static bool is_connected;
static pid_t owner;

__attribute__((constructor)) static void read_choice(void)
{
	const char *text = getenv("RUNG_FAULT");
	const char *colon = text ? strchr(text, ':') : NULL;

	owner = getpid();
	for (int i = 0; colon && i < FAULT_COUNT; i++)
		if (strncmp(text, names[i], (size_t)(colon - text)) == 0 && !names[i][colon - text])
			chosen = i;
	if (colon)
		chosen_at = strtoul(colon + 1, NULL, 10);
	stays = colon && strstr(colon, ":on");
	is_ready = true;
}

__attribute__((destructor)) static void write_counts(void)
{
	const char *path = getenv("RUNG_FAULT_COUNT");
	FILE *file = path && getpid() == owner ? fopen(path, "we") : NULL;

	is_ready = false;
	for (int i = 0; file && i < FAULT_COUNT; i++)
		fprintf(file, "%s=%lu\n", names[i], counts[i]);
	for (int i = 0; file && i < CALL_COUNT; i++)
		fprintf(file, "%s=%lu\n", call_names[i], calls[i]);
	if (file)
		fclose(file);
}

/* Whether this call is the one. */
static bool fails(enum fault fault)
{
	if (!is_ready || !is_connected || getpid() != owner)
		return false;
	const unsigned long at = __atomic_add_fetch(&counts[fault], 1, __ATOMIC_RELAXED);
	return (int)fault == chosen && (at == chosen_at || (stays && at > chosen_at));
}

static void count(enum file_call call)
{
	__atomic_add_fetch(&calls[call], 1, __ATOMIC_RELAXED);
}

#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

int PQsetnonblocking(PGconn *conn, int arg)
{
	const int result = REAL(PQsetnonblocking)(conn, arg);

	is_connected = true;
	return result;
}

int PQsendQuery(PGconn *conn, const char *query)
{
	return fails(FAULT_QUEUE) ? 0 : REAL(PQsendQuery)(conn, query);
}

int PQsendQueryParams(PGconn *conn, const char *command, int count, const Oid *types,
                      const char *const *values, const int *lengths, const int *formats, int result_format)
{
	return fails(FAULT_QUEUE) ? 0
	                          : REAL(PQsendQueryParams)(conn, command, count, types, values, lengths, formats,
	                                                    result_format);
}

int PQsendPrepare(PGconn *conn, const char *name, const char *query, int count, const Oid *types)
{
	return fails(FAULT_QUEUE) ? 0 : REAL(PQsendPrepare)(conn, name, query, count, types);
}

int PQsendQueryPrepared(PGconn *conn, const char *name, int count, const char *const *values,
                        const int *lengths, const int *formats, int result_format)
{
	return fails(FAULT_QUEUE)
	           ? 0
	           : REAL(PQsendQueryPrepared)(conn, name, count, values, lengths, formats, result_format);
}

int PQpipelineSync(PGconn *conn)
{
	return fails(FAULT_QUEUE) ? 0 : REAL(PQpipelineSync)(conn);
}

int PQsendFlushRequest(PGconn *conn)
{
	return fails(FAULT_QUEUE) ? 0 : REAL(PQsendFlushRequest)(conn);
}

int PQenterPipelineMode(PGconn *conn)
{
	return fails(FAULT_QUEUE) ? 0 : REAL(PQenterPipelineMode)(conn);
}

int PQexitPipelineMode(PGconn *conn)
{
	return fails(FAULT_QUEUE) ? 0 : REAL(PQexitPipelineMode)(conn);
}

int PQputCopyData(PGconn *conn, const char *buffer, int size)
{
	return fails(FAULT_QUEUE) ? -1 : REAL(PQputCopyData)(conn, buffer, size);
}

int PQputCopyEnd(PGconn *conn, const char *error)
{
	return fails(FAULT_QUEUE) ? -1 : REAL(PQputCopyEnd)(conn, error);
}

int PQflush(PGconn *conn)
{
	return fails(FAULT_FLUSH) ? -1 : REAL(PQflush)(conn);
}

int PQconsumeInput(PGconn *conn)
{
	return fails(FAULT_INPUT) ? 0 : REAL(PQconsumeInput)(conn);
}

/* As a line that is lost: the server notices too. */
static ssize_t lose(int fd)
{
	shutdown(fd, SHUT_RDWR);
	errno = ECONNRESET;
	return -1;
}

ssize_t send(int fd, const void *data, size_t size, int flags)
{
	return fails(FAULT_SEND) ? lose(fd) : REAL(send)(fd, data, size, flags);
}

ssize_t recv(int fd, void *data, size_t size, int flags)
{
	return fails(FAULT_RECV) ? lose(fd) : REAL(recv)(fd, data, size, flags);
}

ssize_t write(int fd, const void *data, size_t size)
{
	if (!fails(FAULT_WRITE))
		return REAL(write)(fd, data, size);
	errno = ENOSPC;
	return -1;
}

/* Of the program's own calls, not of those of programs it starts. */
static void may_kill(void)
{
	static unsigned long renamings;
	const char *at = getenv("RUNG_FAULT_KILL");

	if (at && strcmp(program_invocation_short_name, "rung") == 0 && ++renamings == strtoul(at, NULL, 10))
		raise(SIGKILL);
}

int rename(const char *from, const char *to)
{
	may_kill();
	return REAL(rename)(from, to);
}

int link(const char *from, const char *to)
{
	may_kill();
	return REAL(link)(from, to);
}

int unlink(const char *path)
{
	may_kill();
	return REAL(unlink)(path);
}

/* dlsym allocates: glibc's own entry points need no looking up. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

static bool is_out_of_memory(void)
{
	if (!fails(FAULT_MEMORY))
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return is_out_of_memory() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return is_out_of_memory() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
	return is_out_of_memory() ? NULL : __libc_realloc(memory, size);
}

time_t time(time_t *out)
{
	const char *ahead = getenv("RUNG_FAULT_CLOCK");
	const time_t now = REAL(time)(NULL) + (ahead ? strtol(ahead, NULL, 10) : 0);

	if (out)
		*out = now;
	return now;
}

void *dlopen(const char *file, int flags)
{
	const char *missing = getenv("RUNG_FAULT_LIBRARY");

	/* The real one is asked all the same, so that dlerror() has something to say. */
	if (file && missing && strncmp(file, missing, strlen(missing)) == 0)
		return REAL(dlopen)("/nonexistent/library", flags);
	return REAL(dlopen)(file, flags);
}

/* The mode is there where it is asked for. */
static mode_t mode_of(int flags, va_list args)
{
	return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(args, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
	va_list args;

	count(CALL_OPEN);
	va_start(args, flags);
	const mode_t mode = mode_of(flags, args);
	va_end(args);
	return REAL(open)(path, flags, mode);
}

int openat(int directory, const char *path, int flags, ...)
{
	va_list args;

	count(CALL_OPEN);
	va_start(args, flags);
	const mode_t mode = mode_of(flags, args);
	va_end(args);
	return REAL(openat)(directory, path, flags, mode);
}

int stat(const char *path, struct stat *info)
{
	count(CALL_STAT);
	return REAL(stat)(path, info);
}

int fstat(int fd, struct stat *info)
{
	count(CALL_STAT);
	return REAL(fstat)(fd, info);
}

ssize_t read(int fd, void *data, size_t size)
{
	count(CALL_READ);
	return REAL(read)(fd, data, size);
}

char *getcwd(char *buffer, size_t size)
{
	count(CALL_PATH);
	return REAL(getcwd)(buffer, size);
}

char *realpath(const char *path, char *resolved)
{
	count(CALL_PATH);
	return REAL(realpath)(path, resolved);
}

int lstat(const char *path, struct stat *info)
{
	count(CALL_STAT);
	const char *late = getenv("RUNG_FAULT_LATE");
	const char *name = strrchr(path, '/');
	const int answer = REAL(lstat)(path, info);
	char from[4096];

	if (late && strcmp(name ? name + 1 : path, ".rung") == 0) {
		snprintf(from, sizeof(from), "%s.late", late);
		(void)!rename(from, late);
	}
	return answer;
}
