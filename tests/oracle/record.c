/*
 * Runs a psql whose connection passes through us, and prints what it sends.
 *
 *	record SERVER_SOCKET COMMAND...
 *
 * The command finds us through PGHOST. Everything is handed on in both
 * directions, so the server's answers are real ones (whether a COPY takes
 * data is for it to say); of what the client sends, queries and COPY data are
 * printed as message.h has it.
 */
#include <err.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "message.h"

/* What the client sent and we have not looked at yet. */
struct recording {
	struct arena arena;
	struct buffer pending;
	struct buffer data; /* of the COPY under way */
	size_t at;
	bool knows_start; /* the first message has no type */
};

static struct sockaddr_un address_of(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	if (strlen(path) >= sizeof(address.sun_path))
		errx(2, "path too long: %s", path);
	strcpy(address.sun_path, path);
	return address;
}

static int connect_to(const char *path)
{
	const struct sockaddr_un address = address_of(path);
	const int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		err(2, "%s", path);
	return fd;
}

static int listen_at(const char *path)
{
	const struct sockaddr_un address = address_of(path);
	const int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 1) < 0)
		err(2, "%s", path);
	return fd;
}

static size_t number_at(const struct recording *recording, size_t at)
{
	const unsigned char *bytes = (const unsigned char *)recording->pending.text + at;

	return (size_t)bytes[0] << 24 | (size_t)bytes[1] << 16 | (size_t)bytes[2] << 8 | bytes[3];
}

static void print_message(struct recording *recording, char type, struct str body)
{
	if (type == 'Q' && !str_starts(body, "set client_encoding"))
		message_print_query(str_slice(body, 0, body.len - 1));
	if (type == 'd')
		buffer_add(&recording->data, body);
	if (type == 'c' || type == 'f') {
		message_print_data(buffer_str(&recording->data));
		recording->data.len = 0;
	}
}

/* A whole message at `at`, if it has arrived. */
static bool take_message(struct recording *recording)
{
	const size_t head = recording->knows_start ? 5 : 4;
	const size_t left = recording->pending.len - recording->at;

	if (left < head)
		return false;
	const size_t size = number_at(recording, recording->at + head - 4) + head - 4;
	if (left < size)
		return false;
	const char *message = recording->pending.text + recording->at;
	if (recording->knows_start)
		print_message(recording, message[0], (struct str){message + head, size - head});
	recording->knows_start = true;
	recording->at += size;
	return true;
}

static bool hand_on(int from, int to, struct recording *recording)
{
	char bytes[65536];
	const ssize_t got = read(from, bytes, sizeof(bytes));

	if (got <= 0)
		return false;
	if (recording) {
		buffer_add(&recording->pending, (struct str){bytes, (size_t)got});
		while (take_message(recording))
			;
	}
	return write(to, bytes, (size_t)got) == got;
}

static void record(int client, int server)
{
	struct recording recording = {0};
	struct pollfd ends[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
	bool goes_on = true;

	recording.pending.arena = recording.data.arena = &recording.arena;
	while (goes_on && poll(ends, 2, -1) > 0) {
		if (ends[0].revents)
			goes_on = hand_on(client, server, &recording);
		if (goes_on && ends[1].revents)
			goes_on = hand_on(server, client, NULL);
	}
	arena_clear(&recording.arena);
	close(client);
	close(server);
}

static pid_t start(const char *directory, char **command)
{
	const pid_t child = fork();

	if (child != 0)
		return child;
	setenv("PGHOST", directory, 1);
	setenv("PGPORT", "5432", 1);
	if (!freopen("/dev/null", "w", stdout))
		err(2, "/dev/null");
	execvp(command[0], command);
	err(127, "%s", command[0]);
}

int main(int argc, char **argv)
{
	char directory[] = "/tmp/record.XXXXXX";
	char path[sizeof(directory) + 32];
	int status = 0;

	if (argc < 3 || !mkdtemp(directory))
		errx(2, "usage: record SERVER_SOCKET COMMAND...");
	snprintf(path, sizeof(path), "%s/.s.PGSQL.5432", directory);
	const int listener = listen_at(path);
	const pid_t child = start(directory, argv + 2);
	const int client = accept(listener, NULL, NULL);
	if (client >= 0)
		record(client, connect_to(argv[1]));
	waitpid(child, &status, 0);
	unlink(path);
	rmdir(directory);
	return WIFEXITED(status) ? 0 : 1;
}
