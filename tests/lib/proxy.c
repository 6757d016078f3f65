/*
 * proxy.c - a proxy between a PostgreSQL client and its server: counts, delays, cuts
 *
 *	proxy --listen SOCKET|PORT --connect SOCKET --stats FILE
 *	      [--delay-ms N]
 *	      [--cut-after-messages N | --cut-after-client-messages N |
 *	       --cut-before-commit-reply | --cut-after-commit-reply [--commit N]]
 *	      [--cut-after-silence-ms N]
 *	      [--cut-once] [--reset | --stall] [--replace "OLD>NEW"]
 *
 * One poll loop, no threads. It understands just enough of the protocol to see
 * where messages end, and passes on whole messages only, so that a cut falls
 * between two of them. The counts are written to FILE when SIGTERM ends it.
 *
 * A round trip is counted when the client speaks after the server answered
 * something the client had asked to be answered (a query, a Sync, a Flush, the
 * steps of logging in): a pipeline that keeps sending while early answers
 * arrive waits for nobody and is one round trip.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum {
	MOST_PAIRS = 256,
	MOST_QUEUED = 1 << 20, /* bytes waiting in one direction before we stop reading */
	PROTOCOL_CANCEL = 80877102,
	PROTOCOL_SSL = 80877103,
	PROTOCOL_GSS = 80877104,
};

/* Bytes on their way, not to be written before their time. */
struct parcel {
	struct parcel *next;
	int64_t due_ms;
	size_t len, sent;
	char bytes[];
};

/* One direction of one connection. */
struct stream {
	int from, to;
	char *held; /* read, but not yet a whole message */
	size_t held_len, held_size;
	struct parcel *first, *last;
	size_t queued;
	bool is_opaque; /* encrypted: passed on as it comes */
	bool has_ended;
};

struct pair {
	struct stream up;   /* client to server */
	struct stream down; /* server to client */
	bool is_open;
	bool is_cut;            /* passes on what is queued, then ends */
	bool is_stalled;        /* passes on nothing any more, and does not end either */
	bool is_starting;       /* the client's next message is a startup packet */
	bool wants_single_byte; /* the server's next answer is one letter, about encryption */
	bool has_asked, was_answered, server_spoke_last;
	unsigned long client_messages, server_messages, commits;
	int64_t passed_at_ms; /* when it last brought bytes, from whichever side */
};

enum cut_at {
	CUT_NEVER,
	CUT_AT_MESSAGE,
	CUT_AT_CLIENT_MESSAGE,
	CUT_BEFORE_COMMIT_REPLY,
	CUT_AFTER_COMMIT_REPLY
};

enum verdict { PASS, CUT_BEFORE, CUT_AFTER };

static struct {
	const char *listen, *connect, *stats;
	int64_t delay_ms;
	int64_t silence_ms; /* 0: for ever */
	enum cut_at cut;
	unsigned long cut_count;
	unsigned long commit;
	bool once, reset, stall;
	char *replaced, *replacement; /* in what the client says; of the same length */
} options = {.commit = 1};

static struct {
	unsigned long connections, round_trips, turns, client_messages, server_messages, commits, cuts;
	unsigned long long client_bytes, server_bytes;
} counts;

static struct pair pairs[MOST_PAIRS];
static int wake[2]; /* a pipe: SIGTERM speaks to the poll loop through it */

static void die(const char *what)
{
	fprintf(stderr, "proxy: could not %s: %s\n", what, strerror(errno));
	exit(1);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void *allocate(void *old, size_t size)
{
	void *memory = realloc(old, size);

	if (!memory)
		die("allocate memory");
	return memory;
}

static uint32_t read_number(const char *bytes)
{
	const unsigned char *b = (const unsigned char *)bytes;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* --- messages --------------------------------------------------------------- */

/* The length of the first message held, 0 while it is not whole. */
static size_t message_len(const struct pair *pair, const struct stream *stream)
{
	bool from_client = stream == &pair->up;
	size_t type_len = from_client && pair->is_starting ? 0 : 1;
	size_t len;

	if (!from_client && pair->wants_single_byte)
		return stream->held_len > 0;
	if (stream->held_len < type_len + 4)
		return 0;
	len = type_len + read_number(stream->held + type_len);
	return stream->held_len >= len ? len : 0;
}

static void note_startup(struct pair *pair, const char *message, size_t len)
{
	uint32_t protocol = len >= 8 ? read_number(message + 4) : 0;

	pair->has_asked = true;
	if (protocol == PROTOCOL_SSL || protocol == PROTOCOL_GSS)
		pair->wants_single_byte = true;
	else
		pair->is_starting = protocol == PROTOCOL_CANCEL;
}

static enum verdict note_client_message(struct pair *pair, const char *message, size_t len)
{
	pair->client_messages++;
	counts.client_messages++;
	pair->was_answered = false;
	if (pair->is_starting)
		note_startup(pair, message, len);
	else if (strchr("QSHFpcf", message[0]))
		pair->has_asked = true;

	return options.cut == CUT_AT_CLIENT_MESSAGE && pair->client_messages == options.cut_count ? CUT_AFTER
	                                                                                          : PASS;
}

/* The one letter says whether what follows is encrypted, and then not ours to read. */
static void note_encryption(struct pair *pair, char answer)
{
	pair->wants_single_byte = false;
	pair->up.is_opaque = pair->down.is_opaque = answer == 'S' || answer == 'G';
}

static enum verdict note_server_message(struct pair *pair, const char *message, size_t len)
{
	pair->was_answered = true;
	if (pair->wants_single_byte) {
		note_encryption(pair, message[0]);
		return PASS;
	}
	pair->server_messages++;
	counts.server_messages++;
	if (options.cut == CUT_AT_MESSAGE && pair->server_messages == options.cut_count)
		return CUT_AFTER;

	if (message[0] != 'C' || len != 12 || memcmp(message + 5, "COMMIT", 7) != 0)
		return PASS;
	counts.commits++;
	if (++pair->commits != options.commit)
		return PASS;
	return options.cut == CUT_BEFORE_COMMIT_REPLY  ? CUT_BEFORE
	       : options.cut == CUT_AFTER_COMMIT_REPLY ? CUT_AFTER
	                                               : PASS;
}

/* --- streams ---------------------------------------------------------------- */

static void queue(struct stream *stream, size_t len, int64_t delay_ms)
{
	struct parcel *parcel = allocate(NULL, sizeof(*parcel) + len);

	*parcel = (struct parcel){.due_ms = now_ms() + delay_ms, .len = len};
	memcpy(parcel->bytes, stream->held, len);
	stream->held_len -= len;
	memmove(stream->held, stream->held + len, stream->held_len);
	if (stream->last)
		stream->last->next = parcel;
	else
		stream->first = parcel;
	stream->last = parcel;
	stream->queued += len;
}

static void unqueue(struct stream *stream)
{
	struct parcel *parcel = stream->first;

	stream->first = parcel->next;
	if (!stream->first)
		stream->last = NULL;
	stream->queued -= parcel->len;
	free(parcel);
}

static void cut(struct pair *pair)
{
	counts.cuts++;
	pair->is_cut = true;
	pair->is_stalled = options.stall;
	if (options.once)
		options.cut = CUT_NEVER;
}

/* What the server then makes of it is its own answer. */
static void replace_text(char *message, size_t len)
{
	const size_t size = options.replaced ? strlen(options.replaced) : 0;

	for (char *at = message;
	     size > 0 && (at = memmem(at, len - (size_t)(at - message), options.replaced, size));)
		memcpy(at, options.replacement, size);
}

/* Sends the whole messages held on their way, or cuts where it was asked to. */
static void pass_messages(struct pair *pair, struct stream *stream)
{
	int64_t delay_ms = stream == &pair->up ? options.delay_ms : 0;

	if (stream->is_opaque && stream->held_len > 0)
		queue(stream, stream->held_len, delay_ms);
	for (size_t len; !pair->is_cut && (len = message_len(pair, stream)) > 0;) {
		enum verdict verdict = stream == &pair->up ? note_client_message(pair, stream->held, len)
		                                           : note_server_message(pair, stream->held, len);

		if (stream == &pair->up)
			replace_text(stream->held, len);
		if (verdict != CUT_BEFORE)
			queue(stream, len, delay_ms);
		if (verdict != PASS)
			cut(pair);
	}
}

static void note_chunk(struct pair *pair, const struct stream *stream, size_t len)
{
	if (stream == &pair->down) {
		counts.server_bytes += len;
		pair->server_spoke_last = true;
		return;
	}
	counts.client_bytes += len;
	if (stream->held_len == 0 && stream->held[0] == 'X')
		return; /* saying goodbye, which waits for nothing */
	if (pair->server_spoke_last)
		counts.turns++;
	pair->server_spoke_last = false;
	if (!pair->has_asked || !pair->was_answered)
		return;
	counts.round_trips++;
	pair->has_asked = false;
}

static void receive(struct pair *pair, struct stream *stream)
{
	ssize_t len;

	if (stream->held_size - stream->held_len < 65536) {
		stream->held_size = stream->held_size * 2 + 65536;
		stream->held = allocate(stream->held, stream->held_size);
	}
	len = read(stream->from, stream->held + stream->held_len, stream->held_size - stream->held_len);
	if (len < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (len <= 0) {
		stream->has_ended = true;
		return;
	}
	pair->passed_at_ms = now_ms();
	note_chunk(pair, stream, (size_t)len);
	stream->held_len += (size_t)len;
	pass_messages(pair, stream);
}

static void deliver(struct stream *stream)
{
	while (stream->first && stream->first->due_ms <= now_ms()) {
		struct parcel *parcel = stream->first;
		ssize_t len = write(stream->to, parcel->bytes + parcel->sent, parcel->len - parcel->sent);

		if (len < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (len < 0) {
			stream->has_ended = true;
			return;
		}
		parcel->sent += (size_t)len;
		if (parcel->sent == parcel->len)
			unqueue(stream);
	}
}

/* --- connections ------------------------------------------------------------ */

static void stream_clear(struct stream *stream)
{
	while (stream->first)
		unqueue(stream);
	free(stream->held);
	close(stream->from);
}

static void pair_end(struct pair *pair)
{
	if (pair->is_cut && options.reset)
		setsockopt(pair->up.from, SOL_SOCKET, SO_LINGER, &(struct linger){.l_onoff = 1},
		           sizeof(struct linger));
	stream_clear(&pair->up);
	stream_clear(&pair->down);
	*pair = (struct pair){0};
}

/* Over once a side has gone, or the cut has come, and nothing is left to write. */
static bool pair_is_over(const struct pair *pair)
{
	const struct stream *up = &pair->up, *down = &pair->down;

	if (pair->is_stalled)
		return up->has_ended || down->has_ended;
	if (pair->is_cut)
		return (!up->first || up->has_ended) && (!down->first || down->has_ended);
	return (up->has_ended && (!up->first || down->has_ended)) ||
	       (down->has_ended && (!down->first || up->has_ended));
}

static int connect_server(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (strlen(options.connect) >= sizeof(address.sun_path))
		return -1;
	strcpy(address.sun_path, options.connect);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	close(fd);
	return -1;
}

static void pair_begin(int client)
{
	int server = connect_server();

	for (struct pair *pair = pairs; server >= 0 && pair < pairs + MOST_PAIRS; pair++) {
		if (pair->is_open)
			continue;
		fcntl(client, F_SETFL, O_NONBLOCK);
		fcntl(server, F_SETFL, O_NONBLOCK);
		*pair = (struct pair){.is_open = true, .is_starting = true, .passed_at_ms = now_ms()};
		pair->up.from = pair->down.to = client;
		pair->down.from = pair->up.to = server;
		counts.connections++;
		counts.round_trips++; /* the startup packet */
		return;
	}
	close(server);
	close(client);
}

static int listen_unix(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		die("listen");
	}
	strcpy(address.sun_path, path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		die("listen");
	return fd;
}

static int listen_loopback(const char *port)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET,
	    .sin_port = htons((uint16_t)atoi(port)),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int)) < 0 ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		die("listen");
	return fd;
}

static int open_listener(void)
{
	int fd = strchr(options.listen, '/') ? listen_unix(options.listen) : listen_loopback(options.listen);

	if (listen(fd, MOST_PAIRS) < 0)
		die("listen");
	return fd;
}

/* --- the loop ---------------------------------------------------------------- */

static short wanted_events(const struct pair *pair, const struct stream *in, const struct stream *out)
{
	short events = 0;

	if (!pair->is_cut && !in->has_ended && in->queued < MOST_QUEUED)
		events |= POLLIN;
	if (!pair->is_stalled && out->first && out->first->due_ms <= now_ms())
		events |= POLLOUT;
	return events;
}

static bool has_been_silent(const struct pair *pair)
{
	return pair->is_open && !pair->is_cut && options.silence_ms &&
	       now_ms() - pair->passed_at_ms >= options.silence_ms;
}

/*
 * Milliseconds until the next parcel is due or a line has been silent for too long, -1 when neither will be.
 */
static int next_due(void)
{
	int64_t now = now_ms(), least = -1;

	for (const struct pair *pair = pairs; pair < pairs + MOST_PAIRS; pair++) {
		const int64_t left = pair->passed_at_ms + options.silence_ms - now;

		if (pair->is_open && !pair->is_cut && options.silence_ms && (least < 0 || left < least))
			least = left > 0 ? left : 0;
		for (int i = 0; pair->is_open && !pair->is_stalled && i < 2; i++) {
			const struct parcel *first = i ? pair->up.first : pair->down.first;

			if (first && first->due_ms > now && (least < 0 || first->due_ms - now < least))
				least = first->due_ms - now;
		}
	}
	return (int)least;
}

static void serve_pair(struct pair *pair, short client_events, short server_events)
{
	if (pair->is_stalled) {
		pair->up.has_ended |= (client_events & (POLLHUP | POLLERR)) != 0;
		pair->down.has_ended |= (server_events & (POLLHUP | POLLERR)) != 0;
	} else {
		if (!pair->is_cut && (client_events & (POLLIN | POLLHUP | POLLERR)))
			receive(pair, &pair->up);
		if (!pair->is_cut && (server_events & (POLLIN | POLLHUP | POLLERR)))
			receive(pair, &pair->down);
		deliver(&pair->up);
		deliver(&pair->down);
	}
	if (has_been_silent(pair))
		cut(pair);
	if (pair_is_over(pair))
		pair_end(pair);
}

static void serve(int listener)
{
	struct pollfd polled[2 + 2 * MOST_PAIRS];

	for (;;) {
		polled[0] = (struct pollfd){.fd = wake[0], .events = POLLIN};
		polled[1] = (struct pollfd){.fd = listener, .events = POLLIN};
		for (int i = 0; i < MOST_PAIRS; i++) {
			const struct pair *pair = &pairs[i];
			int client = pair->is_open ? pair->up.from : -1, server = pair->is_open ? pair->down.from : -1;

			polled[2 + 2 * i] =
			    (struct pollfd){.fd = client, .events = wanted_events(pair, &pair->up, &pair->down)};
			polled[3 + 2 * i] =
			    (struct pollfd){.fd = server, .events = wanted_events(pair, &pair->down, &pair->up)};
		}
		if (poll(polled, 2 + 2 * MOST_PAIRS, next_due()) < 0 && errno != EINTR)
			die("poll");
		if (polled[0].revents)
			return;
		for (int i = 0; i < MOST_PAIRS; i++)
			if (pairs[i].is_open)
				serve_pair(&pairs[i], polled[2 + 2 * i].revents, polled[3 + 2 * i].revents);
		if (polled[1].revents & POLLIN) {
			int client = accept(listener, NULL, NULL);

			if (client >= 0)
				pair_begin(client);
		}
	}
}

static void write_stats(void)
{
	FILE *file = fopen(options.stats, "w");

	if (!file)
		die("write the counts");
	fprintf(file, "connections=%lu\nround_trips=%lu\nturns=%lu\n", counts.connections, counts.round_trips,
	        counts.turns);
	fprintf(file, "client_messages=%lu\nserver_messages=%lu\n", counts.client_messages,
	        counts.server_messages);
	fprintf(file, "client_bytes=%llu\nserver_bytes=%llu\n", counts.client_bytes, counts.server_bytes);
	fprintf(file, "commits=%lu\ncuts=%lu\n", counts.commits, counts.cuts);
	if (fclose(file) != 0)
		die("write the counts");
}

static void stop(int signal)
{
	(void)signal;
	(void)!write(wake[1], "", 1);
}

/* --- the command line ------------------------------------------------------- */

static void usage(void)
{
	fprintf(stderr, "usage: proxy --listen SOCKET|PORT --connect SOCKET --stats FILE [OPTION...]\n");
	exit(2);
}

static void set_replacement(const char *value)
{
	options.replaced = strdup(value);
	options.replacement = options.replaced ? strchr(options.replaced, '>') : NULL;
	if (!options.replacement)
		usage();
	*options.replacement++ = '\0';
	if (!*options.replaced || strlen(options.replaced) != strlen(options.replacement))
		usage();
}

static void set_cut(enum cut_at at, unsigned long count)
{
	options.cut = at;
	options.cut_count = count;
}

/* Reads one option; true when it took the value too. */
static bool read_option(const char *name, const char *value)
{
	const struct {
		const char *name;
		bool *flag;
	} flags[] = {{"--cut-once", &options.once}, {"--reset", &options.reset}, {"--stall", &options.stall}};
	const struct {
		const char *name;
		const char **text;
	} texts[] = {{"--listen", &options.listen}, {"--connect", &options.connect}, {"--stats", &options.stats}};

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (strcmp(name, flags[i].name) == 0) {
			*flags[i].flag = true;
			return false;
		}
	if (strcmp(name, "--cut-before-commit-reply") == 0 || strcmp(name, "--cut-after-commit-reply") == 0) {
		set_cut(name[6] == 'b' ? CUT_BEFORE_COMMIT_REPLY : CUT_AFTER_COMMIT_REPLY, 0);
		return false;
	}

	if (!value)
		usage();
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (strcmp(name, texts[i].name) == 0) {
			*texts[i].text = value;
			return true;
		}
	if (strcmp(name, "--delay-ms") == 0)
		options.delay_ms = atoi(value);
	else if (strcmp(name, "--cut-after-silence-ms") == 0)
		options.silence_ms = atoi(value);
	else if (strcmp(name, "--replace") == 0)
		set_replacement(value);
	else if (strcmp(name, "--commit") == 0)
		options.commit = strtoul(value, NULL, 10);
	else if (strcmp(name, "--cut-after-messages") == 0)
		set_cut(CUT_AT_MESSAGE, strtoul(value, NULL, 10));
	else if (strcmp(name, "--cut-after-client-messages") == 0)
		set_cut(CUT_AT_CLIENT_MESSAGE, strtoul(value, NULL, 10));
	else
		usage();
	return true;
}

int main(int argc, char **argv)
{
	int listener;

	for (int i = 1; i < argc; i++)
		if (read_option(argv[i], argv[i + 1]))
			i++;
	if (!options.listen || !options.connect || !options.stats)
		usage();

	signal(SIGPIPE, SIG_IGN);
	if (pipe(wake) < 0)
		die("make a pipe");
	signal(SIGTERM, stop);
	signal(SIGINT, stop);

	listener = open_listener();
	serve(listener);
	for (struct pair *pair = pairs; pair < pairs + MOST_PAIRS; pair++)
		if (pair->is_open)
			pair_end(pair);
	write_stats();
	close(listener);
	if (strchr(options.listen, '/'))
		unlink(options.listen);
	return 0;
}
